import {isAlmostFull, type LoadedRange, logPosition, rangeAt} from '../metrics/log-buffer.ts';
import {logSelection, logTimeNs, toMs} from './logs.ts';
import {selectedWindow} from './selectors.ts';
import type {State} from './state.ts';

/** The age of the oldest logs that the service keeps, less the possible difference between clocks. */
const reachMs = 7 * 86_400_000 - 10 * 60_000;

/** The minimum range of one step back. */
const minSpanMs = 3_600_000;

/** The number of entries around the selection that are loaded in advance: more than a screen has. */
const ahead = 150;

/** The number of entries that are searched on either side for a filter with few matches: less than half of the buffer. */
const maxSearched = 6000;

/** The longest time by which a collector delivers an entry later than a newer one, in milliseconds. */
export const latenessMs = 60_000;

/** The number of known entries that are requested again, so that half of a page is left for new ones. */
const maxRequestedAgain = 500;

/** A part of the logs to request: backward from `toNs` to `startMs`, or forward from `fromNs` to `endMs`. */
export type LogsPlan =
	| {readonly kind: 'back'; readonly toNs: bigint; readonly startMs: number}
	| {readonly kind: 'forth'; readonly fromNs: bigint; readonly endMs: number};

/** Returns the earliest time that can have logs. */
export function earliestLogsMs(nowMs: number): number {
	return nowMs - reachMs;
}

/**
 * Returns the start of a request for the newest logs: slightly before the newest known entry, because others can arrive
 * late.
 */
export function newestFromMs(state: State, nowMs: number): number {
	const lines = state.logs.buffer.ranges.at(-1)?.lines ?? [];
	const newest = lines.at(-1);
	const again = lines[lines.length - maxRequestedAgain];
	const fromMs =
		newest === undefined
			? nowMs - Math.max(selectedWindow(state).lengthMs, minSpanMs)
			: Math.max(toMs(newest.timeNs) - latenessMs, again === undefined ? 0 : toMs(again.timeNs));
	return Math.max(fromMs, earliestLogsMs(nowMs));
}

/** The position in the loaded entries: the range, and the number of entries to either side, visible ones and all. */
type Outlook = {
	readonly range: LoadedRange;
	readonly before: {readonly shown: number; readonly all: number};
	readonly after: {readonly shown: number; readonly all: number};
};

function outlook({logs}: State, range: LoadedRange): Outlook {
	const {lines} = logs.visible;
	const selection = logSelection(logs);
	const timeNs = logTimeNs(logs) ?? range.toNs;
	const shownFrom = logPosition(lines, range.fromNs);
	const shownTo = logPosition(lines, range.toNs + 1n);
	const position = logPosition(range.lines, timeNs + 1n);
	return {
		range,
		before: {shown: selection - shownFrom, all: position},
		after: {shown: shownTo - 1 - selection, all: range.lines.length - position},
	};
}

/**
 * Returns whether to load more on a side: if the selection is close to the end on that side, or if few entries match.
 * In the latter case, it stops when the buffer is nearly full, or while the filter is being typed.
 */
function wantsMore({logs}: State, {shown, all}: Outlook['before']): boolean {
	const isSearched = isAlmostFull(logs.buffer) || logs.filter.editing !== undefined || all >= maxSearched;
	return all < ahead || (shown < ahead && !isSearched);
}

/** Returns which earlier logs to load next for the visible part; undefined if all of it is loaded. */
export function planLogs(state: State): LogsPlan | undefined {
	const {logs} = state;
	const {ranges} = logs.buffer;
	const newest = ranges.at(-1);
	const timeNs = logTimeNs(logs);
	if (newest === undefined) {
		// The newest entries are loaded first, in a separate request.
		return undefined;
	}

	const spanMs = Math.max(selectedWindow(state).lengthMs, minSpanMs);
	const range = timeNs === undefined || timeNs > newest.toNs ? newest : rangeAt(logs.buffer, timeNs);
	if (range === undefined) {
		return timeNs === undefined ? undefined : lookBack(state, timeNs, spanMs);
	}

	const {before, after} = outlook(state, range);
	// If entries are rare, each request covers a longer range than all the previous ones together.
	const reached = toMs(range.toNs - range.fromNs);
	const back = wantsMore(state, before) ? lookBack(state, range.fromNs, Math.max(spanMs, 3 * reached)) : undefined;
	const next = ranges[ranges.indexOf(range) + 1];
	return back === undefined && next !== undefined && wantsMore(state, after)
		? {kind: 'forth', fromNs: range.toNs, endMs: toMs(next.fromNs) + 1}
		: back;
}

function lookBack({live}: State, toNs: bigint, lengthMs: number): LogsPlan | undefined {
	const startMs = Math.max(toMs(toNs) - lengthMs, earliestLogsMs(live.nowMs));
	return startMs < toMs(toNs) ? {kind: 'back', toNs, startMs} : undefined;
}
