import type {MetricsResponse} from '../api/metrics-response.ts';
import type {Points} from '../api/points.ts';
import {mapPoints} from '../metrics/map-points.ts';
import {positionOf} from '../metrics/series.ts';

/** Samples are at least this far apart: a shorter step omits none. */
const sampleMs = 30_000;

/** A part of time, in epoch milliseconds, and the distance of points that is wanted in it. */
export type Buckets = {readonly startMs: number; readonly endMs: number; readonly stepMs: number};

/** Returns the samples of a time range, the first one of each step; the others are omitted, and none is made up. */
export function downsample(answer: MetricsResponse, buckets: Buckets): MetricsResponse {
	return mapPoints(answer, points => downsamplePoints(points, buckets));
}

function downsamplePoints(points: Points, {startMs, endMs, stepMs}: Buckets): Points {
	const first = positionOf(points, startMs);
	const end = positionOf(points, endMs + 1);
	const times = points.times.slice(first, end);
	const values = points.values.slice(first, end);
	if (stepMs <= sampleMs) {
		return {times, values};
	}

	const stepOf = (time: number): number => Math.floor(time / stepMs);
	// The first point may follow others of its step that aren't in the response, unless it is at the start of the step.
	const isFirst = (index: number): boolean =>
		stepOf(times[index] ?? 0) !== stepOf(index === 0 ? (times[0] ?? 0) - sampleMs : (times[index - 1] ?? 0));
	const kept = [...times.keys()].filter(isFirst);
	return {
		times: Float64Array.from(kept, index => times[index] ?? 0),
		values: Float64Array.from(kept, index => values[index] ?? Number.NaN),
	};
}
