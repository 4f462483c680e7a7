import type {FieldProblem} from '../api/metrics-response.ts';
import {mapRecord, noPoints, type Points} from '../api/points.ts';
import {
	type GpuPoints,
	gpuSeriesPaths,
	type NodePoints,
	type NodeSeries,
	nodeSeriesPaths,
	type RequestPoints,
	type RequestSeries,
	requestSeriesPaths,
} from '../api/series-table.ts';
import type {Steps} from '../api/slices.ts';
import {newestKnownTime, newestTime} from './series.ts';
import type {Window} from './windows.ts';

/**
 * The merged responses for one window. `startMs` and `endMs` are the range of the newest response, multiples of the
 * step. Until `complete`, it contains only the newest samples, taken from another window.
 */
export type History = {
	readonly window: Window;
	readonly startMs: number;
	readonly endMs: number;
	readonly complete: boolean;
	/** Whether no more samples can arrive: the range had ended long enough before it was requested. */
	readonly isFinal: boolean;
	readonly requests: RequestPoints;
	/** The number of active replicas. */
	readonly replicas: Points;
	readonly leader: NodePoints;
	readonly nodes: ReadonlyMap<string, NodePoints>;
	readonly problems: readonly FieldProblem[];
	readonly dropped: number;
	/** The number of requests for the window: more than one if its response was too large. */
	readonly pieces: number;
};

/** A GPU without samples. */
export const noGpu: GpuPoints = mapRecord(gpuSeriesPaths, () => noPoints);

const noCompute = mapRecord(nodeSeriesPaths, () => noPoints);

/** Returns a node without samples. */
export function emptyNode(id: string): NodePoints {
	return {id, gpus: new Map(), ...noCompute};
}

/** Requests without samples. */
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

/** Returns all series of a node: those of its GPUs first. */
export function seriesOf(node: NodePoints): readonly Points[] {
	const series: Points[] = [];
	for (const gpu of node.gpus.values()) {
		series.push(...gpuSeries(gpu));
	}

	series.push(...Object.values(computeOf(node)));
	return series;
}

/** Returns the series of the requests other than latency and status. */
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
 * series.
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

/** The times of a subject's first and newest known samples, in epoch milliseconds; undefined if it never had any. */
type SeenRange = {readonly firstMs: number | undefined; readonly newestMs: number | undefined};

/** The remembered times of a node, and of its GPUs by their ranks. */
export type SeenNode = SeenRange & {
	readonly gpus: ReadonlyMap<string, SeenRange>;
	/** Whether the newest response had samples of the node, but none with a readable time. */
	readonly isUnreadable: boolean;
};

/**
 * The facts that are remembered about a deployment for longer than its samples: its nodes and GPUs by name, the samples
 * of requests, and the status.
 */
export type LastSeen = {
	readonly nodes: ReadonlyMap<string, SeenNode>;
	readonly requests: SeenRange;
	readonly status: SeenStatus | undefined;
	/** The status of the deployment's run. */
	readonly run: SeenStatus | undefined;
	readonly sampler: SeenStatus | undefined;
};

/**
 * A status as the server reports it: when it was first seen, until when it is assumed to hold, when the server last
 * reported it, and when the server last reported a different one, if ever.
 */
export type SeenStatus = {
	readonly name: string;
	readonly firstMs: number;
	readonly lastMs: number;
	readonly describedMs: number;
	readonly otherUntilMs: number | undefined;
};

const unseen: SeenRange = {firstMs: undefined, newestMs: undefined};

/** The remembered facts before the first response: none. */
export const nothingSeen: LastSeen = {
	nodes: new Map(),
	requests: unseen,
	status: undefined,
	run: undefined,
	sampler: undefined,
};

/** The maximum number of remembered nodes. If there are more, those that reported most recently are kept. */
const maxNodes = 2048;

function extendRange(known: SeenRange, firstMs: number | undefined, newestMs: number | undefined): SeenRange {
	return firstMs === undefined || newestMs === undefined
		? known
		: {firstMs: Math.min(known.firstMs ?? firstMs, firstMs), newestMs: Math.max(known.newestMs ?? newestMs, newestMs)};
}

function extendBySeries(known: SeenRange, series: readonly Points[]): SeenRange {
	return series.reduce((range, points) => extendRange(range, points.times[0], newestKnownTime(points)), known);
}

function updateNode(known: SeenNode | undefined, node: NodePoints): SeenNode {
	const {gpus, hasUnreadableTimes = false} = node;
	const ranks = new Map(known?.gpus);
	for (const [rank, gpu] of gpus) {
		ranks.set(rank, extendBySeries(ranks.get(rank) ?? unseen, gpuSeries(gpu)));
	}

	let seen = extendBySeries(known ?? unseen, Object.values(computeOf(node)));
	for (const {firstMs, newestMs} of ranks.values()) {
		seen = extendRange(seen, firstMs, newestMs);
	}

	return {...seen, gpus: ranks, isUnreadable: hasUnreadableTimes};
}

/**
 * Adds the samples of a history. What counts is the time of a sample, never when it was received. Yields before each
 * node.
 */
export function* updateLastSeen(lastSeen: LastSeen, history: History): Steps<LastSeen> {
	const nodes = new Map(lastSeen.nodes);
	for (const node of nodesOf(history)) {
		yield;
		nodes.set(node.id, updateNode(nodes.get(node.id), node));
	}

	if (history.nodes.size > 0) {
		// The leader represented all nodes until they were reported separately.
		nodes.delete(history.leader.id);
	}

	return {
		...lastSeen,
		nodes: bounded(nodes),
		requests: extendBySeries(lastSeen.requests, requestSeries(history.requests)),
	};
}

function bounded(nodes: ReadonlyMap<string, SeenNode>): ReadonlyMap<string, SeenNode> {
	return nodes.size <= maxNodes
		? nodes
		: new Map([...nodes].sort(([, a], [, b]) => (b.newestMs ?? 0) - (a.newestMs ?? 0)).slice(0, maxNodes));
}

/**
 * Adds the status of the deployment, its run, or its sampler, as the server described it at `describedMs`. An undefined
 * `name` changes nothing.
 */
export function updateStatus(
	lastSeen: LastSeen,
	whose: 'status' | 'run' | 'sampler',
	name: string | undefined,
	{nowMs, describedMs}: {readonly nowMs: number; readonly describedMs: number},
): LastSeen {
	if (name === undefined) {
		return lastSeen;
	}

	const before = lastSeen[whose];
	const seen: SeenStatus =
		before?.name === name
			? {...before, lastMs: nowMs, describedMs}
			: {name, firstMs: nowMs, lastMs: nowMs, describedMs, otherUntilMs: before?.describedMs};
	return {...lastSeen, [whose]: seen};
}

/** Returns the time of the newest sample of any node; undefined if there has never been one. */
export function newestCompute({nodes}: LastSeen): number | undefined {
	let newest: number | undefined;
	for (const {newestMs} of nodes.values()) {
		newest = newestMs === undefined ? newest : Math.max(newest ?? newestMs, newestMs);
	}

	return newest;
}
