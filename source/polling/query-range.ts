import type {MetricsQuery} from '../api/client.ts';
import {targetName} from '../api/target.ts';
import {type History, newestTimes} from '../metrics/history.ts';
import type {CoveredRange} from '../metrics/merge-history.ts';
import {longestWindow} from '../metrics/windows.ts';
import {activeHistory} from '../state/derive-views.ts';
import {findingsWindow, type State} from '../state/state.ts';

/**
 * The minimum polling interval of the findings' window while a different one is shown, in milliseconds: the interval at
 * which samples arrive.
 */
const findingsEveryMs = 30_000;

/**
 * The minimum pause after a response, in milliseconds, regardless of the interval: it applies if the response was slow.
 */
const shortestPauseMs = 1000;

/** A query for the trainer's metrics: a window up to now, or an earlier range. */
export type Query = {readonly kind: 'live' | 'past'; readonly history: History};

/**
 * The last request for a query: when it was sent and when its response arrived, in milliseconds on a monotonic clock,
 * and the `refreshCount` at the time of the request.
 */
export type LastRequest = {readonly beganMs: number; readonly endedMs: number; readonly refreshCount: number};

/** The last request for each query so far, by `queryKey`. */
type QueryLog = ReadonlyMap<string, LastRequest>;

/** Returns a name for a query. Queries with the same name are the same query at different times. */
export function queryKey({kind, history}: Query): string {
	return kind === 'live' ? history.window.name : `${history.window.name} to ${history.endMs}`;
}

/**
 * Returns a string that identifies the current view. When it changes, requests in flight for the previous view are
 * aborted.
 */
export function viewKey({target, components, mode}: State): string {
	return `${targetName(target)} ${components.trainer.histories[0].window.name} ${mode.kind === 'past' ? mode.endMs : ''}`;
}

/**
 * Returns the next query, and the time until it is due, in milliseconds from `elapsedMs`. An earlier range on the
 * screen comes first; it is requested once, and again only while late samples can still reach it. The window up to now
 * comes next, one interval after the last request for it or immediately after a refresh, followed by the findings'
 * window.
 */
export function nextQuery(
	state: State,
	record: QueryLog,
	elapsedMs: number,
): {readonly query: Query; readonly dueInMs: number} {
	const {components, mode, intervalMs, refreshCount} = state;
	const {histories} = components.trainer;
	const dueIn = (query: Query, everyMs: number): number => {
		const last = record.get(queryKey(query));
		return last === undefined ? 0 : Math.max(last.beganMs + everyMs, last.endedMs + shortestPauseMs) - elapsedMs;
	};
	const shown: Query = {kind: 'live', history: histories[0]};
	const isNeeded = (record.get(queryKey(shown))?.refreshCount ?? refreshCount) !== refreshCount;
	const candidates = [{query: shown, dueInMs: isNeeded ? 0 : dueIn(shown, intervalMs)}];
	if (mode.kind === 'past') {
		const past: Query = {kind: 'past', history: activeHistory(state, 'trainer')};
		if (!past.history.complete) {
			return {query: past, dueInMs: 0};
		}

		if (!past.history.isFinal) {
			candidates.unshift({query: past, dueInMs: dueIn(past, intervalMs)});
		}
	}

	const findingsHistory = histories.find(({window}) => window.name === findingsWindow.name);
	if (findingsHistory !== undefined && findingsHistory !== histories[0]) {
		const query: Query = {kind: 'live', history: findingsHistory};
		candidates.push({query, dueInMs: dueIn(query, Math.max(findingsEveryMs, intervalMs))});
	}

	return candidates.find(({dueInMs}) => dueInMs <= 0) ?? candidates.reduce((a, b) => (b.dueInMs < a.dueInMs ? b : a));
}

/**
 * The maximum length of a tail (the part at the end of a window that is requested again), in milliseconds, unless four
 * steps are longer. The limit prevents a series that ended from lengthening the tail.
 */
const longestTailMs = 10 * 60_000;

