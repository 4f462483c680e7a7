import {type Points, typedKeys} from '../../api/points.ts';
import {type History, nodesOf} from '../../metrics/history.ts';
import {
	gpuMetrics,
	latencyMetrics,
	type MetricDescription,
	nodeMetrics,
	requestMetrics,
	statusMetrics,
	type Unit,
} from '../../metrics/metric-table.ts';
import {compareNames} from '../../metrics/node.ts';
import type {Component} from '../../state/component.ts';
import type {ShownExtras} from '../../state/sampler-extras.ts';
import {type SamplerMetric, samplerMetrics} from '../sampler-metrics.ts';

/**
 * The names of a metric: in CSV, the name and unit of `-o json`; in OpenMetrics, a name that follows the conventions of
 * Prometheus, for values in base units.
 */
export type ExportedMetric = {
	/** The name in `-o json`; for a metric of a GPU, with the prefix `gpu_`. */
	readonly name: string;
	/** The unit of the values before they are converted to base units. */
	readonly unit: Unit | SamplerMetric['unit'];
	readonly prometheus: {
		readonly name: string;
		readonly help: string;
		/** Labels other than deployment, node, and gpu. */
		readonly labels?: Readonly<Record<string, string>>;
	};
};

/** One series of a window, with its subject. `node` and `gpu` are undefined for metrics of the whole component. */
export type ExportedSeries = {
	readonly component: Component;
	readonly node: string | undefined;
	readonly gpu: string | undefined;
	readonly metric: ExportedMetric;
	/** The points within the window that have a value, in ascending order of time. Missing points are gaps. */
	readonly points: Points;
};

/** Returns the names of a metric; `prefix` precedes the name in CSV. */
function exported({name, unit, description, prometheus}: MetricDescription, prefix = ''): ExportedMetric {
	return {name: `${prefix}${name}`, unit, prometheus: {help: description, ...prometheus}};
}

const replicas: ExportedMetric = {
	name: 'replicas',
	unit: 'replicas',
	prometheus: {name: 'loops_replicas_active', help: 'Active replicas.'},
};

const extraMetrics: Readonly<Record<keyof typeof samplerMetrics, ExportedMetric>> = samplerOnly();

function samplerOnly(): Readonly<Record<keyof typeof samplerMetrics, ExportedMetric>> {
	const entries = typedKeys(samplerMetrics).map(kind => {
		const {name, unit, gauge} = samplerMetrics[kind];
		return [kind, {name, unit, prometheus: {...gauge, name: `loops_${gauge.name}`}}] as const;
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
 * first its requests and replicas, and then its nodes and their GPUs, in the natural order of their names.
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
	const {latency, status} = requests;
	const nodes = [...nodesOf(history)].sort((a, b) => compareNames(a.id, b.id));
	const series = [
		...typedKeys(requestMetrics).map(name => of(exported(requestMetrics[name]), requests[name])),
		...typedKeys(latencyMetrics).map(name => of(exported(latencyMetrics[name]), latency[name])),
		...typedKeys(statusMetrics).map(name => of(exported(statusMetrics[name]), status[name])),
		of(replicas, history.replicas),
		...nodes.flatMap(node => [
			...typedKeys(nodeMetrics).map(name => of(exported(nodeMetrics[name]), node[name], node.id)),
			...[...node.gpus]
				.sort(([a], [b]) => compareNames(a, b))
				.flatMap(([rank, gpu]) =>
					typedKeys(gpuMetrics).map(name => of(exported(gpuMetrics[name], 'gpu_'), gpu[name], node.id, rank)),
				),
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
