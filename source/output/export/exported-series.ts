import type {GpuPoints, NodeSeries, RequestPoints, SeriesIn} from '../../api/metrics-response.ts';
import {type Points, typedKeys} from '../../api/points.ts';
import {type History, nodesOf} from '../../metrics/history.ts';
import {compareNames} from '../../metrics/node.ts';
import type {Component} from '../../state/component.ts';
import type {ShownExtras} from '../../state/sampler-extras.ts';
import {baseFactor, type SamplerMetric, samplerMetrics} from '../sampler-metrics.ts';
import type {Node} from '../snapshot-types.ts';
import {gpuGaugeNames, nodeGaugeNames} from '../value-gauges.ts';

/**
 * The names of a metric: in tables, the name and unit of `-o json`; in Prometheus, a name that follows its conventions,
 * for values in base units.
 */
export type ExportedMetric = {
	/** The name in `-o json`. */
	readonly name: string;
	/** The unit of the values as they were received. */
	readonly unit: 'requests/s' | 'bytes' | 'cores' | SamplerMetric['unit'];
	readonly prometheus: {
		readonly name: string;
		readonly help: string;
		/** Labels other than deployment, node, and gpu. */
		readonly labels?: Readonly<Record<string, string>>;
		/** The factor that converts a value to the base unit in the name. */
		readonly factor?: number;
	};
};

/** One series of a window with its subject. `node` and `gpu` are undefined for metrics of the whole component. */
export type ExportedSeries = {
	readonly component: Component;
	readonly node: string | undefined;
	readonly gpu: string | undefined;
	readonly metric: ExportedMetric;
	/** Within the window, ascending. NaN and missing points are gaps. */
	readonly points: Points;
};

const latencyHelp = 'Latency that this percentage of requests stays under.';
const responsesHelp = 'Requests per second by the class of their status code.';

function latency(percentile: '50' | '95' | '99'): ExportedMetric {
	return {
		name: `latency_p${percentile}`,
		unit: 'ms',
		prometheus: {name: 'loops_latency_seconds', help: latencyHelp, labels: {percentile}, factor: 1 / 1000},
	};
}

function responses(code: '2xx' | '4xx' | '5xx'): ExportedMetric {
	return {
		name: `responses_${code}`,
		unit: 'requests/s',
		prometheus: {name: 'loops_responses_per_second', help: responsesHelp, labels: {code}},
	};
}

/** The metrics of the requests. The type requires all series other than latency and status. */
const requestMetrics: Readonly<Record<SeriesIn<RequestPoints>, ExportedMetric>> = {
	volume: {
		name: 'requests',
		unit: 'requests/s',
		prometheus: {name: 'loops_requests_per_second', help: 'Requests per second.'},
	},
	inProgress: {
		name: 'requests_in_progress',
		unit: 'requests',
		prometheus: {name: 'loops_requests_in_progress', help: 'Requests in progress.'},
	},
};

const replicas: ExportedMetric = {
	name: 'replicas',
	unit: 'replicas',
	prometheus: {name: 'loops_replicas_active', help: 'Active replicas.'},
};

const latencyMetrics: Readonly<Record<keyof RequestPoints['latency'], ExportedMetric>> = {
	p50: latency('50'),
	p95: latency('95'),
	p99: latency('99'),
};

const statusMetrics: Readonly<Record<keyof RequestPoints['status'], ExportedMetric>> = {
	status_2xx: responses('2xx'),
	status_4xx: responses('4xx'),
	status_5xx: responses('5xx'),
};

/** The metrics of a node. The type requires each name to be in the nodes of `-o json`. */
const nodeMetrics: Readonly<Record<NodeSeries, ExportedMetric & {readonly name: keyof Node['metrics']}>> = {
	cpu: {name: 'cpu', unit: 'cores', prometheus: nodeGaugeNames.cpu},
	ram: {name: 'ram', unit: 'bytes', prometheus: nodeGaugeNames.ram},
	disk: {name: 'disk', unit: 'bytes', prometheus: nodeGaugeNames.disk},
	diskShare: {name: 'disk_utilization', unit: 'ratio', prometheus: nodeGaugeNames.diskShare},
};

const gpuMetrics: Readonly<Record<keyof GpuPoints, ExportedMetric>> = {
	utilization: {name: 'gpu_utilization', unit: 'ratio', prometheus: gpuGaugeNames.utilization},
	memory: {name: 'gpu_memory', unit: 'bytes', prometheus: gpuGaugeNames.memory},
};

const extraMetrics: Readonly<Record<keyof typeof samplerMetrics, ExportedMetric>> = samplerOnly();

function samplerOnly(): Readonly<Record<keyof typeof samplerMetrics, ExportedMetric>> {
	const entries = typedKeys(samplerMetrics).map(kind => {
		const {name, unit, gauge} = samplerMetrics[kind];
		return [kind, {name, unit, prometheus: {...gauge, name: `loops_${gauge.name}`, factor: baseFactor(unit)}}] as const;
	});
	return Object.fromEntries(entries) as Readonly<Record<keyof typeof samplerMetrics, ExportedMetric>>;
}

/** Returns the series that only the sampler has and that have a value in the window. */
export function exportedExtras({series}: ShownExtras): readonly ExportedSeries[] {
	return typedKeys(extraMetrics).flatMap(kind => {
		const points = series[kind];
		const one = {component: 'sampler', node: undefined, gpu: undefined, metric: extraMetrics[kind], points} as const;
		return points.times.length === 0 ? [] : [one];
	});
}

/**
 * Returns the series of a component that have a value between `startMs` and `endMs` (epoch milliseconds, inclusive):
 * first its requests, and then its nodes and their GPUs, in the natural order of their names.
 */
export function exportedSeries(component: Component, history: History): readonly ExportedSeries[] {
	const {requests, startMs, endMs} = history;
	const of = (metric: ExportedMetric, points: Points, node?: string, gpu?: string): ExportedSeries => ({
		component,
		node,
		gpu,
		metric,
		points: within(points, startMs, endMs),
	});
	const nodes = [...nodesOf(history)].sort((a, b) => compareNames(a.id, b.id));
	const series = [
		...typedKeys(requestMetrics).map(key => of(requestMetrics[key], requests[key])),
		...typedKeys(latencyMetrics).map(key => of(latencyMetrics[key], requests.latency[key])),
		...typedKeys(statusMetrics).map(key => of(statusMetrics[key], requests.status[key])),
		of(replicas, history.replicas),
		...nodes.flatMap(node => [
			...typedKeys(nodeMetrics).map(key => of(nodeMetrics[key], node[key], node.id)),
			...[...node.gpus]
				.sort(([a], [b]) => compareNames(a, b))
				.flatMap(([rank, gpu]) => typedKeys(gpuMetrics).map(key => of(gpuMetrics[key], gpu[key], node.id, rank))),
		]),
	];
	return series.filter(({points}) => points.times.length > 0);
}

/** Returns the known values of a series between two times, inclusive. */
function within({times, values}: Points, startMs: number, endMs: number): Points {
	const places = [...times.keys()].filter(place => {
		const time = times[place] ?? Number.NaN;
		return time >= startMs && time <= endMs && Number.isFinite(values[place] ?? Number.NaN);
	});
	return {
		times: Float64Array.from(places, place => times[place] ?? Number.NaN),
		values: Float64Array.from(places, place => values[place] ?? Number.NaN),
	};
}
