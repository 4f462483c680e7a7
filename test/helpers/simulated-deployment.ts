import {readDeployment} from '../../source/api/deployment.ts';
import type {Finding} from '../../source/metrics/findings.ts';
import {changesBetween} from '../../source/metrics/known-findings.ts';
import {sampleMs} from '../../source/metrics/rules/rule.ts';
import type {Thresholds} from '../../source/metrics/thresholds.ts';
import {defaultWindow} from '../../source/metrics/windows.ts';
import type {Action} from '../../source/state/actions.ts';
import {initialState} from '../../source/state/initial-state.ts';
import {reduce} from '../../source/state/reducer.ts';
import type {State} from '../../source/state/state.ts';
import {fixedThresholds} from './fixed-thresholds.ts';
import {responseOf, servedPoints} from './responses.ts';

export const minute = 60_000;
export const noon = Date.UTC(2026, 10, 23, 12);

/** A value at a given time in minutes from noon; null means no sample, and NaN means a sample without a value. */
export type Signal = (minutes: number) => number | null;

/** Returns a signal that never changes. */
export const constant =
	(value: number): Signal =>
	() =>
		value;

/** Returns a signal with samples only in a time range, in minutes. */
export const during =
	(from: number, to: number, course: Signal): Signal =>
	minutes =>
		minutes >= from && minutes <= to ? course(minutes) : null;

/**
 * What a node reports: by rank, the utilization of its GPUs and the shares of their memory that are in use; and the
 * shares of its RAM and storage that are in use.
 */
export type NodeModel = {
	readonly gpus?: Readonly<Record<string, Signal>>;
	readonly gpuMemory?: Readonly<Record<string, Signal>>;
	readonly ram?: Signal;
	readonly disk?: Signal;
};

/**
 * A deployment as a function of time, in minutes from noon. A missing signal means no samples, except that a missing
 * `failed` or `refused` means 0.
 */
export type DeploymentModel = {
	readonly nodes: Readonly<Record<string, NodeModel>>;
	readonly nodeCount?: number;
	readonly gpusPerNode?: number;
	readonly status?: (minutes: number) => string;
	/** Requests per second, requests in progress, and requests per second that end with 5xx and 4xx. */
	readonly rate?: Signal;
	readonly inProgress?: Signal;
	readonly failed?: Signal;
	readonly refused?: Signal;
	readonly createdAt?: number;
	readonly runId?: string;
};

const totalRam = 1_000_000 * 1024 ** 2;
const totalGpuMemory = 80_000 * 1024 ** 2;

/** Returns the server's response for a time range, in minutes from noon: samples every 30 s. */
export function bodyOf(model: DeploymentModel, from: number, to: number): object {
	const points = (course: Signal | undefined, scale = 1): readonly object[] => {
		const list: Array<readonly [number, number | null]> = [];
		for (let at = Math.ceil(from * 2) / 2; at <= to; at += 0.5) {
			const value = course?.(at);
			if (typeof value === 'number') {
				list.push([noon + at * minute, Number.isNaN(value) ? null : value * scale]);
			}
		}

		return servedPoints(...list);
	};
	const byRank = (signals: Readonly<Record<string, Signal>>, scale = 1): object =>
		Object.fromEntries(Object.entries(signals).map(([rank, course]) => [rank, points(course, scale)]));
	const rows: object[] = [];
	for (let at = Math.ceil(from * 2) / 2; at <= to; at += 0.5) {
		const rate = model.rate?.(at);
		if (typeof rate === 'number') {
			const failed = model.failed?.(at) ?? 0;
			const refused = model.refused?.(at) ?? 0;
			rows.push({
				timestamp: new Date(noon + at * minute).toISOString(),
				status_2xx: Number.isNaN(rate) ? null : rate - failed - refused,
				status_4xx: refused,
				status_5xx: failed,
			});
		}
	}

	return {
		inference_volume: points(model.rate),
		concurrent_requests: points(model.inProgress),
		response_time_stats: [],
		inference_volume_by_status: rows,
		per_node_metrics: Object.entries(model.nodes).map(([id, {gpus = {}, gpuMemory = {}, ram, disk}]) => ({
			node_id: id,
			gpu_utilization: byRank(gpus),
			gpu_memory_usage_bytes: byRank(gpuMemory, totalGpuMemory),
			cpu_usage: [],
			cpu_memory_usage_bytes: points(ram, totalRam),
			ephemeral_storage: {usage_bytes: [], utilization: points(disk)},
		})),
	};
}

