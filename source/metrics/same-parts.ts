import type {Points} from '../api/points.ts';
import {requestSeries, seriesOf} from './history.ts';
import {newestKnownTime, newestTime} from './series.ts';
import type {Snapshot} from './snapshot.ts';

/** The maximum number of nodes that are compared: comparing more takes longer than drawing them again. */
const maxNodes = 32;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/**
 * Returns whether two values are the same, or are lists or plain objects with equal parts. Other values are compared by
 * identity.
 */
function isEqual(a: unknown, b: unknown): boolean {
	if (Object.is(a, b)) {
		return true;
	}

	if (Array.isArray(a) && Array.isArray(b)) {
		return a.length === b.length && a.every((part, index) => isEqual(part, b[index]));
	}

	if (!(isRecord(a) && isRecord(b))) {
		return false;
	}

	let more = 0;
	for (const key in b) {
		more += Object.hasOwn(b, key) ? 1 : 0;
	}

	for (const key in a) {
		if (!(Object.hasOwn(b, key) && isEqual(a[key], b[key]))) {
			return false;
		}

		more--;
	}

	return more === 0;
}

/** Returns the earlier value if the newer one equals it, so that values derived from it stay cached. */
export function keepEqual<Value>(before: Value | undefined, now: Value): Value {
	return before !== undefined && isEqual(before, now) ? before : now;
}

/**
 * Returns a snapshot that reuses the parts of an earlier one that are equal: most responses contain no new samples for
 * most nodes. A snapshot with many nodes is returned unchanged.
 */
export function withEqualParts(before: Snapshot, now: Snapshot): Snapshot {
	if (now.nodes.length > maxNodes) {
		return now;
	}

	const nodes = now.nodes.map((node, index) => keepEqual(before.nodes[index], node));
	const areSame = nodes.length === before.nodes.length && nodes.every((node, index) => node === before.nodes[index]);
	return {
		...now,
		nodes: areSame ? before.nodes : nodes,
		requests: keepEqual(before.requests, now.requests),
		replicas: keepEqual(before.replicas, now.replicas),
		totals: keepEqual(before.totals, now.totals),
		problems: keepEqual(before.problems, now.problems),
	};
}

/** Returns whether two snapshots have the same parts (by identity), apart from `nowMs` and `validUntilMs`. */
export function differInTimeOnly(a: Snapshot, b: Snapshot): boolean {
	const {nowMs: _, validUntilMs: __, ...parts} = a;
	const others: Readonly<Record<string, unknown>> = b;
	return Object.entries(parts).every(([name, part]) => Object.is(part, others[name]));
}

/**
 * Caches, for the nodes of a snapshot, the earliest of the times of each series' newest sample and newest known value;
 * infinite if the nodes have no samples.
 */
const oldestOfNodes = new WeakMap<Snapshot['nodes'], number>();

function oldestOf(series: readonly Points[]): number {
	let oldestMs = Number.POSITIVE_INFINITY;
	for (const points of series) {
		const newestMs = newestTime(points) ?? Number.POSITIVE_INFINITY;
		oldestMs = Math.min(oldestMs, newestMs, newestKnownTime(points) ?? newestMs);
	}

	return oldestMs;
}

function oldestIn(nodes: Snapshot['nodes']): number {
	const known = oldestOfNodes.get(nodes);
	if (known !== undefined) {
		return known;
	}

	let oldestMs = Number.POSITIVE_INFINITY;
	for (const {series} of nodes) {
		oldestMs = Math.min(oldestMs, oldestOf(seriesOf(series)));
	}

	oldestOfNodes.set(nodes, oldestMs);
	return oldestMs;
}

/**
 * Returns whether the time of a snapshot isn't visible on the screen: there is no cursor, the snapshot has a single
 * stale limit, and its end and the newest sample and known value of each series are within that limit, so that no age
 * is shown.
 */
export function hasNoAge({atMs, nowMs, endMs, limitMs, newestLimitMs, requests, replicas, nodes}: Snapshot): boolean {
	const isYoung = (timeMs: number): boolean => nowMs - timeMs <= limitMs;
	return (
		atMs === undefined &&
		limitMs === newestLimitMs &&
		isYoung(endMs) &&
		isYoung(oldestOf([...requestSeries(requests.series), replicas.series])) &&
		isYoung(oldestIn(nodes))
	);
}
