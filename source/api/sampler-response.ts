// Longer than 250 lines because it turns all metrics of a sampler, whose names and units vary, into series like a trainer's.

import type {FieldProblem, MetricsResponse} from './metrics-response.ts';
import {
	convert,
	readModelMetrics,
	type ServedMetric,
	type ServedMetrics,
	type ServedSeries,
	type UnitConversion,
} from './model-metrics.ts';
import {mapRecord, noPoints, type Points, typedKeys} from './points.ts';
import {
	emptyNode,
	type GpuPoints,
	type GpuSeries,
	gpuSeriesPaths,
	type NodePoints,
	type NodeSeries,
	nodeSeriesPaths,
	noGpu,
	type RequestPoints,
	type RequestSeries,
	requestSeriesPaths,
} from './series-table.ts';

/** The quantities that are read from a sampler. */
type MetricKind = 'replicas' | 'requests' | 'latency' | 'inProgress' | 'utilization' | 'memory' | 'cpu' | 'ram';

type Described = {
	/** The metric's name in the API. */
	readonly name: string;
	readonly readings: readonly UnitConversion[];
	/** Values above this contradict the unit. */
	readonly atMost?: number;
	/**
	 * Values are percentages if the highest one in a response is above this: the API's documentation contradicts itself
	 * about the scale.
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
 * The metric from which each quantity is read, and the units that it can be in. The metric's `unit_hint` and `kind`
 * determine the conversion: PER_SECOND is a rate, the values of a COUNTER in COUNT or SECONDS are totals over their
 * step, and a RATIO of CPU time is a number of cores (according to the API's schema).
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
	/** A fraction from 0 to 1; values slightly above 1 are due to rounding. */
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

/** Returns the conversion of a metric, based on its description; undefined if its unit or its kind is unknown. */
function findConversion(quantity: MetricKind, {unit, kind}: ServedMetric): UnitConversion | undefined {
	return metricKinds[quantity].readings.find(reading => reading.unit === unit && reading.kinds.includes(kind));
}

/**
 * The requested metrics. A server doesn't necessarily know all of them, and omits those that don't apply to a model.
 */
export const samplerMetricNames: readonly string[] = Object.values(metricKinds).map(({name}) => name);

/** The name for all replicas together, if the server doesn't report them separately. */
const together = 'sampler';

/** The rank used if GPUs aren't reported separately. */
const allGpus = 'all';

/** The quantity that provides each GPU series that a sampler has. */
export const samplerGpuMetrics: Readonly<Partial<Record<GpuSeries, MetricKind>>> = {
	utilization: 'utilization',
	memory: 'memory',
};

/** The quantity that provides each replica series that a sampler has. */
export const samplerNodeMetrics: Readonly<Partial<Record<NodeSeries, MetricKind>>> = {cpu: 'cpu', ram: 'ram'};

/** The quantity that provides each request series that a sampler has. */
export const samplerRequestMetrics: Readonly<Partial<Record<RequestSeries, MetricKind>>> = {
	volume: 'requests',
	inProgress: 'inProgress',
};

type LabeledPoints = {readonly labels: ServedSeries['labels']; readonly points: Points};

/** Converts a response to the structure and units of a trainer's metrics. */
class SamplerReader {
	readonly problems: FieldProblem[];
	readonly #served: ServedMetrics;

	constructor(served: ServedMetrics) {
		this.#served = served;
		this.problems = [...served.problems];
	}

	/**
	 * Returns the series of a metric, converted; none if it isn't reported, is in an unknown unit, or has values that
	 * contradict its unit.
	 */
	series(quantity: MetricKind): readonly LabeledPoints[] {
		const {name, atMost = Number.POSITIVE_INFINITY, percentAbove = Number.POSITIVE_INFINITY} = metricKinds[quantity];
		const metric = this.#served.metrics.find(other => other.name === name);
		if (metric === undefined) {
			return [];
		}

		const reading = findConversion(quantity, metric);
		if (reading === undefined) {
			this.problems.push({field: name, problem: unitProblem(metric)});
			return [];
		}

		const isPercent = metric.series.some(({values}) => values.some(value => value > percentAbove));
		const scaled = isPercent ? {...reading, factor: reading.factor / 100} : reading;
		const read = metric.series.map(({labels, values}) => ({labels, points: convert(values, scaled, this.#served)}));
		if (read.some(({points}) => points.values.some(value => value > atMost))) {
			this.problems.push({field: name, problem: `has values above 1, although its unit is ${metric.unit}`});
			return [];
		}

		return read;
	}

	/**
	 * Returns the series of a metric that should have only one: the series without labels, or the only series;
	 * otherwise no points.
	 */
	single(quantity: MetricKind): Points {
		const all = this.series(quantity);
		const plain = all.find(({labels}) => Object.keys(labels).length === 0);
		const only = all.length === 1 ? all[0] : undefined;
		return (plain ?? only)?.points ?? noPoints;
	}

	/**
	 * Returns the quantiles of the latency. Those with further labels are ignored, because quantiles can't be combined.
	 */
	latency(): RequestPoints['latency'] {
		const all = this.series('latency').filter(({labels}) => Object.keys(labels).join() === 'quantile');
		const quantile = (wanted: number): Points =>
			all.find(({labels}) => Number(labels['quantile']) === wanted)?.points ?? noPoints;
		return {p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99)};
	}

	requests(): RequestPoints {
		const all = this.series('requests');
		const others = mapRecord(requestSeriesPaths, (_, name) => {
			const quantity = name === 'volume' ? undefined : samplerRequestMetrics[name];
			return quantity === undefined ? noPoints : this.single(quantity);
		});
		return {...others, volume: sum(all), latency: this.latency(), status: byStatus(all)};
	}

	/** Returns the series of each replica by its name; series without a replica are returned under `sampler`. */
	compute(): ReadonlyMap<string, NodePoints> {
		const nodes = new Map<string, NodePoints>();
		const add = (quantity: MetricKind, to: (node: NodePoints, one: LabeledPoints) => NodePoints): void => {
			for (const {labels, points} of this.series(quantity)) {
				const id = labels['replica'] ?? together;
				const samples = samplesOf(points);
				const isOurs = Object.keys(labels).every(name => name === 'replica' || name === 'gpu');
				if (isOurs && samples.times.length > 0) {
					nodes.set(id, to(nodes.get(id) ?? emptyNode(id), {labels, points: samples}));
				}
			}
		};
		for (const name of typedKeys(gpuSeriesPaths)) {
			const quantity = samplerGpuMetrics[name];
			if (quantity !== undefined) {
				add(quantity, (node, {labels, points}) => withGpu(node, labels['gpu'], {[name]: points}));
			}
		}

		for (const name of typedKeys(nodeSeriesPaths)) {
			const quantity = samplerNodeMetrics[name];
			if (quantity !== undefined) {
				add(quantity, (node, {points}) => ({...node, [name]: points}));
			}
		}

		return nodes;
	}
}

/** Returns only the steps that have data: a replica that is gone has none, just like a trainer's node that is gone. */
function samplesOf({times, values}: Points): Points {
	const isKnown = (_: number, index: number): boolean => !Number.isNaN(values[index]);
	return {times: times.filter(isKnown), values: values.filter(isKnown)};
}

function unitProblem({unit, kind}: ServedMetric): string {
	const words = [kind, unit].filter(word => word !== '').join(' in ');
	return words === '' ? 'has no unit' : `has an unknown unit: ${words}`;
}

function withGpu(node: NodePoints, gpuName: string | undefined, known: Partial<GpuPoints>): NodePoints {
	const rank = gpuName ?? allGpus;
	const gpu = node.gpus.get(rank) ?? noGpu;
	return {...node, gpus: new Map(node.gpus).set(rank, {...gpu, ...known})};
}

/** Returns the sum at each time; unknown if any summand is unknown. All series have the same steps. */
function sum(series: readonly LabeledPoints[]): Points {
	const [first, ...others] = series.map(({points}) => points);
	if (first === undefined) {
		return noPoints;
	}

	const values = first.values.map((value, index) =>
		others.reduce((total, other) => total + (other.values[index] ?? Number.NaN), value),
	);
	return {times: first.times, values};
}

/** Returns the class of a status, which can be given as a class or as a code: `5xx` and `503` are both 5. */
function classOf({labels}: LabeledPoints): string | undefined {
	return /^([1-5])(?:\d\d|xx)$/i.exec(labels['status'] ?? '')?.[1];
}

/**
 * Returns the request rate of each status class. The server reports a series for each status that occurred, so a class
 * without one had no requests if the others are known.
 */
function byStatus(all: readonly LabeledPoints[]): RequestPoints['status'] {
	const {times, values} = sum(all);
	const isByStatus = all.every(one => classOf(one) !== undefined);
	const none = isByStatus ? {times, values: values.map(value => (Number.isNaN(value) ? value : 0))} : noPoints;
	const rate = (name: string): Points => {
		const ofClass = all.filter(one => classOf(one) === name);
		return ofClass.length > 0 ? sum(ofClass) : none;
	};
	return {status_2xx: rate('2'), status_4xx: rate('4'), status_5xx: rate('5')};
}

/** Parses a response from the sampler's metrics route, or returns why it isn't one. */
export function readSamplerResponse(body: unknown): {readonly response: MetricsResponse} | {readonly problem: string} {
	const served = readModelMetrics(body);
	if ('problem' in served) {
		return served;
	}

	const reader = new SamplerReader(served);
	const requests = reader.requests();
	const replicas = reader.single('replicas');
	const nodes = reader.compute();
	const leader = nodes.get(together) ?? emptyNode(together);
	const named = [...nodes.values()].filter(({id}) => id !== together);
	const {problems} = reader;
	return {response: {requests, replicas, leader, nodes: named, problems, dropped: served.dropped}};
}
