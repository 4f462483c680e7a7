import type {Client} from '../api/client.ts';
import type {Result} from '../api/failure.ts';
import type {Level, LogsResponse} from '../api/logs.ts';
import {isAlmostFull, mergeLogs} from '../metrics/log-buffer.ts';
import {type LoadedLogs, type LogsUpdate, toMs, toNs} from '../state/logs.ts';
import {type LogsPlan, latenessMs, newestFromMs, planLogs} from '../state/logs-plan.ts';
import type {SideRequestName} from '../state/side-response.ts';
import type {State} from '../state/state.ts';
import type {SideContext, SideRequest} from './side-request.ts';

/** Where logs are requested: a deployment, a minimum level, and a client. */
export type LogsSource = {
	readonly client: Client;
	readonly deploymentId: string;
	readonly level: Level;
	/** The number of entries per response. */
	readonly limit: number;
	readonly signal: AbortSignal;
};

async function askPage(
	{client, deploymentId, level, limit, signal}: LogsSource,
	query: {readonly startMs: number; readonly endMs: number | undefined; readonly direction: 'asc' | 'desc'},
): Promise<Result<LogsResponse>> {
	// Entries without a level aren't below any, but a server that gets a level may omit them.
	return client.logs(deploymentId, {...query, limit, minLevel: level === 'DEBUG' ? undefined : level}, signal);
}

/** A part of the logs, backwards from before `endMs` (now if undefined) to `startMs`. */
type Backwards = {
	readonly startMs: number;
	readonly endMs: number | undefined;
	/** The maximum number of responses. */
	readonly pages: number;
	/** Until then all is known, whenever the newest entry was. */
	readonly untilNs: bigint;
};

/**
 * Loads logs backwards, the newest first. The range begins where the last response does; after the first response, a
 * failure ends it as well.
 */
export async function loadBack(source: LogsSource, wanted: Backwards, known?: LoadedLogs): Promise<Result<LoadedLogs>> {
	const {startMs, endMs, pages} = wanted;
	const result = await askPage(source, {startMs, endMs, direction: 'desc'});
	if (!result.ok) {
		return known === undefined ? result : {ok: true, value: known, tookMs: result.tookMs};
	}

	const {loaded, nextEndMs} = addBefore(known, result.value, {...wanted, limit: source.limit});
	return nextEndMs === undefined || pages <= 1
		? {...result, value: loaded}
		: loadBack(source, {...wanted, endMs: nextEndMs, pages: pages - 1}, loaded);
}

/** Returns the loaded logs with an earlier response, and the end of the next one; undefined if it was the last. */
function addBefore(
	known: LoadedLogs | undefined,
	{lines, received, dropped}: LogsResponse,
	{startMs, endMs, untilNs, limit}: Backwards & Pick<LogsSource, 'limit'>,
): {readonly loaded: LoadedLogs; readonly nextEndMs: number | undefined} {
	const [oldest] = lines;
	const before = known?.range ?? {toNs: later(untilNs, lines.at(-1)?.timeNs), lines: [], truncatedAt: []};
	const range = {...before, lines: mergeLogs(before.lines, lines)};
	const loadedFrom = (fromNs: bigint, truncatedAt = range.truncatedAt): LoadedLogs => ({
		range: {...range, fromNs, truncatedAt},
		dropped: (known?.dropped ?? 0) + dropped,
	});
	if (received < limit || oldest === undefined) {
		return {loaded: loadedFrom(toNs(startMs)), nextEndMs: undefined};
	}

	const oldestMs = toMs(oldest.timeNs);
	if (endMs === undefined || oldestMs + 1 < endMs) {
		return {loaded: loadedFrom(oldest.timeNs), nextEndMs: oldestMs + 1};
	}

	// The whole response is of one millisecond: its other entries can't be requested.
	const nextEndMs = Math.min(oldestMs, endMs - 1);
	return {loaded: loadedFrom(toNs(nextEndMs) - 1n, [...range.truncatedAt, toNs(oldestMs)]), nextEndMs};
}

function later(a: bigint, b: bigint | undefined): bigint {
	return b === undefined || a > b ? a : b;
}

