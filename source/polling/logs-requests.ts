import type {Result} from '../api/failure.ts';
import {isAlmostFull} from '../metrics/log-buffer.ts';
import {type LoadedLogs, type LogsUpdate, toMs, toNs} from '../state/logs.ts';
import {type LogsPlan, latenessMs, newestFromMs, planLogs} from '../state/logs-plan.ts';
import type {SideRequestName} from '../state/side-response.ts';
import type {State} from '../state/state.ts';
import {type LogsSource, loadBack, loadForth} from './fetch-logs.ts';
import type {SideContext, SideRequest} from './side-request.ts';

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
