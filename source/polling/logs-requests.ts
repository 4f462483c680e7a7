import type {Client, SamplerId} from '../api/client.ts';
import type {Result} from '../api/failure.ts';
import type {Level, LogsResponse} from '../api/logs.ts';
import {isAlmostFull, mergeLogs} from '../metrics/log-buffer.ts';
import {type Component, components} from '../state/component.ts';
import {areLogsShown, seenFrom} from '../state/derive-logs.ts';
import {type LoadedLogs, type LogsUpdate, toMs, toNs} from '../state/logs.ts';
import {type LogsPlan, latenessMs, newestFromMs, planLogs} from '../state/logs-plan.ts';
import {logRequests, type SideRequestName} from '../state/side-response.ts';
import type {State} from '../state/state.ts';
import {mostErrors} from '../state/timeline.ts';
import type {SideContext, SideRequest} from './side-request.ts';

/** Where logs are requested: a deployment by its id, or a sampler, a minimum level, and a client. */
export type LogsSource = {
	readonly client: Client;
	readonly of: string | SamplerId;
	readonly level: Level;
	/** The number of entries per response. */
	readonly limit: number;
	readonly signal: AbortSignal;
};

async function askPage(
	{client, of, level, limit, signal}: LogsSource,
	query: {readonly startMs: number; readonly endMs: number | undefined; readonly direction: 'asc' | 'desc'},
): Promise<Result<LogsResponse>> {
	// Entries without a level aren't below any, but a server that gets a level may omit them.
	return client.logs(of, {...query, limit, minLevel: level === 'DEBUG' ? undefined : level}, signal);
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

/** Returns whose logs to request: the trainer's deployment, or the sampler; undefined if it isn't known. */
function ownerOf({target, live}: State, component: Component): string | SamplerId | undefined {
	if (component === 'sampler') {
		return live.deployment?.sampler;
	}

	return target.kind === 'deployment' ? target.id : undefined;
}

/** Returns the state as this component's logs are seen; undefined if they aren't shown, or if the server refuses this request. */
function stateOfShown(state: State, component: Component, request: SideRequestName): State | undefined {
	const fault = state.sideFailures[request];
	const isRefused = fault !== undefined && fault.nextAtMs === undefined;
	return areLogsShown(state, component) && !isRefused && ownerOf(state, component) !== undefined
		? seenFrom(state, component)
		: undefined;
}

function sourceOf({client, state, signal}: SideContext): LogsSource {
	const of = ownerOf(state, state.component) ?? '';
	return {client, of, level: state.logs.level, limit: pageLimit, signal};
}

function ownerKey(state: State): string {
	const owner = ownerOf(state, state.component);
	return typeof owner === 'object' ? ` ${owner.modelId} ${owner.deploymentId}` : '';
}

/** Requests the newest logs while they are shown, until there is no more room for them below the selection. */
function newestLogsRequest(component: Component): SideRequest {
	const name = logRequests[component].newest;
	return {
		name,
		wanted(state) {
			const seen = stateOfShown(state, component, name);
			const isFollowed = seen !== undefined && (seen.logs.place.kind === 'newest' || !isAlmostFull(seen.logs.buffer));
			return isFollowed
				? {key: `${seen.logs.level}${ownerKey(seen)}`, everyMs: Math.min(state.intervalMs, longestIntervalMs)}
				: undefined;
		},
		async ask(context) {
			const state = seenFrom(context.state, component);
			const nowMs = context.now();
			const isFirst = state.logs.buffer.ranges.length === 0;
			const result = await loadBack(sourceOf({...context, state}), {
				startMs: newestFromMs(state, nowMs),
				endMs: undefined,
				pages: isFirst ? 1 : mostPages,
				// Entries newer than the newest one may still arrive.
				untilNs: toNs(nowMs - latenessMs),
			});
			return toNews(name, state, result);
		},
	};
}

/** Requests logs around the selection if they aren't loaded. */
function earlierLogsRequest(component: Component): SideRequest {
	const name = logRequests[component].earlier;
	return {
		name,
		wanted(state) {
			const seen = stateOfShown(state, component, name);
			const plan = seen && planLogs(seen);
			// A response changes the key. If it doesn't, there was nothing more to load.
			return plan && {key: `${seen.logs.level} ${planKey(plan)}${ownerKey(seen)}`, everyMs: longestIntervalMs};
		},
		async ask(context) {
			const state = seenFrom(context.state, component);
			const plan = planLogs(state);
			const isOver: Result<undefined> = {ok: true, value: undefined, tookMs: 0};
			return toNews(name, state, plan === undefined ? isOver : await loadMore(sourceOf({...context, state}), plan));
		},
	};
}

/** The logs of both components, while they are shown. */
export const logsSideRequests: readonly SideRequest[] = components.flatMap(component => [
	newestLogsRequest(component),
	earlierLogsRequest(component),
]);

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

/** How often the errors of the logs are requested again while the timeline is open, at most. */
const errorsEveryMs = 30_000;

/** The errors of the trainer's logs within the time range on the screen, the newest ones first, while the timeline is open. */
export const logErrorsRequest: SideRequest = {
	name: 'logErrors',
	wanted(state) {
		const {overlay, mode, intervalMs, sideFailures, logErrors} = state;
		const {complete, endMs, window} = state.views.trainer.snapshot;
		const fault = sideFailures.logErrors;
		const isRefused = fault !== undefined && fault.nextAtMs === undefined;
		const id = ownerOf(state, 'trainer');
		const isKnown = mode.kind === 'past' && logErrors?.endMs === endMs;
		if (overlay.kind !== 'findings' || typeof id !== 'string' || !complete || isRefused || isKnown) {
			return undefined;
		}

		const range = mode.kind === 'past' ? ` ${endMs}` : '';
		return {key: `${id} ${window.name}${range}`, everyMs: Math.max(intervalMs, errorsEveryMs)};
	},
	async ask({client, state, now, signal}) {
		const {startMs, endMs} = state.views.trainer.snapshot;
		const untilMs = state.mode.kind === 'past' ? endMs : now();
		const source = {client, of: ownerOf(state, 'trainer') ?? '', level: 'ERROR', limit: mostErrors, signal} as const;
		const result = await loadBack(source, {startMs, endMs: untilMs + 1, pages: 1, untilNs: toNs(untilMs)});
		if (!result.ok) {
			return result;
		}

		const {fromNs, lines} = result.value.range;
		const errors = {startMs, endMs: untilMs, lines, isCut: toMs(fromNs) > startMs};
		return {...result, value: {kind: 'logErrors', errors}};
	},
};
