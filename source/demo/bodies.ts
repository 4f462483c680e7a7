import type {Fields} from '../api/points.ts';
import {samplerStatusAt} from './sampler.ts';
import {type NodeFields, nodeFields, requestFields} from './served-fields.ts';
import {type Simulation, simulatedSampleMs} from './simulation.ts';
import {type SimulationSettings, statusAt} from './troubles.ts';
import {demoDeploymentId, demoIdentity, instanceIds, samplerOf} from './workspace.ts';

const baseModel = 'Qwen/Qwen3-30B-A3B-Instruct-2507';

const mebibytesOfGpu = 81_920;

/** A requested time range: epoch milliseconds, and the spacing of points in milliseconds. */
export type QueryRange = {readonly startMs: number; readonly endMs: number; readonly stepMs: number};

type Point = {readonly timestamp: string; readonly value: number};

/** The approximate number of moments that are averaged for a step that is much longer than the sample interval. */
const momentsPerStep = 4;

type Moment = {readonly timestamp: string; readonly times: readonly number[]};

/** Returns the points that the collectors have for a range as of `nowMs`, each with the moments that it averages. */
function moments(
	simulation: Simulation,
	kind: 'requests' | 'compute',
	span: QueryRange,
	nowMs: number,
): readonly Moment[] {
	const stepMs = Math.max(span.stepMs, simulatedSampleMs);
	const distance = Math.max(
		simulatedSampleMs,
		Math.floor(stepMs / momentsPerStep / simulatedSampleMs) * simulatedSampleMs,
	);
	const found: Moment[] = [];
	for (let time = Math.ceil(span.startMs / stepMs) * stepMs; time <= Math.min(span.endMs, nowMs); time += stepMs) {
		const times: number[] = [];
		for (let moment = time; moment < time + stepMs; moment += distance) {
			if (simulation.hasSample(kind, moment, nowMs)) {
				times.push(moment);
			}
		}

		if (times.length > 0) {
			found.push({timestamp: new Date(time).toISOString(), times});
		}
	}

	return found;
}

function mean(times: readonly number[], value: (timeMs: number) => number): number {
	return times.reduce((sum, time) => sum + value(time), 0) / times.length;
}

function points(at: readonly Moment[], value: (timeMs: number) => number): readonly Point[] {
	return at.map(({timestamp, times}) => ({timestamp, value: mean(times, value)}));
}

/** Returns the mean of the known values; null if none is known. */
function meanOfKnown(times: readonly number[], value: (timeMs: number) => number | undefined): number | null {
	const known = times.flatMap(time => value(time) ?? []);
	return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0) / known.length;
}

/** Returns one node's compute metrics, in the same form as the leader's at the top level of the response. */
function computeBody(simulation: Simulation, node: number, at: readonly Moment[]): NodeFields {
	const ranks = Array.from({length: simulation.setting.gpusPerNode}, (_, rank) => rank);
	const reported = ranks.map(rank => reportedIn(at, time => !simulation.isGpuSilent(node, rank, time)));
	return nodeFields(
		ranks.map(String),
		(name, rank) => points(reported[Number(rank)] ?? [], time => simulation.gpu(node, Number(rank), time)[name]),
		name => points(at, time => simulation.node(node, time)[name]),
	);
}

/** Returns the response of the metrics route. */
export function metricsBody(simulation: Simulation, span: QueryRange, nowMs: number, id = demoDeploymentId): object {
	const at = moments(simulation, 'requests', span, nowMs);
	const computeAt = moments(simulation, 'compute', span, nowMs);
	const {scenario, nodes} = simulation.setting;
	const perNode = scenario === 'single' ? [] : Array.from({length: nodes}, (_, node) => node);
	const latency = (name: 'p50' | 'p95' | 'p99') => (time: number) => simulation.requests(time).latency?.[name];
	const status = (name: 'status_2xx' | 'status_4xx' | 'status_5xx') => (time: number) =>
		simulation.requests(time).status[name];
	const metrics = {
		...requestFields(name => points(at, time => simulation.requests(time)[name])),
		response_time_stats: at.map(({timestamp, times}) => ({
			timestamp,
			p50: meanOfKnown(times, latency('p50')),
			p95: meanOfKnown(times, latency('p95')),
			p99: meanOfKnown(times, latency('p99')),
		})),
		inference_volume_by_status: at.map(({timestamp, times}) => ({
			timestamp,
			status_2xx: mean(times, status('status_2xx')),
			status_4xx: mean(times, status('status_4xx')),
			status_5xx: mean(times, status('status_5xx')),
		})),
		...computeBody(simulation, 0, computeAt),
		per_node_metrics: perNode.map(node => ({
			node_id: `loops-trainer-${node}`,
			...computeBody(
				simulation,
				node,
				reportedIn(computeAt, time => !simulation.isSilent(node, time)),
			),
		})),
	};
	return {deployment_id: id, metrics: scenario === 'odd' ? spoiled(metrics) : metrics};
}

/** Returns the moments at which a node or GPU reported. */
function reportedIn(at: readonly Moment[], isReported: (timeMs: number) => boolean): readonly Moment[] {
	return at.flatMap(({timestamp, times}) => {
		const reported = times.filter(isReported);
		return reported.length === 0 ? [] : [{timestamp, times: reported}];
	});
}

/**
 * Makes a response malformed, as if it came from a different version of the server: a field with a different type, and
 * invalid points.
 */
function spoiled(metrics: Fields): object {
	const {inference_volume: volume} = metrics;
	const [first, ...others]: readonly object[] = Array.isArray(volume) ? volume : [];
	return {
		...metrics,
		concurrent_requests: 'not a list',
		inference_volume: [{...first, timestamp: 'yesterday'}, {...first, value: 'many'}, ...others],
	};
}

/** Returns the sampler; null in the scenario `single`, which has none. */
function samplerBodyOf(setting: SimulationSettings, nowMs: number, id: string): object | null {
	const {scenario, startedAtMs} = setting;
	return scenario === 'single'
		? null
		: {
				id: 'demo-sampler',
				model_id: samplerOf(id).modelId,
				deployment_id: samplerOf(id).deploymentId,
				base_model: baseModel,
				status: {name: samplerStatusAt(setting, nowMs)},
				node_count: 1,
				instance_type: {
					id: instanceIds.sampler,
					name: 'H100:2',
					gpu_type: 'H100',
					gpu_count: 2,
					gpu_memory_limit_mib: mebibytesOfGpu,
					memory_limit_mib: 262_144,
					millicpu_limit: 24_000,
				},
				created_at: new Date(startedAtMs - 26 * 3_600_000).toISOString(),
			};
}

/** Returns the deployment in the form that both the list and the deployment's own route return. */
export function deploymentBody(setting: SimulationSettings, nowMs: number, {id, owner, ageMs} = demoIdentity): object {
	return {
		id,
		base_model: baseModel,
		base_url: 'https://loops.example.com',
		status: {name: statusAt(setting, nowMs)},
		user: {email: owner},
		created_at: new Date(setting.startedAtMs - ageMs).toISOString(),
		active_run_id: `${id}-run`,
		latest_run_id: `${id}-run`,
		availability_model: 'dedicated',
		node_count: setting.nodes,
		instance_type: {
			id: instanceIds.trainer,
			name: `H100:${setting.gpusPerNode}`,
			gpu_type: 'H100',
			gpu_count: setting.gpusPerNode,
			gpu_memory_limit_mib: mebibytesOfGpu,
			memory_limit_mib: 1_048_576,
			millicpu_limit: 96_000,
		},
		sampler: samplerBodyOf(setting, nowMs, id),
	};
}
