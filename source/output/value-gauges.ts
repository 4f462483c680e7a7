import type {GpuPoints, NodeSeries} from '../api/metrics-response.ts';
import {typedKeys} from '../api/points.ts';
import type {Gpu, Node} from '../metrics/node.ts';
import type {Snapshot} from '../metrics/snapshot.ts';

/** The value of a gauge for one set of labels. */
type Sample = {readonly labels: Readonly<Record<string, string>>; readonly value: number};

/** A Prometheus gauge in base units, with one sample for each set of labels whose value is known. */
export type Gauge = {readonly name: string; readonly help: string; readonly samples: readonly Sample[]};

type Samples = Gauge['samples'];
type Value = number | undefined;

const codes = ['2xx', '4xx', '5xx'] as const;
const percentiles = ['50', '95', '99'] as const;

/** Returns the values of a snapshot. Values older than the stale limit are unknown, and have no sample. */
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
			samples: sample(inThousands(snapshot.newestMs)),
		},
	];
}

function sample(value: Value, labels: Readonly<Record<string, string>> = {}): Samples {
	return value === undefined ? [] : [{labels, value}];
}

function inThousands(value: Value): Value {
	return value === undefined ? undefined : value / 1000;
}

function requestGauges({requests}: Snapshot): readonly Gauge[] {
	const {volume, inProgress, latency, status} = requests;
	return [
		{
			name: 'loops_requests_per_second',
			help: 'Requests per second.',
			samples: sample(volume),
		},
		{
			name: 'loops_requests_in_progress',
			help: 'Requests in progress.',
			samples: sample(inProgress),
		},
		{
			name: 'loops_responses_per_second',
			help: 'Requests per second by the class of their status code.',
			samples: codes.flatMap(code => sample(status[`status_${code}`], {code})),
		},
		{
			name: 'loops_latency_seconds',
			help: 'Latency that this percentage of requests stays under.',
			samples: percentiles.flatMap(percentile => sample(inThousands(latency[`p${percentile}`]), {percentile})),
		},
	];
}

/** The names of a gauge, in live metrics and in exports. */
type GaugeNames = Pick<Gauge, 'name' | 'help'>;

/** The gauge for each series of a node. */
export const nodeGaugeNames: Readonly<Record<NodeSeries, GaugeNames>> = {
	cpu: {name: 'loops_cpu_used_cores', help: 'CPU cores in use.'},
	ram: {name: 'loops_memory_used_bytes', help: 'RAM in use.'},
	disk: {name: 'loops_ephemeral_storage_used_bytes', help: 'Ephemeral storage in use.'},
	diskShare: {
		name: 'loops_ephemeral_storage_used_ratio',
		help: 'Fraction of the ephemeral storage in use, 0 to 1.',
	},
};

/** The gauge for each series of a GPU. */
export const gpuGaugeNames: Readonly<Record<keyof GpuPoints, GaugeNames>> = {
	utilization: {name: 'loops_gpu_utilization_ratio', help: 'GPU utilization, 0 to 1.'},
	memory: {name: 'loops_gpu_memory_used_bytes', help: 'GPU memory in use.'},
};

/** The gauge for a limit, which follows that of its series, and how the limit is read. */
type Limit<Subject> = readonly [names: GaugeNames, read: (subject: Subject) => Value];

const nodeLimits: Readonly<Partial<Record<NodeSeries, Limit<Node>>>> = {
	cpu: [{name: 'loops_cpu_limit_cores', help: 'Total CPU cores.'}, ({cpuTotal}) => cpuTotal],
	ram: [{name: 'loops_memory_limit_bytes', help: 'Total RAM.'}, ({ramTotal}) => ramTotal],
};

const gpuLimits: Readonly<Partial<Record<keyof GpuPoints, Limit<Gpu>>>> = {
	memory: [{name: 'loops_gpu_memory_limit_bytes', help: 'Total GPU memory.'}, ({memoryTotal}) => memoryTotal],
};

function nodeGauges(nodes: readonly Node[]): readonly Gauge[] {
	const gauge = (names: GaugeNames, read: (node: Node) => Value): Gauge => ({
		...names,
		samples: nodes.flatMap(node => sample(read(node), {node: node.id})),
	});
	return typedKeys(nodeGaugeNames).flatMap(series => {
		const limit = nodeLimits[series];
		return [gauge(nodeGaugeNames[series], node => node[series]), ...(limit === undefined ? [] : [gauge(...limit)])];
	});
}

function gpuGauges(nodes: readonly Node[]): readonly Gauge[] {
	const gauge = (names: GaugeNames, read: (gpu: Gpu) => Value): Gauge => ({
		...names,
		samples: nodes.flatMap(({id, gpus}) => gpus.flatMap(gpu => sample(read(gpu), {node: id, gpu: gpu.rank}))),
	});
	return typedKeys(gpuGaugeNames).flatMap(series => {
		const limit = gpuLimits[series];
		return [gauge(gpuGaugeNames[series], gpu => gpu[series]), ...(limit === undefined ? [] : [gauge(...limit)])];
	});
}
