import type {ServedMetric, ServedMetrics} from './model-metrics.ts';
import type {Points} from './points.ts';

/** How the values of a metric are converted: by a factor and, if they are totals of a step, by its length. */
export type UnitConversion = {
	readonly unit: string;
	readonly kinds: readonly string[];
	readonly factor: number;
	/** The values are sums over a step, as for a COUNTER, and are needed per second. */
	readonly isTotal?: boolean;
};

/** The quantities that are read from a sampler. */
export type MetricKind = 'replicas' | 'requests' | 'latency' | 'inProgress' | 'utilization' | 'memory' | 'cpu' | 'ram';

type Described = {
	/** The metric's name in the API. */
	readonly name: string;
	readonly readings: readonly UnitConversion[];
	/** Values above this contradict the unit. */
	readonly atMost?: number;
	/**
	 * Values are percentages if the highest one in a response is above this: the API's own documentation disagrees on
	 * the scale.
	 */
	readonly percentAbove?: number;
};

const mebibyte = 1024 ** 2;
const gauge = ['GAUGE'];
const counter = ['COUNTER'];
const inBytes: readonly UnitConversion[] = [
	{unit: 'BYTES', kinds: gauge, factor: 1},
	{unit: 'MEBIBYTES', kinds: gauge, factor: mebibyte},
];

/**
 * The metric and the units from which each quantity is read. `unit_hint` and `kind` decide: PER_SECOND is a rate, the
 * values of a COUNTER are totals over their step, and a RATIO of CPU time is cores (according to the API's schema).
 */
export const metricKinds: Readonly<Record<MetricKind, Described>> = {
	replicas: {name: 'baseten_replicas_active', readings: [{unit: 'COUNT', kinds: gauge, factor: 1}]},
	/** Per second. */
	requests: {
		name: 'baseten_inference_requests_total',
		readings: [
			{unit: 'PER_SECOND', kinds: [...counter, ...gauge], factor: 1},
			{unit: 'COUNT', kinds: counter, factor: 1, isTotal: true},
		],
	},
	/** Milliseconds. */
	latency: {
		name: 'baseten_end_to_end_response_time_seconds',
		readings: [{unit: 'SECONDS', kinds: ['HISTOGRAM', ...gauge], factor: 1000}],
	},
	inProgress: {name: 'baseten_concurrent_requests', readings: [{unit: 'COUNT', kinds: gauge, factor: 1}]},
	/** A fraction 0–1; values slightly above 1 are due to rounding. */
	utilization: {
		name: 'baseten_gpu_utilization',
		readings: [{unit: 'RATIO', kinds: gauge, factor: 1}],
		atMost: 1.01,
		percentAbove: 1.5,
	},
	/** Bytes. */
	memory: {name: 'baseten_gpu_memory_used', readings: inBytes},
	/** Cores. */
	cpu: {
		name: 'baseten_container_cpu_usage_seconds_total',
		readings: [
			{unit: 'RATIO', kinds: [...counter, ...gauge], factor: 1},
			{unit: 'SECONDS', kinds: counter, factor: 1, isTotal: true},
		],
	},
	/** Bytes. */
	ram: {name: 'baseten_container_cpu_memory_working_set_bytes', readings: inBytes},
};

/** Returns how a metric is converted, based on its description; undefined if its unit or its kind is unknown. */
export function findConversion(quantity: MetricKind, {unit, kind}: ServedMetric): UnitConversion | undefined {
	return metricKinds[quantity].readings.find(reading => reading.unit === unit && reading.kinds.includes(kind));
}

/**
 * Returns values in the displayed unit. Totals of a step that hadn't ended are omitted, because their rate isn't known
 * yet.
 */
export function convert(values: Float64Array, reading: UnitConversion, {times, seconds}: ServedMetrics): Points {
	const {factor, isTotal = false} = reading;
	if (!isTotal) {
		return {times, values: values.map(value => value * factor)};
	}

	const over = times.filter((_, index) => !Number.isNaN(seconds[index]));
	const rates = values.map((value, index) => (value * factor) / (seconds[index] ?? Number.NaN));
	return {times: over, values: rates.filter((_, index) => !Number.isNaN(seconds[index]))};
}
