import type {Reply, Respond, SeenRequest} from './scripted-server.ts';
import {askedSchema, isPrices, servedDeployment} from './served.ts';
import {ranksUpTo, servedNode, servedRates} from './served-fields.ts';

const sampleMs = 30_000;
const gibibyte = 1024 ** 3;

/** A deployment of a fleet. Its values are derived from its number, so tests can distinguish deployments. */
export type FleetMember = {readonly number: number; readonly status?: string};

/** Returns the ID of a deployment of the fleet, such as `ship07`. */
export function memberId(number: number): string {
	return `ship${String(number).padStart(2, '0')}`;
}

/** Returns the utilization of a deployment's GPUs, in whole percent: 30 plus the deployment's number. */
export function memberUtilization(number: number): number {
	return 30 + number;
}

/** Returns a deployment's requests per second. */
export function memberRate(number: number): number {
	return 200 + number;
}

/** Returns constant metrics for 4 nodes with 8 GPUs each. */
function memberMetrics(number: number, body: unknown, nowMs: number): object {
	const {start_epoch_millis: start, end_epoch_millis: end, step_seconds: step = 30} = askedSchema.parse(body);
	const stepMs = Math.max(step * 1000, sampleMs);
	const times: string[] = [];
	for (let time = Math.ceil(start / stepMs) * stepMs; time <= Math.min(end, nowMs); time += stepMs) {
		times.push(new Date(time).toISOString());
	}

	const points = (value: number): readonly object[] => times.map(timestamp => ({timestamp, value}));
	const utilization = points(memberUtilization(number) / 100);
	const memory = points(60 * gibibyte);
	const compute = servedNode(ranksUpTo(8), {
		gpu: {utilization: () => utilization, memory: () => memory},
		node: {
			cpu: points(20),
			ram: points(300 * gibibyte),
			disk: points(200 * gibibyte),
			diskShare: points(0.3),
		},
		others: points,
	});
	return {
		deployment_id: memberId(number),
		metrics: {
			...servedRates({volume: points(memberRate(number)), inProgress: points(5)}, points),
			response_time_stats: times.map(timestamp => ({timestamp, p50: 100, p95: 400, p99: 1000 + number})),
			inference_volume_by_status: times.map(timestamp => ({
				timestamp,
				status_2xx: 99,
				status_4xx: 0.5,
				status_5xx: 0.5,
			})),
			...compute,
			per_node_metrics: Array.from({length: 4}, (_, node) => ({node_id: `${memberId(number)}-${node}`, ...compute})),
		},
	};
}

/** A fleet and the server's responses about it. `members` and `replies` can be changed at any time. */
export type Fleet = {
	members: readonly FleetMember[];
	/**
	 * The responses to requests for the metrics of some deployments, by number. If a function returns undefined, the
	 * usual response is sent.
	 */
	readonly replies: Map<number, (request: SeenRequest) => Reply | undefined | Promise<Reply | undefined>>;
	readonly respond: Respond;
};

/** Creates a workspace with this number of running deployments and with list prices. */
export function createFleet(size: number): Fleet {
	const fleet: Fleet = {
		members: Array.from({length: size}, (_, number) => ({number})),
		replies: new Map(),
		async respond(request) {
			const [path = ''] = request.path.split('?');
			if (isPrices(request)) {
				return {json: {instance_types: [{instance_type: {id: 'i'}, price: '0.5'}]}};
			}

			if (path.endsWith('/deployments')) {
				return {json: {deployments: fleet.members.map(describe)}};
			}

			const member = fleet.members.find(({number}) => path.includes(`/${memberId(number)}`));
			if (member === undefined) {
				return {status: 404, json: {code: 'NOT_FOUND', message: 'not found'}};
			}

			if (!path.endsWith('/metrics')) {
				return path.endsWith(memberId(member.number))
					? {json: {deployment: describe(member)}}
					: {status: 404, json: {}};
			}

			return (
				(await fleet.replies.get(member.number)?.(request)) ?? {
					json: memberMetrics(member.number, request.body, Date.now()),
				}
			);
		},
	};
	return fleet;
}

/** Describes a deployment. The newest deployments have the lowest numbers, so they come first in a list. */
function describe({number, status = 'RUNNING'}: FleetMember): object {
	return {
		...servedDeployment({status}),
		id: memberId(number),
		base_model: `org/model-${number}`,
		user: {email: `owner${number}@example.com`},
		active_run_id: `run${number}`,
		latest_run_id: `run${number}`,
		created_at: new Date(Date.UTC(2026, 10, 1) - number * 3_600_000).toISOString(),
	};
}
