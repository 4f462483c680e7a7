import {type Points, typedKeys} from '../api/points.ts';
import {
	gpuMetrics,
	latencyMetrics,
	limitOfGpu,
	limitOfNode,
	type MetricDescription,
	nodeMetrics,
	requestMetrics,
	statusMetrics,
} from '../metrics/metric-table.ts';
import type {Gpu as GpuNow, Node as NodeNow} from '../metrics/node.ts';
import {newestTime, statistics} from '../metrics/series.ts';
import type {Requests} from '../metrics/snapshot.ts';
import {differenceAt, differenceOfMeans} from '../metrics/windows.ts';
import type {Component} from '../state/component.ts';
import {asSeenFrom} from '../state/derive-logs.ts';
import {endOfMs, maxLogsInOutput, toMs} from '../state/logs.ts';
import {referenceOf} from '../state/reference.ts';
import type {State} from '../state/state.ts';
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

/** A metric's value, its series, and its limit if it has one. */
type Reading = {readonly value: number | undefined; readonly points: Points; readonly limit?: number | undefined};

/** The metrics of a table, by their names in the output. */
type MetricsOf<Table extends Readonly<Record<string, MetricDescription>>> = {
	[Key in keyof Table as Table[Key]['name']]: Table[Key] extends {readonly limit: object}
		? LimitedMetric<Table[Key]['unit']>
		: Metric<Table[Key]['unit']>;
};

/** Returns the metrics of a table. Only those that have a limit in the table have the field `limit`. */
function metricsOf<Name extends string, Table extends Readonly<Record<Name, MetricDescription>>>(
	table: Table & Readonly<Record<Name, MetricDescription>>,
	read: (name: Name) => Reading,
): MetricsOf<Table> {
	const metrics = byName(table, key => {
		const described = table[key];
		const {value, points, limit = null} = read(key);
		const now = metric(described.unit, value, points);
		return 'limit' in described ? {...now, limit} : now;
	});
	return metrics as MetricsOf<Table>;
}

/** Returns the results of a function for the metrics of a table, by their names in the output. */
function byName<Key extends string, Name extends string, Value>(
	table: Readonly<Record<Key, {readonly name: Name}>>,
	read: (key: Key) => Value,
): Readonly<Record<Name, Value>> {
	return Object.fromEntries(typedKeys(table).map(key => [table[key].name, read(key)])) as Record<Name, Value>;
}

/** Returns the metrics of a component's requests; unknown values are null. */
export function deploymentMetrics({series, latency, status, ...rates}: Requests): DeploymentMetrics {
	return {
		...metricsOf(requestMetrics, name => ({value: rates[name], points: series[name]})),
		...metricsOf(latencyMetrics, name => ({value: latency[name], points: series.latency[name]})),
		...metricsOf(statusMetrics, name => ({value: status[name], points: series.status[name]})),
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
 * Returns the differences between the values and the earlier ones; null if nothing is compared, or until the earlier
 * values are received.
 */
export function jsonComparison(state: State): Comparison | null {
	const reference = referenceOf(state);
	if (reference === undefined) {
		return null;
	}

	const {comparison, offsetMs, history} = reference;
	const {requests, startMs, endMs, window} = state.views.trainer.snapshot;
	const {series, latency, status} = requests;
	const earlier = history.requests;
	const change = (now: number | undefined, points: Points, before: Points): Change =>
		changeOf(points, now, before, offsetMs, window.stepMs);
	return {
		with: comparison,
		offset_seconds: offsetMs / 1000,
		start: isoTime(startMs - offsetMs),
		end: isoTime(endMs - offsetMs),
		metrics: {
			...byName(requestMetrics, name => change(requests[name], series[name], earlier[name])),
			...byName(latencyMetrics, name => change(latency[name], series.latency[name], earlier.latency[name])),
			...byName(statusMetrics, name => change(status[name], series.status[name], earlier.status[name])),
		},
	};
}

/**
 * Returns the newest known log entries up to the time of the values, at most `maxLogsInOutput`; undefined if no part of
 * the logs is known, or if the output doesn't contain logs.
 */
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

/** Returns a node or a replica, with its GPUs; unknown values are null. */
export function jsonNode(node: NodeNow): Node {
	const {id, reporting, lastSeenMs, gpus, series} = node;
	return {
		id,
		reporting,
		last_seen: lastSeenMs === undefined ? null : isoTime(lastSeenMs),
		metrics: metricsOf(nodeMetrics, name => ({
			value: node[name],
			points: series[name],
			limit: limitOfNode(node, name),
		})),
		gpus: gpus.map(jsonGpu),
	};
}

function jsonGpu(gpu: GpuNow): Gpu {
	const {rank, series} = gpu;
	return {
		rank,
		metrics: metricsOf(gpuMetrics, name => ({value: gpu[name], points: series[name], limit: limitOfGpu(gpu, name)})),
	};
}

/**
 * Returns a metric with this value, the time of the newest sample of its series (null if the value is unknown), and the
 * series' statistics.
 */
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
