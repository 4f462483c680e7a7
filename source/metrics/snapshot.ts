import type {Deployment} from '../api/deployment.ts';
import type {FieldProblem, NodePoints, RequestPoints} from '../api/metrics-answer.ts';
import type {Points} from '../api/points.ts';
import {type History, newestTimes, nodesOf, requestSeries, seriesOf} from './history.ts';
import {compareNames} from './natural-order.ts';
import {gapThreshold, newestTime, newestTimeUntil, valueNear} from './series.ts';
import {type StatusShares, sharesOf, statusShares} from './status-shares.ts';
import type {Window} from './windows.ts';

/** One GPU: its series, and its values at the time of the snapshot (a fraction 0–1 and bytes; undefined is unknown). */
export type Gpu = {
	readonly rank: string;
	readonly series: {readonly utilization: Points; readonly memory: Points};
	readonly utilization: number | undefined;
	readonly memory: number | undefined;
	readonly memoryTotal: number | undefined;
};

/** The part that one is of the other, a fraction; undefined where either is. */
export function share(part: number | undefined, whole: number | undefined): number | undefined {
	return part === undefined || whole === undefined ? undefined : part / whole;
}

/** One node. Values are those at the time of the snapshot; `gpuMemory` is the sum over its GPUs, when all are known. */
export type Node = {
	readonly id: string;
	/** Whether it has a sample at the time of the snapshot, or only others. */
	readonly reporting: boolean;
	/** When its newest sample until then was taken, in epoch milliseconds. */
	readonly lastHeardMs: number | undefined;
	readonly gpus: readonly Gpu[];
	readonly utilization: number | undefined;
	readonly gpuMemory: number | undefined;
	readonly gpuMemoryTotal: number | undefined;
	readonly cpu: number | undefined;
	readonly cpuTotal: number | undefined;
	readonly ram: number | undefined;
	readonly ramTotal: number | undefined;
	readonly disk: number | undefined;
	readonly diskShare: number | undefined;
	readonly series: NodePoints;
};

/** The requests at the time of the snapshot: rates per second, latencies in milliseconds. */
export type Requests = {
	readonly series: RequestPoints;
	readonly volume: number | undefined;
	readonly inProgress: number | undefined;
	readonly latency: Readonly<Record<'p50' | 'p95' | 'p99', number | undefined>>;
	readonly status: Readonly<Record<'status_2xx' | 'status_4xx' | 'status_5xx', number | undefined>>;
	/** Over the whole window, or at the time that was asked for. */
	readonly shares: StatusShares;
};

/** The deployment as it stands at one time, with the history of the window behind it. */
export type Snapshot = {
	readonly window: Window;
	/** The time that values were asked for; undefined is the newest that there is. */
	readonly atMs: number | undefined;
	/** The range of the charts, in epoch milliseconds. */
	readonly startMs: number;
	readonly endMs: number;
	/** False while the window's own answer is awaited: only newest values are known then. */
	readonly complete: boolean;
	/** The time of the newest sample of all. */
	readonly newestMs: number | undefined;
	readonly requests: Requests;
	/** How many replicas are active; a mean over a step need not be whole. */
	readonly replicas: {readonly series: Points; readonly active: number | undefined};
	readonly nodes: readonly Node[];
	/** Whether the server tells nodes apart. */
	readonly hasBreakdown: boolean;
	/** How many nodes the deployment has, where the server says so. */
	readonly expectedNodes: number | undefined;
	readonly problems: readonly FieldProblem[];
	readonly dropped: number;
};

/** Samples come about every 30 s, and nodes are not sampled at once: a value is of now when it is no older than this. */
function currentToleranceMs(window: Window): number {
	return Math.max(90_000, 3 * window.stepMs);
}

function newestOf(series: readonly Points[]): number | undefined {
	return maximum(series.flatMap(points => newestTime(points) ?? []));
}

function sumOfKnown(values: ReadonlyArray<number | undefined>): number | undefined {
	let sum = 0;
	for (const value of values) {
		if (value === undefined) {
			return undefined;
		}

		sum += value;
	}

	return values.length === 0 ? undefined : sum;
}

