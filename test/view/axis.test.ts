import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {linearAxis, logarithmicAxis, timeAxis} from '../../source/view/axis.ts';

const positive = fc.double({min: 1e-6, max: 1e12, noNaN: true});
const height = fc.integer({min: 1, max: 60});

test('a linear axis holds its peak, begins at zero and labels rows with what lies on them', () => {
	fc.assert(
		fc.property(positive, height, (peak, rows) => {
			const axis = linearAxis(peak, rows);
			assert.ok(axis.rowOf(peak) <= rows + 1e-6);
			assert.ok(axis.rowOf(peak) >= rows * 0.2, 'most of the height is used');
			assert.equal(axis.ticks.get(0), 0);
			assert.ok(axis.ticks.size >= 2);
			for (const [row, value] of axis.ticks) {
				assert.ok(Math.abs(axis.rowOf(value) - row) < 1e-6);
			}
		}),
	);
});

const linear: ReadonlyArray<{peak: number | undefined; rows: number; ticks: ReadonlyArray<readonly [number, number]>}> =
	[
		{
			peak: 13,
			rows: 4,
			ticks: [
				[0, 0],
				[2, 10],
				[4, 20],
			],
		},
		{
			peak: 1000,
			rows: 10,
			ticks: [
				[0, 0],
				[2, 200],
				[4, 400],
				[6, 600],
				[8, 800],
				[10, 1000],
			],
		},
		{
			peak: 0,
			rows: 4,
			ticks: [
				[0, 0],
				[2, 0.5],
				[4, 1],
			],
		},
		{
			peak: undefined,
			rows: 4,
			ticks: [
				[0, 0],
				[2, 0.5],
				[4, 1],
			],
		},
	];

for (const {peak, rows, ticks} of linear) {
	test(`a linear axis of ${rows} rows for a peak of ${peak}`, () => {
		assert.deepEqual([...linearAxis(peak, rows).ticks], ticks);
	});
}

test('a logarithmic axis holds its range, and its labels are round values at their rows', () => {
	fc.assert(
		fc.property(positive, fc.double({min: 1, max: 1e6, noNaN: true}), height, (lowest, ratio, rows) => {
			const axis = logarithmicAxis(lowest, lowest * ratio, rows);
			assert.ok(axis.rowOf(lowest) >= 0 && axis.rowOf(lowest * ratio) <= rows);
			assert.ok(axis.rowOf(lowest * ratio) >= axis.rowOf(lowest));
			assert.equal(axis.rowOf(0), 0);
			for (const [row, value] of axis.ticks) {
				assert.ok(Math.abs(axis.rowOf(value) - row) <= 0.5 + 1e-6);
			}
		}),
	);
});

test('a logarithmic axis is labeled at 1, 2 and 5 times a power of ten', () => {
	const values = [...logarithmicAxis(127, 9000, 20).ticks.values()]
		.sort((a, b) => a - b)
		.map(value => Math.round(value));
	assert.deepEqual(values, [100, 200, 500, 1000, 2000, 5000, 10_000]);
});

const nine = Date.UTC(2026, 10, 23, 9, 0);
const hour = 3_600_000;
const spans = [
	{startMs: nine, endMs: nine + hour, columns: 60},
	{startMs: nine - 5 * hour, endMs: nine, columns: 140},
	{startMs: nine - 300_000, endMs: nine, columns: 45},
];

test('the labels of a time axis stand below the times that they name, at the ends next to them', () => {
	for (const {startMs, endMs, columns} of spans) {
		const axis = timeAxis({startMs, endMs}, columns, 'utc');
		assert.equal(axis.length, columns);
		for (const {0: label, index} of axis.matchAll(/\d\d:\d\d/g)) {
			const [hours = 0, minutes = 0] = label.split(':').map(Number);
			const middle = startMs + ((index + 2.5) / columns) * (endMs - startMs);
			// At the ends a label is moved inwards rather than cut.
			const edge = index === 0 || index + 5 === columns ? 3 : 1;
			const named =
				Math.round((middle - (hours * 60 + minutes) * 60_000) / (24 * hour)) * 24 * hour +
				(hours * 60 + minutes) * 60_000;
			assert.ok(Math.abs(named - middle) <= ((endMs - startMs) / columns) * edge, `${label} at ${index}`);
		}
	}
});

test('a time axis names days where they begin', () => {
	const axis = timeAxis({startMs: nine - 72 * hour, endMs: nine}, 72, 'utc');
	assert.match(axis, /Nov 21 +12:00 +Nov 22 +12:00 +Nov 23/);
});

test('no label of a time axis is cut or touches another, whatever the width', () => {
	fc.assert(
		fc.property(
			fc.integer({min: 1, max: 300}),
			fc.integer({min: 0, max: 1e9}),
			fc.constantFrom(5 / 60, 1, 24, 168),
			(columns, shift, hours) => {
				const startMs = nine + shift;
				const axis = timeAxis({startMs, endMs: startMs + hours * hour}, columns, 'utc');
				assert.equal(axis.length, columns);
				assert.match(axis, /^ *((\d\d:\d\d|[A-Z][a-z]{2} \d{1,2})( {2,}| ?$))*$/);
			},
		),
	);
});

test('whatever can be measured lies on an axis, linear or logarithmic', () => {
	const any = fc.oneof(
		fc.double({min: 0, max: Number.MAX_SAFE_INTEGER, noNaN: true}),
		fc.constantFrom(0, 5e-324, 1e-300, 1e-9, 1e-3, 1, Number.MAX_SAFE_INTEGER),
	);
	fc.assert(
		fc.property(any, any, any, height, (lowest, peak, value, rows) => {
			for (const axis of [linearAxis(peak, rows), logarithmicAxis(lowest, peak, rows)]) {
				const row = axis.rowOf(value);
				assert.ok(row >= 0 && row <= rows, `${value} lies on row ${row} of ${rows}`);
				assert.ok([...axis.ticks].every(([at, label]) => at >= 0 && at <= rows && Number.isFinite(label)));
			}
		}),
		{numRuns: 1000},
	);
});
