import type {Points} from '../api/points.ts';
import {newestOf} from '../metrics/freshness.ts';
import {findRuns} from '../metrics/series.ts';
import type {Snapshot} from '../metrics/snapshot.ts';

/** A time range, in epoch milliseconds. */
export type Range = {readonly startMs: number; readonly endMs: number};

/**
 * Returns the stretch of time that charts show: that of the snapshot, or, if no answer came for so long that this no longer
 * reaches to now, as long a stretch up to now.
 */
export function chartRange({startMs, endMs, nowMs, limitMs, atMs}: Snapshot): Range {
	const lateMs = nowMs - endMs;
	return endMs === 0 || atMs !== undefined || lateMs <= limitMs
		? {startMs, endMs}
		: {startMs: startMs + lateMs, endMs: nowMs};
}

/**
 * Returns when the newest sample of these series was taken, if it is so old that the time after it is without data; and how
 * long that is, in milliseconds.
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

/** Returns the first column after a time: the one where what comes after it begins. */
export function columnAfter(timeMs: number, range: Range, columns: number): number {
	return Math.min(Math.max(columnOf(timeMs, range, columns) + 1, 0), columns);
}

/** How several samples in one column become one value: spikes must not be averaged away, but utilization may be. */
export type Summary = 'peak' | 'mean' | 'low';

/** Returns the column of a time, counted from 0. It is outside 0 … columns − 1 if the time is outside the range. */
export function columnOf(timeMs: number, range: Range, columns: number): number {
	const column = Math.floor(((timeMs - range.startMs) / (range.endMs - range.startMs)) * columns);
	return timeMs === range.endMs ? columns - 1 : column;
}

/** Returns the column of the cursor, or undefined if there is none in the range. */
export function cursorColumn(cursorMs: number | undefined, range: Range, columns: number): number | undefined {
	return cursorMs === undefined || cursorMs < range.startMs || cursorMs > range.endMs
		? undefined
		: columnOf(cursorMs, range, columns);
}

/**
 * Returns one value per column, or undefined if nothing was received. If samples are further apart than columns, each
 * is held until the next one; nothing is interpolated, and gaps stay gaps. The last column has the value of the newest
 * sample only.
 *
 * @param stepMs the step of the window, from which gaps are recognized
 */
export function resample(
	points: Points,
	range: Range,
	columns: number,
	options: {readonly stepMs: number; readonly summary: Summary},
): ReadonlyArray<number | undefined> {
	const summed = new Float64Array(columns).fill(Number.NaN);
	const counts = new Uint32Array(columns);
	for (const run of findRuns(points, options.stepMs)) {
		let previous = columnOf(points.times[run.first] ?? 0, range, columns);
		let held = points.values[run.first] ?? Number.NaN;
		for (let index = run.first; index <= run.last; index++) {
			const column = columnOf(points.times[index] ?? 0, range, columns);
			const value = points.values[index] ?? Number.NaN;
			for (let empty = Math.max(previous + 1, 0); empty < Math.min(column, columns); empty++) {
				summed[empty] = held;
				counts[empty] = 1;
			}

			if (column >= 0 && column < columns) {
				const before = counts[column] ?? 0;
				summed[column] = before === 0 ? value : summarize(summed[column] ?? value, value, options.summary);
				counts[column] = before + 1;
			}

			previous = column;
			held = value;
		}
	}

	// The last column is the newest sample, whatever preceded it.
	const newest = points.values.at(-1) ?? Number.NaN;
	const last = columnOf(points.times.at(-1) ?? Number.NaN, range, columns);
	if (!Number.isNaN(newest) && last >= 0 && last < columns) {
		summed[last] = newest;
		counts[last] = 1;
	}

	return Array.from(summed, (value, column) => {
		const count = counts[column] ?? 0;
		return count === 0 ? undefined : options.summary === 'mean' ? value / count : value;
	});
}

function summarize(a: number, b: number, summary: Summary): number {
	switch (summary) {
		case 'mean':
			return a + b;
		case 'peak':
			return Math.max(a, b);
		case 'low':
			return Math.min(a, b);
	}
}
