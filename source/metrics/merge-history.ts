import type {MetricsResponse} from '../api/metrics-response.ts';
import {noPoints, type Points, typedKeys} from '../api/points.ts';
import {emptyNode, type GpuPoints, type NodePoints, noGpu, type RequestPoints} from '../api/series-table.ts';
import {atOnce, type Steps} from '../api/slices.ts';
import {computeOf, emptyHistory, gpuSeries, type History, noRequests, ratesOf, seriesOf} from './history.ts';
import {mergePoints, PointsMerger} from './points-merger.ts';
import type {Window} from './windows.ts';

/**
 * A function that merges a series of a response, or of a history that is carried over, into the known one. `fresh` is
 * undefined if the response doesn't have the node or rank.
 */
type MergeSeries = (known: Points, fresh: Points | undefined) => Points;

/** Merges the series of two records. Returns `known` if none of its series changed. */
function mergeRecord<Key extends string>(
	known: Readonly<Record<Key, Points>>,
	fresh: Readonly<Record<Key, Points>> | undefined,
	merge: MergeSeries,
): Readonly<Record<Key, Points>> {
	let merged: Record<Key, Points> | undefined;
	for (const key of typedKeys(known)) {
		const points = merge(known[key], fresh?.[key]);
		if (points !== known[key]) {
			merged ??= {...known};
			merged[key] = points;
		}
	}

	return merged ?? known;
}

function mergeRequests(known: RequestPoints, fresh: RequestPoints, merge: MergeSeries): RequestPoints {
	const knownRates = ratesOf(known);
	const rates = mergeRecord(knownRates, ratesOf(fresh), merge);
	const latency = mergeRecord(known.latency, fresh.latency, merge);
	const status = mergeRecord(known.status, fresh.status, merge);
	const isSame = rates === knownRates && latency === known.latency && status === known.status;
	return isSame ? known : {...rates, latency, status};
}

/**
 * The maximum number of nodes or ranks that are kept. Those in the newest response, which has fewer than this, are all
 * kept; of the others, as many as fit within this limit.
 */
const maxKept = 2048;

/** Returns the reported names, and then those that were reported earlier, at most `maxKept` in total. */
function namesToKeep(reported: Iterable<string>, known: Iterable<string>): readonly string[] {
	return [...new Set([...reported, ...known])].slice(0, maxKept);
}

/** Merges the series of a node. Returns `known` if nothing about the node changed. */
function mergeNode(known: NodePoints, fresh: NodePoints | undefined, merge: MergeSeries): NodePoints {
	const gpus = new Map<string, GpuPoints>();
	let isSame = (known.hasUnreadableTimes === true) === (fresh?.hasUnreadableTimes === true);
	for (const rank of namesToKeep(fresh?.gpus.keys() ?? [], known.gpus.keys())) {
		const reported = fresh?.gpus.get(rank);
		const gpu = mergeRecord(known.gpus.get(rank) ?? noGpu, reported, merge);
		isSame &&= gpu === known.gpus.get(rank);
		if (reported !== undefined || gpuSeries(gpu).some(({times}) => times.length > 0)) {
			gpus.set(rank, gpu);
		}
	}

	const knownCompute = computeOf(known);
	const compute = mergeRecord(knownCompute, fresh && computeOf(fresh), merge);
	return isSame && gpus.size === known.gpus.size && compute === knownCompute
		? known
		: {
				id: known.id,
				gpus,
				...compute,
				...(fresh?.hasUnreadableTimes === true ? {hasUnreadableTimes: true} : {}),
			};
}

function* mergeNodes(
	known: ReadonlyMap<string, NodePoints>,
	fresh: readonly NodePoints[],
	{merge, unite}: {readonly merge: MergeSeries; readonly unite: MergeSeries},
): Steps<ReadonlyMap<string, NodePoints>> {
	const reported = new Map<string, NodePoints>();
	for (const node of fresh) {
		yield;
		// If a response contains a node twice, the points of both entries are combined.
		const before = reported.get(node.id);
		reported.set(
			node.id,
			before === undefined
				? mergeNode(known.get(node.id) ?? emptyNode(node.id), node, merge)
				: mergeNode(before, node, unite),
		);
	}

	const nodes = new Map<string, NodePoints>();
	for (const id of namesToKeep(reported.keys(), known.keys())) {
		yield;
		const node = reported.get(id) ?? mergeNode(known.get(id) ?? emptyNode(id), undefined, merge);
		if (reported.has(id) || seriesOf(node).some(({times}) => times.length > 0)) {
			nodes.set(id, node);
		}
	}

	return nodes;
}

/** A requested range in epoch milliseconds, and whether it was the whole window or only its tail. */
export type CoveredRange = {readonly startMs: number; readonly endMs: number; readonly whole: boolean};

/** Merges the series of a response for a range into those of a window. */
class RangeMerger {
	readonly #merger: PointsMerger;
	readonly #startMs: number;
	/**
	 * Points after this time, in epoch milliseconds, are left out. It is one step after the requested end, because the
	 * last point can belong to a step that has just begun.
	 */
	readonly limitMs: number;

