import assert from 'node:assert/strict';
import {type MetricsResponse, readMetricsResponse} from '../../source/api/metrics-response.ts';

/** Returns a response from the metrics route with only these fields. */
export function responseOf(metrics: object): MetricsResponse {
	const read = readMetricsResponse({metrics});
	assert.ok('response' in read);
	return read.response;
}

/** The text of each time. It is cached, because the series of many GPUs have the same times. */
const written = new Map<number, string>();

function writeTime(timeMs: number): string {
	const text = written.get(timeMs) ?? new Date(timeMs).toISOString();
	written.set(timeMs, text);
	return text;
}

/** Returns a list of points as the API serves them, from `[time, value]` pairs with times in epoch milliseconds. */
export function servedPoints(
	...pairs: ReadonlyArray<readonly [time: number, value: number | null]>
): readonly object[] {
	return pairs.map(([time, value]) => ({timestamp: writeTime(time), value}));
}
