import type {GpuPoints} from '../api/metrics-response.ts';
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

function nodeGauges(nodes: readonly Node[]): readonly Gauge[] {
	const gauge = (name: string, help: string, read: (node: Node) => Value): Gauge => ({
		name,
		help,
		samples: nodes.flatMap(node => sample(read(node), {node: node.id})),
	});
	return [
		gauge('loops_cpu_used_cores', 'CPU cores in use.', ({cpu}) => cpu),
		gauge('loops_cpu_limit_cores', 'Total CPU cores.', ({cpuTotal}) => cpuTotal),
		gauge('loops_memory_used_bytes', 'RAM in use.', ({ram}) => ram),
		gauge('loops_memory_limit_bytes', 'Total RAM.', ({ramTotal}) => ramTotal),
		gauge('loops_ephemeral_storage_used_bytes', 'Ephemeral storage in use.', ({disk}) => disk),
		gauge(
			'loops_ephemeral_storage_used_ratio',
			'Fraction of the ephemeral storage in use, 0 to 1.',
			({diskShare}) => diskShare,
		),
	];
}

function gpuGauges(nodes: readonly Node[]): readonly Gauge[] {
	const gauge = (name: string, help: string, read: (gpu: Gpu) => Value): Gauge => ({
		name,
		help,
		samples: nodes.flatMap(({id, gpus}) => gpus.flatMap(gpu => sample(read(gpu), {node: id, gpu: gpu.rank}))),
	});
	const values: Readonly<Record<keyof GpuPoints, Gauge>> = {
		utilization: gauge('loops_gpu_utilization_ratio', 'GPU utilization, 0 to 1.', ({utilization}) => utilization),
		memory: gauge('loops_gpu_memory_used_bytes', 'GPU memory in use.', ({memory}) => memory),
	};
	return [
		...Object.values(values),
		gauge('loops_gpu_memory_limit_bytes', 'Total GPU memory.', ({memoryTotal}) => memoryTotal),
	];
}
