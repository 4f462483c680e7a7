// Longer than 250 lines because each response with logs determines the range of the next request.

import type {Client, SamplerId} from '../api/client.ts';
import type {Result} from '../api/failure.ts';
import type {Level, LogsResponse} from '../api/logs.ts';
import {isAlmostFull, mergeLogs} from '../metrics/log-buffer.ts';
import {logRequests, type SideRequestName} from '../state/actions.ts';
import {type Component, components} from '../state/component.ts';
import {
	areLogsShown,
	asSeenFrom,
	earliestLogsMs,
	type LogsPlan,
	latenessMs,
	newestFromMs,
	planLogs,
} from '../state/derive-logs.ts';
import {type LoadedLogs, type LogsUpdate, maxLogsInOutput, toMs, toNs} from '../state/logs.ts';
import type {State} from '../state/state.ts';
import {maxErrors} from '../state/timeline.ts';
import type {SideRequest, SideRequestContext} from './polling-context.ts';

/** The source of logs: the ID of a deployment or of a sampler, a minimum level, and a client. */
export type LogsSource = {
	readonly client: Client;
	readonly of: string | SamplerId;
	readonly level: Level;
	/** The number of entries per response. */
	readonly limit: number;
	readonly signal: AbortSignal;
};

async function requestPage(
	{client, of, level, limit, signal}: LogsSource,
	query: {readonly startMs: number; readonly endMs: number | undefined; readonly direction: 'asc' | 'desc'},
): Promise<Result<LogsResponse>> {
	// At the lowest level, entries without a level are included, but a server can omit them if a minimum level is
	// requested.
	return client.logs(of, {...query, limit, minLevel: level === 'DEBUG' ? undefined : level}, signal);
}

/** A part of the logs, backward from just before `endMs` (now if undefined) to `startMs`. */
type Backwards = {
	readonly startMs: number;
	readonly endMs: number | undefined;
	/** The maximum number of responses. */
	readonly pages: number;
	/**
	 * The minimum end of the loaded range: everything up to this time is then known, even if the newest entry is older.
	 */
	readonly untilNs: bigint;
};

/**
 * Loads logs backward, newest first. The loaded range begins at `startMs` or, if even the last response was full, at
 * its oldest entry. If a request after the first one fails, returns what has been loaded by then.
 */
export async function loadEarlier(
	source: LogsSource,
	wanted: Backwards,
	known?: LoadedLogs,
): Promise<Result<LoadedLogs>> {
	const {startMs, endMs, pages} = wanted;
	const result = await requestPage(source, {startMs, endMs, direction: 'desc'});
	if (!result.ok) {
		return known === undefined ? result : {ok: true, value: known, tookMs: result.tookMs};
	}

	const {loaded, nextEndMs} = addBefore(known, result.value, {...wanted, limit: source.limit});
	return nextEndMs === undefined || pages <= 1
		? {...result, value: loaded}
		: loadEarlier(source, {...wanted, endMs: nextEndMs, pages: pages - 1}, loaded);
}

/**
 * Returns the loaded logs, with the entries of a response added before them, and the end of the range to request next,
 * which is undefined if there is nothing more to request.
 */
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

	// The whole response is from one millisecond, whose other entries can't be requested.
	const nextEndMs = Math.min(oldestMs, endMs - 1);
	return {loaded: loadedFrom(toNs(nextEndMs) - 1n, [...range.truncatedAt, toNs(oldestMs)]), nextEndMs};
}

function later(a: bigint, b: bigint | undefined): bigint {
	return b === undefined || a > b ? a : b;
}

/**
 * Loads logs forward with one request, from `fromNs` to just before `endMs`. The loaded range ends there or, if the
 * response is full, at its newest entry.
 */
export async function loadLater(
	source: LogsSource,
	{fromNs, endMs}: {readonly fromNs: bigint; readonly endMs: number},
): Promise<Result<LoadedLogs>> {
	const startMs = toMs(fromNs);
	const result = await requestPage(source, {startMs, endMs, direction: 'asc'});
	if (!result.ok) {
		return result;
	}

	const {received, dropped} = result.value;
	// Entries in the same millisecond that precede the range are already known.
	const lines = result.value.lines.filter(({timeNs}) => timeNs >= fromNs);
	const newest = result.value.lines.at(-1);
	if (received < source.limit || newest === undefined) {
		const untilNs = later(later(toNs(endMs) - 1n, fromNs), newest?.timeNs);
		return {...result, value: {range: {fromNs, toNs: untilNs, lines, truncatedAt: []}, dropped}};
	}

	// The whole response is from one millisecond, whose other entries can't be requested.
	const isOverfull = toMs(newest.timeNs) <= startMs;
	const untilNs = isOverfull ? toNs(startMs + 1) : newest.timeNs;
	const truncatedAt = isOverfull ? [untilNs] : [];
	return {...result, value: {range: {fromNs, toNs: untilNs, lines, truncatedAt}, dropped}};
}

