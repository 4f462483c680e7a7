import type {FieldProblem, GpuPoints} from '../api/metrics-response.ts';
import type {Points} from '../api/points.ts';
import type {Gpu as GpuNow, Node as NodeNow} from '../metrics/node.ts';
import {newestTime, statistics} from '../metrics/series.ts';
import type {Requests} from '../metrics/snapshot.ts';
import {differenceAt, differenceOfMeans} from '../metrics/windows.ts';
import {logRequests} from '../state/actions.ts';
import type {Component} from '../state/component.ts';
import {asSeenFrom} from '../state/derive-logs.ts';
import {endOfMs, maxLogsInOutput, toMs} from '../state/logs.ts';
import {referenceOf} from '../state/reference.ts';
import {type MissingPart, missingParts} from '../state/selectors.ts';
import type {State} from '../state/state.ts';
import {describeFailure, describeMissing} from '../text/failure-text.ts';
import type {
	Change,
	Comparison,
	DeploymentMetrics,
	Gpu,
	LimitedMetric,
	Line,
	Logs,
	Metric,
	Node,
	Problem,
} from './snapshot-types.ts';

/** Formats epoch milliseconds as ISO 8601 without fractional seconds, as jq's `fromdate` requires. */
export function isoTime(timeMs: number): string {
	return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}

/**
 * Returns the time of the newest sample and its age in seconds, negative if it is in the future; null if there is none.
 */
export function newestSampleFields(
	newestMs: number | undefined,
	nowMs: number,
): Pick<Line, 'newest_sample' | 'age_seconds'> {
	return newestMs === undefined
		? {newest_sample: null, age_seconds: null}
		: {newest_sample: isoTime(newestMs), age_seconds: (nowMs - newestMs) / 1000};
}

/** Returns the metrics of a component's requests; unknown values are null. */
export function deploymentMetrics({series, volume, inProgress, latency, status}: Requests): DeploymentMetrics {
	return {
		requests: metric('requests/s', volume, series.volume),
		requests_in_progress: metric('requests', inProgress, series.inProgress),
		latency_p50: metric('ms', latency.p50, series.latency.p50),
		latency_p95: metric('ms', latency.p95, series.latency.p95),
		latency_p99: metric('ms', latency.p99, series.latency.p99),
		responses_2xx: metric('requests/s', status.status_2xx, series.status.status_2xx),
		responses_4xx: metric('requests/s', status.status_4xx, series.status.status_4xx),
		responses_5xx: metric('requests/s', status.status_5xx, series.status.status_5xx),
	};
}

function changeOf(
	points: Points,
	now: number | undefined,
	reference: Points,
	offsetMs: number,
	stepMs: number,
): Change {
	const timeMs = newestTime(points) ?? Number.NaN;
	const value = differenceAt({points, now}, reference, {timeMs, offsetMs, stepMs});
	const mean = differenceOfMeans(points, reference, offsetMs);
	return {
		value: value.before ?? null,
		change: value.ratio ?? null,
		mean: mean.before ?? null,
		mean_change: mean.ratio ?? null,
	};
}

/**
 * Returns the differences between the values and the earlier ones; null if nothing is compared, or until those are
 * received.
 */
export function jsonComparison(state: State): Comparison | null {
	const reference = referenceOf(state);
	if (reference === undefined) {
		return null;
	}

	const {comparison, offsetMs, history} = reference;
	const {requests, startMs, endMs, window} = state.views.trainer.snapshot;
	const {series, volume, inProgress, latency, status} = requests;
	const earlier = history.requests;
	const change = (points: Points, now: number | undefined, before: Points): Change =>
		changeOf(points, now, before, offsetMs, window.stepMs);
	return {
		with: comparison,
		offset_seconds: offsetMs / 1000,
		start: isoTime(startMs - offsetMs),
		end: isoTime(endMs - offsetMs),
		metrics: {
			requests: change(series.volume, volume, earlier.volume),
			requests_in_progress: change(series.inProgress, inProgress, earlier.inProgress),
			latency_p50: change(series.latency.p50, latency.p50, earlier.latency.p50),
			latency_p95: change(series.latency.p95, latency.p95, earlier.latency.p95),
			latency_p99: change(series.latency.p99, latency.p99, earlier.latency.p99),
			responses_2xx: change(series.status.status_2xx, status.status_2xx, earlier.status.status_2xx),
			responses_4xx: change(series.status.status_4xx, status.status_4xx, earlier.status.status_4xx),
			responses_5xx: change(series.status.status_5xx, status.status_5xx, earlier.status.status_5xx),
		},
	};
}

/**
 * Returns the reason why the earlier values aren't available, as one problem; empty if they are, or if nothing is
 * compared.
 */
export function comparisonProblems({comparison, sideFailures}: State): readonly FieldProblem[] {
	const fault = sideFailures.reference;
	return comparison === 'off' || fault === undefined
		? []
		: [{field: 'comparison', problem: `is unknown: ${describeFailure(fault.failure)}`}];
}

