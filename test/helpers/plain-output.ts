import {defaultWindow} from '../../source/metrics/windows.ts';
import {announce, nothingSpoken} from '../../source/output/plain/plain-lines.ts';
import type {Action} from '../../source/state/actions.ts';
import {initialState} from '../../source/state/initial-state.ts';
import {reduce} from '../../source/state/reducer.ts';
import type {State} from '../../source/state/state.ts';
import {responseOf, servedPoints} from './responses.ts';
import {ranksUpTo, servedNode} from './served-fields.ts';

export const nine = Date.UTC(2026, 10, 23, 9, 0, 12);
export const second = 1000;

const unasked = reduce(
	initialState({
		target: {kind: 'deployment', id: 'k4q95w5'},
		host: 'api.baseten.co',
		window: defaultWindow,
		intervalMs: 10 * second,
		nowMs: nine,
	}),
	// After this action, the first metrics are evaluated without waiting for a response about the deployment.
	{type: 'deploymentUnavailable', atMs: nine},
);

export type Values = {
	readonly rate?: number | null;
	readonly inProgress?: number | null;
	readonly latency?: readonly [p50: number | null, p95: number | null, p99: number | null];
	/** The utilization of each GPU of each node. */
	readonly nodes?: ReadonlyArray<ReadonlyArray<number | null>>;
	readonly disk?: number;
	readonly status?: readonly [ok: number, client: number, server: number];
	readonly odd?: boolean;
};

/** Returns the action for a response with one sample of these values, taken 12 seconds before the response arrived. */
export function metricsAction(afterMs: number, values: Values = {}, kind: 'whole' | 'tail' = 'whole'): Action {
	const {rate = 10, inProgress = 5, latency = [100, 400, 1000], nodes = [[0.9, 0.8]], disk = 0.5, odd} = values;
	const {status = [10, 0, 0]} = values;
	const atMs = nine + afterMs;
	const time = atMs - 12 * second;
	const timestamp = new Date(time).toISOString();
	const [p50, p95, p99] = latency;
	const [status2xx, status4xx, status5xx] = status;
	const response = responseOf({
		inference_volume: odd === true ? 'none' : servedPoints([time, rate]),
		concurrent_requests: servedPoints([time, inProgress]),
		response_time_stats: [{timestamp, p50, p95, p99}],
		inference_volume_by_status: [{timestamp, status_2xx: status2xx, status_4xx: status4xx, status_5xx: status5xx}],
		...servedNode([], {others: () => []}),
		per_node_metrics: nodes.map((gpus, index) => ({
			node_id: `trainer-${index}`,
			...servedNode(ranksUpTo(gpus.length), {
				gpu: {utilization: rank => servedPoints([time, gpus[rank] ?? null])},
				node: {diskShare: servedPoints([time, disk])},
				others: () => [],
			}),
		})),
	});
	const range = {
		startMs: kind === 'whole' ? atMs - defaultWindow.lengthMs : atMs - 30 * second,
		endMs: atMs,
		whole: kind === 'whole',
	};
	return {type: 'metricsReceived', kind: 'live', window: defaultWindow.name, response, range, atMs, tookMs: 5};
}

/** Returns the output after each of these steps. */
export function linesAfter(...steps: ReadonlyArray<readonly Action[]>): ReadonlyArray<readonly string[]> {
	let state: State = unasked;
	let spoken = nothingSpoken;
	return steps.map(actions => {
		state = actions.reduce(reduce, state);
		const announcement = announce(spoken, state, 'utc');
		spoken = announcement.spoken;
		return announcement.lines;
	});
}
