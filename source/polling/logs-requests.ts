import type {SamplerId} from '../api/client.ts';
import type {Result} from '../api/failure.ts';
import {isAlmostFull} from '../metrics/log-buffer.ts';
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
import {type LoadedLogs, type LogsUpdate, toMs, toNs} from '../state/logs.ts';
import type {State} from '../state/state.ts';
import {maxErrors} from '../state/timeline.ts';
import {type LogsSource, loadEarlier, loadLater} from './load-logs.ts';
import type {SideRequest, SideRequestContext} from './polling-context.ts';

/**
 * The longest interval between log requests, in milliseconds: new entries appear soon, even if metrics are polled
 * rarely.
 */
const longestIntervalMs = 5000;

/**
 * The maximum number of responses per request for new entries; the rest is a gap that is loaded when the user scrolls
 * to it.
 */
const maxPages = 5;

/** The maximum number of entries in a response of the API. */
const pageLimit = 1000;

/** Returns whose logs to request: the trainer's deployment, or the sampler; undefined if it is unknown. */
function ownerOf({target, live}: State, component: Component): string | SamplerId | undefined {
	if (component === 'sampler') {
		return live.deployment?.sampler;
	}

	return target.kind === 'deployment' ? target.id : undefined;
}

/**
 * Returns the state as seen by this component's logs; undefined if they aren't shown, or if the server rejects this
 * request.
 */
function stateOfShown(state: State, component: Component, request: SideRequestName): State | undefined {
	const fault = state.sideFailures[request];
	const isRefused = fault !== undefined && fault.nextAtMs === undefined;
	return areLogsShown(state, component) && !isRefused && ownerOf(state, component) !== undefined
		? asSeenFrom(state, component)
		: undefined;
}

function sourceOf({client, state, signal}: SideRequestContext): LogsSource {
	const of = ownerOf(state, state.component) ?? '';
	return {client, of, level: state.logs.level, limit: pageLimit, signal};
}

function ownerKey(state: State): string {
	const owner = ownerOf(state, state.component);
	return typeof owner === 'object' ? ` ${owner.modelId} ${owner.deploymentId}` : '';
}

/** Requests the newest logs while they are shown, until there is no more space for them below the selection. */
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
		async send(context) {
			const state = asSeenFrom(context.state, component);
			const nowMs = context.now();
			const isFirst = state.logs.buffer.ranges.length === 0;
			const result = await loadEarlier(sourceOf({...context, state}), {
				startMs: newestFromMs(state, nowMs),
				endMs: undefined,
				pages: isFirst ? 1 : maxPages,
				// Entries newer than the newest one can still arrive.
				untilNs: toNs(nowMs - latenessMs),
			});
			return toSideResult(name, state, result);
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

/** Whether the trainer's deployment has failed; the logs can show why. */
function hasFailed({live, mode}: State): boolean {
	return mode.kind !== 'past' && live.deployment?.status === 'FAILED';
}

/** The minimum interval between requests for errors in the logs while the timeline is open. */
const errorsEveryMs = 30_000;

/** The interval between these requests once the deployment has failed. */
const failureEveryMs = 600_000;

/**
 * The errors in the trainer's logs, newest first: within the time range on the screen while the timeline is open, and
 * within everything that the service keeps once the deployment has failed.
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
