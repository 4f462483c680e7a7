import type {Points} from '../api/points.ts';
import {medianSpacing, newestKnownTime, newestTime, newestTimeUntil, valueNear} from './series.ts';
import type {Window} from './windows.ts';

/** The usual interval between the service's samples, regardless of the requested step, in milliseconds. */
const sampleSpacingMs = 30_000;

/** The freshness of a group of series: those of the requests, of a node, or of one GPU. */
export type Freshness = {
	/**
	 * The time of the group's newest sample (at a cursor, the newest one up to the cursor), in epoch
	 * milliseconds; undefined if there is none.
	 */
	readonly newestMs: number | undefined;
	/** Whether that sample is within the stale limit. At a cursor: whether there is a sample near it. */
	readonly isFresh: boolean;
};

/**
 * Returns the age, in milliseconds, above which a sample of this window is stale.
 *
 * For steps of up to `sampleSpacingMs`, it is the stale limit itself (`--threshold stale=`). A point of a coarser step
 * has the time at which its step began, and the newest complete step is the one before the current one. The limit is
 * therefore extended by twice the difference between the step and `sampleSpacingMs`.
 */
export function freshnessLimitMs({stepMs}: Window, staleMs: number): number {
	return staleMs + 2 * Math.max(0, stepMs - sampleSpacingMs);
}

/** Returns the maximum age of a current sample, in milliseconds: one minute, or two steps if they are longer. */
export function freshMs({stepMs}: Window): number {
	return Math.max(60_000, 2 * stepMs);
}

/** Returns the latest of several times, or undefined if there are none. */
export function latest(times: readonly number[]): number | undefined {
	return times.length === 0 ? undefined : times.reduce((a, b) => Math.max(a, b));
}

/** Returns the time of the newest known value in several series, in epoch milliseconds; undefined if none is known. */
export function newestOf(series: readonly Points[]): number | undefined {
	let newest: number | undefined;
	for (const points of series) {
		const time = newestKnownTime(points);
		newest = time !== undefined && (newest === undefined || time > newest) ? time : newest;
	}

	return newest;
}

/**
 * Reads values at a given time from the samples near that time. `recent` contains the same series in the findings'
 * window, if that window is known and finer: if a step is longer than the stale limit, only the finer samples show
 * whether a value is current.
 */
export type ValueReader = {
	readonly value: (points: Points, recent?: Points) => number | undefined;
	readonly freshness: (series: readonly Points[], recent?: readonly Points[]) => Freshness;
};

/**
 * Reads current values: the newest sample of each series, unless that sample, or the newest one of `recent`, is older
 * than its limit. If `recentLimitMs` is given, whether a group is fresh depends only on `recent`, because a subject
 * that reports again has no sample at a coarse step yet.
 */
export function readerOfNewest(nowMs: number, limitMs: number, recentLimitMs?: number): ValueReader {
	const isWithin = (newestMs: number | undefined, limit: number): boolean =>
		newestMs !== undefined && nowMs - newestMs <= limit;
	const isRecent = (recent: readonly Points[]): boolean =>
		recentLimitMs === undefined || isWithin(newestOf(recent), recentLimitMs);
	return {
		value(points, recent) {
			const value = points.values.at(-1);
			const isCurrent = isWithin(newestTime(points), limitMs) && isRecent(recent === undefined ? [] : [recent]);
			return isCurrent && value !== undefined && !Number.isNaN(value) ? value : undefined;
		},
		freshness(series, recent = []) {
			const newestMs = newestOf(recentLimitMs === undefined ? series : [...series, ...recent]);
			const isFresh = recentLimitMs === undefined ? isWithin(newestMs, limitMs) : isRecent(recent);
			return {newestMs, isFresh};
		},
	};
}

/**
 * Reads the samples nearest to `time`. They can be at most a step away from that time, or the median spacing of the
 * series if that is longer.
 */
export function readerAt(time: number, stepMs: number): ValueReader {
	const value: ValueReader['value'] = points => valueNear(points, time, Math.max(stepMs, medianSpacing(points)));
	return {
		value,
		freshness: series => ({
			newestMs: latest(series.flatMap(points => newestTimeUntil(points, time) ?? [])),
			isFresh: series.some(points => value(points) !== undefined),
		}),
	};
}
