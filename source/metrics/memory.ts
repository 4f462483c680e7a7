import type {NodePoints} from '../api/metrics-response.ts';
import type {Points} from '../api/points.ts';
import type {Steps} from '../api/steps.ts';
import {type History, nodesOf, requestSeries} from './history.ts';
import {newestKnownTime} from './series.ts';

/** The time of a subject's first and newest known sample, in epoch milliseconds; undefined if it never had any. */
type Sighting = {readonly firstMs: number | undefined; readonly newestMs: number | undefined};

/** What is remembered about a node, and about its GPUs by their ranks. */
export type KnownNode = Sighting & {
	readonly gpus: ReadonlyMap<string, Sighting>;
	/** Whether the newest response had samples of it, but none with a readable time. */
	readonly isUnreadable: boolean;
};

/**
 * What is remembered about a deployment beyond the samples that are kept: its nodes and GPUs by name, the samples of
 * requests, and the status.
 */
export type Memory = {
	readonly nodes: ReadonlyMap<string, KnownNode>;
	readonly requests: Sighting;
	readonly status: SeenStatus | undefined;
	/** The status of the deployment's run. */
	readonly run: SeenStatus | undefined;
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

const unseen: Sighting = {firstMs: undefined, newestMs: undefined};

export const noMemory: Memory = {nodes: new Map(), requests: unseen, status: undefined, run: undefined};

/** If there are more nodes than this, those that reported most recently are kept. */
const mostNodes = 2048;

function extendSighting(known: Sighting, series: readonly Points[]): Sighting {
	let {firstMs, newestMs} = known;
	for (const points of series) {
		const first = points.times[0];
		const newest = newestKnownTime(points);
		if (first !== undefined && newest !== undefined) {
			firstMs = Math.min(firstMs ?? first, first);
			newestMs = Math.max(newestMs ?? newest, newest);
		}
	}

	return {firstMs, newestMs};
}

function hearNode(
	known: KnownNode | undefined,
	{gpus, cpu, ram, disk, diskShare, hasUnreadableTimes = false}: NodePoints,
): KnownNode {
	const ranks = new Map(known?.gpus);
	for (const [rank, {utilization, memory}] of gpus) {
		ranks.set(rank, extendSighting(ranks.get(rank) ?? unseen, [utilization, memory]));
	}

	let seen = extendSighting(known ?? unseen, [cpu, ram, disk, diskShare]);
	for (const {firstMs, newestMs} of ranks.values()) {
		if (firstMs !== undefined && newestMs !== undefined) {
			seen = {
				firstMs: Math.min(seen.firstMs ?? firstMs, firstMs),
				newestMs: Math.max(seen.newestMs ?? newestMs, newestMs),
			};
		}
	}

	return {...seen, gpus: ranks, isUnreadable: hasUnreadableTimes};
}

/**
 * Returns the memory with the samples of a history added. Samples are remembered by their own times, never by when they
 * were received.
 */
export function* remember(memory: Memory, history: History): Steps<Memory> {
	const nodes = new Map(memory.nodes);
	for (const node of nodesOf(history)) {
		yield;
		nodes.set(node.id, hearNode(nodes.get(node.id), node));
	}

	if (history.nodes.size > 0) {
		// The leader represented all nodes until they were reported separately.
		nodes.delete(history.leader.id);
	}

	return {...memory, nodes: bounded(nodes), requests: extendSighting(memory.requests, requestSeries(history.requests))};
}

function bounded(nodes: ReadonlyMap<string, KnownNode>): ReadonlyMap<string, KnownNode> {
	return nodes.size <= mostNodes
		? nodes
		: new Map([...nodes].sort(([, a], [, b]) => (b.newestMs ?? 0) - (a.newestMs ?? 0)).slice(0, mostNodes));
}

/** Returns a memory with the status of the deployment or of its run, which the server described at `describedMs`. */
export function rememberStatus(
	memory: Memory,
	whose: 'status' | 'run',
	name: string | undefined,
	{nowMs, describedMs}: {readonly nowMs: number; readonly describedMs: number},
): Memory {
	if (name === undefined) {
		return memory;
	}

	const before = memory[whose];
	const seen: SeenStatus =
		before?.name === name
			? {...before, lastMs: nowMs, describedMs}
			: {name, firstMs: nowMs, lastMs: nowMs, describedMs, otherUntilMs: before?.describedMs};
	return {...memory, [whose]: seen};
}

/** The time of the newest sample of any node; undefined if there has never been one. */
export function newestCompute({nodes}: Memory): number | undefined {
	let newest: number | undefined;
	for (const {newestMs} of nodes.values()) {
		newest = newestMs === undefined ? newest : Math.max(newest ?? newestMs, newestMs);
	}

	return newest;
}
