import assert from 'node:assert/strict';
import type {MetricsResponse} from '../../source/api/metrics-response.ts';
import {readSamplerResponse} from '../../source/api/sampler-response.ts';

export const sampleSamplerId = {modelId: 'q8x2m1w', deploymentId: 'w3n7k9d'} as const;

const stepSeconds = 30;
const replicas = ['7c9f2a', 'b41e08', 'e65d93'] as const;

/** Returns whether a replica exists at an index: the third one exists only in the second half of the hour. */
function isActive(replica: number, index: number): boolean {
	return replica < 2 || index >= 60;
}

function metricsAt(index: number): ReadonlyArray<ReadonlyArray<number | null>> {
	const ofReplicas = (value: (replica: number) => number): ReadonlyArray<number | null> =>
		replicas.map((_, replica) => (isActive(replica, index) ? value(replica) : null));
	const ofGpus = (value: (place: number) => number): ReadonlyArray<number | null> =>
		replicas.flatMap((_, replica) => [0, 1].map(gpu => (isActive(replica, index) ? value(2 * replica + gpu) : null)));
	return [
		[isActive(2, index) ? 3 : 2],
		[600 + 3 * (index % 40), index > 90 ? 9 : 0, 0],
		[0.9 + index / 400, 2.4, 4.1, 1.2],
		[30 + (index % 7)],
		ofGpus(place => 0.5 + 0.4 * Math.sin(index / 12 + place) ** 2),
		ofGpus(place => 68_000 + 500 * place),
		ofReplicas(replica => 6 + replica + Math.sin(index / 9)),
		ofReplicas(replica => (42 + 3 * replica) * 1024 ** 3),
	];
}

const descriptors = [
	['baseten_replicas_active', 'COUNT', 'GAUGE', [{}]],
	['baseten_inference_requests_total', 'COUNT', 'COUNTER', [{status: '200'}, {status: '429'}, {status: '500'}]],
	[
		'baseten_end_to_end_response_time_seconds',
		'SECONDS',
		'HISTOGRAM',
		[{quantile: '0.5'}, {quantile: '0.95'}, {quantile: '0.99'}, {stat: 'avg'}],
	],
	['baseten_concurrent_requests', 'COUNT', 'GAUGE', [{}]],
	['baseten_gpu_utilization', 'RATIO', 'GAUGE', replicas.flatMap(replica => ['0', '1'].map(gpu => ({replica, gpu})))],
	[
		'baseten_gpu_memory_used',
		'MEBIBYTES',
		'GAUGE',
		replicas.flatMap(replica => ['0', '1'].map(gpu => ({replica, gpu}))),
	],
	['baseten_container_cpu_usage_seconds_total', 'RATIO', 'COUNTER', replicas.map(replica => ({replica}))],
	['baseten_container_cpu_memory_working_set_bytes', 'BYTES', 'GAUGE', replicas.map(replica => ({replica}))],
] as const;

/** Returns the API's response with the metrics of the simulated sampler, for a range of whole steps. */
export function sampleSamplerBody(startMs: number, endMs: number): object {
	const steps = Math.round((endMs - startMs) / 1000 / stepSeconds);
	return {
		start_epoch_millis: startMs,
		end_epoch_millis: endMs,
		mode: 'SERIES',
		step_seconds: stepSeconds,
		metric_descriptors: descriptors.map(([name, unit, kind, sets]) => ({
			name,
			unit_hint: unit,
			kind,
			label_sets: sets,
		})),
		metric_values: Array.from({length: steps}, (_, index) => ({
			start_epoch_millis: startMs + index * stepSeconds * 1000,
			values: metricsAt(index),
		})),
	};
}

export function sampleSampler(startMs: number, endMs: number): MetricsResponse {
	const read = readSamplerResponse(sampleSamplerBody(startMs, endMs));
	assert.ok('response' in read);
	return read.response;
}
