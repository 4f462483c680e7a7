import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {typedKeys} from '../../source/api/points.ts';
import type {ValueAxis} from '../../source/view/axis.ts';
import {axisOf, byteAxis} from '../../source/view/unit-axis.ts';
import {usualValues} from '../helpers/served-fields.ts';

const tebibyte = 1024 ** 4;

/** Returns the labels of an axis, from bottom to top. */
function labels({ticks, format = String}: ValueAxis): readonly string[] {
	return [...ticks].sort(([a], [b]) => a - b).map(([, value]) => format(value));
}

test('an axis for bytes is labeled in the unit of its highest value, and never in a smaller one', () => {
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

/** Returns the number of bytes that a label such as `1.5G` means. */
function bytesOf(label: string): number {
	const unit = Math.max(' KMGTPE'.indexOf(label.at(-1) ?? ''), 0);
	return Number.parseFloat(label) * 1024 ** unit;
}

test('an axis for bytes contains all values, resolves changes of 2%, and has short labels at their rows', () => {
	const bytes = fc.double({min: 1, max: 1e15, noNaN: true});
	fc.assert(
		fc.property(bytes, bytes, fc.integer({min: 1, max: 50}), (a, b, rows) => {
			const [lowest, peak] = [Math.min(a, b), Math.max(a, b)];
			const {rowOf, ticks, format = String} = byteAxis(peak, rows, lowest);
			assert.ok(rowOf(lowest) >= 0 && rowOf(peak) <= rows + 1e-6 && rowOf(peak) > 0);
			assert.ok(rowOf(lowest) <= rowOf(peak));
			assert.ok(ticks.size > 0);
			for (const [row, value] of ticks) {
				const label = format(value);
				assert.ok(label.length <= 6, label);
				assert.ok(Math.abs(rowOf(bytesOf(label)) - row) < 1e-6, `${label} in row ${row}`);
			}
		}),
	);
	const {rowOf} = byteAxis(302e9, 10, 296e9);
	assert.ok(rowOf(302e9) - rowOf(296e9) >= 2);
});

for (const unit of typedKeys(usualValues)) {
	test(`the labels of an axis in ${unit} differ from each other, fit in front of it, and don't contain /s`, () => {
		const {value} = usualValues[unit];
		const {axis, format} = axisOf(unit);
		for (const lowest of [0, 0.9 * value]) {
			const shown = labels({format, ...axis(value, 8, lowest)});
			assert.ok(shown.length > 1);
			assert.equal(new Set(shown).size, shown.length, shown.join(' '));
			assert.ok(
				shown.every(label => label.length <= 6 && !label.includes('/')),
				shown.join(' '),
			);
		}
	});
}
