import * as z from 'zod';
import type {NodeFields} from '../../source/demo/served-fields.ts';
import {defaultThresholds} from '../../source/metrics/thresholds.ts';
import type {Reply, Respond, SeenRequest} from './scripted-server.ts';
import {ranksUpTo, servedNode, servedRates} from './served-fields.ts';
import {isSamplerExtras, isSamplerMetrics, servedSampler, servedSamplerOf} from './served-sampler.ts';

const gibibyte = 1024 ** 3;
const sampleMs = 30_000;

/** The body of a request to the metrics route: the time range and the step. */
export const askedSchema = z.object({
	start_epoch_millis: z.number(),
	end_epoch_millis: z.number(),
	step_seconds: z.number().optional(),
});

export type Served = {
	/** The ID of the deployment in the response with the metrics. */
	readonly id?: string;
	readonly nodes?: number;
	readonly gpus?: number;
	/** The request rate, by which tests can distinguish responses. */
	readonly rate?: number;
	/** Whether the response has no breakdown by node. */
	readonly leaderOnly?: boolean;
	readonly status?: string;
	/** The status of the sampler, if there is one. */
	readonly sampler?: string;
	/** The share of the first node's storage that is in use. The share increases by 0.01 from each node to the next. */
	readonly diskShare?: number;
	/** The status of the run r1, which has the checkpoints below. Without a status, the deployment has no run. */
	readonly run?: string;
	readonly checkpoints?: readonly unknown[];
	/** The price of an instance, in US dollars per minute; if it is missing, the server has no prices. */
	readonly price?: number | string;
};

/** The `diskShare` at which, of four nodes, only the last one is above the default threshold of the rule `disk`. */
export const lastDiskFull = defaultThresholds.disk - 0.025;

/**
 * Returns a utilization that encodes the node and the rank: 0.51 is rank 1 of the first node, and 0.62 is rank 2 of
 * the second.
 */
function servedUtilization(node: number, rank: number): number {
	return (50 + 10 * (node % 5) + (rank % 10)) / 100;
}

/** Returns a response with constant values that are distinct on the screen, for the requested time range. */
export function servedMetrics(body: unknown, served: Served = {}): object {
	const {nodes = 4, gpus = 8, rate = 12.3, leaderOnly = false, diskShare = 0.33, id = 'k4q95w5'} = served;
	const {start_epoch_millis: start, end_epoch_millis: end, step_seconds: step = 30} = askedSchema.parse(body);
	const stepMs = Math.max(step * 1000, sampleMs);
	const times: string[] = [];
	for (let time = Math.ceil(start / stepMs) * stepMs; time <= Math.min(end, Date.now()); time += stepMs) {
		times.push(new Date(time).toISOString());
	}

	const points = (value: number): readonly object[] => times.map(timestamp => ({timestamp, value}));
	const compute = (node: number): NodeFields =>
		servedNode(ranksUpTo(gpus), {
			gpu: {
				utilization: rank => points(servedUtilization(node, rank)),
				memory: rank => points((61.2 + rank) * gibibyte),
			},
			node: {
				cpu: points(22.5 + node),
				ram: points((302 + node) * gibibyte),
				disk: points((210 + node) * gibibyte),
				diskShare: points(diskShare + node / 100),
			},
			others: points,
		});
	return {
		deployment_id: id,
		metrics: {
			...servedRates({volume: points(rate), inProgress: points(7)}, points),
			response_time_stats: times.map(timestamp => ({timestamp, p50: 123, p95: 456, p99: 1890})),
			inference_volume_by_status: times.map(timestamp => ({
				timestamp,
				status_2xx: 95.9,
				status_4xx: 3.3,
				status_5xx: 0.8,
			})),
			...compute(0),
			per_node_metrics: leaderOnly
				? []
				: Array.from({length: nodes}, (_, node) => ({node_id: `loops-trainer-${node}`, ...compute(node)})),
		},
	};
}

/** Returns the deployment that matches the metrics. */
export function servedDeployment({nodes = 4, gpus = 8, status = 'RUNNING', sampler, run}: Served = {}): object {
	return {
		id: 'k4q95w5',
		base_model: 'Qwen/Qwen3-30B-A3B-Instruct-2507',
		base_url: 'https://example.com',
		status: {name: status},
		user: {email: null},
		...(run === undefined ? {} : {active_run_id: 'r1', latest_run_id: 'r1', availability_model: 'spot'}),
		node_count: nodes,
		instance_type: {
			id: 'i',
			name: 'H100:8',
			gpu_type: 'H100',
			gpu_count: gpus,
			gpu_memory_limit_mib: 81_920,
			memory_limit_mib: 1_000_000,
			millicpu_limit: 96_000,
		},
		sampler: sampler === undefined ? null : servedSamplerOf(sampler),
	};
}

export function isMetrics({path}: SeenRequest): boolean {
	return path.endsWith('/metrics');
}

export function isCheckpoints({path}: SeenRequest): boolean {
	return path === '/v1/loops/checkpoints?run_id=r1';
}

export function isRun({path}: SeenRequest): boolean {
	return path === '/v1/loops/runs/r1';
}

export function isPrices({path}: SeenRequest): boolean {
	return path === '/v1/instance_type_prices';
}

/**
 * Returns the response with the prices of the deployment's instance type and of another one, or a 404 if there is no
 * price.
 */
function servedPrices({price}: Served): Reply {
	const priced = (id: string, amount: number | string): object => ({instance_type: {id, name: id}, price: amount});
	return price === undefined
		? {status: 404, json: {code: 'NOT_FOUND', message: 'There is no such route.'}}
		: {json: {instance_types: [priced('other', 0.01), priced('i', price)]}};
}

/** Returns the reaction of a healthy server to requests. */
export function healthy(served: Served = {}): Respond {
	return request => {
		if (isMetrics(request)) {
			return {json: servedMetrics(request.body, served)};
		}

		if (isCheckpoints(request)) {
			return {json: {checkpoints: served.checkpoints ?? []}};
		}

		if (isRun(request)) {
			const {run: name = 'ACTIVE'} = served;
			return {json: {run: {id: 'r1', name: 'my-run', session_id: 's1', status: {name}}}};
		}

		if (isPrices(request)) {
			return servedPrices(served);
		}

		if (isSamplerMetrics(request) || isSamplerExtras(request)) {
			return {json: servedSampler(request)};
		}

		return request.path.endsWith('/deployments')
			? {json: {deployments: [servedDeployment(served)]}}
			: {json: {deployment: servedDeployment(served)}};
	};
}
