import type {Points} from '../api/points.ts';

/** A run of consecutive known points, as positions: from `first` to `last`, both inclusive. */
type Run = {readonly first: number; readonly last: number};

/** Returns the position of the first point at or after `time`; the length if there is none. */
export function positionOf(points: Points, time: number): number {
	let low = 0;
	let high = points.times.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((points.times[middle] ?? 0) < time) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}

	return low;
}

/** A derived value, and the inputs that it was computed from. */
type Kept<Value> = {readonly times: Float64Array; readonly by: readonly unknown[]; readonly value: Value};

/** The maximum number of cached results per series, enough to draw it in two ways. */
const maxKept = 2;

/**
 * Caches values derived from a series for as long as the series exists. The columns of a series never change, and most
 * responses contain no new samples for most series, so each frame redraws most of the previous one.
 */
export class SeriesMemo<Value> {
	readonly #kept = new WeakMap<Float64Array, readonly Kept<Value>[]>();

	/**
	 * Returns the result for this series and these other inputs, each compared by identity; computes it if it isn't
	 * cached.
	 */
	get({times, values}: Points, by: readonly unknown[], workOut: () => Value): Value {
		const kept = this.#kept.get(values) ?? [];
		const same = kept.find(
			one =>
				one.times === times &&
				one.by.length === by.length &&
				one.by.every((value, index) => Object.is(value, by[index])),
		);
		if (same !== undefined) {
			return same.value;
		}

		const value = workOut();
		this.#kept.set(values, [{times, by, value}, ...kept.slice(0, maxKept - 1)]);
		return value;
	}
}

/** Returns the newest time at which the series has a known value; undefined if it has none. */
export function newestKnownTime({times, values}: Points): number | undefined {
	let position = values.length - 1;
	while (position >= 0 && Number.isNaN(values[position])) {
		position--;
	}

	return times[position];
}

/** Returns the newest time of the series, whether or not its value is known; undefined if the series is empty. */
export function newestTime(points: Points): number | undefined {
	return points.times.at(-1);
}

/** Returns the newest time of a series, up to and including `time`; undefined if there is none. */
export function newestTimeUntil(points: Points, time: number): number | undefined {
	return points.times[positionOf(points, time + 1) - 1];
}

/** Returns a function that caches its result for each column: columns never change, and each frame uses all of them. */
function cachedByColumn<Value>(compute: (column: Float64Array) => Value): (column: Float64Array) => Value {
	const known = new WeakMap<Float64Array, Value>();
	return column => {
		const value = known.get(column) ?? compute(column);
		known.set(column, value);
		return value;
	};
}

const spacingOf = cachedByColumn(times => {
	const spacings = new Float64Array(Math.max(times.length - 1, 0));
	for (let index = 0; index < spacings.length; index++) {
		spacings[index] = (times[index + 1] ?? 0) - (times[index] ?? 0);
	}

	return spacings.sort()[spacings.length >> 1] ?? 0;
});

/** Returns the median distance between neighboring points in milliseconds; 0 with fewer than two points. */
export function medianSpacing({times}: Points): number {
	return spacingOf(times);
}

/**
 * Returns the distance above which two points have a gap between them, in milliseconds: 1.5 times the larger of the
 * step and the series' own median spacing, because samples are about 30 s apart, regardless of the requested step.
 */
export function gapThreshold(points: Points, stepMs: number): number {
	return 1.5 * Math.max(stepMs, medianSpacing(points));
}

const knownRuns = new SeriesMemo<readonly Run[]>();

/**
 * Returns the runs of known values below `limit` without a gap in them, oldest first. An unknown value, or one at or
 * above `limit`, ends a run.
 */
export function findRuns(points: Points, stepMs: number, limit = Number.POSITIVE_INFINITY): readonly Run[] {
	return knownRuns.get(points, [stepMs, limit], () => workOutRuns(points, stepMs, limit));
}

function workOutRuns(points: Points, stepMs: number, limit: number): readonly Run[] {
	const {times, values} = points;
	const threshold = gapThreshold(points, stepMs);
	const runs: Run[] = [];
	let first = -1;
	// An iterator would create an array for each value.
	for (let index = 0; index < values.length; index++) {
		const isIn = (values[index] ?? Number.NaN) < limit;
		if (first >= 0 && !(isIn && (times[index] ?? 0) - (times[index - 1] ?? 0) <= threshold)) {
			runs.push({first, last: index - 1});
			first = -1;
		}

		if (first < 0 && isIn) {
			first = index;
		}
	}

	return first < 0 ? runs : [...runs, {first, last: values.length - 1}];
}

