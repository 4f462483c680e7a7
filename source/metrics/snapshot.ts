import type {Deployment} from '../api/deployment.ts';
import type {FieldProblem} from '../api/metrics-response.ts';
import {mapRecord, type Points} from '../api/points.ts';
import type {RequestPoints, RequestSeries} from '../api/series-table.ts';
import {atOnce, type Steps} from '../api/slices.ts';
import {type Freshness, freshnessLimitMs, readerAt, readerOfNewest} from './freshness.ts';
import {type History, nodesOf, ratesOf, requestSeries, seriesOf} from './history.ts';
import {type DescribedNode, describeNode, type Node, type Totals, totalsOf, withPresence} from './node.ts';
import {addPoints, newestKnownTime, newestTime} from './series.ts';
import {defaultThresholds} from './thresholds.ts';
import type {Window} from './windows.ts';

/** The classes of HTTP statuses that the API reports. */
export const statusClasses = ['2xx', '4xx', '5xx'] as const;
/** A class of HTTP statuses. */
export type StatusClass = (typeof statusClasses)[number];

/** The shares of requests by class (fractions 0–1); undefined if there were no requests, or if they are unknown. */
export type StatusShares = Readonly<Record<StatusClass, number>> | undefined;

type Rates = Readonly<Record<`status_${StatusClass}`, number | undefined>>;

/** Returns the share of each class, based on rates or sums; undefined if one of them is unknown or all are zero. */
function sharesOf({status_2xx: ok, status_4xx: client, status_5xx: server}: Rates): StatusShares {
	if (ok === undefined || client === undefined || server === undefined) {
		return undefined;
	}

	const all = ok + client + server;
	return all > 0 ? {'2xx': ok / all, '4xx': client / all, '5xx': server / all} : undefined;
}

/**
 * Returns the shares over the whole series. The points are rates over equal steps, so the sum of a class's rates,
 * divided by the sum of the rates of all classes, is the share of requests in that class. Times at which any class is
 * unknown are skipped.
 */
export function statusShares({
	status_2xx: ok,
	status_4xx: client,
	status_5xx: server,
}: RequestPoints['status']): StatusShares {
	const sums = {status_2xx: 0, status_4xx: 0, status_5xx: 0};
	for (let index = 0; index < ok.values.length; index++) {
		const a = ok.values[index] ?? Number.NaN;
		const b = client.values[index] ?? Number.NaN;
		const c = server.values[index] ?? Number.NaN;
		if (!Number.isNaN(a + b + c)) {
			sums.status_2xx += a;
			sums.status_4xx += b;
			sums.status_5xx += c;
		}
	}

	return sharesOf(sums);
}

/** Returns the rate of failed requests over time, 4xx and 5xx together, per second. */
export function errorRate(status: RequestPoints['status']): Points {
	return addPoints([status.status_4xx, status.status_5xx]);
}

/**
 * The requests at the time of the snapshot: rates per second, the number in progress, and latencies in milliseconds.
 */
export type Requests = Readonly<Record<RequestSeries, number | undefined>> & {
	readonly series: RequestPoints;
	readonly freshness: Freshness;
	readonly latency: Readonly<Record<'p50' | 'p95' | 'p99', number | undefined>>;
	readonly status: Readonly<Record<'status_2xx' | 'status_4xx' | 'status_5xx', number | undefined>>;
	/** The shares over the whole window or, if there is a cursor, at its time. */
	readonly shares: StatusShares;
};

/** The state of the deployment at one time, with the series of the window. */
export type Snapshot = {
	readonly window: Window;
	/** The time of the cursor, at which values are read, in epoch milliseconds; undefined means now. */
	readonly atMs: number | undefined;
	/** The time from which ages are counted, in epoch milliseconds. */
	readonly nowMs: number;
	/** The age above which a sample of the series is stale, in milliseconds. */
	readonly limitMs: number;
	/**
	 * The age above which one of the newest known samples is stale, in milliseconds: less than `limitMs` if the
	 * findings' window is finer than the snapshot's.
	 */
	readonly newestLimitMs: number;
	/**
	 * The time until which the snapshot is valid if no sample arrives, in epoch milliseconds: when the first of its
	 * values becomes stale. Infinite at a cursor, and if no value is fresh.
	 */
	readonly validUntilMs: number;
	/** The range of the charts, in epoch milliseconds. */
	readonly startMs: number;
	readonly endMs: number;
	/** False until the window's own response arrives; until then, only the newest values are known. */
	readonly complete: boolean;
	/** The time of the newest sample that has a value, in epoch milliseconds. */
	readonly newestMs: number | undefined;
	readonly requests: Requests;
	/** The number of active replicas: a mean over a step, so not necessarily a whole number. */
	readonly replicas: {readonly series: Points; readonly active: number | undefined};
	readonly nodes: readonly Node[];
	readonly totals: Totals;
	/** Whether the server reports nodes separately. */
	readonly hasBreakdown: boolean;
	/** The number of nodes of the deployment, if the server reports it. */
	readonly expectedNodes: number | undefined;
	readonly problems: readonly FieldProblem[];
	readonly dropped: number;
	/** The number of requests for the window: more than one if its response was too large. */
	readonly pieces: number;
};

/**
 * Returns the problems of a snapshot's responses. If the data was too large for one response, that is the last problem.
 */