	constructor({stepMs, lengthMs}: Window, {startMs, endMs}: CoveredRange) {
		this.#merger = new PointsMerger(endMs - lengthMs);
		this.#startMs = startMs;
		this.limitMs = endMs + stepMs;
	}

	/**
	 * Replaces all known points after the start of the response's range. A known point exactly at the start is replaced
	 * only if the response has one, because the server decides whether that point belongs to the range. If `fresh` is
	 * undefined, the known points are kept.
	 */
	readonly merge: MergeSeries = (known, fresh) =>
		fresh === undefined
			? this.#merger.merge(known, noPoints, this.limitMs)
			: this.#merger.merge(known, fresh, this.#startMs, this.limitMs);

	/**
	 * Adds another series of the same response to a merged one, and keeps the points of both. If both have a point at
	 * the same time, that of the added series is kept.
	 */
	readonly unite: MergeSeries = (known, fresh = noPoints) =>
		this.#merger.merge(known, fresh, Number.POSITIVE_INFINITY, this.limitMs);
}

/**
 * Returns the number of points in a response that are later than `limitMs`. A point with several columns, such as the
 * latencies at one time, is counted once.
 */
function countLate({requests, replicas, leader, nodes}: MetricsResponse, limitMs: number): number {
	const {latency, status} = requests;
	const lists = [
		...new Set(Object.values(latency).map(({times}) => times)),
		...new Set(Object.values(status).map(({times}) => times)),
	];
	const series = [...Object.values(ratesOf(requests)), replicas, ...seriesOf(leader)].map(({times}) => times);
	let late = 0;
	const count = (times: Float64Array): void => {
		for (let index = times.length - 1; (times[index] ?? limitMs) > limitMs; index--) {
			late++;
		}
	};
	for (const times of [...lists, ...series]) {
		count(times);
	}

	for (const node of nodes) {
		for (const {times} of seriesOf(node)) {
			count(times);
		}
	}

	return late;
}

/**
 * Returns the history with a response added. A whole window replaces everything known. A tail replaces the points in
 * its range, so a point that is no longer in the response is dropped, but a node or rank that isn't in the response
 * stays while the window contains data from it. Points more than one step past the end of the range are left out and
 * counted in `dropped`, because they come from a fast clock.
 */
export function addMetrics(history: History, response: MetricsResponse, range: CoveredRange): History {
	return atOnce(addMetricsInSteps(history, response, range));
}

/** Adds a response as `addMetrics` does, node by node. */
export function* addMetricsInSteps(history: History, response: MetricsResponse, range: CoveredRange): Steps<History> {
	const known = range.whole ? emptyHistory(history.window) : history;
	const startMs = range.endMs - history.window.lengthMs;
	const merger = new RangeMerger(history.window, range);
	const {merge} = merger;
	const merged = {
		requests: mergeRequests(known.requests, response.requests, merge),
		replicas: merge(known.replicas, response.replicas),
		leader: mergeNode(known.leader, response.leader, merge),
		nodes: yield* mergeNodes(known.nodes, response.nodes, merger),
	};
	return {
		...merged,
		window: history.window,
		startMs,
		endMs: range.endMs,
		complete: true,
		isFinal: false,
		problems: response.problems,
		dropped: response.dropped + countLate(response, merger.limitMs),
		pieces: Math.max(known.pieces, response.pieces ?? 1),
	};
}

/**
 * Returns the history with each series replaced by the result of `merge`. The history is marked as incomplete, because
 * there is no response for its range yet.
 */
function incomplete(history: History, merge: MergeSeries): History {
	return {
		...history,
		complete: false,
		isFinal: false,
		requests: mergeRequests(noRequests, history.requests, merge),
		replicas: merge(noPoints, history.replicas),
		leader: mergeNode(emptyNode('leader'), history.leader, merge),
		nodes: new Map([...history.nodes].map(([id, node]) => [id, mergeNode(emptyNode(id), node, merge)])),
	};
}

/**
 * Returns the initial history of a window that is being requested: the newest sample of each series, unless it is older
 * than the window. With it, bars and tables have values while the charts are loading.
 */
export function carryNewest(history: History, window: Window): History {
	const startMs = history.endMs - window.lengthMs;
	const newest: MergeSeries = (none, points = noPoints) =>
		mergePoints(none, {times: points.times.slice(-1), values: points.values.slice(-1)}, startMs);
	return {...incomplete(history, newest), window, startMs};
}

/**
 * Returns the part of `history` between two times, both inclusive, as the initial history of a range that hasn't been
 * requested yet.
 */
export function cutHistory(history: History, startMs: number, endMs: number): History {
	const merger = new PointsMerger(startMs);
	const cut: MergeSeries = (_, points = noPoints) => merger.merge(points, noPoints, endMs);
	return {...incomplete(history, cut), startMs, endMs};
}