type KnownRange = readonly [fromMs: number, toMs: number];

/** A time range in epoch milliseconds, and the step with which its series were requested. */
export type SteppedRange = {readonly startMs: number; readonly endMs: number; readonly stepMs: number};

/**
 * Returns the length of time within the range for which any of these series has a value (if `limit` is given, a value
 * below it), in milliseconds. Each sample is valid until the next one is due. Time that several series cover is counted
 * once.
 */
export function lengthOf(series: readonly Points[], {startMs, endMs, stepMs}: SteppedRange, limit?: number): number {
	const ranges: KnownRange[] = [];
	for (const points of series) {
		const spacing = Math.max(stepMs, medianSpacing(points));
		for (const {first, last} of findRuns(points, stepMs, limit)) {
			const from = Math.max(points.times[first] ?? 0, startMs);
			const to = Math.max(from, Math.min((points.times[last] ?? 0) + spacing, endMs));
			const before = ranges[ranges.length - 1];
			if (before === undefined || before[0] !== from || before[1] !== to) {
				ranges.push([from, to]);
			}
		}
	}

	return unionOf(ranges);
}

/** Returns the total length of ranges, counting overlaps once. */
function unionOf(ranges: KnownRange[]): number {
	let length = 0;
	let untilMs = Number.NEGATIVE_INFINITY;
	for (const range of ranges.length > 1 ? ranges.sort((a, b) => a[0] - b[0]) : ranges) {
		length += Math.max(0, range[1] - Math.max(range[0], untilMs));
		untilMs = Math.max(untilMs, range[1]);
	}

	return length;
}

/**
 * Returns the value of the sample nearest to `time` within `toleranceMs`; undefined if there is none or it has no
 * value. Never interpolates.
 */
export function valueNear(points: Points, time: number, toleranceMs: number): number | undefined {
	const {times, values} = points;
	const after = positionOf(points, time);
	const isBefore = time - (times[after - 1] ?? Number.NaN) < (times[after] ?? Number.NaN) - time;
	const position = isBefore || after === times.length ? after - 1 : after;
	const value = values[position];
	const distance = Math.abs((times[position] ?? Number.NaN) - time);
	return distance <= toleranceMs && value !== undefined && !Number.isNaN(value) ? value : undefined;
}

/** The count, sum, mean, minimum, and maximum of the known values; the last three are undefined if none is known. */
type Statistics = {
	readonly count: number;
	readonly sum: number;
	readonly mean: number | undefined;
	readonly lowest: number | undefined;
	readonly peak: number | undefined;
};

const statisticsOf = cachedByColumn((values): Statistics => {
	let count = 0;
	let sum = 0;
	let lowest = Number.POSITIVE_INFINITY;
	let peak = Number.NEGATIVE_INFINITY;
	// An iterator would create an object for each value.
	for (let index = 0; index < values.length; index++) {
		const value = values[index] ?? Number.NaN;
		if (!Number.isNaN(value)) {
			count++;
			sum += value;
			lowest = value < lowest ? value : lowest;
			peak = value > peak ? value : peak;
		}
	}

	const known = count > 0;
	return {
		count,
		sum,
		mean: known ? sum / count : undefined,
		lowest: known ? lowest : undefined,
		peak: known ? peak : undefined,
	};
});

/** Returns the statistics of a series, which are computed only once. */
export function statistics({values}: Points): Statistics {
	return statisticsOf(values);
}

/**
 * Returns the sum of several series at each of their times; NaN if any series has a point with an unknown value at that
 * time. A series without a point at that time is left out of the sum.
 */
export function addPoints(series: readonly Points[]): Points {
	const sums = new Map<number, number>();
	for (const points of series) {
		for (const [index, time] of points.times.entries()) {
			sums.set(time, (sums.get(time) ?? 0) + (points.values[index] ?? Number.NaN));
		}
	}

	const times = Float64Array.from(sums.keys()).sort();
	return {times, values: times.map(time => sums.get(time) ?? Number.NaN)};
}
