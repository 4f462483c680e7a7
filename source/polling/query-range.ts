import type {MetricsQuery} from '../api/client.ts';
import {type CoveredRange, type History, newestTimes} from '../metrics/history.ts';
import {longestWindow} from '../metrics/windows.ts';

/** The furthest that a tail reaches back, or four steps if those are longer: a series that ended must not widen it. */
const longestTailMs = 10 * 60_000;

/** A query to send, and the range that its response covers. */
export type QueryPlan = {readonly query: MetricsQuery; readonly range: CoveredRange};

/**
 * Returns the query that brings a window up to `nowMs`. Start and end are multiples of the step, so that successive
 * responses line up; the end is the next multiple, which includes the newest samples. The first request is for the
 * whole window. Later ones begin two steps before the newest sample of the series that lags most, since the collectors
 * of requests and GPUs differ and one may run late. If a tail would leave a gap, if the server chooses the step, or if
 * `whole` is set, the whole window is requested again.
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
 * Returns the query for a sampler: always the whole window, because the server chooses the step by its length, and only
 * completed steps, because requests are reported as totals.
 */
export function planSampler({window}: History, nowMs: number): QueryPlan {
	const {stepMs, lengthMs} = window;
	const endMs = Math.floor(nowMs / stepMs) * stepMs;
	const startMs = endMs - lengthMs;
	return {query: {startMs, endMs, stepMs: undefined}, range: {startMs, endMs, whole: true}};
}

/**
 * Returns the query for an earlier range: all of it, from the last multiple of the step before it to the first after it, but
 * no longer than the longest window.
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

/**
 * Returns whether the collectors have delivered everything up to this time: the one that runs latest is within a tail
 * of now.
 */
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
