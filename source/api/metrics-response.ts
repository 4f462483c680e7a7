import * as z from 'zod/mini';
import {cleanText} from './clean-text.ts';
import {
	createTimeReader,
	type Fields,
	isRecord,
	nameShape,
	noPoints,
	type Points,
	readColumns,
	type TimeReader,
} from './points.ts';
import {atOnce, type Steps} from './slices.ts';

/** Utilization as a fraction 0–1, memory in bytes. */
export type GpuPoints = {readonly utilization: Points; readonly memory: Points};

/** One node's compute series, by the rank of its GPUs: CPU in cores, RAM and disk in bytes, `diskShare` a fraction 0–1. */
export type NodePoints = {
	readonly id: string;
	readonly gpus: ReadonlyMap<string, GpuPoints>;
	readonly cpu: Points;
	readonly ram: Points;
	readonly disk: Points;
	readonly diskShare: Points;
	/** Whether the node's samples have times, but none of them can be read; if so, its missing samples mean nothing. */
	readonly hasUnreadableTimes?: boolean;
};

/** The series of requests, as the API serves them: rates per second, latencies in milliseconds. */
export type RequestPoints = {
	readonly volume: Points;
	readonly inProgress: Points;
	readonly latency: Readonly<Record<'p50' | 'p95' | 'p99', Points>>;
	readonly status: Readonly<Record<'status_2xx' | 'status_4xx' | 'status_5xx', Points>>;
};

/** A field that is missing or malformed; its points are empty. */
export type FieldProblem = {readonly field: string; readonly problem: string};

/**
 * Metrics of one component (trainer or sampler): requests, compute of the leader or the aggregate, and compute per node
 * or replica if the server reports it.
 */
export type MetricsResponse = {
	readonly requests: RequestPoints;
	/** The number of active replicas. A trainer has none. */
	readonly replicas: Points;
	readonly leader: NodePoints;
	readonly nodes: readonly NodePoints[];
	readonly problems: readonly FieldProblem[];
	/** The number of points with an unreadable time or value. */
	readonly dropped: number;
	/** The number of responses that this one was assembled from, 1 by default. */
	readonly pieces?: number;
};

const maximumNameLength = 200;

/**
 * The largest known deployment has 128 GPUs. Parsing a larger response than these limits would block keyboard input.
 */
const mostNodes = 1024;
const mostGpus = 8192;
const mostRanks = 256;

/**
 * Strict at the root: a response without an object of metrics is a different response. Each field is parsed separately
 * below.
 */
const responseSchema = z.object({metrics: z.record(z.string(), z.unknown())});

/** The fields of a response that are read. A response with none of them isn't a metrics response. */
const knownFields = [
	'inference_volume',
	'concurrent_requests',
	'response_time_stats',
	'inference_volume_by_status',
	'gpu_utilization',
	'gpu_memory_usage_bytes',
	'cpu_usage',
	'cpu_memory_usage_bytes',
	'ephemeral_storage',
	'per_node_metrics',
] as const;

type KnownField = (typeof knownFields)[number];

/** Parses one response, and collects its problems, so that a malformed field affects only itself. */
class ResponseReader {
	readonly problems: FieldProblem[] = [];
	dropped = 0;
	/** The number of points with a readable and with an unreadable time. */
	readable = 0;
	unreadable = 0;
	readonly #readTime: TimeReader;
	/** The times of the previous list. */
	#times: Float64Array;

	/** With the times of an earlier reader of the same response. */
	constructor(readTime: TimeReader = createTimeReader(), times: Float64Array = noPoints.times) {
		this.#readTime = readTime;
		this.#times = times;
	}

	get lastTimes(): Float64Array {
		return this.#times;
	}