/** Returns the server's description of the deployment at a given time, in minutes from noon. */
export function deploymentBodyAt(model: DeploymentModel, minutes: number): object {
	const {nodes, nodeCount, gpusPerNode, status, createdAt = -10_000, runId} = model;
	return {
		deployment: {
			id: 'k4q95w5',
			status: {name: status?.(minutes) ?? 'RUNNING'},
			created_at: new Date(noon + createdAt * minute).toISOString(),
			...(runId === undefined ? {} : {active_run_id: runId}),
			node_count: nodeCount ?? Object.keys(nodes).length,
			instance_type: {
				gpu_count: gpusPerNode,
				memory_limit_mib: 1_000_000,
				gpu_type: 'H100',
				gpu_memory_limit_mib: 80_000,
			},
		},
	};
}

function deploymentAt(model: DeploymentModel, minutes: number): Action {
	const deployment = readDeployment(deploymentBodyAt(model, minutes));
	if (deployment === undefined) {
		throw new Error("the deployment can't be read");
	}

	return {type: 'deploymentLoaded', deployment, atMs: noon + minutes * minute + 1000};
}

/**
 * Returns the actions of a poll at a given time, in minutes from noon: the metrics and the deployment. The metrics
 * cover the previous hour if `before`, the time of the previous poll, is undefined or more than ten minutes earlier.
 * Otherwise, they begin two minutes before that poll.
 */
export function pollAt(model: DeploymentModel, minutes: number, before: number | undefined): readonly Action[] {
	const endMs = noon + Math.ceil(minutes * 2) * (minute / 2);
	const whole = before === undefined || minutes - before > 10;
	const startMs = whole ? endMs - defaultWindow.lengthMs : noon + (before - 2) * minute;
	const atMs = noon + minutes * minute + 1000;
	const response = responseOf(bodyOf(model, (startMs - noon) / minute, minutes));
	return [
		{
			type: 'metricsReceived',
			kind: 'live',
			window: defaultWindow.name,
			response,
			range: {startMs, endMs, whole},
			atMs,
			tookMs: 5,
		},
		deploymentAt(model, minutes),
	];
}

/** Returns the state before the first poll, by default with test thresholds rather than the program's defaults. */
export function startState(thresholds: Thresholds = fixedThresholds): State {
	const target = {kind: 'deployment', id: 'k4q95w5'} as const;
	return initialState({target, host: 'host', window: defaultWindow, intervalMs: 30_000, nowMs: noon, thresholds});
}

/** Returns the time from the first to the last of this many samples, in minutes. */
export function span(samples: number): number {
	return ((samples - 1) * sampleMs) / minute;
}

/**
 * Describes a finding in a few words: a `?` if it is unknown, its rule, and then its status, node, and ranks if it has
 * them. Examples: `disk a`, `? idle-gpus a 2 3`.
 */
export function brief(finding: Finding): string {
	const {subject} = finding;
	const place = subject.kind === 'deployment' ? [] : [subject.node];
	const ranks = subject.kind === 'gpu' ? [subject.rank] : subject.kind === 'gpus' ? subject.ranks : [];
	const status = finding.rule === 'status' ? [finding.status] : [];
	const mark = finding.state === 'unknown' ? ['?'] : [];
	return [...mark, finding.rule, ...status, ...place, ...ranks].join(' ');
}

export type Simulated = {
	readonly state: State;
	/**
	 * The events after the first evaluation, each with its time in minutes from noon, such as `12.5 + disk a`: a
	 * finding appeared (`+`), worsened (`!`), became unknown (`?`), became known again (`again`), or was resolved
	 * (`-`).
	 */
	readonly events: readonly string[];
};

/** Polls a model at these times, in minutes from noon, with the same default thresholds as `startState`. */
export function simulate(model: DeploymentModel, polls: readonly number[], thresholds?: Thresholds): Simulated {
	let state = startState(thresholds);
	const events: string[] = [];
	let before: number | undefined;
	for (const minutes of polls) {
		const earlier = state.findings;
		state = pollAt(model, minutes, before).reduce(reduce, state);
		before = minutes;
		if (!earlier.isEvaluated) {
			continue;
		}

		const {appeared, becameUnknown, knownAgain, resolved, worsened} = changesBetween(earlier, state.findings);
		events.push(
			...appeared.map(finding => `${minutes} + ${brief(finding)}`),
			...worsened.map(finding => `${minutes} ! ${brief(finding)}`),
			...becameUnknown.map(finding => `${minutes} ${brief(finding)}`),
			...knownAgain.map(finding => `${minutes} again ${brief(finding)}`),
			...resolved.map(finding => `${minutes} - ${brief(finding)}`),
		);
	}

	return {state, events};
}

/** Returns the times `from`, `from + step`, and so on, up to and including `to`. All three have the same unit. */
export function every(step: number, from: number, to: number): readonly number[] {
	return Array.from({length: Math.floor((to - from) / step) + 1}, (_, index) => from + index * step);
}

/** Returns the current findings, each in a few words. */
export function currentFindings({state}: Pick<Simulated, 'state'>): readonly string[] {
	return state.findings.current.map(brief);
}
