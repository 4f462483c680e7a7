import {metricKinds} from '../../api/sampler-units.ts';

/** The API's fields about GPUs, for trainer and sampler. */
export const gpuFields: readonly string[] = [
	'per_node_metrics',
	'gpu_utilization',
	'gpu_memory_usage_bytes',
	metricKinds.utilization.name,
	metricKinds.memory.name,
];
