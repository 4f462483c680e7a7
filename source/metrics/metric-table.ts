import type {GpuSeries, NodeSeries, RequestPoints, RequestSeries} from '../api/series-table.ts';
import type {Gpu, Node} from './node.ts';

/**
 * The Prometheus base unit of each unit. In Prometheus, the name of a metric ends with its base unit. Undefined if the
 * names of the unit's metrics end with different words, such as `requests_per_second` and `responses_per_second`.
 */
export const baseUnits = {
	cores: 'cores',
	bytes: 'bytes',
	ratio: 'ratio',
	ms: 'seconds',
	requests: undefined,
	'requests/s': undefined,
} as const satisfies Readonly<Record<string, string | undefined>>;

/** The unit of a metric's values, as it is named in `-o json`. */
export type Unit = keyof typeof baseUnits;

/** Converts a value to its Prometheus base unit: milliseconds become seconds. Other values stay the same. */
export function toBaseUnit(value: number, unit: string): number {
	return unit === 'ms' ? value / 1000 : value;
}

/** The name, the help text, and the labels of a gauge in Prometheus. */
type Gauge = {
	readonly name: string;
	/** The metric's description by default. */
	readonly help?: string;
	/** Labels other than deployment, node, and gpu. */
	readonly labels?: Readonly<Record<string, string>>;
};

/** The names, the unit, and the description of a metric in the outputs. */
export type MetricDescription = {
	/** The name in `-o json`. */
	readonly name: string;
	readonly unit: Unit;
	/** A noun phrase with a period, for the JSON Schema and, if the gauge has no `help`, for Prometheus. */
	readonly description: string;
	readonly prometheus: Gauge;
};

/** A metric that has a row of its own on the screen and in `-o text`. */
type LabeledMetric = MetricDescription & {
	/** Its name in tables, chart titles, and `-o text`: at most 13 characters, or 11 for a metric of requests. */
	readonly label: string;
};

/** A metric and, if it has one, the limit that its values are compared with, which is a property of its subject. */
type LimitedMetric<Property> = LabeledMetric & {
	readonly limit?: {readonly of: Property; readonly prometheus: Gauge & {readonly help: string}};
};

/** A metric of a node. */
export type NodeMetric = LimitedMetric<keyof Pick<Node, 'cpuTotal' | 'ramTotal'>> & {
	/** Whether the values of several nodes can be added up. */
	readonly isSum: boolean;
};

/** A metric of a GPU. */
export type GpuMetric = LimitedMetric<keyof Pick<Gpu, 'memoryTotal'>>;

/** The metrics of a node, in the order that all outputs use. */
export const nodeMetrics = {
	cpu: {
		name: 'cpu',
		unit: 'cores',
		label: 'CPU',
		description: 'CPU cores in use.',
		prometheus: {name: 'loops_cpu_used_cores'},
		limit: {of: 'cpuTotal', prometheus: {name: 'loops_cpu_limit_cores', help: 'Total CPU cores.'}},
		isSum: true,
	},
	ram: {
		name: 'ram',
		unit: 'bytes',
		label: 'RAM',
		description: 'RAM in use.',
		prometheus: {name: 'loops_memory_used_bytes'},
		limit: {of: 'ramTotal', prometheus: {name: 'loops_memory_limit_bytes', help: 'Total RAM.'}},
		isSum: true,
	},
	disk: {
		name: 'disk',
		unit: 'bytes',
		label: 'storage',
		description: 'Ephemeral storage in use.',
		prometheus: {name: 'loops_ephemeral_storage_used_bytes'},
		isSum: true,
	},
	diskShare: {
		name: 'disk_utilization',
		unit: 'ratio',
		label: 'storage share',
		description: 'Fraction of the ephemeral storage in use, 0 to 1.',
		prometheus: {name: 'loops_ephemeral_storage_used_ratio'},
		isSum: false,
	},
} as const satisfies Readonly<Record<NodeSeries, NodeMetric>>;

/** The metrics of a GPU, in the order that all outputs use. */
export const gpuMetrics = {
	utilization: {
		name: 'utilization',
		unit: 'ratio',
		label: 'utilization',
		description: 'GPU utilization, 0 to 1.',
		prometheus: {name: 'loops_gpu_utilization_ratio'},
	},
	memory: {
		name: 'memory',
		unit: 'bytes',
		label: 'memory',
		description: 'GPU memory in use.',
		prometheus: {name: 'loops_gpu_memory_used_bytes'},
		limit: {of: 'memoryTotal', prometheus: {name: 'loops_gpu_memory_limit_bytes', help: 'Total GPU memory.'}},
	},
} as const satisfies Readonly<Record<GpuSeries, GpuMetric>>;

/** The metrics of requests other than latencies and statuses, in the order that all outputs use. */
export const requestMetrics = {
	volume: {
		name: 'requests',
		unit: 'requests/s',
		label: 'requests',
		description: 'Requests per second.',
		prometheus: {name: 'loops_requests_per_second'},
	},
	inProgress: {
		name: 'requests_in_progress',
		unit: 'requests',
		label: 'in progress',
		description: 'Requests that the component is working on.',
		prometheus: {name: 'loops_requests_in_progress', help: 'Requests in progress.'},
	},
} as const satisfies Readonly<Record<RequestSeries, LabeledMetric>>;

function latency<const Percentile extends string>(percentile: Percentile) {
	return {
		name: `latency_p${percentile}`,
		unit: 'ms',
		description: `Latency that ${percentile}% of requests stay under.`,
		prometheus: {
			name: 'loops_latency_seconds',
			help: 'Latency of requests, at this percentile.',
			labels: {percentile},
		},
	} as const;
}

function responses<const Code extends string>(code: Code) {
	return {
		name: `responses_${code}`,
		unit: 'requests/s',
		description: `Requests per second that ended with ${code}.`,
		prometheus: {
			name: 'loops_responses_per_second',
			help: 'Responses per second, by class of status code.',
			labels: {code},
		},
	} as const;
}

/** The percentiles of latency, in the order that all outputs use. */
export const latencyMetrics = {
	p50: latency('50'),
	p95: latency('95'),
	p99: latency('99'),
} as const satisfies Readonly<Record<keyof RequestPoints['latency'], MetricDescription>>;

/** The status classes, in the order that all outputs use. */
export const statusMetrics = {
	status_2xx: responses('2xx'),
	status_4xx: responses('4xx'),
	status_5xx: responses('5xx'),
} as const satisfies Readonly<Record<keyof RequestPoints['status'], MetricDescription>>;

/**
 * Returns the limit of a node's metric, such as its number of cores; undefined if it has none, or if the limit is
 * unknown.
 */
export function limitOfNode(node: Node, name: NodeSeries): number | undefined {
	const {limit}: NodeMetric = nodeMetrics[name];
	return limit && node[limit.of];
}

/** Returns the limit of a GPU's metric; undefined if it has none, or if the limit is unknown. */
export function limitOfGpu(gpu: Gpu, name: GpuSeries): number | undefined {
	const {limit}: GpuMetric = gpuMetrics[name];
	return limit && gpu[limit.of];
}