/**
 * The longest interval between log requests, in milliseconds: new entries appear soon, even if metrics are polled
 * rarely.
 */
const longestIntervalMs = 5000;

/**
 * The maximum number of responses that are loaded in a row for new entries. Entries that don't fit into these responses
 * form a gap, which is loaded when the user scrolls to it.
 */
const maxPages = 5;

/** The maximum number of entries in a response from the API. */
const pageLimit = 1000;

/** Returns the ID of the deployment or sampler whose logs are requested for a component; undefined if it is unknown. */
function ownerOf({target, live}: State, component: Component): string | SamplerId | undefined {
	if (component === 'sampler') {
		return live.deployment?.sampler;
	}

	return target.kind === 'deployment' ? target.id : undefined;
}

/**
 * Returns the state as if this component were the active one; undefined if its logs aren't needed, if the ID of their
 * source is unknown, or if the server rejects this request.
 */
function stateOfShown(state: State, component: Component, request: SideRequestName): State | undefined {
	const fault = state.sideFailures[request];
	const isRefused = fault !== undefined && fault.nextAtMs === undefined;
	const isNeeded = state.hasLogOutput || areLogsShown(state, component);
	return isNeeded && !isRefused && ownerOf(state, component) !== undefined ? asSeenFrom(state, component) : undefined;
}

function sourceOf({client, state, signal}: SideRequestContext): LogsSource {
	const of = ownerOf(state, state.component) ?? '';
	return {client, of, level: state.logs.level, limit: pageLimit, signal};
}

function ownerKey(state: State): string {
	const owner = ownerOf(state, state.component);
	return typeof owner === 'object' ? ` ${owner.modelId} ${owner.deploymentId}` : '';
}

/**
 * Returns the request for the newest logs of a component. It is sent while the logs are shown, unless the buffer is
 * almost full and new entries aren't followed; for an output, it is sent once.
 */
function newestLogsRequest(component: Component): SideRequest {
	const name = logRequests[component].newest;
	return {
		name,
		wanted(state) {
			const seen = stateOfShown(state, component, name);
			if (seen?.hasLogOutput === true) {
				return {key: `output${ownerKey(seen)}`, everyMs: Number.POSITIVE_INFINITY};
			}

			const isFollowed = seen !== undefined && (seen.logs.place.kind === 'newest' || !isAlmostFull(seen.logs.buffer));
			return isFollowed
				? {key: `${seen.logs.level}${ownerKey(seen)}`, everyMs: Math.min(state.intervalMs, longestIntervalMs)}
				: undefined;
		},
		async send(context) {
			const state = asSeenFrom(context.state, component);
			const nowMs = context.now();
			// Entries can arrive up to a minute late, so the loaded range doesn't necessarily extend up to now.
			const untilNow = {endMs: undefined, untilNs: toNs(nowMs - latenessMs)};
			if (state.hasLogOutput) {
				const source = {...sourceOf({...context, state}), limit: maxLogsInOutput};
				const startMs = hasFailed(state) ? earliestLogsMs(nowMs) : newestFromMs(state, nowMs);
				return toSideResult(name, state, await loadEarlier(source, {...untilNow, startMs, pages: 1}));
			}

			const isFirst = state.logs.buffer.ranges.length === 0;
			const result = await loadEarlier(sourceOf({...context, state}), {
				...untilNow,
				startMs: newestFromMs(state, nowMs),
				pages: isFirst ? 1 : maxPages,
			});
			return toSideResult(name, state, result);
		},
	};
}

/**
 * Returns the request for a component's log entries around the selection. It is sent while the logs are shown, if these
 * entries aren't loaded.
 */
