import type {Points} from '../api/points.ts';
import {medianSpacing, positionOf, statistics, valueNear} from './series.ts';

/**
 * The possible comparisons of a time range: with nothing, with the range just before it, or with the same range a day
 * or a week earlier.
 */
export const comparisons = ['off', 'window', '1d', '7d'] as const;
/** One of the possible comparisons. */
export type Comparison = (typeof comparisons)[number];

const dayMs = 86_400_000;

/**
 * Returns the offset of the comparison range for a time range of this length, in milliseconds; 0 if nothing is
 * compared.
 */
export function comparisonOffsetMs(comparison: Comparison, lengthMs: number): number {
	switch (comparison) {
		case 'off':
			return 0;
		case 'window':
			return lengthMs;
		case '1d':
			return dayMs;
		case '7d':
			return 7 * dayMs;
	}
}

/**
 * Caches the shifted times of each column: columns never change, and each frame draws the comparison of every series.
 */
const shifted = new WeakMap<Float64Array, {readonly byMs: number; readonly times: Float64Array}>();

/** Returns the series shifted by `byMs` to a later time. Series that share their times also share the shifted ones. */
export function shiftPoints({times, values}: Points, byMs: number): Points {
	const known = shifted.get(times);
	if (known?.byMs === byMs) {
		return {times: known.times, values};
	}

	const later = times.map(time => time + byMs);
	shifted.set(times, {byMs, times: later});
	return {times: later, values};
}

/** The ratio between the sample spacings of two series above which the series count as different aggregates. */
const widestSpacing = 1.5;

/**
 * Returns whether the samples of two series cover about the same length of time. A percentile or mean over two minutes
 * isn't comparable with one over ten seconds. Returns false if either series has fewer than two samples.
 */
function isSameKind(points: Points, reference: Points): boolean {
	const spacings = [medianSpacing(points), medianSpacing(reference)];
	return Math.min(...spacings) > 0 && Math.max(...spacings) <= widestSpacing * Math.min(...spacings);
}

/**
 * An earlier value, and how the current one differs from it. `ratio` is the fraction by which the current value is
 * higher (0.41 for 41%) or lower (negative); undefined if either value is unknown, or if the earlier one is 0 or a
 * different kind of aggregate.
 */
export type Difference = {readonly before: number | undefined; readonly ratio: number | undefined};

/** Returns the difference between `now` and an earlier value. Either can be unknown. */
export function differenceOf(now: number | undefined, before: number | undefined): Difference {
	const isComparable = now !== undefined && before !== undefined && before > 0;
	return {before, ratio: isComparable ? now / before - 1 : undefined};
}

/**
 * Returns the difference between `now`, which is the value of a series at `timeMs`, and the comparison's sample nearest
 * to the time `offsetMs` earlier, no further away than a step or the usual spacing of its samples, whichever is larger.
 * The comparison's times aren't shifted.
 */
export function differenceAt(
	{points, now}: {readonly points: Points; readonly now: number | undefined},
	reference: Points,
	{timeMs, offsetMs, stepMs}: {readonly timeMs: number; readonly offsetMs: number; readonly stepMs: number},
): Difference {
	const before = valueNear(reference, timeMs - offsetMs, Math.max(stepMs, medianSpacing(reference)));
	return isSameKind(points, reference) ? differenceOf(now, before) : {before, ratio: undefined};
}

/** Returns the points from `startMs` to `endMs`, both inclusive. */
export function cutPoints(points: Points, startMs: number, endMs: number): Points {
	const [from, to] = [positionOf(points, startMs), positionOf(points, endMs + 1)];
	return {times: points.times.slice(from, to), values: points.values.slice(from, to)};
}

/** The minimum number of samples for the mean of a comparison, as a fraction of the number of current samples. */
const minKnown = 0.5;

/**
 * Returns the difference between the mean of a series, over the range from its first sample to its last, and the mean
 * of the comparison, over the same range `offsetMs` earlier. The earlier mean is unknown if the comparison has fewer
 * than half as many known samples in its range.
 */
export function differenceOfMeans(points: Points, reference: Points, offsetMs: number): Difference {
	const [startMs, endMs] = [points.times.at(0), points.times.at(-1)];
	if (startMs === undefined || endMs === undefined) {
		return {before: undefined, ratio: undefined};
	}

	const now = statistics(points);
	const earlier = statistics(cutPoints(reference, startMs - offsetMs, endMs - offsetMs));
	const before = earlier.count >= minKnown * now.count ? earlier.mean : undefined;
	return isSameKind(points, reference) ? differenceOf(now.mean, before) : {before, ratio: undefined};
}

/** A time range in epoch milliseconds. */
export type TimeRange = {readonly startMs: number; readonly endMs: number};

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * The windows, shortest first, with the requested step: 20 to 180 points per window, so that the cost of a response
 * grows with the number of GPUs, not with the length of the window.
 */
export const windows = [
	{name: '5m', lengthMs: 5 * minute, stepMs: 15 * second},
	{name: '15m', lengthMs: 15 * minute, stepMs: 15 * second},
	{name: '30m', lengthMs: 30 * minute, stepMs: 15 * second},
	{name: '1h', lengthMs: hour, stepMs: 30 * second},
	{name: '3h', lengthMs: 3 * hour, stepMs: minute},
	{name: '6h', lengthMs: 6 * hour, stepMs: 2 * minute},
	{name: '12h', lengthMs: 12 * hour, stepMs: 4 * minute},
	{name: '24h', lengthMs: day, stepMs: 8 * minute},
	{name: '3d', lengthMs: 3 * day, stepMs: 24 * minute},
	{name: '7d', lengthMs: 7 * day, stepMs: hour},
] as const;

export type WindowName = (typeof windows)[number]['name'];

/**
 * One of the ten windows, or a window of another length with the name and the step of one of them. Lengths and steps
 * are in milliseconds; a step is a whole number of seconds.
 */
export type Window = {readonly name: WindowName; readonly lengthMs: number; readonly stepMs: number};

/**
 * Returns a window of any length, with the name and the step of the shortest window that is at least as long, or
 * otherwise of the longest one.
 */
export function windowOfLength(lengthMs: number): Window {
	const window = windows.find(one => one.lengthMs >= lengthMs) ?? longestWindow;
	return {...window, lengthMs};
}

/** The window that the program starts with by default. */
export const defaultWindow: Window = windows[3];

/** The longest window, which is the longest range for which the API is known to have samples. */
export const longestWindow: Window = windows[9];

/** Returns the window with this name; undefined if there is none. */
export function findWindow(name: string): Window | undefined {
	return windows.find(window => window.name === name);
}

/** Returns the window `by` places later in the list (earlier if negative), limited to the ends of the list. */
export function stepWindow(window: Window, by: number): Window {
	const index = windows.findIndex(({name}) => name === window.name) + by;
	return windows[Math.min(Math.max(index, 0), windows.length - 1)] ?? window;
}