/** A query to send, and the range that its response covers. */
export type QueryPlan = {readonly query: MetricsQuery; readonly range: CoveredRange};

/**
 * Returns the query that updates a window to `nowMs`. Start and end are multiples of the step, so that successive
 * responses line up; the end is the first multiple at or after `nowMs`, which includes the newest samples. The first
 * request is for the whole window. Later ones cover at least two steps, and at most `longestTailMs` or four steps,
 * whichever is longer. Within these limits, they begin two steps before the newest sample of the series that lags most,
 * because the metrics of requests and of GPUs come from different collectors, one of which can run late. The whole
 * window is requested again if a tail would leave a gap or overlap the known range by less than two steps, if the clock
 * was set back, if no samples are known, if the server chooses the step, or if `whole` is set.
 */
export function planQuery(
	history: History,
	nowMs: number,
	options: {readonly withStep: boolean; readonly whole?: boolean},
): QueryPlan {
	const {stepMs, lengthMs} = history.window;
	const endMs = Math.ceil(nowMs / stepMs) * stepMs;
	const wholeStartMs = endMs - lengthMs;
	const tailStartMs = options.withStep && options.whole !== true ? tailStart(history, endMs) : undefined;
	const startMs = Math.max(wholeStartMs, tailStartMs ?? wholeStartMs);
	return {
		query: {startMs, endMs, stepMs: options.withStep ? stepMs : undefined},
		range: {startMs, endMs, whole: tailStartMs === undefined},
	};
}

/**
 * Returns the query for a sampler: always the whole window, because the server chooses the step based on its length,
 * and only completed steps, because requests are reported as totals.
 */
export function planSampler({window}: History, nowMs: number): QueryPlan {
	const {stepMs, lengthMs} = window;
	const endMs = Math.floor(nowMs / stepMs) * stepMs;
	const startMs = endMs - lengthMs;
	return {query: {startMs, endMs, stepMs: undefined}, range: {startMs, endMs, whole: true}};
}

/**
 * Returns the query for an earlier range: from the last multiple of the step at or before its start to the first one at
 * or after its end, but no longer than the longest window.
 */
export function planPast({startMs, endMs, window}: History, options: {readonly withStep: boolean}): QueryPlan {
	const {stepMs} = window;
	const lastMs = Math.ceil(endMs / stepMs) * stepMs;
	const firstMs = Math.max(Math.floor(startMs / stepMs) * stepMs, lastMs - longestWindow.lengthMs);
	return {
		query: {startMs: firstMs, endMs: lastMs, stepMs: options.withStep ? stepMs : undefined},
		range: {startMs, endMs, whole: true},
	};
}

/** Returns the request to send for a query as of `nowMs`; see `planQuery` and `planPast`. */
export function planRequest(
	{kind, history}: Query,
	nowMs: number,
	options: {readonly withStep: boolean; readonly whole?: boolean},
): QueryPlan {
	return kind === 'past' ? planPast(history, options) : planQuery(history, nowMs, options);
}

/**
 * Returns whether the collectors have delivered everything up to this time: even the slowest one delivers samples
 * within ten minutes (`longestTailMs`).
 */
export function isRangeFinal(endMs: number, nowMs: number): boolean {
	return nowMs - endMs > longestTailMs;
}

function tailStart(history: History, endMs: number): number | undefined {
	const {stepMs} = history.window;
	const reachMs = Math.max(Math.floor(longestTailMs / stepMs), 4) * stepMs;
	const sinceLastMs = endMs - history.endMs;
	const times = newestTimes(history);
	const wasSetBack = sinceLastMs < 0;
	// Samples of the last two steps of the known range might have arrived since.
	if (!history.complete || wasSetBack || sinceLastMs > reachMs - 2 * stepMs || times.length === 0) {
		return undefined;
	}

	const laggingMs = times.reduce((a, b) => Math.min(a, b));
	const startMs = (Math.floor(laggingMs / stepMs) - 2) * stepMs;
	return Math.min(Math.max(startMs, endMs - reachMs), endMs - 2 * stepMs);
}
