import {readDeployment} from '../../source/api/deployment.ts';
import {type NodeFields, requestFields} from '../../source/demo/served-fields.ts';
import {defaultWindow} from '../../source/metrics/windows.ts';
import type {Action} from '../../source/state/actions.ts';
import {initialState} from '../../source/state/initial-state.ts';
import {reduce} from '../../source/state/reducer.ts';
import type {State} from '../../source/state/state.ts';
import {responseOf} from './responses.ts';
import {sampleSampler, sampleSamplerId} from './sample-sampler.ts';
import {ranksUpTo, servedNode, servedRates} from './served-fields.ts';

/** The current time in the sample; the newest point is twelve seconds older. */
export const sampleNow = Date.UTC(2026, 10, 23, 9, 5, 42);

const gibibyte = 1024 ** 3;
const stepMs = defaultWindow.stepMs;
const endMs = Math.ceil(sampleNow / stepMs) * stepMs;
const startMs = endMs - defaultWindow.lengthMs;

/** Returns the points of a series over the last hour, except for nine points in the middle. */
function series<Fields extends object>(fields: (index: number) => Fields): readonly object[] {
	const points: object[] = [];
	for (let time = startMs, index = 0; time <= sampleNow; time += stepMs, index++) {
		if (index < 60 || index > 68) {
			points.push({timestamp: new Date(time).toISOString(), ...fields(index)});
		}
	}

	return points;
}

function values(value: (index: number) => number): readonly object[] {
	return series(index => ({value: value(index)}));
}

function constant(value: number): readonly object[] {
	return values(() => value);
}

/** Returns the utilization of a GPU: GPU 5 of the third node falls behind after three quarters of the hour. */
function utilization(node: number, rank: number, index: number): number {
	return node === 2 && rank === 5 && index > 90 ? 0.31 : 0.86 + 0.1 * Math.sin(index / 5 + rank + node);
}

function nodeMetrics(node: number, gpus: number): NodeFields {
	const fields = servedNode(ranksUpTo(gpus), {
		gpu: {
			utilization: rank => values(index => utilization(node, rank, index)),
			memory: rank => values(() => (60 + rank / 5) * gibibyte),
		},
		node: {
			cpu: values(index => 20 + node + Math.sin(index / 4)),
			ram: values(() => (300 + node) * gibibyte),
			disk: values(index => (200 + index) * gibibyte),
			diskShare: values(index => 0.28 + index / 3000),
		},
		others: constant,
	});
	return {node_id: `loops-trainer-${node}`, ...fields};
}

/** Returns the requests per second by status, for a sample of the hour. Index 119 is the newest sample. */
export function sampleStatus(index: number) {
	return {
		status_2xx: 10,
		status_4xx: index > 80 && index < 90 ? 2 : 0.1,
		status_5xx: index > 100 ? 0.3 : 0,
	};
}

export type Sample = {
	readonly nodes: number;
	readonly gpus: number;
	readonly leaderOnly?: boolean;
	/** Whether there are no samples of requests. */
	readonly withoutRequests?: boolean;
	/** Adds a sampler. Its metrics either have been received or haven't been requested yet. */
	readonly sampler?: 'answered' | 'unasked';
};

const noRequests = {
	...requestFields(() => []),
	response_time_stats: [],
	inference_volume_by_status: [],
};

/** Returns the API's response for the sample. */
export function sampleMetrics({nodes, gpus, leaderOnly = false, withoutRequests = false}: Sample): object {
	return {
		...servedRates(
			{volume: values(index => 10 + 3 * Math.sin(index / 9)), inProgress: values(index => 5 + (index % 4))},
			constant,
		),
		response_time_stats: series(index => ({
			p50: 123 + (index % 5),
			p95: 456 + 20 * Math.sin(index),
			p99: index === 40 ? 9000 : 1890 + 100 * Math.sin(index / 3),
		})),
		inference_volume_by_status: series(sampleStatus),
		...(withoutRequests ? noRequests : {}),
		...nodeMetrics(0, gpus),
		per_node_metrics: leaderOnly ? [] : Array.from({length: nodes}, (_, node) => nodeMetrics(node, gpus)),
	};
}