function problemOf({part, failure, atMs}: MissingPart): FieldProblem {
	const verb = part === 'checkpoints' ? ['are', 'were'] : ['is', 'was'];
	const known = atMs === undefined ? `${verb[0]} unknown` : `${verb[1]} last received ${isoTime(atMs)}`;
	return {field: part, problem: `${known}: ${describeMissing(failure)}`};
}

/** Returns the reasons why the cost, the run, or its checkpoints are unknown or old: their last request failed. */
export function partProblems(state: State): readonly FieldProblem[] {
	const unreadable = state.checkpoints?.unreadable ?? 0;
	return [
		...missingParts(state).flatMap(missing => (missing.part === 'extras' ? [] : [problemOf(missing)])),
		...(unreadable === 0 ? [] : [{field: 'checkpoints', problem: `include ${unreadable} unreadable ones`}]),
	];
}

/**
 * Returns the reasons why sampler metrics are unknown: points were left out, or the last request for the extra ones
 * failed.
 */
export function samplerProblems(state: State): readonly FieldProblem[] {
	const {dropped} = state.views.sampler.snapshot;
	const left = `include ${dropped} that are left out: unreadable, or in the future`;
	return [
		...(dropped === 0 ? [] : [{field: "the sampler's points", problem: left}]),
		...missingParts(state).flatMap(({part, failure}) =>
			part === 'extras'
				? [{field: 'additional sampler metrics', problem: `are unknown: ${describeMissing(failure)}`}]
				: [],
		),
	];
}

/** Returns the newest known log entries up to the time of the values; undefined if none are known, or none are needed. */
export function jsonLogs(state: State, component: Component): Logs | undefined {
	const {logs} = asSeenFrom(state, component);
	const untilNs = endOfMs(state.live.nowMs);
	const range = state.hasLogOutput ? logs.buffer.ranges.findLast(({fromNs}) => fromNs <= untilNs) : undefined;
	if (range === undefined) {
		return undefined;
	}

	const known = range.lines.filter(({timeNs}) => timeNs <= untilNs);
	const lines = known.slice(-maxLogsInOutput);
	const fromNs = (known.length > lines.length ? lines[0]?.timeNs : undefined) ?? range.fromNs;
	return {
		start: isoTime(toMs(fromNs)),
		end: isoTime(toMs(range.toNs < untilNs ? range.toNs : untilNs)),
		unreadable: logs.dropped,
		entries: lines.map(({timeNs, level, replica, requestId, message}) => ({
			time: isoTime(toMs(timeNs)),
			nanoseconds: String(timeNs),
			level: level ?? null,
			replica: replica ?? null,
			request_id: requestId ?? null,
			message,
		})),
	};
}

/**
 * Returns the reason why the logs of a component are unknown; empty if they are known, or if the output doesn't contain
 * logs.
 */
export function logsProblems(state: State, component: Component): readonly FieldProblem[] {
	if (!state.hasLogOutput || jsonLogs(state, component) !== undefined) {
		return [];
	}

	const fault = state.sideFailures[logRequests[component].newest] ?? state.sideFailures[logRequests[component].earlier];
	const reason = state.replay === undefined ? "they weren't requested" : "they aren't in the recording";
	const why = fault === undefined ? reason : describeFailure(fault.failure);
	return [{field: 'logs', problem: `are unknown: ${why}`}];
}

/** Returns a problem in the form of those in a snapshot's `problems`. */
export function toProblem({field, problem}: FieldProblem): Problem {
	return {field, problem};
}

/** Returns a node or a replica, with its GPUs; unknown values are null. */
export function jsonNode({
	id,
	reporting,
	lastSeenMs,
	gpus,
	series,
	cpu,
	cpuTotal,
	ram,
	ramTotal,
	disk,
	diskShare,
}: NodeNow): Node {
	return {
		id,
		reporting,
		last_seen: lastSeenMs === undefined ? null : isoTime(lastSeenMs),
		metrics: {
			cpu: limited('cores', cpu, series.cpu, cpuTotal),
			ram: limited('bytes', ram, series.ram, ramTotal),
			disk: metric('bytes', disk, series.disk),
			disk_utilization: metric('ratio', diskShare, series.diskShare),
		},
		gpus: gpus.map(jsonGpu),
	};
}

function jsonGpu({rank, utilization, memory, memoryTotal, series}: GpuNow): Gpu {
	return {
		rank,
		metrics: {
			utilization: metric('ratio', utilization, series.utilization),
			memory: limited('bytes', memory, series.memory, memoryTotal),
		} satisfies Readonly<Record<keyof GpuPoints, Metric<string>>>,
	};
}

/** Returns a metric with the newest sample of its series as its value. */
export function metric<Unit extends string>(unit: Unit, value: number | undefined, points: Points): Metric<Unit> {
	const {mean, lowest, peak} = statistics(points);
	const timeMs = value === undefined ? undefined : newestTime(points);
	return {
		unit,
		value: value ?? null,
		time: timeMs === undefined ? null : isoTime(timeMs),
		mean: mean ?? null,
		min: lowest ?? null,
		max: peak ?? null,
	};
}

function limited<Unit extends string>(
	unit: Unit,
	value: number | undefined,
	points: Points,
	limit: number | undefined,
): LimitedMetric<Unit> {
	return {...metric(unit, value, points), limit: limit ?? null};
}
