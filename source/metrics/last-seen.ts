import type {Points} from '../api/points.ts';
import type {NodePoints} from '../api/series-table.ts';
import type {Steps} from '../api/slices.ts';
import {computeOf, gpuSeries, type History, nodesOf, requestSeries} from './history.ts';
import {newestKnownTime} from './series.ts';

/**
 * The times of a subject's first sample and its newest known value, in epoch milliseconds; undefined if it has none.
 */
type SeenRange = {readonly firstMs: number | undefined; readonly newestMs: number | undefined};

/** The remembered times of a node, and of its GPUs by their ranks. */
export type SeenNode = SeenRange & {
	readonly gpus: ReadonlyMap<string, SeenRange>;
	/** Whether the newest response had samples of the node, but none with a readable time. */
	readonly isUnreadable: boolean;
};

/**
 * The facts that are remembered about a deployment for longer than its samples: its nodes and GPUs by name, the times
 * of the samples of requests, and the statuses of the deployment, of its run, and of its sampler.
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
 * A status as the server reports it, and four times: the time at which it was first seen, the time until which it is
 * assumed to apply, and the times at which the server last reported it and a different one (undefined if never).
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
 * Adds the times of the samples of a history, regardless of the times at which they were received. Yields before each
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

/** Returns the time of the newest sample of any remembered node; undefined if there is none. */
export function newestCompute({nodes}: LastSeen): number | undefined {
	let newest: number | undefined;
	for (const {newestMs} of nodes.values()) {
		newest = newestMs === undefined ? newest : Math.max(newest ?? newestMs, newestMs);
	}

	return newest;
}
