import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {byteAxis, shareAxis, valueAxis} from '../../source/view/range-axis.ts';

const tebibyte = 1024 ** 4;

/** The labels of an axis, from the bottom up. */
function labels({ticks, format = String}: ReturnType<typeof shareAxis>): readonly string[] {
	return [...ticks].sort(([a], [b]) => a - b).map(([, value]) => format(value));
}

test('no label of an axis for shares is above 100 %, and both its ends say what they are', () => {
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

test('two points of a share are told apart wherever the range lets them be', () => {
	for (const rows of [5, 8, 12, 20]) {
		const axis = shareAxis(0.94, rows, 0.9);
		assert.notEqual(Math.round(axis.rowOf(0.94)), Math.round(axis.rowOf(0.92)), `${rows} rows`);
		assert.notEqual(Math.round(axis.rowOf(0.94)), Math.round(axis.rowOf(1)) + (axis.ticks.get(rows) === 1 ? 0 : 1));
	}
});

test('storage that grows to 94 % is not drawn on the line of 100 %', () => {
	for (const rows of [4, 6, 8, 10, 14]) {
		const axis = shareAxis(0.94, rows, 0.2);
		assert.ok((axis.ticks.get(rows) ?? 1) < 0.95, labels(axis).join(' '));
	}
});

test('what is served above 100 % is on the axis', () => {
	assert.ok((shareAxis(1.3, 8, 0).ticks.get(8) ?? 0) >= 1.3);
});

test('an axis for bytes is labeled in the unit of its highest value, without a letter for thousands before it', () => {
	for (const [peak, lowest] of [
		[1.2 * tebibyte, 0],
		[1.9 * tebibyte, 0.1 * tebibyte],
		[2.7 * tebibyte, 2.6 * tebibyte],
	] as const) {
		for (const rows of [4, 8, 14]) {
			const shown = labels(byteAxis(peak, rows, lowest));
			assert.ok(shown.length >= 2);
			for (const label of shown) {
				assert.match(label, /^(?:0|\d(?:\.\d{1,3})?T)$/);
			}
		}
	}

	assert.match(labels(byteAxis(61.2 * 1024 ** 3, 8, 60 * 1024 ** 3)).join(' '), /^(?:[\d.]+G ?)+$/);
	assert.deepEqual(labels(byteAxis(undefined, 4)).slice(0, 1), ['0']);
});

test('an axis for bytes holds all values, resolves what changes by 2 %, and its labels are at their rows', () => {
	const bytes = fc.double({min: 1, max: 1e15, noNaN: true});
	fc.assert(
		fc.property(bytes, bytes, fc.integer({min: 1, max: 50}), (a, b, rows) => {
			const [lowest, peak] = [Math.min(a, b), Math.max(a, b)];
			const {rowOf, ticks, format = String} = byteAxis(peak, rows, lowest);
			assert.ok(rowOf(lowest) >= 0 && rowOf(peak) <= rows + 1e-6 && rowOf(peak) > 0);
			assert.ok(rowOf(lowest) <= rowOf(peak));
			for (const value of ticks.values()) {
				assert.ok(format(value).length <= 6, format(value));
			}
		}),
	);
	const {rowOf} = byteAxis(302e9, 10, 296e9);
	assert.ok(rowOf(302e9) - rowOf(296e9) >= 2);
});

test('an axis of values of any size has finite labels, no more than one a row, and holds its highest value', () => {
	const value = fc.oneof(
		fc.double({min: 0, max: Number.MAX_SAFE_INTEGER, noNaN: true}),
		fc.constantFrom(0, 5e-324, 1e-12, 1, 1.5, 1e6, 1e12, 2 ** 52, Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER),
	);
	fc.assert(
		fc.property(
			fc.constantFrom(shareAxis, valueAxis, byteAxis),
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
				[valueAxis, 5e-324, 1e-12, 5],
			],
		},
	);
});