	columns<Key extends string>(field: KnownField, value: unknown, keys: readonly Key[]): Readonly<Record<Key, Points>> {
		if (!Array.isArray(value)) {
			this.problems.push({field, problem: `${nameShape(value)}, not a list`});
		}

		const list: readonly unknown[] = Array.isArray(value) ? value : [];
		const {columns, dropped, unreadableTimes} = readColumns(list, keys, this.#readTime, this.#times);
		this.#times = Object.values<Points>(columns)[0]?.times ?? this.#times;
		this.dropped += dropped;
		this.unreadable += unreadableTimes;
		this.readable += list.length - unreadableTimes;
		return columns;
	}

	points(field: KnownField, value: unknown): Points {
		return this.columns(field, value, ['value']).value;
	}

	/** A map of series by rank, such as `{"0": […], "1": […]}`. */
	ranks(field: KnownField, value: unknown): Map<string, Points> {
		const ranks = new Map<string, Points>();
		if (!isRecord(value)) {
			this.problems.push({field, problem: `${nameShape(value)}, not a map of ranks`});
			return ranks;
		}

		const entries = Object.entries(value);
		if (entries.length > mostRanks) {
			this.problems.push({field, problem: `has ${entries.length} ranks, of which ${mostRanks} are shown`});
		}

		for (const [rank, points] of entries.slice(0, mostRanks)) {
			const name = cleanText(rank, maximumNameLength);
			if (ranks.has(name)) {
				this.problems.push({field, problem: `has rank ${name} twice`});
			}

			ranks.set(name, this.points(field, points));
		}

		return ranks;
	}

	node(id: string, fields: Fields): NodePoints {
		const {readable, unreadable} = this;
		const utilization = this.ranks('gpu_utilization', fields['gpu_utilization']);
		const memory = this.ranks('gpu_memory_usage_bytes', fields['gpu_memory_usage_bytes']);
		const gpus = new Map<string, GpuPoints>();
		for (const rank of new Set([...utilization.keys(), ...memory.keys()])) {
			gpus.set(rank, {utilization: utilization.get(rank) ?? noPoints, memory: memory.get(rank) ?? noPoints});
		}

		const storage = fields['ephemeral_storage'];
		if (!isRecord(storage)) {
			this.problems.push({field: 'ephemeral_storage', problem: `${nameShape(storage)}, not a map`});
		}

		const disk = isRecord(storage) ? storage : {usage_bytes: [], utilization: []};
		const node = {
			id,
			gpus,
			cpu: this.points('cpu_usage', fields['cpu_usage']),
			ram: this.points('cpu_memory_usage_bytes', fields['cpu_memory_usage_bytes']),
			disk: this.points('ephemeral_storage', disk['usage_bytes']),
			diskShare: this.points('ephemeral_storage', disk['utilization']),
		};
		const hasUnreadableTimes = this.unreadable > unreadable && this.readable === readable;
		return hasUnreadableTimes ? {...node, hasUnreadableTimes} : node;
	}

	*nodes(value: unknown): Steps<NodePoints[]> {
		if (!Array.isArray(value)) {
			this.problems.push({field: 'per_node_metrics', problem: `${nameShape(value)}, not a list`});
			return [];
		}

		const list: readonly unknown[] = value;
		const nodes: NodePoints[] = [];
		let gpus = 0;
		for (const [index, fields] of list.entries()) {
			yield;
			if (nodes.length === mostNodes || gpus >= mostGpus) {
				this.problems.push({
					field: 'per_node_metrics',
					problem: `has ${list.length} nodes, of which ${index} are shown`,
				});
				break;
			}

			const node = this.#entry(fields, index);
			gpus += node?.gpus.size ?? 0;
			nodes.push(...(node === undefined ? [] : [node]));
		}

		return nodes;
	}

	#entry(fields: unknown, index: number): NodePoints | undefined {
		if (fields instanceof ReadNode) {
			const {problems, dropped, readable, unreadable} = fields.reader;
			this.problems.push(...problems);
			this.dropped += dropped;
			this.readable += readable;
			this.unreadable += unreadable;
			return fields.node;
		}

		if (!isRecord(fields)) {
			this.problems.push({field: 'per_node_metrics', problem: `entry ${index} ${nameShape(fields)}, not a node`});
			return undefined;
		}

		const id = idOf(fields);
		if (id === '') {
			this.problems.push({field: 'per_node_metrics', problem: `entry ${index} has no node_id`});
		}

		return this.node(id === '' ? `node ${index}` : id, fields);
	}
}

/** A node of a response that was read before the rest of the response. */
class ReadNode {
	readonly node: NodePoints;
	readonly reader: ResponseReader;

	constructor(node: NodePoints, reader: ResponseReader) {
		this.node = node;
		this.reader = reader;
	}
}

/** Returns the name of a node, or an empty string. */
function idOf({node_id: id}: Fields): string {
	return typeof id === 'string' ? cleanText(id, maximumNameLength) : '';
}

/**
 * Creates a reader for the items of a response's lists, for `ApiRequest.readItem`. It reads each node that has a name,
 * so that a large response is never in memory as objects. `readMetricsInSteps` accepts what it returns for the node.
 */
export function createNodeReader(): (item: unknown) => unknown {
	const readTime = createTimeReader();
	let times = noPoints.times;
	return item => {
		const id = isRecord(item) ? idOf(item) : '';
		if (!isRecord(item) || id === '') {
			return item;
		}

		const reader = new ResponseReader(readTime, times);
		const node = reader.node(id, item);
		times = reader.lastTimes;
		return new ReadNode(node, reader);
	};
}

/** Each field is listed once: 64 nodes with the same fault are one problem. */
function distinct(problems: readonly FieldProblem[]): readonly FieldProblem[] {
	return [...new Map(problems.map(problem => [`${problem.field} ${problem.problem}`, problem])).values()];
}

/** A response, or the reason that it isn't one of the metrics route. */
export type ReadMetrics = {readonly response: MetricsResponse} | {readonly problem: string};

/** Parses a response as `readMetricsInSteps` does, but in one go. */
export function readMetricsResponse(body: unknown): ReadMetrics {
	return atOnce(readMetricsInSteps(body));
}

/** Parses a response node by node, or returns why it isn't one of the metrics route. */
export function* readMetricsInSteps(body: unknown): Steps<ReadMetrics> {
	const parsed = responseSchema.safeParse(body);
	if (!parsed.success) {
		return {problem: 'no metrics'};
	}

	const {metrics} = parsed.data;
	if (!knownFields.some(field => field in metrics)) {
		return {problem: 'no known metrics'};
	}

	const reader = new ResponseReader();
	const latency = reader.columns('response_time_stats', metrics['response_time_stats'], ['p50', 'p95', 'p99']);
	const status = reader.columns('inference_volume_by_status', metrics['inference_volume_by_status'], [
		'status_2xx',
		'status_4xx',
		'status_5xx',
	]);
	const requests: RequestPoints = {
		volume: reader.points('inference_volume', metrics['inference_volume']),
		inProgress: reader.points('concurrent_requests', metrics['concurrent_requests']),
		latency,
		status,
	};
	const leader = reader.node('leader', metrics);
	const nodes = yield* reader.nodes(metrics['per_node_metrics']);
	const {dropped, readable, unreadable} = reader;
	if (unreadable > 0 && readable === 0) {
		reader.problems.unshift({field: 'answer', problem: 'has samples whose times cannot be read'});
	}

	return {response: {requests, replicas: noPoints, leader, nodes, problems: distinct(reader.problems), dropped}};
}
