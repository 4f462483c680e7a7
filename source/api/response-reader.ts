import {cleanText} from './clean-text.ts';
import type {FieldProblem, GpuPoints, NodePoints, NodeSeries} from './metrics-response.ts';
import {
	createTimeReader,
	type Fields,
	isRecord,
	mapRecord,
	nameShape,
	noPoints,
	type Points,
	readColumns,
	type TimeReader,
	typedKeys,
} from './points.ts';
import type {Steps} from './slices.ts';

const maxNameLength = 200;

/**
 * The maximum numbers of nodes, GPUs, and ranks that are read. Parsing more would block keyboard input; the largest
 * known deployment has 128 GPUs.
 */
const maxNodes = 1024;

const maxGpus = 8192;

const maxRanks = 256;

/** The API's field for each series of a GPU. In a node, each of these fields is a map of points by rank. */
export const gpuSeriesFields = {
	utilization: 'gpu_utilization',
	memory: 'gpu_memory_usage_bytes',
} as const satisfies Readonly<Record<keyof GpuPoints, string>>;

/** The API's field for each series of a node. Storage is a map of two lists of points. */
export const nodeSeriesFields = {
	cpu: 'cpu_usage',
	ram: 'cpu_memory_usage_bytes',
	disk: 'ephemeral_storage',
	diskShare: 'ephemeral_storage',
} as const satisfies Readonly<Record<NodeSeries, string>>;

/** The fields of a node. */
const nodeFields = [...Object.values(gpuSeriesFields), ...Object.values(nodeSeriesFields)] as const;

/** A node as the API serves it. Code that imitates the API uses this type, so that it can't omit a field. */
export type NodeFields = Readonly<Record<(typeof nodeFields)[number], unknown>>;

const noGpu = mapRecord(gpuSeriesFields, () => noPoints);

/** The fields of a response that are read. A response with none of them isn't a metrics response. */
export const knownFields = [
	'inference_volume',
	'concurrent_requests',
	'response_time_stats',
	'inference_volume_by_status',
	...nodeFields,
	'per_node_metrics',
] as const;

type KnownField = (typeof knownFields)[number];

const valueKey = ['value'] as const;

/** Parses one response, and collects its problems, so that a malformed field affects only itself. */
export class ResponseReader {
	readonly problems: FieldProblem[] = [];
	dropped = 0;
	/** The number of points with a readable and with an unreadable time. */
	readable = 0;
	unreadable = 0;
	readonly #readTime: TimeReader;
	/** The times of the previous list. */
	#times: Float64Array;

	/** Passing the reader and the times of an earlier reader of the same response lets both share their arrays. */
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
		const {columns, times, dropped, unreadableTimes} = readColumns(list, keys, this.#readTime, this.#times);
		this.#times = times;
		this.dropped += dropped;
		this.unreadable += unreadableTimes;
		this.readable += list.length - unreadableTimes;
		return columns;
	}

	points(field: KnownField, value: unknown): Points {
		return this.columns(field, value, valueKey).value;
	}

	/** Reads a map of series by rank, such as `{"0": […], "1": […]}`. */
	ranks(field: KnownField, value: unknown): Map<string, Points> {
		const ranks = new Map<string, Points>();
		if (!isRecord(value)) {
			this.problems.push({field, problem: `${nameShape(value)}, not a map of ranks`});
			return ranks;
		}

		const entries = Object.entries(value);
		if (entries.length > maxRanks) {
			this.problems.push({field, problem: `has ${entries.length} ranks, of which ${maxRanks} are shown`});
		}

		for (const [rank, points] of entries.slice(0, maxRanks)) {
			const name = cleanText(rank, maxNameLength);
			if (ranks.has(name)) {
				this.problems.push({field, problem: `has rank ${name} twice`});
			}

			ranks.set(name, this.points(field, points));
		}

		return ranks;
	}

	node(id: string, fields: Fields): NodePoints {
		const {readable, unreadable} = this;
		const gpus = new Map<string, GpuPoints>();
		for (const name of typedKeys(gpuSeriesFields)) {
			const field = gpuSeriesFields[name];
			for (const [rank, points] of this.ranks(field, fields[field])) {
				gpus.set(rank, {...(gpus.get(rank) ?? noGpu), [name]: points});
			}
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
			if (nodes.length === maxNodes || gpus >= maxGpus) {
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

/** A node that was parsed before the rest of its response. */
export class ReadNode {
	readonly node: NodePoints;
	readonly reader: ResponseReader;

	constructor(node: NodePoints, reader: ResponseReader) {
		this.node = node;
		this.reader = reader;
	}
}

/** Returns the name of a node, or an empty string. */
export function idOf({node_id: id}: Fields): string {
	return typeof id === 'string' ? cleanText(id, maxNameLength) : '';
}
