import {formatPercent} from '../text/format.ts';

/** A value axis: maps values to rows between the bottom (0) and the top (`rows`), and labels some rows. */
export type ValueAxis = {
	readonly rowOf: (value: number) => number;
	/** Labeled values by their row, counted from the bottom. */
	readonly ticks: ReadonlyMap<number, number>;
	/** Formats the labels, if they have a format other than the chart's. */
	readonly format?: (value: number) => string;
};

/** Creates an axis with rows for values from `lowest` to `peak`, which are undefined if no values are known. */
export type AxisMaker = (peak: number | undefined, rows: number, lowest?: number) => ValueAxis;

/** The smallest peak whose labels on an axis can be distinguished from zero. */
const smallestPeak = 1e-9;

/** The largest ratio between the ends of a logarithmic axis; values below the axis are drawn at its bottom. */
const longestSpan = 1e9;

/** Returns the smallest of 1, 2, 2.5, 4, 5 × 10ⁿ that is at least `value`. */
function niceStep(value: number): number {
	const power = 10 ** Math.floor(Math.log10(value));
	const factor = [1, 2, 2.5, 4, 5, 10].find(candidate => candidate * power >= value * (1 - 1e-9)) ?? 10;
	return factor * power;
}

/**
 * Returns the possible distances between two labels, in rows: from about a fifth to half of the axis, and at least two,
 * or one on an axis of fewer than four rows.
 */
function labelDistances(rows: number): readonly number[] {
	const least = Math.max(rows < 4 ? 1 : 2, Math.floor(rows / 5));
	const most = Math.max(Math.floor(rows / 2), least);
	return Array.from({length: most - least + 1}, (_, index) => least + index);
}

/**
 * Returns an axis for rates, counts, and times, on which normal dips can't look like outages: from zero to a little
 * above `peak`, with a round value every few rows. Of the possible axes, it wastes the least space.
 */
export function linearAxis(peak: number | undefined, rows: number): ValueAxis {
	const highest = peak !== undefined && peak >= smallestPeak && Number.isFinite(peak) ? peak : 1;
	const axes = labelDistances(rows).map(every => {
		const perTick = niceStep((highest * every) / Math.max(rows, 1));
		return {every, perTick, top: (perTick * rows) / every};
	});
	const {every, perTick} = axes.reduce((a, b) => (b.top < a.top * 0.999 ? b : a));
	const perRow = perTick / every;
	const ticks = new Map<number, number>();
	for (let row = 0; row <= rows; row += every) {
		ticks.set(row, (row / every) * perTick);
	}

	return {rowOf: value => Math.min(Math.max(value / perRow, 0), rows), ticks};
}

const decadeTicks = [1, 2, 5] as const;

/**
 * The maximum distance of a labeled value from the row of its label, in rows: at a greater distance, a curve above the
 * value could be drawn below its label.
 */
const nearRow = 0.25;

/** Labels the row nearest to a value if they are within `distance` and no label is on the row or next to it. */
function addTick(
	ticks: Map<number, number>,
	value: number,
	rowOf: ValueAxis['rowOf'],
	distance: number = nearRow,
): void {
	const row = Math.round(rowOf(value));
	const isFree = [...ticks.keys()].every(other => Math.abs(other - row) >= 2);
	if (isFree && Math.abs(rowOf(value) - row) < distance) {
		ticks.set(row, value);
	}
}

/** Returns all values 1, 2, 5 × 10ⁿ from the last one at or below `lowest` to the first one at or above `highest`. */
function roundValues(lowest: number, highest: number): readonly number[] {
	const values: number[] = [];
	for (let power = Math.floor(Math.log10(lowest)); power <= Math.ceil(Math.log10(highest)); power++) {
		values.push(...decadeTicks.map(digit => digit * 10 ** power));
	}

	const first = values.findLastIndex(value => value <= lowest * (1 + 1e-9));
	const last = values.findIndex(value => value >= highest * (1 - 1e-9));
	return values.slice(Math.max(first, 0), last < 0 ? undefined : last + 1);
}

