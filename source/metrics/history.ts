import type {FieldProblem} from '../api/metrics-response.ts';
import {mapRecord, noPoints, type Points} from '../api/points.ts';
import {
	emptyNode,
	type GpuPoints,
	type NodePoints,
	type NodeSeries,
	nodeSeriesPaths,
	type RequestPoints,
	type RequestSeries,
	requestSeriesPaths,
} from '../api/series-table.ts';
import {newestTime} from './series.ts';
import type {Window} from './windows.ts';

/**
 * The merged responses for one window, whose range is from `startMs` to `endMs`. Until `complete` is true, the history
 * contains only samples of another history: the newest ones, or those in the range.
 */
export type History = {
	readonly window: Window;
	readonly startMs: number;
	readonly endMs: number;
	readonly complete: boolean;
	/** Whether no more samples can arrive, because the range ended long enough before it was requested. */
	readonly isFinal: boolean;
	readonly requests: RequestPoints;
	/** The number of active replicas. */
	readonly replicas: Points;
	readonly leader: NodePoints;
	readonly nodes: ReadonlyMap<string, NodePoints>;
	readonly problems: readonly FieldProblem[];
	readonly dropped: number;
	/** The number of requests for the window: more than one if the response to a single one was too large. */
	readonly pieces: number;
};

/** The series of requests, without samples. */
export const noRequests: RequestPoints = {
	...mapRecord(requestSeriesPaths, () => noPoints),
	latency: {p50: noPoints, p95: noPoints, p99: noPoints},
	status: {status_2xx: noPoints, status_4xx: noPoints, status_5xx: noPoints},
};

/** Returns an empty history of a window. */
export function emptyHistory(window: Window): History {
	return {
		window,
		startMs: 0,
		endMs: 0,
		complete: false,
		isFinal: false,
		requests: noRequests,
		replicas: noPoints,
		leader: emptyNode('leader'),
		nodes: new Map(),
		problems: [],
		dropped: 0,
		pieces: 1,
	};
}

/** Returns the series of a node other than those of its GPUs. */
export function computeOf(node: NodePoints): Readonly<Record<NodeSeries, Points>> {
	return mapRecord(nodeSeriesPaths, (_, name) => node[name]);
}

/** Returns all series of a GPU. */
export function gpuSeries(gpu: GpuPoints): readonly Points[] {
	return Object.values(gpu);
}

/** Returns all series of a node, beginning with those of its GPUs. */
export function seriesOf(node: NodePoints): readonly Points[] {
	const series: Points[] = [];
	for (const gpu of node.gpus.values()) {
		series.push(...gpuSeries(gpu));
	}

	series.push(...Object.values(computeOf(node)));
	return series;
}

/** Returns the series of the requests, except for those of latency and status. */
export function ratesOf(requests: RequestPoints): Readonly<Record<RequestSeries, Points>> {
	return mapRecord(requestSeriesPaths, (_, name) => requests[name]);
}

/** Returns all series of the requests. */
export function requestSeries(requests: RequestPoints): readonly Points[] {
	const {latency, status} = requests;
	return [...Object.values(ratesOf(requests)), ...Object.values(latency), ...Object.values(status)];
}

/**
 * Returns the nodes that the server reports; if it doesn't report nodes separately, a single node with the leader's
 * series, or none if those are empty.
 */
export function nodesOf(history: History): readonly NodePoints[] {
	const hasLeader = seriesOf(history.leader).some(({times}) => times.length > 0);
	return history.nodes.size > 0 ? [...history.nodes.values()] : hasLeader ? [history.leader] : [];
}

/**
 * Returns the time of the newest sample of each series that has any, in epoch milliseconds, even if its value is
 * unknown.
 */
export function newestTimes(history: History): readonly number[] {
	const {requests, replicas} = history;
	const series = [...requestSeries(requests), replicas, ...nodesOf(history).flatMap(seriesOf)];
	return series.flatMap(points => newestTime(points) ?? []);
}
