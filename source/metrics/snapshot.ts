import type {Deployment} from '../api/deployment.ts';
import type {FieldProblem, NodePoints, RequestPoints} from '../api/metrics-answer.ts';
import type {Points} from '../api/points.ts';
import {type History, newestTimes, nodesOf, requestSeries, seriesOf} from './history.ts';
import {compareNames} from './natural-order.ts';
import {newestTime, valueNear} from './series.ts';
import type {Window} from './windows.ts';

/** One GPU: its series, and its values at the time of the snapshot (a fraction 0–1 and bytes; undefined is unknown). */
export type Gpu = {
	readonly rank: string;
	readonly series: {readonly utilization: Points; readonly memory: Points};
	readonly utilization: number | undefined;
	readonly memory: number | undefined;
};

/** One node. Values are those at the time of the snapshot; `gpuMemory` is the sum over its GPUs, when all are known. */
export type Node = {
	readonly id: string;
	/** Whether it has a sample at the time of the snapshot, or only older ones. */
	readonly reporting: boolean;
	/** When its newest sample was taken, in epoch milliseconds. */
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
};

/** The requests at the time of the snapshot: rates per second, latencies in milliseconds. */
export type Requests = {
	readonly series: RequestPoints;
	readonly volume: number | undefined;
	readonly inProgress: number | undefined;
	readonly latency: Readonly<Record<'p50' | 'p95' | 'p99', number | undefined>>;
	readonly status: Readonly<Record<'status_2xx' | 'status_4xx' | 'status_5xx', number | undefined>>;
};

/** The deployment as it stands at one time, with the history of the window behind it. */
export type Snapshot = {
	readonly window: Window;
	/** The range of the charts, in epoch milliseconds. */
	readonly startMs: number;
	readonly endMs: number;
	/** False while the window's own answer is awaited: only newest values are known then. */
	readonly complete: boolean;
	/** The time of the newest sample of all. */
	readonly newestMs: number | undefined;
	readonly requests: Requests;
	readonly nodes: readonly Node[];
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
	const times = series.flatMap(points => newestTime(points) ?? []);
	return times.length === 0 ? undefined : times.reduce((a, b) => Math.max(a, b));
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

type Reader = (points: Points) => number | undefined;

/** Reads values at `time`; nothing is known where no sample tells a time. */
function readerAt(time: number | undefined, toleranceMs: number): Reader {
	return points => (time === undefined ? undefined : valueNear(points, time, toleranceMs));
}

function describeNode(points: NodePoints, deployment: Deployment | undefined, read: Reader, since: number): Node {
	const instance = deployment?.instance;
	const gpus = [...points.gpus]
		.map(([rank, series]) => ({
			rank,
			series,
			utilization: read(series.utilization),
			memory: read(series.memory),
		}))
		.sort((a, b) => compareNames(a.rank, b.rank));
	const lastHeardMs = newestOf(seriesOf(points));
	const gpuMemoryBytes = instance?.gpuMemoryBytes;
	return {
		id: points.id,
		reporting: lastHeardMs !== undefined && lastHeardMs >= since,
		lastHeardMs,
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
	};
}

function mapValues<Key extends string>(
	series: Readonly<Record<Key, Points>>,
	read: Reader,
): Readonly<Record<Key, number | undefined>> {
	const entries = (Object.keys(series) as Key[]).map(key => [key, read(series[key])]);
	return Object.fromEntries(entries) as Record<Key, number | undefined>;
}

/**
 * The deployment as its newest samples tell it. Requests and compute come from different collectors and one may run late,
 * so each is read at its own newest time. The nodes are in the natural order of their names.
 */
export function takeSnapshot(history: History, deployment: Deployment | undefined): Snapshot {
	const {window, requests} = history;
	const tolerance = currentToleranceMs(window);
	const nodes = nodesOf(history);
	const newestRequest = newestOf(requestSeries(requests));
	const newestCompute = newestOf(nodes.flatMap(seriesOf));
	const readRequest = readerAt(newestRequest, tolerance);
	const readCompute = readerAt(newestCompute, tolerance);
	const since = (newestCompute ?? Number.POSITIVE_INFINITY) - tolerance;
	const times = newestTimes(history);
	return {
		window,
		startMs: history.startMs,
		endMs: history.endMs,
		complete: history.complete,
		newestMs: times.length === 0 ? undefined : times.reduce((a, b) => Math.max(a, b)),
		requests: {
			series: requests,
			volume: readRequest(requests.volume),
			inProgress: readRequest(requests.inProgress),
			latency: mapValues(requests.latency, readRequest),
			status: mapValues(requests.status, readRequest),
		},
		nodes: nodes
			.map(node => describeNode(node, deployment, readCompute, since))
			.sort((a, b) => compareNames(a.id, b.id)),
		expectedNodes: deployment?.nodeCount,
		problems: history.problems,
		dropped: history.dropped,
	};
}
