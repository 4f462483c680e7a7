import {formatPercent, trimZeros} from '../text/format.ts';
import {type AxisMaker, labelDistances, linearAxis, niceStep, smallestPeak, type ValueAxis} from './axis.ts';

/** Shares are drawn between multiples of this: what changes by so much can be told apart. */
const shareGrid = 0.02;

/** Above this, neighboring multiples of the grid may be the same floating-point number: no share is that large. */
const highestOnGrid = 1e12;

/** Values that vary less than this, as a part of the highest one, are not drawn larger. */
const leastSpread = 0.05;

/** What begins at less than this part of its highest value is drawn from zero on. */
const zeroBelow = 0.3;

function clamp(value: number, lowest: number, highest: number): number {
	return Math.min(Math.max(value, lowest), highest);
}

/** Where a value lies between the bottom and the top of an axis, in rows. */
function rowBetween(bottom: number, top: number, rows: number): ValueAxis['rowOf'] {
	return value => clamp(((value - bottom) / (top - bottom)) * rows, 0, rows);
}

/** The grid lines around some shares, at least two points a row apart on a low chart, and none of them above 100 %. */
function shareEnds(lowest: number, peak: number, rows: number): readonly [bottom: number, top: number] {
	if (peak > highestOnGrid) {
		return [0, peak];
	}

	const most = Math.max(1, peak) / shareGrid;
	const least = clamp(rows, 1, 5);
	let top = clamp(Math.ceil(peak / shareGrid - 1e-6), 0, Math.ceil(most - 1e-6));
	let bottom = Math.floor(lowest / shareGrid + 1e-6);
	if (top - bottom < least) {
		top = Math.min(top + Math.floor((least - top + bottom) / 2), Math.max(Math.round(1 / shareGrid), top));
		bottom = Math.max(0, top - least);
		top = Math.max(top, bottom + least);
	}

	return bottom < zeroBelow * top ? [0, Math.max(top, least) * shareGrid] : [bottom * shareGrid, top * shareGrid];
}

/**
 * An axis for shares, fractions 0–1, over the range that they need: both ends are labeled, and round values between them
 * where these lie on a row. It never goes above 100 %, unless a share does.
 */
export const shareAxis: AxisMaker = (peak = 1, rows, lowest = 0) => {
	const [bottom, top] = shareEnds(lowest, peak, rows);
	const rowOf = rowBetween(bottom, top, rows);
	const ticks = new Map<number, number>([[rows, top]]);
	if (rows > 0) {
		ticks.set(0, bottom);
		// Counted, not compared alone: a broken share may be so large that a step added to it changes nothing.
		const least = ((top - bottom) * 2) / rows;
		const step = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5].find(one => one >= least) ?? niceStep(least);
		const first = Math.ceil(bottom / step) * step;
		for (let count = 0; count <= rows && first + count * step < top; count++) {
			const value = first + count * step;
			const row = Math.round(rowOf(value));
			const isFree = [...ticks.keys()].every(other => Math.abs(other - row) >= 2);
			if (isFree && Math.abs(rowOf(value) - row) < 0.25) {
				ticks.set(row, value);
			}
		}
	}

	return {rowOf, ticks, format: formatPercent};
};

/** An axis over the range that values need, with round labels; from zero on if they begin near it. */
function rangeAxis(peak: number, rows: number, lowest: number): ValueAxis {
	const middle = (peak + lowest) / 2;
	const spread = Math.max(peak - lowest, leastSpread * peak);
	const low = Math.max(0, middle - spread / 2);
	if (rows < 1 || peak < smallestPeak || low < zeroBelow * peak) {
		return linearAxis(peak, rows);
	}

	const axes = labelDistances(rows).map(every => {
		let perTick = niceStep((spread * every) / rows);
		let bottom = Math.floor(low / perTick + 1e-9) * perTick;
		while (bottom + (perTick * rows) / every < middle + spread / 2 - 1e-9 * peak) {
			perTick = niceStep(perTick * 1.01);
			bottom = Math.floor(low / perTick + 1e-9) * perTick;
		}

		return {every, perTick, bottom, top: bottom + (perTick * rows) / every};
	});
	const {every, perTick, bottom, top} = axes.reduce((a, b) => (b.top - b.bottom < (a.top - a.bottom) * 0.999 ? b : a));
	const ticks = new Map<number, number>();
	for (let row = 0; row <= rows; row += every) {
		ticks.set(row, bottom + (row / every) * perTick);
	}

	return {rowOf: rowBetween(bottom, top, rows), ticks};
}

/** An axis for rates and counts over the range that they need; from zero on if they begin near it. */
export const valueAxis: AxisMaker = (peak = 1, rows, lowest = 0) => rangeAxis(peak, rows, lowest);

const byteUnits = ['', 'K', 'M', 'G', 'T', 'P'] as const;

/** An axis for bytes over the range that they need, labeled in the binary unit of its highest value: `1.2T`, `2T`. */
export const byteAxis: AxisMaker = (peak = 1, rows, lowest = 0) => {
	const power = clamp(Math.floor(Math.log(Math.max(peak, 1) * 1.001) / Math.log(1024)), 0, byteUnits.length - 1);
	const unit = 1024 ** power;
	const {rowOf, ticks} = rangeAxis(peak / unit, rows, lowest / unit);
	const format = (value: number): string =>
		value === 0 ? '0' : `${trimZeros(Number(value.toPrecision(4)).toFixed(3))}${byteUnits[power] ?? ''}`;
	return {rowOf: value => rowOf(value / unit), ticks, format};
};
