import {requestSeries, seriesOf} from './history.ts';
import {newestKnownTime, newestTime} from './series.ts';
import type {Snapshot} from './snapshot.ts';

/** With more nodes, comparing them takes longer than drawing them again. */
const maxNodes = 32;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Returns whether two values are the same, or lists or plain objects with equal parts. Others are compared by identity. */
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

/** Returns the earlier value if the newer one equals it, so that what was derived from it remains known. */
export function keepEqual<Value>(before: Value | undefined, now: Value): Value {
	return before !== undefined && isEqual(before, now) ? before : now;
}

/**
 * Returns a snapshot in which the parts that equal those of an earlier one are the earlier ones: most responses bring
 * no new sample for most nodes. With many nodes, it is returned unchanged.
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

/** Returns whether two snapshots differ in nothing but their time. */
export function differInTimeOnly(a: Snapshot, b: Snapshot): boolean {
	const {nowMs: _, validUntilMs: __, ...parts} = a;
	const others: Readonly<Record<string, unknown>> = b;
	return Object.entries(parts).every(([name, part]) => Object.is(part, others[name]));
}

/**
 * Returns whether the time of a snapshot is on no screen: it is of the present, its range hasn't ended long ago, and the
 * newest sample of each series is within the limit, so that no age is shown.
 */
export function hasNoAge({atMs, nowMs, endMs, limitMs, newestLimitMs, requests, replicas, nodes}: Snapshot): boolean {
	const isYoung = (timeMs: number | undefined): boolean => timeMs === undefined || nowMs - timeMs <= limitMs;
	const areYoung = [
		...requestSeries(requests.series),
		replicas.series,
		...nodes.flatMap(node => seriesOf(node.series)),
	];
	return (
		atMs === undefined &&
		limitMs === newestLimitMs &&
		isYoung(endMs) &&
		areYoung.every(points => isYoung(newestKnownTime(points)) && isYoung(newestTime(points)))
	);
}