/** Loads one response of logs forwards, from `fromNs` to before `endMs`. The range ends where the response does. */
export async function loadForth(
	source: LogsSource,
	{fromNs, endMs}: {readonly fromNs: bigint; readonly endMs: number},
): Promise<Result<LoadedLogs>> {
	const startMs = toMs(fromNs);
	const result = await askPage(source, {startMs, endMs, direction: 'asc'});
	if (!result.ok) {
		return result;
	}

	const {received, dropped} = result.value;
	// Entries of the same millisecond before the range are known.
	const lines = result.value.lines.filter(({timeNs}) => timeNs >= fromNs);
	const newest = result.value.lines.at(-1);
	if (received < source.limit || newest === undefined) {
		const untilNs = later(later(toNs(endMs) - 1n, fromNs), newest?.timeNs);
		return {...result, value: {range: {fromNs, toNs: untilNs, lines, truncatedAt: []}, dropped}};
	}

	// The whole response is of one millisecond: its other entries can't be requested.
	const isOverfull = toMs(newest.timeNs) <= startMs;
	const untilNs = isOverfull ? toNs(startMs + 1) : newest.timeNs;
	const truncatedAt = isOverfull ? [untilNs] : [];
	return {...result, value: {range: {fromNs, toNs: untilNs, lines, truncatedAt}, dropped}};
}

/** The longest interval of log requests: new lines appear soon, however long the polling interval is. */
const longestIntervalMs = 5000;

/** The maximum number of responses per request for new entries; the rest is a gap until it is scrolled to. */
const mostPages = 5;

/** The maximum number of entries in a response of the API. */
const pageLimit = 1000;

/**
 * Returns the deployment whose logs are open; undefined if they are closed, or if the server refuses this side request.
 */
function openLogsOf({logs, target, sideFailures}: State, request: SideRequestName): string | undefined {
	const fault = sideFailures[request];
	const isRefused = fault !== undefined && fault.nextAtMs === undefined;
	return logs.isOpen && target.kind === 'deployment' && !isRefused ? target.id : undefined;
}

function sourceOf({client, state, signal}: SideContext): LogsSource {
	const {target, logs} = state;
	return {
		client,
		deploymentId: target.kind === 'deployment' ? target.id : '',
		level: logs.level,
		limit: pageLimit,
		signal,
	};
}

/** Requests the newest logs while they are open, until there is no more room for them below the selection. */
export const newestLogsRequest: SideRequest = {
	name: 'logs',
	wanted(state) {
		const {logs, intervalMs} = state;
		const isFollowed = logs.place.kind === 'newest' || !isAlmostFull(logs.buffer);
		return openLogsOf(state, 'logs') === undefined || !isFollowed
			? undefined
			: {key: logs.level, everyMs: Math.min(intervalMs, longestIntervalMs)};
	},
	async ask(context) {
		const {state, now} = context;
		const nowMs = now();
		const isFirst = state.logs.buffer.ranges.length === 0;
		const result = await loadBack(sourceOf(context), {
			startMs: newestFromMs(state, nowMs),
			endMs: undefined,
			pages: isFirst ? 1 : mostPages,
			// Entries newer than the newest one may still arrive.
			untilNs: toNs(nowMs - latenessMs),
		});
		return toNews('logs', state, result);
	},
};

/** Requests logs around the selection if they aren't loaded. */
export const earlierLogsRequest: SideRequest = {
	name: 'earlierLogs',
	wanted(state) {
		const plan = openLogsOf(state, 'earlierLogs') === undefined ? undefined : planLogs(state);
		// A response changes the key. If it doesn't, there was nothing more to load.
		return plan && {key: `${state.logs.level} ${planKey(plan)}`, everyMs: longestIntervalMs};
	},
	async ask(context) {
		const {state} = context;
		const plan = planLogs(state);
		const isOver: Result<undefined> = {ok: true, value: undefined, tookMs: 0};
		return toNews('earlierLogs', state, plan === undefined ? isOver : await loadMore(sourceOf(context), plan));
	},
};

function planKey(plan: LogsPlan): string {
	return plan.kind === 'back' ? `back from ${plan.toNs}` : `forth from ${plan.fromNs}`;
}

async function loadMore(source: LogsSource, plan: LogsPlan): Promise<Result<LoadedLogs>> {
	if (plan.kind === 'forth') {
		return loadForth(source, plan);
	}

	const {toNs: untilNs, startMs} = plan;
	return loadBack(source, {startMs, endMs: toMs(untilNs) + 1, pages: 1, untilNs});
}

function toNews<Kind extends SideRequestName>(
	kind: Kind,
	{logs}: State,
	result: Result<LoadedLogs | undefined>,
): Result<{readonly kind: Kind} & LogsUpdate> {
	return result.ok ? {...result, value: {kind, level: logs.level, loaded: result.value}} : result;
}
