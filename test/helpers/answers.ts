import assert from 'node:assert/strict';
import {type MetricsAnswer, readMetricsAnswer} from '../../source/api/metrics-answer.ts';

/** An answer of the metrics route that holds these fields and none of the others. */
export function answerOf(metrics: object): MetricsAnswer {
	const read = readMetricsAnswer({metrics});
	assert.ok('answer' in read);
	return read.answer;
}

/** A list of points as the API serves them, from `[time, value]` pairs in epoch milliseconds. */
export function servedPoints(
	...pairs: ReadonlyArray<readonly [time: number, value: number | null]>
): readonly object[] {
	return pairs.map(([time, value]) => ({timestamp: new Date(time).toISOString(), value}));
}
