import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {linearAxis, logarithmicAxis, shareAxis} from '../../source/view/axis.ts';
import {timeAxis} from '../../source/view/chart.ts';
import {byteAxis} from '../../source/view/unit-axis.ts';

/** Returns the labels of an axis, from bottom to top. */
function labels({ticks, format = String}: ReturnType<typeof shareAxis>): readonly string[] {
	return [...ticks].sort(([a], [b]) => a - b).map(([, value]) => format(value));
}

test('no label of an axis for shares is above 100%, and both ends are labeled', () => {
	const share = fc.double({min: 0, max: 1, noNaN: true});
	fc.assert(
		fc.property(share, share, fc.integer({min: 1, max: 60}), (a, b, rows) => {
			const [lowest, peak] = [Math.min(a, b), Math.max(a, b)];
			const axis = shareAxis(peak, rows, lowest);
			const top = axis.ticks.get(rows) ?? Number.NaN;
			const bottom = axis.ticks.get(0) ?? Number.NaN;
			assert.ok(top <= 1 + 1e-9 && top >= peak - 1e-9 && bottom <= lowest + 1e-9 && bottom >= 0);
			for (const [row, value] of axis.ticks) {
				assert.ok(Math.abs(axis.rowOf(value) - row) < 0.26);
			}
		}),
	);
});

test('on an axis for a small range of shares, a difference of two percentage points is visible', () => {
	for (const rows of [5, 8, 12, 20]) {
		const axis = shareAxis(0.94, rows, 0.9);
		assert.notEqual(Math.round(axis.rowOf(0.94)), Math.round(axis.rowOf(0.92)), `${rows} rows`);
		assert.notEqual(Math.round(axis.rowOf(0.94)), Math.round(axis.rowOf(1)) + (axis.ticks.get(rows) === 1 ? 0 : 1));
	}
});

test('if storage grows to 94%, the axis ends below 95% rather than at 100%', () => {
	for (const rows of [4, 6, 8, 10, 14]) {
		const axis = shareAxis(0.94, rows, 0.2);
		assert.ok((axis.ticks.get(rows) ?? 1) < 0.95, labels(axis).join(' '));
	}
});

test('values above 100% are on the axis', () => {
	assert.ok((shareAxis(1.3, 8, 0).ticks.get(8) ?? 0) >= 1.3);
});

test('an axis for values of any size has finite labels, at most one per row, and contains the highest value', () => {
	const value = fc.oneof(
		fc.double({min: 0, max: Number.MAX_SAFE_INTEGER, noNaN: true}),
		fc.constantFrom(0, 5e-324, 1e-12, 1, 1.5, 1e6, 1e12, 2 ** 52, Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER),
	);
	fc.assert(
		fc.property(
			fc.constantFrom(shareAxis, linearAxis, byteAxis),
			value,
			value,
			fc.integer({min: 0, max: 60}),
			(axisOf, a, b, rows) => {
				const [lowest, peak] = [Math.min(a, b), Math.max(a, b)];
				const {ticks, rowOf} = axisOf(peak, rows, lowest);
				assert.ok(ticks.size <= rows + 1);
				assert.ok([...ticks.values()].every(tick => Number.isFinite(tick)));
				assert.ok(rowOf(peak) <= rows);
			},
		),
		{
			examples: [
				[shareAxis, 2 ** 52, 2 ** 52, 19],
				[shareAxis, 1e12, 1e12, 1],
				[linearAxis, 5e-324, 1e-12, 5],
			],
		},
	);
});

const positive = fc.double({min: 1e-6, max: 1e12, noNaN: true});
const height = fc.integer({min: 1, max: 60});

test('a linear axis contains its peak, begins at zero, and labels rows with their values', () => {
	fc.assert(
		fc.property(positive, height, (peak, rows) => {
			const axis = linearAxis(peak, rows);
			assert.ok(axis.rowOf(peak) <= rows + 1e-6);
			assert.ok(axis.rowOf(peak) >= rows * 0.2, 'less than a fifth of the height is used');
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
	test(`a linear axis of ${rows} rows for a peak of ${peak} has round labels`, () => {
		assert.deepEqual([...linearAxis(peak, rows).ticks], ticks);
	});
}

test('a logarithmic axis contains its range, and its labels are near the rows of their values', () => {
	fc.assert(
		fc.property(positive, fc.double({min: 1, max: 1e6, noNaN: true}), height, (lowest, ratio, rows) => {
			const axis = logarithmicAxis(lowest, lowest * ratio, rows);
			assert.ok(axis.rowOf(lowest) >= 0 && axis.rowOf(lowest * ratio) <= rows);
			assert.ok(axis.rowOf(lowest * ratio) >= axis.rowOf(lowest));
			assert.equal(axis.rowOf(0), 0);
			for (const [row, value] of axis.ticks) {
				assert.ok(Math.abs(axis.rowOf(value) - row) <= (axis.ticks.size > 3 ? 0.25 : 0.5 + 1e-6));
			}
		}),
	);
});

test('a logarithmic axis is labeled at 1, 2, and 5 times a power of ten', () => {
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

test('the labels of a time axis are at the times that they name', () => {
	for (const {startMs, endMs, columns} of spans) {
		const axis = timeAxis({startMs, endMs}, columns, 'utc');
		assert.equal(axis.length, columns);
		const labels = [...axis.matchAll(/\d\d:\d\d/g)];
		assert.ok(labels.length > 1, axis);
		for (const {0: label, index} of labels) {
			const [hours = 0, minutes = 0] = label.split(':').map(Number);
			const middle = startMs + ((index + 2.5) / columns) * (endMs - startMs);
			const named =
				Math.round((middle - (hours * 60 + minutes) * 60_000) / (24 * hour)) * 24 * hour +
				(hours * 60 + minutes) * 60_000;
			assert.ok(Math.abs(named - middle) <= ((endMs - startMs) / columns) * 1.5, `${label} at ${index}`);
		}
	}
});

test('a time axis names days at their beginnings', () => {
	const axis = timeAxis({startMs: nine - 72 * hour, endMs: nine}, 72, 'utc');
	assert.match(axis, /Nov 21 +12:00 +Nov 22 +12:00 +Nov 23/);
});

test('no label of a time axis is cut or touches another, at any width', () => {
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

test('every measurable value has a row on a linear and on a logarithmic axis of any range', () => {
	const any = fc.oneof(
		fc.double({min: 0, max: Number.MAX_SAFE_INTEGER, noNaN: true}),
		fc.constantFrom(0, 5e-324, 1e-300, 1e-9, 1e-3, 1, Number.MAX_SAFE_INTEGER),
	);
	fc.assert(
		fc.property(any, any, any, height, (lowest, peak, value, rows) => {
			for (const axis of [linearAxis(peak, rows), logarithmicAxis(lowest, peak, rows)]) {
				const row = axis.rowOf(value);
				assert.ok(row >= 0 && row <= rows, `${value} is on row ${row} of ${rows}`);
				assert.ok([...axis.ticks].every(([at, label]) => at >= 0 && at <= rows && Number.isFinite(label)));
			}
		}),
		{numRuns: 1000},
	);
});
