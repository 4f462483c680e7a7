import {isAlmostFull, type LoadedRange, logPosition, rangeAt} from '../metrics/log-buffer.ts';
import {logSelection, logTimeNs, toMs} from './logs.ts';
import {selectedWindow} from './selectors.ts';
import type {State} from './state.ts';

/** There are no older logs than these, less what the clocks here and there may differ by. */
const reachMs = 7 * 86_400_000 - 10 * 60_000;

/** How far one look back reaches at least. */
const leastSpanMs = 3_600_000;

/** So many entries around what is looked at are loaded before they are needed: more than a screen has. */
const ahead = 150;

/** With a filter that few entries fit, so many are looked through to either side: less than half of what is kept. */
const mostLookedThrough = 6000;

/** A collector may tell an entry so much later than one that came after it. */
export const latenessMs = 60_000;

/** At most so many of the known entries are asked for again, so that half of a page is left for new ones. */
const mostAskedAgain = 500;

/** A part of the logs to ask for: backwards from `toNs` to `startMs`, or forwards from `fromNs` to `endMs`. */
export type LogsPlan =
	| {readonly kind: 'back'; readonly toNs: bigint; readonly startMs: number}
	| {readonly kind: 'forth'; readonly fromNs: bigint; readonly endMs: number};

/** The earliest time of which there may be logs. */
export function earliestLogsMs(nowMs: number): number {
	return nowMs - reachMs;
}

/** From when on the newest logs are asked for: a little before the newest one that is known, as others may come late. */
export function newestFromMs(state: State, nowMs: number): number {
	const lines = state.logs.buffer.ranges.at(-1)?.lines ?? [];
	const newest = lines.at(-1);
	const again = lines[lines.length - mostAskedAgain];
	const fromMs =
		newest === undefined
			? nowMs - Math.max(selectedWindow(state).lengthMs, leastSpanMs)
			: Math.max(toMs(newest.timeNs) - latenessMs, again === undefined ? 0 : toMs(again.timeNs));
	return Math.max(fromMs, earliestLogsMs(nowMs));
}

/** Where among the loaded entries one looks: the stretch, and how many of them are to either side, shown ones and all. */
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
 * Whether more is to be loaded on a side: where one comes near to what is not loaded, and where few entries fit. For these
 * no more is looked through once there is hardly room for it, or while the filter is still being typed.
 */
function wantsMore({logs}: State, {shown, all}: Outlook['before']): boolean {
	const isLookedThrough = isAlmostFull(logs.buffer) || logs.filter.editing !== undefined || all >= mostLookedThrough;
	return all < ahead || (shown < ahead && !isLookedThrough);
}

/** Returns which earlier logs to load next for what is visible; undefined if all of it is loaded. */
export function planLogs(state: State): LogsPlan | undefined {
	const {logs} = state;
	const {ranges} = logs.buffer;
	const newest = ranges.at(-1);
	const timeNs = logTimeNs(logs);
	if (newest === undefined) {
		// The newest ones are loaded first, by themselves.
		return undefined;
	}

	const spanMs = Math.max(selectedWindow(state).lengthMs, leastSpanMs);
	const range = timeNs === undefined || timeNs > newest.toNs ? newest : rangeAt(logs.buffer, timeNs);
	if (range === undefined) {
		return timeNs === undefined ? undefined : lookBack(state, timeNs, spanMs);
	}

	const {before, after} = outlook(state, range);
	// If entries are rare, each request reaches further back than all before.
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