function meanOfKnown(values: ReadonlyArray<number | undefined>): number | undefined {
	const known = values.filter(value => value !== undefined);
	return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** How values are read: at a time, from the samples near it. */
type Reader = {
	readonly value: (points: Points) => number | undefined;
	/** When the newest of the samples until then was taken. */
	readonly newest: (series: readonly Points[]) => number | undefined;
	/** Whether there is a sample near that time among some series. */
	readonly isNear: (series: readonly Points[]) => boolean;
};

/** Reads the values of now: what is no older than the tolerance before `time`, the newest of all that are read together. */
function readerOfNewest(time: number | undefined, toleranceMs: number): Reader {
	return {
		value: points => (time === undefined ? undefined : valueNear(points, time, toleranceMs)),
		newest: newestOf,
		isNear: series => time !== undefined && (newestOf(series) ?? Number.NEGATIVE_INFINITY) >= time - toleranceMs,
	};
}

/** Reads the samples nearest to `time`: as far away as half of what counts as a gap in their series, and no further. */
function readerAt(time: number, stepMs: number): Reader {
	const value: Reader['value'] = points => valueNear(points, time, gapThreshold(points, stepMs) / 2);
	return {
		value,
		newest: series => maximum(series.flatMap(points => newestTimeUntil(points, time) ?? [])),
		isNear: series => series.some(points => value(points) !== undefined),
	};
}

function maximum(times: readonly number[]): number | undefined {
	return times.length === 0 ? undefined : times.reduce((a, b) => Math.max(a, b));
}

function describeNode(points: NodePoints, deployment: Deployment | undefined, reader: Reader): Node {
	const read = reader.value;
	const instance = deployment?.instance;
	const gpuMemoryBytes = instance?.gpuMemoryBytes;
	const gpus = [...points.gpus]
		.map(([rank, series]) => ({
			rank,
			series,
			utilization: read(series.utilization),
			memory: read(series.memory),
			memoryTotal: gpuMemoryBytes,
		}))
		.sort((a, b) => compareNames(a.rank, b.rank));
	const series = seriesOf(points);
	return {
		id: points.id,
		reporting: reader.isNear(series),
		lastHeardMs: reader.newest(series),
		gpus,
		utilization: meanOfKnown(gpus.map(({utilization}) => utilization)),
		gpuMemory: sumOfKnown(gpus.map(({memory}) => memory)),
		gpuMemoryTotal: gpuMemoryBytes === undefined ? undefined : gpuMemoryBytes * gpus.length,
		cpu: read(points.cpu),
		cpuTotal: instance?.cores,
		ram: read(points.ram),
		ramTotal: instance?.ramBytes,
		disk: read(points.disk),
		diskShare: read(points.diskShare),
		series: points,
	};
}

function mapValues<Key extends string>(
	series: Readonly<Record<Key, Points>>,
	read: Reader['value'],
): Readonly<Record<Key, number | undefined>> {
	const entries = (Object.keys(series) as Key[]).map(key => [key, read(series[key])]);
	return Object.fromEntries(entries) as Record<Key, number | undefined>;
}

/**
 * The deployment as its newest samples tell it, or those nearest to `atMs`. Requests and compute come from different
 * collectors and one may run late, so the newest of each are read at their own time. The nodes are in the natural order
 * of their names.
 */
export function takeSnapshot(history: History, deployment: Deployment | undefined, atMs?: number): Snapshot {
	const {window, requests, replicas} = history;
	const nodes = nodesOf(history);
	const readerOf = (series: readonly Points[]): Reader =>
		atMs === undefined ? readerOfNewest(newestOf(series), currentToleranceMs(window)) : readerAt(atMs, window.stepMs);
	const readRequest = readerOf([...requestSeries(requests), replicas]).value;
	const compute = readerOf(nodes.flatMap(seriesOf));
	const status = mapValues(requests.status, readRequest);
	return {
		window,
		atMs,
		startMs: history.startMs,
		endMs: history.endMs,
		complete: history.complete,
		newestMs: maximum(newestTimes(history)),
		requests: {
			series: requests,
			volume: readRequest(requests.volume),
			inProgress: readRequest(requests.inProgress),
			latency: mapValues(requests.latency, readRequest),
			status,
			shares: atMs === undefined ? sharesOfWindow(history) : sharesOf(status),
		},
		replicas: {series: replicas, active: readRequest(replicas)},
		nodes: nodes.map(node => describeNode(node, deployment, compute)).sort((a, b) => compareNames(a.id, b.id)),
		hasBreakdown: history.nodes.size > 0,
		expectedNodes: deployment?.nodeCount,
		problems: history.problems,
		dropped: history.dropped,
	};
}

function sharesOfWindow({complete, requests}: History): StatusShares {
	return complete ? statusShares(requests.status) : undefined;
}
