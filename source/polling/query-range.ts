import type {MetricsQuery} from '../api/client.ts';
import {type CoveredRange, type History, newestTimes} from '../metrics/history.ts';

/** A tail reaches at most this far back, or four steps where those are more: a series that ended must not widen it. */
const longestTailMs = 10 * 60_000;

/** What to ask for next, and what the answer will then cover. */
export type QueryPlan = {readonly query: MetricsQuery; readonly range: CoveredRange};

/**
 * What to ask for to bring a window up to `nowMs`. Start and end are multiples of the step, so that successive answers
 * line up; the end is the next multiple, so that the newest samples are in it. The first request asks for the whole
 * window. Later ones begin two steps before the newest sample of the series that lags most: the collectors of requests
 * and of GPUs are not the same, and one may run late. Where a tail would leave a hole, or the server chooses the step,
 * the whole window is asked for again, as it is if
 * `whole` is set.
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
 * What to ask of a sampler: always the whole window, because the server chooses the step by its length, and no more than
 * the steps that are over: requests are told as totals, and of a part of a step that is no rate.
 */
export function planSampler({window}: History, nowMs: number): QueryPlan {
	const {stepMs, lengthMs} = window;
	const endMs = Math.floor(nowMs / stepMs) * stepMs;
	const startMs = endMs - lengthMs;
	return {query: {startMs, endMs, stepMs: undefined}, range: {startMs, endMs, whole: true}};
}

/** What to ask for to know an earlier stretch: all of it. */
export function planPast({startMs, endMs, window}: History, options: {readonly withStep: boolean}): QueryPlan {
	return {
		query: {startMs, endMs, stepMs: options.withStep ? window.stepMs : undefined},
		range: {startMs, endMs, whole: true},
	};
}

/** Whether the collectors have told all of a stretch that ended then: the one that runs latest is within a tail of now. */
export function isSettled(endMs: number, nowMs: number): boolean {
	return nowMs - endMs > longestTailMs;
}

function tailStart(history: History, endMs: number): number | undefined {
	const {stepMs} = history.window;
	const reachMs = Math.max(Math.floor(longestTailMs / stepMs), 4) * stepMs;
	const sinceLastMs = endMs - history.endMs;
	const times = newestTimes(history);
	const wasSetBack = sinceLastMs < 0;
	if (!history.complete || wasSetBack || sinceLastMs > reachMs || times.length === 0) {
		return undefined;
	}

	const laggingMs = times.reduce((a, b) => Math.min(a, b));
	const startMs = (Math.floor(laggingMs / stepMs) - 2) * stepMs;
	return Math.min(Math.max(startMs, endMs - reachMs), endMs - 2 * stepMs);
}