function samplerOf({modelId, deploymentId}: typeof sampleSamplerId): object {
	return {id: 'sampler', model_id: modelId, deployment_id: deploymentId, status: {name: 'ACTIVE'}};
}

/** The result of the sampler's side request in the sample. */
export const samplerAnswered: Action = {
	type: 'sideRequestSucceeded',
	response: {
		kind: 'sampler',
		sampler: sampleSamplerId,
		update: {
			kind: 'live',
			window: defaultWindow.name,
			response: sampleSampler(startMs - stepMs, endMs - stepMs),
			range: {startMs: startMs - stepMs, endMs: endMs - stepMs, whole: true},
		},
		metrics: 'all',
		tookMs: 87,
	},
	atMs: sampleNow,
};

/** Returns the deployment of the sample, as the API describes it. */
function sampleDeployment({nodes, gpus, sampler}: Sample): object {
	return {
		id: 'k4q95w5',
		base_model: 'Qwen/Qwen3-30B-A3B-Instruct-2507',
		base_url: 'https://example.com',
		status: {name: 'RUNNING'},
		node_count: nodes,
		instance_type: {
			gpu_type: 'H100',
			gpu_count: gpus,
			gpu_memory_limit_mib: 81_920,
			memory_limit_mib: 1_000_000,
			millicpu_limit: 96_000,
		},
		sampler: sampler === undefined ? null : samplerOf(sampleSamplerId),
	};
}

/** Returns a list of deployments, including one with long names, and one with few known properties. */
export function sampleDeployments(nowMs: number): readonly object[] {
	const sized = sampleDeployment({nodes: 4, gpus: 8});
	const ago = (hours: number): string => new Date(nowMs - hours * 3_600_000).toISOString();
	return [
		{...sized, user: {email: 'ada@example.com'}, created_at: ago(26)},
		{
			...sized,
			id: 'w7x2m1p',
			base_model: 'openai/gpt-oss-120b',
			user: {email: 'grace@example.com'},
			created_at: ago(3),
		},
		{
			...sized,
			id: 'a2b3c4d',
			base_model: 'meta-llama/Llama-4-Maverick-17B-128E-Instruct',
			status: {name: 'SCALED_TO_ZERO'},
			node_count: 16,
			user: {email: 'a.rather.long.name@engineering.example.com'},
			created_at: ago(500),
		},
		{id: 'zzz9999', base_model: null, status: {name: 'STOPPED'}, user: {email: null}},
	];
}

const nodesAtMost = 1000;

/** Returns the state after the metrics and the deployment have been received, and after these actions. */
export function sampleState(sample: Sample, ...actions: readonly Action[]): State {
	const deployment = readDeployment({deployment: sampleDeployment(sample)});
	if (deployment === undefined) {
		throw new Error("the sample isn't a deployment");
	}

	const beginning = initialState({
		target: {kind: 'deployment', id: 'k4q95w5'},
		host: 'api.baseten.co',
		window: defaultWindow,
		intervalMs: 10_000,
		nowMs: sampleNow,
	});
	const responses: readonly Action[] = [
		{
			type: 'metricsReceived',
			kind: 'live',
			window: defaultWindow.name,
			response: responseOf(sampleMetrics(sample)),
			range: {startMs, endMs, whole: true},
			atMs: sampleNow,
			tookMs: 212,
		},
		{type: 'deploymentLoaded', deployment, atMs: sampleNow},
	];
	const sampler = sample.sampler === 'answered' ? [samplerAnswered] : [];
	// This selects the first node instead of the node with a finding.
	const selected: Action = {type: 'selectNode', by: -nodesAtMost};
	return [...responses, ...sampler, selected, ...actions].reduce(reduce, beginning);
}
