import {extraMetricNames} from '../../source/api/sampler-extras.ts';
import type {SeenRequest} from './scripted-server.ts';

export const servedSamplerId = {modelId: 'm5k2x9q', deploymentId: 'd8w4n1z'} as const;

export const samplerRoute = `/v1/models/${servedSamplerId.modelId}/deployments/${servedSamplerId.deploymentId}/metrics`;

/** Returns the sampler of a deployment, as described by the API. */
export function servedSamplerOf(status: string): object {
	const {modelId, deploymentId} = servedSamplerId;
	return {
		id: 's',
		model_id: modelId,
		deployment_id: deploymentId,
		base_model: 'Qwen/Qwen3-30B',
		status: {name: status},
	};
}

/** Returns whether a request is for the usual metrics of the sampler. */
export function isSamplerMetrics(request: SeenRequest): boolean {
	return request.path.startsWith(`${samplerRoute}?`) && !isSamplerExtras(request);
}

/** Returns whether a request is for the extra metrics of the sampler. */
export function isSamplerExtras(request: SeenRequest): boolean {
	const {metrics} = samplerQueryOf(request);
	const isExtra = (name: string): boolean => extraMetricNames.includes(name);
	return request.path.startsWith(`${samplerRoute}?`) && metrics.length > 0 && metrics.every(isExtra);
}

/** Returns the time range and the names of the metrics that were requested from the sampler's route. */
export function samplerQueryOf({path}: SeenRequest): {
	readonly startMs: number;
	readonly endMs: number;
	readonly metrics: readonly string[];
} {
	const query = new URLSearchParams(path.split('?')[1]);
	return {
		startMs: Number(query.get('start_epoch_millis')),
		endMs: Number(query.get('end_epoch_millis')),
		metrics: query.getAll('metrics'),
	};
}

type Metric = {
	readonly unit: string;
	readonly kind: string;
	readonly sets: readonly object[];
	readonly values: ReadonlyArray<number | null>;
};

const gpus = ['7c9f2a', 'b41e08'].flatMap(replica => ['0', '1'].map(gpu => ({replica, gpu})));
const replicas = [{replica: '7c9f2a'}, {replica: 'b41e08'}];

/** Constant values that are distinct from one another and from the trainer's, in the units of the API. */
const served: Readonly<Record<string, Metric>> = {
	baseten_replicas_active: {unit: 'COUNT', kind: 'GAUGE', sets: [{}], values: [2]},
	// These are totals over half a minute, equal to 20, 0.5, and 0.1 per second.
	baseten_inference_requests_total: {
		unit: 'COUNT',
		kind: 'COUNTER',
		sets: [{status: '200'}, {status: '429'}, {status: '503'}],
		values: [600, 15, 3],
	},
	baseten_end_to_end_response_time_seconds: {
		unit: 'SECONDS',
		kind: 'HISTOGRAM',
		sets: [...['0.5', '0.9', '0.95', '0.99'].map(quantile => ({quantile})), {stat: 'avg'}],
		values: [0.321, 0.9, 1.234, 5.67, 0.4],
	},
	baseten_concurrent_requests: {unit: 'COUNT', kind: 'GAUGE', sets: [{}], values: [33]},
	baseten_gpu_utilization: {unit: 'RATIO', kind: 'GAUGE', sets: gpus, values: [0.61, 0.62, 0.71, 0.72]},
	baseten_gpu_memory_used: {unit: 'MEBIBYTES', kind: 'GAUGE', sets: gpus, values: [71_680, 72_704, 73_728, 74_752]},
	baseten_container_cpu_usage_seconds_total: {unit: 'RATIO', kind: 'COUNTER', sets: replicas, values: [4.5, 5.5]},
	baseten_container_cpu_memory_working_set_bytes: {
		unit: 'BYTES',
		kind: 'GAUGE',
		sets: replicas,
		values: [48 * 1024 ** 3, 49 * 1024 ** 3],
	},
	baseten_replicas_desired: {unit: 'COUNT', kind: 'GAUGE', sets: [{}], values: [4]},
	baseten_replicas_starting: {unit: 'COUNT', kind: 'GAUGE', sets: [{}], values: [1]},
	baseten_container_restarts_total: {unit: 'COUNT', kind: 'COUNTER', sets: replicas, values: [0.05, null]},
	baseten_time_to_first_byte_seconds: {
		unit: 'SECONDS',
		kind: 'HISTOGRAM',
		sets: [{quantile: '0.5'}, {quantile: '0.95'}, {stat: 'avg'}],
		values: [0.211, 0.876, 0.3],
	},
	baseten_async_queue_size: {unit: 'COUNT', kind: 'GAUGE', sets: [{}], values: [17]},
	baseten_time_in_async_queue_seconds: {
		unit: 'SECONDS',
		kind: 'HISTOGRAM',
		sets: [{quantile: '0.95'}],
		values: [4.32],
	},
	// A counter can be reported as a rate, and for each replica.
	baseten_llm_input_tokens_total: {unit: 'PER_SECOND', kind: 'COUNTER', sets: replicas, values: [1200, 1140]},
	baseten_llm_output_tokens_total: {unit: 'COUNT', kind: 'COUNTER', sets: [{}], values: [23_400]},
	// This is a percentage.
	baseten_llm_kv_cache_hit_rate: {unit: 'RATIO', kind: 'GAUGE', sets: [{}], values: [81.5]},
	baseten_llm_num_requests: {unit: 'COUNT', kind: 'GAUGE', sets: replicas, values: [20, 15]},
};

const usual = Object.keys(served).slice(0, 3);

/**
 * Returns the response from the sampler's route, with the requested metrics or, if the request names none, the usual
 * ones.
 */
export function servedSampler(request: SeenRequest): object {
	const {startMs, endMs, metrics} = samplerQueryOf(request);
	const wanted = (metrics.length === 0 ? usual : metrics).flatMap(name => {
		const metric = served[name];
		return metric === undefined ? [] : [{name, ...metric}];
	});
	const lengthMs = endMs - startMs;
	const stepMs = lengthMs <= 3_600_000 ? 30_000 : Math.ceil(lengthMs / 120 / 60_000) * 60_000;
	const values = wanted.map(({kind, unit, values: all}) =>
		kind === 'COUNTER' && unit === 'COUNT' ? all.map(value => value && (value * stepMs) / 30_000) : all,
	);
	return {
		start_epoch_millis: startMs,
		end_epoch_millis: endMs,
		mode: 'SERIES',
		step_seconds: stepMs / 1000,
		metric_descriptors: wanted.map(({name, unit, kind, sets}) => ({name, unit_hint: unit, kind, label_sets: sets})),
		metric_values: Array.from({length: Math.floor(lengthMs / stepMs)}, (_, index) => ({
			start_epoch_millis: startMs + index * stepMs,
			values,
		})),
	};
}
