import {mapRecord, noPoints, type Points} from './points.ts';

/** The place of a series in a response. */
export type SeriesPath = {
	readonly field: string;
	/** If the field is a map of lists of points: the key of the list. */
	readonly key?: string;
	/**
	 * Whether some servers or recordings don't have the series. If it is missing, it has no points, and that isn't a
	 * problem.
	 */
	readonly isOptional?: boolean;
};

/**
 * Returns whether a series is optional and has no known value in any of these points. If so, it has no chart, because
 * an empty chart would look as if the value were zero.
 */
export function isAbsent({isOptional = false}: SeriesPath, ...points: readonly Points[]): boolean {
	return isOptional && points.every(({values}) => values.every(Number.isNaN));
}

type SeriesTable = Readonly<Record<string, SeriesPath>>;

/** The series of a node other than those of its GPUs. */
export const nodeSeriesPaths = {
	cpu: {field: 'cpu_usage'},
	ram: {field: 'cpu_memory_usage_bytes'},
	disk: {field: 'ephemeral_storage', key: 'usage_bytes'},
	diskShare: {field: 'ephemeral_storage', key: 'utilization'},
} as const satisfies SeriesTable;

/** The series of a GPU. In a node, each of these fields is a map of lists of points by rank. */
export const gpuSeriesPaths = {
	utilization: {field: 'gpu_utilization'},
	memory: {field: 'gpu_memory_usage_bytes'},
} as const satisfies Readonly<Record<string, Omit<SeriesPath, 'key'>>>;

/** The request series, other than those that are columns of one list. */
export const requestSeriesPaths = {
	volume: {field: 'inference_volume'},
	inProgress: {field: 'concurrent_requests'},
} as const satisfies SeriesTable;

/** The request series that are columns of one list, such as `{timestamp, p50, p95, p99}`. */
export const requestColumnPaths = {
	latency: {field: 'response_time_stats', columns: ['p50', 'p95', 'p99']},
	status: {field: 'inference_volume_by_status', columns: ['status_2xx', 'status_4xx', 'status_5xx']},
} as const satisfies Readonly<Record<string, {readonly field: string; readonly columns: readonly string[]}>>;

/** The names of the series of a node, other than those of its GPUs. */
export type NodeSeries = keyof typeof nodeSeriesPaths;

/** The names of the series of a GPU. */
export type GpuSeries = keyof typeof gpuSeriesPaths;

/** The names of the request series, other than those that are columns of one list. */
export type RequestSeries = keyof typeof requestSeriesPaths;

/** The names of the lists whose columns are request series. */
type RequestColumns = keyof typeof requestColumnPaths;

/** The series of one GPU: utilization as a fraction from 0 to 1, memory in bytes. */
export type GpuPoints = Readonly<Record<GpuSeries, Points>>;

/**
 * The compute series of one node: GPUs by rank, CPU in cores, RAM and disk in bytes, `diskShare` as a fraction from 0
 * to 1.
 */
export type NodePoints = Readonly<Record<NodeSeries, Points>> & {
	readonly id: string;
	readonly gpus: ReadonlyMap<string, GpuPoints>;
	/**
	 * Whether the node has samples, but none with a readable time. If so, nothing can be concluded from the lack of
	 * readable samples.
	 */
	readonly hasUnreadableTimes?: boolean;
};

/** A GPU without samples. */
export const noGpu: GpuPoints = mapRecord(gpuSeriesPaths, () => noPoints);

const noCompute = mapRecord(nodeSeriesPaths, () => noPoints);

/** Returns a node without samples. */
export function emptyNode(id: string): NodePoints {
	return {id, gpus: new Map(), ...noCompute};
}

/** The request series: rates per second, latencies in milliseconds, and the number of requests in progress. */
export type RequestPoints = Readonly<Record<RequestSeries, Points>> & {
	readonly [Name in RequestColumns]: Readonly<Record<(typeof requestColumnPaths)[Name]['columns'][number], Points>>;
};
