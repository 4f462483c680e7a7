import type {Result} from '../api/failure.ts';
import {isAlmostFull} from '../metrics/log-buffer.ts';
import {type LoadedLogs, type LogNews, toMs, toNs} from '../state/logs.ts';
import {type LogsQuestion, latenessMs, newestFromMs, nextLogsQuestion} from '../state/logs-plan.ts';
import type {SideRequestName} from '../state/side-response.ts';
import type {State} from '../state/state.ts';
import {type LogsSource, loadBack, loadForth} from './fetch-logs.ts';
import type {SideContext, SideRequest} from './side-request.ts';

/** Who reads along wants to see a line soon, however long the interval of the metrics is. */
const longestIntervalMs = 5000;

/** What came between two looks is loaded in at most so many answers; the rest is a gap until somebody looks there. */
const mostPages = 5;

/** Entries that an answer has at most, by the API. */
const pageLimit = 1000;

/** The deployment whose logs are open; undefined where they are closed, or the server refuses this side request. */
function openLogsOf({logs, watched, sideFailures}: State, request: SideRequestName): string | undefined {
	const fault = sideFailures[request];
	const isRefused = fault !== undefined && fault.nextAtMs === undefined;
	return logs.isOpen && watched.kind === 'deployment' && !isRefused ? watched.id : undefined;
}

function sourceOf({client, state, signal}: SideContext): LogsSource {
	const {watched, logs} = state;
	return {
		client,
		deploymentId: watched.kind === 'deployment' ? watched.id : '',
		level: logs.level,
		limit: pageLimit,
		signal,
	};
}

/** The newest logs, while they are open, until there is no more room for them below what is looked at. */
export const newestLogsRequest: SideRequest = {
	name: 'logs',
	wanted(state) {
		const {logs, intervalMs} = state;
		const isFollowed = logs.place.kind === 'newest' || !isAlmostFull(logs.buffer);
		return openLogsOf(state, 'logs') === undefined || !isFollowed
			? undefined
			: {question: logs.level, everyMs: Math.min(intervalMs, longestIntervalMs)};
	},
	async ask(context) {
		const {state, now} = context;
		const nowMs = now();
		const isFirst = state.logs.buffer.stretches.length === 0;
		const result = await loadBack(sourceOf(context), {
			startMs: newestFromMs(state, nowMs),
			endMs: undefined,
			pages: isFirst ? 1 : mostPages,
			// What is newer than the newest entry may still come.
			untilNs: toNs(nowMs - latenessMs),
		});
		return toNews('logs', state, result);
	},
};

/** Those around what is looked at, where they are not loaded. */
export const earlierLogsRequest: SideRequest = {
	name: 'earlierLogs',
	wanted(state) {
		const question = openLogsOf(state, 'earlierLogs') === undefined ? undefined : nextLogsQuestion(state);
		// An answer brings another question. Where it does not, there was no more to be had.
		return question && {question: `${state.logs.level} ${nameQuestion(question)}`, everyMs: longestIntervalMs};
	},
	async ask(context) {
		const {state} = context;
		const question = nextLogsQuestion(state);
		const isOver: Result<undefined> = {ok: true, value: undefined, tookMs: 0};
		return toNews('earlierLogs', state, question === undefined ? isOver : await loadMore(sourceOf(context), question));
	},
};

function nameQuestion(question: LogsQuestion): string {
	return question.kind === 'back' ? `back from ${question.toNs}` : `forth from ${question.fromNs}`;
}

async function loadMore(source: LogsSource, question: LogsQuestion): Promise<Result<LoadedLogs>> {
	if (question.kind === 'forth') {
		return loadForth(source, question);
	}

	const {toNs: untilNs, startMs} = question;
	return loadBack(source, {startMs, endMs: toMs(untilNs) + 1, pages: 1, untilNs});
}

function toNews<Kind extends SideRequestName>(
	kind: Kind,
	{logs}: State,
	result: Result<LoadedLogs | undefined>,
): Result<{readonly kind: Kind} & LogNews> {
	return result.ok ? {...result, value: {kind, level: logs.level, loaded: result.value}} : result;
}
