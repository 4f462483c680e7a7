import type {NodeFields} from '../../source/demo/served-fields.ts';
import {defaultWindow} from '../../source/metrics/windows.ts';
import type {Action} from '../../source/state/actions.ts';
import {initialState} from '../../source/state/initial-state.ts';
import type {State} from '../../source/state/state.ts';
import {deploymentOf} from './deployments.ts';
import {responseOf} from './responses.ts';
import {ranksUpTo, servedNode, servedRates} from './served-fields.ts';

/** The local time, which is also the time of the newest samples. */
export const sampleNow = Date.UTC(2026, 10, 23, 9, 0);

const minute = 60_000;
const stepMs = 30_000;

/**
 * Returns one sample per step over the last hour, up to `untilMinutes` minutes ago. Each sample is `lateSeconds`
 * earlier than a whole step.
 */
function series(untilMinutes: number, value: (timeMs: number) => number, lateSeconds = 0): readonly object[] {
	const points: object[] = [];
	const endMs = sampleNow - untilMinutes * minute - lateSeconds * 1000;
	for (let time = endMs; time > sampleNow - 60 * minute; time -= stepMs) {
		points.unshift({timestamp: new Date(time).toISOString(), value: value(time)});
	}

	return points;
}

/** Returns the same fields for each time of a series. */
function fields(untilMinutes: number, values: object): readonly object[] {
	return series(untilMinutes, () => 0).map(point => ({...point, ...values}));
}

/**
 * Returns a node with four GPUs that reports until `untilMinutes` minutes ago. The GPU with the rank `lagging`, if
 * given, is almost idle during the last ten minutes of the hour.
 */
export function nodeUntil(id: string, untilMinutes: number, lagging?: number, lateSeconds = 0): NodeFields {
	const points = (value: (timeMs: number) => number): readonly object[] => series(untilMinutes, value, lateSeconds);
	const constant = (value: number): readonly object[] => points(() => value);
	const isLagging = (rank: number, time: number): boolean => rank === lagging && time > sampleNow - 10 * minute;
	const fields = servedNode(ranksUpTo(4), {
		gpu: {
			utilization: rank => points(time => (isLagging(rank, time) ? 0.02 : 0.9)),
			memory: () => constant(60e9),
		},
		node: {cpu: constant(20), ram: constant(300e9), disk: constant(100e9), diskShare: constant(0.3)},
		others: constant,
	});
	return {node_id: id, ...fields};
}

/**
 * Returns the action for a response that covers the whole hour, with these nodes. Its request series end
 * `requestsUntil` minutes ago, and its latency series end `latenciesUntil` minutes ago.
 */
export function metricsAction(
	nodes: readonly object[],
	requestsUntil = 0,
	nowMs = sampleNow,
	latenciesUntil = requestsUntil,
	rate: (timeMs: number) => number = () => 10,
): Action {
	return {
		type: 'metricsReceived',
		kind: 'live',
		window: defaultWindow.name,
		response: responseOf({
			...servedRates({volume: series(requestsUntil, rate), inProgress: series(requestsUntil, () => 5)}, value =>
				series(requestsUntil, () => value),
			),
			response_time_stats: fields(latenciesUntil, {p50: 120, p95: 450, p99: 1900}),
			inference_volume_by_status: fields(requestsUntil, {status_2xx: 9.9, status_4xx: 0.1, status_5xx: 0}),
			per_node_metrics: nodes,
		}),
		range: {startMs: sampleNow - defaultWindow.lengthMs, endMs: sampleNow, whole: true},
		atMs: nowMs,
		tookMs: 100,
	};
}

/** Returns the action for a response about a deployment with this many nodes, each with four GPUs. */
export function deploymentAction(nodeCount: number, status = 'RUNNING', nowMs = sampleNow): Action {
	const instance = {
		id: undefined,
		name: undefined,
		gpuType: 'H100',
		gpusPerNode: 4,
		gpuMemoryBytes: 80e9,
		ramBytes: 1000e9,
		cores: 96,
	};
	return {type: 'deploymentLoaded', deployment: deploymentOf({status, nodeCount, instance}), atMs: nowMs};
}

/** Returns the state before the first response. */
export function emptyState(): State {
	return initialState({
		target: {kind: 'deployment', id: 'k4q95w5'},
		host: 'api.baseten.co',
		window: defaultWindow,
		intervalMs: 10_000,
		nowMs: sampleNow,
	});
}
