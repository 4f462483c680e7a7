import assert from 'node:assert/strict';
import {emptyHistory} from '../../source/metrics/history.ts';
import {addMetrics} from '../../source/metrics/merge-history.ts';
import {reduce} from '../../source/state/reducer.ts';
import {neededReference} from '../../source/state/reference.ts';
import type {State} from '../../source/state/state.ts';
import {responseOf, servedPoints} from './responses.ts';

/**
 * Returns the state after the data for its comparison has been received: a constant request rate, or no samples if
 * `rate` is undefined.
 */
export function withReference(state: State, rate: number | undefined): State {
	const range = neededReference(state);
	assert.ok(range !== undefined);
	const {startMs, endMs, window} = range;
	const times = Array.from({length: (endMs - startMs) / 30_000}, (_, index) => startMs + index * 30_000);
	const response = responseOf({
		inference_volume: rate === undefined ? [] : servedPoints(...times.map(time => [time, rate] as const)),
		per_node_metrics: [],
	});
	const history = addMetrics(emptyHistory(window), response, {startMs, endMs, whole: true});
	const reference = {...range, history};
	return reduce(state, {
		type: 'sideRequestSucceeded',
		response: {kind: 'reference', reference},
		atMs: state.live.nowMs,
	});
}
