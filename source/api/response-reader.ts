import {cleanText} from './clean-text.ts';
import type {FieldProblem} from './metrics-response.ts';
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
import {
	type GpuPoints,
	gpuSeriesPaths,
	type NodePoints,
	nodeSeriesPaths,
	noGpu,
	type RequestPoints,
	requestColumnPaths,
	requestSeriesPaths,
	type SeriesPath,
} from './series-table.ts';
import type {Steps} from './slices.ts';

const maxNameLength = 200;

/**
 * The maximum numbers of nodes, GPUs, and ranks that are read. Parsing more would block keyboard input; the largest
 * known deployment has 128 GPUs.
 */
const maxNodes = 1024;

const maxGpus = 8192;

const maxRanks = 256;

/** The places of a node's series. */
const nodePaths: readonly SeriesPath[] = Object.values(nodeSeriesPaths);

/** The fields of a response that are read. A response with none of them isn't a metrics response. */
export const knownFields: readonly string[] = [
	...[requestSeriesPaths, requestColumnPaths, gpuSeriesPaths, nodeSeriesPaths].flatMap(table =>
		Object.values(table).map(({field}) => field),
	),
	'per_node_metrics',
];

/**
 * Returns the value at the place of a series; `nothing` if the field should be a map of lists and isn't, or if the
 * series is optional and missing.
 */
export function valueAt(fields: Fields, {field, key, isOptional = false}: SeriesPath, nothing: object): unknown {
	const value = fields[field];
	const found = key === undefined ? value : isRecord(value) ? value[key] : nothing;
	return found === undefined && isOptional ? nothing : found;
}

/**
 * Returns a problem for each field, such as `ephemeral_storage`, that should be a map of lists of points and isn't,
 * unless the field is missing and optional.
 */
export function mapProblems(fields: Fields, paths: readonly SeriesPath[]): readonly FieldProblem[] {
	const problems = new Map<string, FieldProblem>();
	for (const {field, key, isOptional = false} of paths) {
		const value = fields[field];
		if (key !== undefined && !isRecord(value) && !(isOptional && value === undefined)) {
			problems.set(field, {field, problem: `${nameShape(value)}, not a map`});
		}
	}

	return [...problems.values()];
}

const valueKey = ['value'] as const;
const noList: readonly unknown[] = [];
const noRanks = {};

/** Parses one response, and collects its problems, so that a malformed field affects only itself. */
export class ResponseReader {
	readonly problems: FieldProblem[] = [];
	dropped = 0;
	/** The numbers of points with a readable time and with an unreadable time. */
	readable = 0;
	unreadable = 0;
	readonly #readTime: TimeReader;
	/** The times of the previous list. */
	#times: Float64Array;

	/**
	 * Creates a reader. Readers of the same response share arrays if each gets the time reader and the last times of
	 * the previous one.
	 */
	constructor(readTime: TimeReader = createTimeReader(), times: Float64Array = noPoints.times) {
		this.#readTime = readTime;
		this.#times = times;
	}

	get lastTimes(): Float64Array {
		return this.#times;
	}

	columns<Key extends string>(field: string, value: unknown, keys: readonly Key[]): Readonly<Record<Key, Points>> {
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

	points(field: string, value: unknown): Points {
		return this.columns(field, value, valueKey).value;
	}

	/** Reads a map of series by rank, such as `{"0": […], "1": […]}`. */
	ranks(field: string, value: unknown): Map<string, Points> {
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

	/** Reads the request series, starting with those that are columns of one list. */
	requests(fields: Fields): RequestPoints {
		const {latency, status} = requestColumnPaths;
		const columns = {
			latency: this.columns(latency.field, fields[latency.field], latency.columns),
			status: this.columns(status.field, fields[status.field], status.columns),
		};
		return {...this.#lists(requestSeriesPaths, fields), ...columns};
	}

	node(id: string, fields: Fields): NodePoints {
		const {readable, unreadable} = this;
		const gpus = new Map<string, GpuPoints>();
		for (const name of typedKeys(gpuSeriesPaths)) {
			const path = gpuSeriesPaths[name];
			for (const [rank, points] of this.ranks(path.field, valueAt(fields, path, noRanks))) {
				gpus.set(rank, {...(gpus.get(rank) ?? noGpu), [name]: points});
			}
		}

		this.problems.push(...mapProblems(fields, nodePaths));
		const node = {id, gpus, ...this.#lists(nodeSeriesPaths, fields)};
		const hasUnreadableTimes = this.unreadable > unreadable && this.readable === readable;
		return hasUnreadableTimes ? {...node, hasUnreadableTimes} : node;
	}

	/** Reads each series of a table. */
	#lists<Name extends string>(
		table: Readonly<Record<Name, SeriesPath>>,
		fields: Fields,
	): Readonly<Record<Name, Points>> {
		return mapRecord(table, path => this.points(path.field, valueAt(fields, path, noList)));
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

/** Returns the name of a node, or an empty string if it has none. */
export function idOf({node_id: id}: Fields): string {
	return typeof id === 'string' ? cleanText(id, maxNameLength) : '';
}
