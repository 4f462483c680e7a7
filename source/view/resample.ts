import type {Points} from '../api/points.ts';
import {newestOf} from '../metrics/freshness.ts';
import {findRuns} from '../metrics/series.ts';
import type {Snapshot} from '../metrics/snapshot.ts';

/** A time range, in epoch milliseconds. */
export type Range = {readonly startMs: number; readonly endMs: number};

/**
 * Returns the time range that charts with that many columns show: the range of the snapshot, or, if there was no
 * response for so long that it no longer reaches the present, a range of the same length that ends now.
 */
export function chartRange({startMs, endMs, nowMs, limitMs, atMs}: Snapshot, columns: number): Range {
	const lateMs = nowMs - endMs;
	const isLate = endMs !== 0 && atMs === undefined && lateMs > limitMs;
	return alignedRange(isLate ? {startMs: startMs + lateMs, endMs: nowMs} : {startMs, endMs}, columns);
}

/**
 * Returns the time of the newest sample of these series if it is so old that no data follows it, and its age in
 * milliseconds.
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

/** From this width on, the drawing moves by two columns at once, because each move rewrites most of it. */
const twoColumnsFrom = 24;

/**
 * Returns a range of the same length whose columns begin at multiples of their length. As time passes, the drawing
 * moves by one or two columns at once, and each column keeps its samples. The range ends up to two columns later, so
 * one of its last two columns contains the given end.
 */
export function alignedRange({startMs, endMs}: Range, columns: number): Range {
	const length = (endMs - startMs) / columns;
	const moved = columns < twoColumnsFrom ? 1 : 2;
	const last = Math.ceil(endMs / length / moved - 1e-6) * moved;
	return Number.isFinite(last) ? {startMs: (last - columns) * length, endMs: last * length} : {startMs, endMs};
}

/** Returns the first column after a time, which is where the data after it begins. */
export function columnAfter(timeMs: number, range: Range, columns: number): number {
	return Math.min(Math.max(columnOf(timeMs, range, columns) + 1, 0), columns);
}

/**
 * How several samples in one column become one value. `extremes` shows the lowest and the highest of every pair of
 * columns, in the order in which they occurred, so that neither a dip nor a spike is lost.
 */
export type Summary = 'peak' | 'mean' | 'low' | 'extremes';

/** Returns the column of a time, counted from 0. It is outside 0 … columns − 1 if the time is outside the range. */
export function columnOf(timeMs: number, range: Range, columns: number): number {
	const column = Math.floor(((timeMs - range.startMs) / (range.endMs - range.startMs)) * columns + 1e-9);
	return timeMs === range.endMs ? columns - 1 : column;
}

/**
 * Returns the column of the cursor, or undefined if it is outside the range. Time that was cut off by alignment belongs
 * to the first column.
 */
export function cursorColumn(cursorMs: number | undefined, range: Range, columns: number): number | undefined {
	const column = cursorMs === undefined ? Number.NaN : columnOf(cursorMs, range, columns);
	return column >= -2 && column < columns ? Math.max(column, 0) : undefined;
}

/** What is known of one column. */
type Bucket = {
	count: number;
	sum: number;
	low: number;
	high: number;
	/** Whether the lowest sample came before the highest. */
	isRising: boolean;
};

/**
 * Returns one value per column, or undefined if nothing was received. If samples are further apart than columns, each
 * is held until the next one; nothing is interpolated, and gaps stay gaps. The column of the newest sample has its value.
 *
 * @param stepMs the step of the window, from which gaps are recognized
 */
export function resample(
	points: Points,
	range: Range,
	columns: number,
	options: {readonly stepMs: number; readonly summary: Summary},
): ReadonlyArray<number | undefined> {
	const buckets = new Array<Bucket | undefined>(columns).fill(undefined);
	const add = (column: number, value: number): void => {
		const bucket = buckets[column];
		if (bucket === undefined) {
			buckets[column] = {count: 1, sum: value, low: value, high: value, isRising: true};
			return;
		}

		bucket.count++;
		bucket.sum += value;
		if (value > bucket.high) {
			bucket.high = value;
			bucket.isRising = true;
		} else if (value < bucket.low) {
			bucket.low = value;
			bucket.isRising = false;
		}
	};
	for (const run of findRuns(points, options.stepMs)) {
		let previous = columnOf(points.times[run.first] ?? 0, range, columns);
		let held = points.values[run.first] ?? Number.NaN;
		for (let index = run.first; index <= run.last; index++) {
			const column = columnOf(points.times[index] ?? 0, range, columns);
			const value = points.values[index] ?? Number.NaN;
			for (let empty = Math.max(previous + 1, 0); empty < Math.min(column, columns); empty++) {
				add(empty, held);
			}

			if (column >= 0 && column < columns) {
				add(column, value);
			}

			previous = column;
			held = value;
		}
	}

	// The last column is the newest sample, whatever preceded it.
	const newest = points.values.at(-1) ?? Number.NaN;
	const last = Number.isNaN(newest) ? -1 : columnOf(points.times.at(-1) ?? Number.NaN, range, columns);
	const odd = Math.round((range.startMs / (range.endMs - range.startMs)) * columns) & 1;
	return buckets.map((bucket, column) => {
		if (column === last) {
			return newest;
		}

		if (bucket === undefined || options.summary !== 'extremes') {
			return bucket && summarize(bucket, options.summary);
		}

		const isFirst = ((column + odd) & 1) === 0;
		const other = column + (isFirst ? 1 : -1);
		return extremeOf(bucket, buckets[other], isFirst, other === last ? newest : undefined);
	});
}

/**
 * Returns the extreme that one of two columns shows, given the value next to it, and what that shows if it is the
 * newest sample.
 */
function extremeOf(own: Bucket, next: Bucket | undefined, isFirst: boolean, newest: number | undefined): number {
	if (own.count === 1 && (next === undefined || next.count === 1)) {
		return own.low;
	}

	const low = Math.min(own.low, next?.low ?? own.low);
	const high = Math.max(own.high, next?.high ?? own.high);
	const against = newest ?? (next === undefined ? own.sum / own.count : undefined);
	if (against !== undefined) {
		return high - against > against - low ? high : low;
	}

	const [first, second] = isFirst ? [own, next] : [next, own];
	const [mayRise, mayFall] = [first?.low === low && second?.high === high, first?.high === high && second?.low === low];
	const isRising = mayRise === mayFall ? ((first?.low === low ? first : second)?.isRising ?? true) : mayRise;
	return isRising === isFirst ? low : high;
}

function summarize({count, sum, low, high}: Bucket, summary: Summary): number {
	return summary === 'mean' ? sum / count : summary === 'peak' ? high : low;
}