function earlierLogsRequest(component: Component): SideRequest {
	const name = logRequests[component].earlier;
	return {
		name,
		wanted(state) {
			const seen = stateOfShown(state, component, name);
			if (seen === undefined || seen.hasLogOutput) {
				return undefined;
			}

			const plan = planLogs(seen);
			// A response changes the key. If the key is unchanged, there was nothing more to load.
			return plan && {key: `${seen.logs.level} ${planKey(plan)}${ownerKey(seen)}`, everyMs: longestIntervalMs};
		},
		async send(context) {
			const state = asSeenFrom(context.state, component);
			const plan = planLogs(state);
			const isOver: Result<undefined> = {ok: true, value: undefined, tookMs: 0};
			return toSideResult(
				name,
				state,
				plan === undefined ? isOver : await loadMore(sourceOf({...context, state}), plan),
			);
		},
	};
}

/** The requests for the logs of both components, which are sent while the logs are shown or an output needs them. */
export const logsSideRequests: readonly SideRequest[] = components.flatMap(component => [
	newestLogsRequest(component),
	earlierLogsRequest(component),
]);

function planKey(plan: LogsPlan): string {
	return plan.kind === 'back' ? `back from ${plan.toNs}` : `forth from ${plan.fromNs}`;
}

async function loadMore(source: LogsSource, plan: LogsPlan): Promise<Result<LoadedLogs>> {
	if (plan.kind === 'forth') {
		return loadLater(source, plan);
	}

	const {toNs: untilNs, startMs} = plan;
	return loadEarlier(source, {startMs, endMs: toMs(untilNs) + 1, pages: 1, untilNs});
}

function toSideResult<Kind extends SideRequestName>(
	kind: Kind,
	{logs}: State,
	result: Result<LoadedLogs | undefined>,
): Result<{readonly kind: Kind} & LogsUpdate> {
	return result.ok ? {...result, value: {kind, level: logs.level, loaded: result.value}} : result;
}

/**
 * Returns whether the trainer's deployment has failed, in which case the logs can show why. False while an earlier
 * range is shown.
 */
function hasFailed({live, mode}: State): boolean {
	return mode.kind !== 'past' && live.deployment?.status === 'FAILED';
}

/** The minimum interval between requests for errors in the logs while the timeline is open, in milliseconds. */
const errorsEveryMs = 30_000;

/** The interval between these requests while the timeline is closed, if the deployment has failed, in milliseconds. */
const failureEveryMs = 600_000;

/**
 * The request for the newest errors in the trainer's logs: within the time range on the screen while the timeline is
 * open or, if the deployment has failed, in all logs that the service keeps, even while the timeline is closed.
 */
export const logErrorsRequest: SideRequest = {
	name: 'logErrors',
	wanted(state) {
		const {overlay, mode, intervalMs, sideFailures, logErrors} = state;
		const {complete, endMs, window} = state.views.trainer.snapshot;
		const fault = sideFailures.logErrors;
		const isRefused = fault !== undefined && fault.nextAtMs === undefined;
		const id = ownerOf(state, 'trainer');
		const isKnown = mode.kind === 'past' && logErrors?.endMs === endMs;
		const isOpen = overlay.kind === 'findings';
		if (!(isOpen || hasFailed(state)) || typeof id !== 'string' || !complete || isRefused || isKnown) {
			return undefined;
		}

		const range = mode.kind === 'past' ? ` ${endMs}` : '';
		const everyMs = isOpen ? Math.max(intervalMs, errorsEveryMs) : failureEveryMs;
		return {key: isOpen ? `${id} ${window.name}${range}` : `${id} failed`, everyMs};
	},
	async send({client, state, now, signal}) {
		const {startMs: shownFromMs, endMs} = state.views.trainer.snapshot;
		const untilMs = state.mode.kind === 'past' ? endMs : now();
		const startMs = hasFailed(state) ? earliestLogsMs(now()) : shownFromMs;
		const source = {client, of: ownerOf(state, 'trainer') ?? '', level: 'ERROR', limit: maxErrors, signal} as const;
		const result = await loadEarlier(source, {startMs, endMs: untilMs + 1, pages: 1, untilNs: toNs(untilMs)});
		if (!result.ok) {
			return result;
		}

		const {fromNs, lines} = result.value.range;
		const errors = {startMs, endMs: untilMs, lines, isCut: toMs(fromNs) > startMs};
		return {...result, value: {kind: 'logErrors', errors}};
	},
};
