// Longer than 250 lines because the columns of a chart, its cursor, and its gaps follow from the same range.

import type {Points} from '../api/points.ts';
import {newestOf} from '../metrics/freshness.ts';
import {findRuns, medianSpacing} from '../metrics/series.ts';
import type {Snapshot} from '../metrics/snapshot.ts';
import {defaultThresholds} from '../metrics/thresholds.ts';

/**
 * A time range, in epoch milliseconds. If its end was moved to the end of a column, `untilMs` is the original end,
 * and times after that have no label on the axis.
 */
export type Range = {readonly startMs: number; readonly endMs: number; readonly untilMs?: number};

/**
 * Returns the time range that charts with this number of columns show: the range of the snapshot, or, if the last
 * response is so old that this range no longer reaches the present, a range of the same length that ends now; either is
 * aligned with the columns (see `alignedRange`).
 */
export function chartRange({startMs, endMs, nowMs, limitMs, atMs}: Snapshot, columns: number): Range {
	const lateMs = nowMs - endMs;
	const isLate = endMs !== 0 && atMs === undefined && lateMs > limitMs;
	return alignedRange(isLate ? {startMs: startMs + lateMs, endMs: nowMs} : {startMs, endMs}, columns);
}

/**
 * Returns the time of the newest known sample of these series and its age in milliseconds; undefined if there is none,
 * if it isn't stale, or at a cursor.
 */
export function quietTail(
	series: readonly Points[],
	{nowMs, limitMs, atMs}: Snapshot,
): {readonly fromMs: number; readonly ageMs: number} | undefined {
	const fromMs = newestOf(series);
	return atMs !== undefined || fromMs === undefined || nowMs - fromMs <= limitMs
		? undefined
		: {fromMs, ageMs: nowMs - fromMs};
}

/** The minimum width at which the drawing moves by two columns at a time, because each move rewrites most of it. */
const twoColumnsFrom = 24;

/**
 * Returns a range of the same length whose columns begin at multiples of their length. As time passes, the drawing
 * moves by one or two columns at once, and each column keeps its samples. The returned range can end later than the
 * given one, by less than two columns, so one of its last two columns contains the given end.
 */
export function alignedRange({startMs, endMs}: Range, columns: number): Range {
	const length = (endMs - startMs) / columns;
	const moved = columns < twoColumnsFrom ? 1 : 2;
	const last = Math.ceil(endMs / length / moved - 1e-6) * moved;
	return Number.isFinite(last)
		? {startMs: (last - columns) * length, endMs: last * length, untilMs: endMs}
		: {startMs, endMs};
}

/** Returns the first column after a time: if it is the time of the newest sample, the first column without data. */
export function columnAfter(timeMs: number, range: Range, columns: number): number {
	return Math.min(Math.max(columnOf(timeMs, range, columns) + 1, 0), columns);
}

/** The longest gap between samples, in milliseconds, that isn't worth a mark over the whole height. */
const shortGapMs = defaultThresholds.staleMs;

/**
 * The maximum numbers of columns of a gap that stays blank, because a single sample was missed, and of a gap that is
 * marked only at the bottom, because it is short.
 */
export type GapLimits = {readonly blank: number; readonly short: number};

/** Limits with which every gap is marked over the whole height. */
export const noGapLimits: GapLimits = {blank: 0, short: 0};

/**
 * Returns the limits for a series that is drawn over a range in this number of columns. If its samples are farther
 * apart than a short gap, every gap is marked over the whole height.
 */
export function gapLimits(points: Points, stepMs: number, range: Range, columns: number): GapLimits {
	const spacing = Math.max(stepMs, medianSpacing(points));
	const perColumn = (range.endMs - range.startMs) / columns;
	const mostIn = (distanceMs: number): number => Math.max(Math.ceil(distanceMs / perColumn - 0.1) - 1, 0);
	return spacing > shortGapMs ? noGapLimits : {blank: mostIn(2 * spacing), short: mostIn(shortGapMs + spacing)};
}

/**
 * Returns the columns that are marked as gaps, because they have no value although columns before and after them do;
 * and whether each is marked over its whole height or only at the bottom. Gaps of up to `blank` columns aren't marked.
 */
export function gapColumns(
	isKnown: (column: number) => boolean,
	columns: number,
	{blank, short}: GapLimits,
): ReadonlyMap<number, 'whole' | 'bottom'> {
	const gaps = new Map<number, 'whole' | 'bottom'>();
	let before: number | undefined;
	for (let column = 0; column < columns; column++) {
		if (isKnown(column)) {
			const first = (before ?? column) + 1;
			for (let gap = first; gap < column && column - first > blank; gap++) {
				gaps.set(gap, column - first > short ? 'whole' : 'bottom');
			}

			before = column;
		}
	}

	return gaps;
}

/**
 * How several samples in one column become one value. `extremes` shows the lowest and the highest of every pair of
 * columns, in the order in which they occurred, so that neither a dip nor a spike is lost.
 */
export type Summary = 'peak' | 'mean' | 'low' | 'extremes';

/**
 * Returns the column of a time, counted from 0; the end of the range is in the last column. For a time outside the
 * range, the result is outside 0 … columns − 1.
 */
export function columnOf(timeMs: number, range: Range, columns: number): number {
	const column = Math.floor(((timeMs - range.startMs) / (range.endMs - range.startMs)) * columns + 1e-9);
	return timeMs === range.endMs ? columns - 1 : column;
}

/**
 * Returns the column of the cursor, or undefined if it is outside the range. A cursor in the time that alignment cut
 * off, which is at most two columns long, is in the first column.
 */