export function responseProblems({problems, pieces}: Snapshot): readonly FieldProblem[] {
	const problem = `are too large for one response: requested in ${pieces} pieces`;
	return pieces === 1 ? problems : [...problems, {field: 'metrics', problem}];
}

/**
 * Finds the time of the newest known value of some series, and the first time at which a currently fresh sample becomes
 * stale.
 */
class NewestSamples {
	newestMs: number | undefined;
	validUntilMs = Number.POSITIVE_INFINITY;
	readonly #nowMs: number;

	constructor(nowMs: number) {
		this.#nowMs = nowMs;
	}

	add(series: readonly Points[], limitMs: number): void {
		for (const points of series) {
			const knownMs = newestKnownTime(points) ?? Number.NEGATIVE_INFINITY;
			this.newestMs = knownMs > (this.newestMs ?? Number.NEGATIVE_INFINITY) ? knownMs : this.newestMs;
			for (const timeMs of [knownMs, newestTime(points) ?? knownMs]) {
				this.validUntilMs =
					this.#nowMs - timeMs <= limitMs ? Math.min(this.validUntilMs, timeMs + limitMs) : this.validUntilMs;
			}
		}
	}
}

/** The time at which a snapshot is taken, and the inputs that determine which of its samples are stale. */
type SnapshotTime = {
	/** The time of the cursor, in epoch milliseconds; now by default. */
	readonly atMs?: number | undefined;
	/** The time from which ages are counted, in epoch milliseconds; by default the end of the history. */
	readonly nowMs?: number | undefined;
	/** The age above which a sample is stale, in milliseconds; by default, that of `defaultThresholds`. */
	readonly staleMs?: number | undefined;
	/** The findings' window, if it is finer than the one shown: a value without a current sample in it is unknown. */
	readonly recent?: History | undefined;
};

/**
 * Returns the state of the deployment now, or at `atMs`.
 *
 * Samples of requests, nodes, and GPUs come from different collectors, any of which can lag, so each series' newest
 * sample is read at its own time. A value without a sample within the stale limit is unknown, and isn't part of any
 * total, mean, or count. At a cursor, the nearest samples are read. The nodes are in the natural order of their names.
 */
export function takeSnapshot(history: History, deployment: Deployment | undefined, time: SnapshotTime = {}): Snapshot {
	return atOnce(takeSnapshotInSteps(history, deployment, time));
}

/** Computes the result of `takeSnapshot` in steps, node by node. */
export function* takeSnapshotInSteps(
	history: History,
	deployment: Deployment | undefined,
	{atMs, nowMs = history.endMs, staleMs = defaultThresholds.staleMs, recent}: SnapshotTime = {},
): Steps<Snapshot> {
	const {window, requests, replicas, complete} = history;
	const limitMs = freshnessLimitMs(window, staleMs);
	const recentLimitMs = recent && freshnessLimitMs(recent.window, staleMs);
	const reader = atMs === undefined ? readerOfNewest(nowMs, limitMs, recentLimitMs) : readerAt(atMs, window.stepMs);
	const read = reader.value;
	const status = mapRecord(requests.status, (points, key) => read(points, recent?.requests.status[key]));
	const recentNodes = new Map((recent === undefined ? [] : nodesOf(recent)).map(node => [node.id, node]));
	const newest = new NewestSamples(nowMs);
	newest.add([...requestSeries(requests), replicas], limitMs);
	if (recent !== undefined) {
		newest.add([...requestSeries(recent.requests), recent.replicas], recentLimitMs ?? limitMs);
	}

	const range = {startMs: history.startMs, endMs: history.endMs, stepMs: window.stepMs};
	const described: DescribedNode[] = [];
	for (const node of nodesOf(history)) {
		yield;
		newest.add(seriesOf(node), limitMs);
		described.push(describeNode(node, {reader, recent: recentNodes.get(node.id), deployment, complete, range}));
	}

	for (const node of recentNodes.values()) {
		yield;
		newest.add(seriesOf(node), recentLimitMs ?? limitMs);
	}

	yield;
	const nodes = withPresence(described, deployment?.nodeCount);
	return {
		window,
		atMs,
		nowMs,
		limitMs,
		newestLimitMs: recentLimitMs ?? limitMs,
		validUntilMs: atMs === undefined ? newest.validUntilMs : Number.POSITIVE_INFINITY,
		startMs: history.startMs,
		endMs: history.endMs,
		complete,
		newestMs: newest.newestMs,
		requests: {
			series: requests,
			freshness: reader.freshness(
				[...requestSeries(requests), replicas],
				recent && [...requestSeries(recent.requests), recent.replicas],
			),
			...mapRecord(ratesOf(requests), (points, name) => read(points, recent?.requests[name])),
			latency: mapRecord(requests.latency, (points, key) => read(points, recent?.requests.latency[key])),
			status,
			shares: atMs === undefined ? sharesOfWindow(history) : sharesOf(status),
		},
		replicas: {series: replicas, active: read(replicas, recent?.replicas)},
		nodes,
		totals: totalsOf(nodes, deployment, {complete, range}),
		hasBreakdown: history.nodes.size > 0,
		expectedNodes: deployment?.nodeCount,
		problems: history.problems,
		dropped: history.dropped,
		pieces: history.pieces,
	};
}

function sharesOfWindow({complete, requests}: History): StatusShares {
	return complete ? statusShares(requests.status) : undefined;
}
