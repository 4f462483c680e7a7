import type {Points} from '../api/points.ts';
import {newestTime} from '../metrics/series.ts';
import type {Gpu, Node, Snapshot} from '../metrics/snapshot.ts';
import type {Gauge} from './gauge.ts';

type Samples = Gauge['samples'];
type Value = number | undefined;

const codes = ['2xx', '4xx', '5xx'] as const;
const percentiles = ['50', '95', '99'] as const;

/** The values of a snapshot whose own samples were taken at `freshFromMs` or later. */
export function valueGauges(snapshot: Snapshot, freshFromMs: number): readonly Gauge[] {
	const isFresh = (timeMs: number | undefined): boolean => timeMs !== undefined && timeMs >= freshFromMs;
	const fresh = (value: Value, points: Points): Value => (isFresh(newestTime(points)) ? value : undefined);
	const nodes = snapshot.nodes.filter(({reporting, lastHeardMs}) => reporting && isFresh(lastHeardMs));
	return [
		...requestGauges(snapshot, fresh),
		...nodeGauges(nodes, fresh),
		...gpuGauges(nodes, fresh),
		{
			name: 'loops_nodes_reporting',
			help: 'Nodes that have samples of now.',
			samples: sample(nodes.length),
		},
		{
			name: 'loops_nodes_expected',
			help: 'Nodes that the deployment has.',
			samples: sample(snapshot.expectedNodes),
		},
		{
			name: 'loops_newest_sample_timestamp_seconds',
			help: 'When the newest sample of all was taken.',
			samples: sample(inThousands(snapshot.newestMs)),
		},
	];
}

type Fresh = (value: Value, points: Points) => Value;

function sample(value: Value, labels: Readonly<Record<string, string>> = {}): Samples {
	return value === undefined ? [] : [{labels, value}];
}

function inThousands(value: Value): Value {
	return value === undefined ? undefined : value / 1000;
}

function requestGauges({requests}: Snapshot, fresh: Fresh): readonly Gauge[] {
	const {volume, inProgress, latency, status, series} = requests;
	return [
		{
			name: 'loops_requests_per_second',
			help: 'Requests per second.',
			samples: sample(fresh(volume, series.volume)),
		},
		{
			name: 'loops_requests_in_progress',
			help: 'Requests that the trainer works on.',
			samples: sample(fresh(inProgress, series.inProgress)),
		},
		{
			name: 'loops_responses_per_second',
			help: 'Requests per second by the class of their status code.',
			samples: codes.flatMap(code => sample(fresh(status[`status_${code}`], series.status[`status_${code}`]), {code})),
		},
		{
			name: 'loops_latency_seconds',
			help: 'Latency that so many percent of the requests stay under.',
			samples: percentiles.flatMap(percentile =>
				sample(inThousands(fresh(latency[`p${percentile}`], series.latency[`p${percentile}`])), {percentile}),
			),
		},
	];
}

function nodeGauges(nodes: readonly Node[], fresh: Fresh): readonly Gauge[] {
	const gauge = (name: string, help: string, read: (node: Node) => Value): Gauge => ({
		name,
		help,
		samples: nodes.flatMap(node => sample(read(node), {node: node.id})),
	});
	return [
		gauge('loops_cpu_used_cores', 'CPU cores in use.', ({cpu, series}) => fresh(cpu, series.cpu)),
		gauge('loops_cpu_limit_cores', 'CPU cores that there are.', ({cpuTotal}) => cpuTotal),
		gauge('loops_memory_used_bytes', 'Main memory in use.', ({ram, series}) => fresh(ram, series.ram)),
		gauge('loops_memory_limit_bytes', 'Main memory that there is.', ({ramTotal}) => ramTotal),
		gauge('loops_ephemeral_storage_used_bytes', 'Ephemeral storage in use.', ({disk, series}) =>
			fresh(disk, series.disk),
		),
		gauge('loops_ephemeral_storage_used_ratio', 'The part of the ephemeral storage in use.', ({diskShare, series}) =>
			fresh(diskShare, series.diskShare),
		),
	];
}

function gpuGauges(nodes: readonly Node[], fresh: Fresh): readonly Gauge[] {
	const gauge = (name: string, help: string, read: (gpu: Gpu) => Value): Gauge => ({
		name,
		help,
		samples: nodes.flatMap(({id, gpus}) => gpus.flatMap(gpu => sample(read(gpu), {node: id, gpu: gpu.rank}))),
	});
	return [
		gauge('loops_gpu_utilization_ratio', 'How busy the GPU is.', ({utilization, series}) =>
			fresh(utilization, series.utilization),
		),
		gauge('loops_gpu_memory_used_bytes', 'GPU memory in use.', ({memory, series}) => fresh(memory, series.memory)),
		gauge('loops_gpu_memory_limit_bytes', 'GPU memory that there is.', ({memoryTotal}) => memoryTotal),
	];
}