export function cursorColumn(cursorMs: number | undefined, range: Range, columns: number): number | undefined {
	const column = cursorMs === undefined ? Number.NaN : columnOf(cursorMs, range, columns);
	return column >= -2 && column < columns ? Math.max(column, 0) : undefined;
}

/**
 * The summary of each column. `count` is 0 for a column without samples, whose other values are left over from an
 * earlier call: all calls reuse one object, because a frame draws about forty curves.
 */
class Buckets {
	readonly count: Int32Array;
	readonly sum: Float64Array;
	readonly low: Float64Array;
	readonly high: Float64Array;
	/** 1 if the lowest sample came before the highest, otherwise 0. */
	readonly rising: Uint8Array;

	constructor(columns: number) {
		this.count = new Int32Array(columns);
		this.sum = new Float64Array(columns);
		this.low = new Float64Array(columns);
		this.high = new Float64Array(columns);
		this.rising = new Uint8Array(columns);
	}

	add(column: number, value: number): void {
		const {count, sum, low, high, rising} = this;
		const before = count[column] ?? 0;
		count[column] = before + 1;
		if (before === 0) {
			sum[column] = value;
			low[column] = value;
			high[column] = value;
			rising[column] = 1;
			return;
		}

		sum[column] = (sum[column] ?? 0) + value;
		if (value > (high[column] ?? 0)) {
			high[column] = value;
			rising[column] = 1;
		} else if (value < (low[column] ?? 0)) {
			low[column] = value;
			rising[column] = 0;
		}
	}

	/** Returns the value of a column that isn't empty. */
	summarize(column: number, summary: Summary): number {
		const {count, sum, low, high} = this;
		const value =
			summary === 'mean' ? (sum[column] ?? 0) / (count[column] ?? 1) : summary === 'peak' ? high[column] : low[column];
		return value ?? Number.NaN;
	}

	/**
	 * Returns the extreme that column `own` shows in a pair with column `other`. `newest` is the newest sample if
	 * `other` contains it.
	 */
	extremeOf(own: number, other: number, newest: number | undefined): number {
		const {count, sum, low, high} = this;
		const ownLow = low[own] ?? Number.NaN;
		const ownHigh = high[own] ?? Number.NaN;
		const otherCount = count[other] ?? 0;
		if (count[own] === 1 && otherCount <= 1) {
			return ownLow;
		}

		const hasOther = otherCount > 0;
		const otherLow = hasOther ? (low[other] ?? ownLow) : ownLow;
		const otherHigh = hasOther ? (high[other] ?? ownHigh) : ownHigh;
		const lowest = Math.min(ownLow, otherLow);
		const highest = Math.max(ownHigh, otherHigh);
		const against = newest ?? (hasOther ? undefined : (sum[own] ?? 0) / (count[own] ?? 1));
		if (against !== undefined) {
			return highest - against > against - lowest ? highest : lowest;
		}

		const isFirst = own < other;
		const [first, second] = isFirst ? [own, other] : [other, own];
		const isFirstLowest = low[first] === lowest;
		const mayRise = isFirstLowest && high[second] === highest;
		const mayFall = high[first] === highest && low[second] === lowest;
		const isRising = mayRise === mayFall ? this.rising[isFirstLowest ? first : second] === 1 : mayRise;
		return isRising === isFirst ? lowest : highest;
	}
}

let buckets = new Buckets(512);

function emptyBuckets(columns: number): Buckets {
	if (buckets.count.length < columns) {
		buckets = new Buckets(columns);
	}

	buckets.count.fill(0);
	return buckets;
}

/**
 * Returns one value per column; undefined for a column that no sample covers. If samples are farther apart than
 * columns, each is held until the next one; nothing is interpolated, and gaps stay gaps. The column of the newest
 * sample has the value of that sample, if it is known.
 */
export function resample(
	points: Points,
	range: Range,
	columns: number,
	options: {readonly stepMs: number; readonly summary: Summary},
): ReadonlyArray<number | undefined> {
	const known = emptyBuckets(columns);
	for (const run of findRuns(points, options.stepMs)) {
		let previous = columnOf(points.times[run.first] ?? 0, range, columns);
		let held = points.values[run.first] ?? Number.NaN;
		for (let index = run.first; index <= run.last; index++) {
			const column = columnOf(points.times[index] ?? 0, range, columns);
			const value = points.values[index] ?? Number.NaN;
			for (let empty = Math.max(previous + 1, 0); empty < Math.min(column, columns); empty++) {
				known.add(empty, held);
			}

			if (column >= 0 && column < columns) {
				known.add(column, value);
			}

			previous = column;
			held = value;
		}
	}

	// The column of the newest sample shows only that sample, even if it contains others.
	const newest = points.values.at(-1) ?? Number.NaN;
	const last = Number.isNaN(newest) ? -1 : columnOf(points.times.at(-1) ?? Number.NaN, range, columns);
	const odd = Math.round((range.startMs / (range.endMs - range.startMs)) * columns) & 1;
	const shown: Array<number | undefined> = [];
	for (let column = 0; column < columns; column++) {
		if (column === last) {
			shown.push(newest);
		} else if (known.count[column] === 0) {
			shown.push(undefined);
		} else if (options.summary === 'extremes') {
			const other = column + (((column + odd) & 1) === 0 ? 1 : -1);
			shown.push(known.extremeOf(column, other, other === last ? newest : undefined));
		} else {
			shown.push(known.summarize(column, options.summary));
		}
	}

	return shown;
}
