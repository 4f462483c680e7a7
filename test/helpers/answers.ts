import assert from 'node:assert/strict';
import {type MetricsResponse, readMetricsResponse} from '../../source/api/metrics-response.ts';

/** Returns a response from the metrics route with only these fields. */
export function answerOf(metrics: object): MetricsResponse {
	const read = readMetricsResponse({metrics});
	assert.ok('response' in read);
	return read.response;
}

/** Returns a list of points as the API serves them, from `[time, value]` pairs in epoch milliseconds. */
export function servedPoints(
	...pairs: ReadonlyArray<readonly [time: number, value: number | null]>
): readonly object[] {
	return pairs.map(([time, value]) => ({timestamp: new Date(time).toISOString(), value}));
}