/**
 * Returns a logarithmic axis around `lowest` … `highest` (both above zero), labeled at both ends, and at round numbers
 * that fall on a row, powers of ten first. If there is room, at least one value between the ends is labeled.
 */
export function logarithmicAxis(lowest: number, highest: number, rows: number): ValueAxis {
	const end = Math.max(highest, lowest * 2, smallestPeak);
	const start = Math.max(lowest, end / longestSpan);
	const values = roundValues(start, end);
	const bottom = Math.log(values[0] ?? start);
	const top = Math.log(values.at(-1) ?? end);
	const rowOf = (value: number): number =>
		value > 0 ? Math.min(Math.max(((Math.log(value) - bottom) / (top - bottom)) * rows, 0), rows) : 0;
	const byImportance = [...values].sort((a, b) => leadingDigitRank(a) - leadingDigitRank(b));
	const ticks = new Map<number, number>();
	// If only the two ends are labeled, one value that is between two rows is labeled, too.
	for (const [distance, most] of [
		[nearRow, rows],
		[0.5 + 1e-6, 3],
	] as const) {
		for (const value of [values[0], values.at(-1), ...byImportance]) {
			if (value !== undefined && ticks.size < most) {
				addTick(ticks, value, rowOf, distance);
			}
		}
	}

	return {rowOf, ticks};
}

function leadingDigitRank(value: number): number {
	const digit = Math.round(value / 10 ** Math.floor(Math.log10(value) + 1e-9));
	return digit === 1 ? 0 : digit === 5 ? 1 : 2;
}

/** The unit of axes of shares: they begin and end at its multiples, so that a change of this size is visible. */
const shareGrid = 0.02;

/**
 * The highest peak for which an axis ends at a multiple of the grid: above it, neighboring multiples can be the same
 * floating-point number. No real share is this large.
 */
const highestOnGrid = 1e12;

/** The minimum range of an axis, as a fraction of the peak, so that small variations aren't magnified. */
const minSpread = 0.05;

/** If the lowest share or size is below this fraction of the highest one, the axis starts at zero. */
const zeroBelow = 0.3;

function clamp(value: number, lowest: number, highest: number): number {
	return Math.min(Math.max(value, lowest), highest);
}

/** Returns a function that maps a value to its position between the bottom and the top of an axis, in rows. */
function rowBetween(bottom: number, top: number, rows: number): ValueAxis['rowOf'] {
	return value => clamp(((value - bottom) / (top - bottom)) * rows, 0, rows);
}

/**
 * Returns the multiples of the grid at which an axis of shares begins and ends. Their distance is at least two
 * percentage points per row on a chart of up to five rows, and at least ten points in all on a taller one; they aren't
 * above 100% unless a share is. For a peak above `highestOnGrid`, returns 0 and the peak.
 */
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
 * An axis for shares, fractions 0–1, over the range of its values: both ends are labeled, as are round values between
 * them that fall on a row. It never goes above 100% unless a share does.
 */
export const shareAxis: AxisMaker = (peak = 1, rows, lowest = 0) => {
	const [bottom, top] = shareEnds(lowest, peak, rows);
	const rowOf = rowBetween(bottom, top, rows);
	const ticks = new Map<number, number>([[rows, top]]);
	if (rows > 0) {
		ticks.set(0, bottom);
		// The loop counts steps in addition to comparing values, because adding a step to a huge invalid share changes
		// nothing.
		const least = ((top - bottom) * 2) / rows;
		const step = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5].find(one => one >= least) ?? niceStep(least);
		const first = Math.ceil(bottom / step) * step;
		for (let count = 0; count <= rows && first + count * step < top; count++) {
			addTick(ticks, first + count * step, rowOf);
		}
	}

	return {rowOf, ticks, format: formatPercent};
};

/** Returns an axis over the range of its values, with round labels; it starts at zero if the lowest value is low. */
export function rangeAxis(peak: number, rows: number, lowest: number): ValueAxis {
	const middle = (peak + lowest) / 2;
	const spread = Math.max(peak - lowest, minSpread * peak);
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
