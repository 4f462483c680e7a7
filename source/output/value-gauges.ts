import {typedKeys} from '../api/points.ts';
import {
	type GpuMetric,
	gpuMetrics,
	latencyMetrics,
	limitOfGpu,
	limitOfNode,
	type MetricDescription,
	type NodeMetric,
	nodeMetrics,
	requestMetrics,
	statusMetrics,
	toBaseUnit,
} from '../metrics/metric-table.ts';
import type {Node} from '../metrics/node.ts';
import type {Snapshot} from '../metrics/snapshot.ts';

type Labels = Readonly<Record<string, string>>;

/** The value of a gauge for one set of labels. */
type Sample = {readonly labels: Labels; readonly value: number};

/** A Prometheus gauge in base units, with one sample for each set of labels whose value is known. */
export type Gauge = {readonly name: string; readonly help: string; readonly samples: readonly Sample[]};

type Samples = Gauge['samples'];
type Value = number | undefined;

/**
 * Returns the gauges for the values of a snapshot. Values older than the stale limit are unknown, and have no sample.
 */
export function valueGauges(snapshot: Snapshot): readonly Gauge[] {
	const nodes = snapshot.nodes.filter(({reporting}) => reporting);
	return [
		...requestGauges(snapshot),
		...nodeGauges(nodes),
		...gpuGauges(nodes),
		{
			name: 'loops_nodes_reporting',
			help: 'Nodes with current samples.',
			samples: sample(nodes.length),
		},
		{
			name: 'loops_nodes_expected',
			help: 'Nodes that the deployment has.',
			samples: sample(snapshot.expectedNodes),
		},
		{
			name: 'loops_newest_sample_timestamp_seconds',
			help: 'Time of the newest sample.',
			samples: sample(snapshot.newestMs && snapshot.newestMs / 1000),
		},
	];
}

function sample(value: Value, labels: Labels = {}): Samples {
	return value === undefined ? [] : [{labels, value}];
}

/** Returns the name and the help of a metric's gauge. */
function namesOf({description, prometheus: {name, help = description}}: MetricDescription): Omit<Gauge, 'samples'> {
	return {name, help};
}

/** Returns the sample of a metric in its base unit; no sample if the value is unknown. */
function sampleOf({unit, prometheus: {labels}}: MetricDescription, value: Value, subject: Labels = {}): Samples {
	return sample(value === undefined ? undefined : toBaseUnit(value, unit), {...subject, ...labels});
}

function requestGauges({requests}: Snapshot): readonly Gauge[] {
	const {latency, status} = requests;
	return [
		...typedKeys(requestMetrics).map(name => ({
			...namesOf(requestMetrics[name]),
			samples: sampleOf(requestMetrics[name], requests[name]),
		})),
		{
			...namesOf(statusMetrics.status_2xx),
			samples: typedKeys(statusMetrics).flatMap(name => sampleOf(statusMetrics[name], status[name])),
		},
		{
			...namesOf(latencyMetrics.p50),
			samples: typedKeys(latencyMetrics).flatMap(name => sampleOf(latencyMetrics[name], latency[name])),
		},
	];
}

/** Returns the gauge of each node metric, followed by the gauge of its limit if it has one. */
function nodeGauges(nodes: readonly Node[]): readonly Gauge[] {
	return typedKeys(nodeMetrics).flatMap(name => {
		const metric: NodeMetric = nodeMetrics[name];
		const samples = nodes.flatMap(node => sampleOf(metric, node[name], {node: node.id}));
		const limits = nodes.flatMap(node => sample(limitOfNode(node, name), {node: node.id}));
		return withLimit(metric, samples, limits);
	});
}

/** Returns the gauge of each GPU metric, followed by the gauge of its limit if it has one. */
function gpuGauges(nodes: readonly Node[]): readonly Gauge[] {
	const gpus = nodes.flatMap(({id, gpus}) => gpus.map(gpu => ({gpu, labels: {node: id, gpu: gpu.rank}})));
	return typedKeys(gpuMetrics).flatMap(name => {
		const metric: GpuMetric = gpuMetrics[name];
		const samples = gpus.flatMap(({gpu, labels}) => sampleOf(metric, gpu[name], labels));
		const limits = gpus.flatMap(({gpu, labels}) => sample(limitOfGpu(gpu, name), labels));
		return withLimit(metric, samples, limits);
	});
}

function withLimit(metric: NodeMetric | GpuMetric, samples: Samples, limits: Samples): readonly Gauge[] {
	const {limit} = metric;
	return [
		{...namesOf(metric), samples},
		...(limit === undefined ? [] : [{name: limit.prometheus.name, help: limit.prometheus.help, samples: limits}]),
	];
}
