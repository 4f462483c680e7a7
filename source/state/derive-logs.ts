// Longer than 250 lines because the visible entries and the requests for more of them depend on each other.
import {type LogLine, levels} from '../api/logs.ts';
import {
	emptyLogBuffer,
	isAlmostFull,
	isReplicaOf,
	keepLogs,
	type LoadedRange,
	type LogBuffer,
	logPosition,
	rangeAt,
} from '../metrics/log-buffer.ts';
import {logTest} from '../metrics/log-filter.ts';
import {compareNames} from '../metrics/node.ts';
import {type Component, otherComponent} from './component.ts';
import {
	endOfMs,
	type LogPlace,
	type Logs,
	logSelection,
	logTimeNs,
	toMs,
	type VisibleLogs,
	wantedLevel,
} from './logs.ts';
import {selectedWindow} from './selectors.ts';
import type {State} from './state.ts';

/** The age of the oldest logs that the service keeps, minus the possible difference between clocks, in milliseconds. */
const reachMs = 7 * 86_400_000 - 10 * 60_000;

/** The minimum length of the range that is requested when loading earlier logs, in milliseconds. */
const minSpanMs = 3_600_000;

/** The number of entries on each side of the selection that are loaded in advance: more than fit on a screen. */
const ahead = 150;

/**
 * The maximum number of entries on each side of the selection that are searched for filter matches: less than half
 * of the buffer.
 */
const maxSearched = 6000;

/** The maximum delay with which a collector delivers an entry after a newer one, in milliseconds. */
export const latenessMs = 60_000;

/** The maximum number of known entries that are requested again, so that half of a page is left for new ones. */
const maxRequestedAgain = 500;

/** A part of the logs to request: backward from `toNs` to `startMs`, or forward from `fromNs` to `endMs`. */
export type LogsPlan =
	| {readonly kind: 'back'; readonly toNs: bigint; readonly startMs: number}
	| {readonly kind: 'forth'; readonly fromNs: bigint; readonly endMs: number};

/** Returns the earliest time that can have logs, in epoch milliseconds. */
export function earliestLogsMs(nowMs: number): number {
	return nowMs - reachMs;
}

/**
 * Returns the start of the range to request for the newest logs, in epoch milliseconds: up to a minute before the
 * newest known entry, because others can arrive late. If no entry is known, the range is as long as the window, but at
 * least an hour.
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

/**
 * The loaded range around the selection, and the numbers of visible entries (`shown`) and of all entries (`all`) in it
 * before and after the selection.
 */
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
 * Returns whether to load more on one side: true if few entries are loaded there, and also if few of them match, unless
 * the buffer is almost full, many entries have been searched (`maxSearched`), or the filter is being typed.
 */
function wantsMore({logs}: State, {shown, all}: Outlook['before']): boolean {
	const isSearched = isAlmostFull(logs.buffer) || logs.filter.editing !== undefined || all >= maxSearched;
	return all < ahead || (shown < ahead && !isSearched);
}

/** Returns the logs to load next around the selection, except the newest ones; undefined if enough are loaded. */
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

/** Returns the state as if this component were the active one: its logs are `logs`, with the current layout. */
export function asSeenFrom(state: State, component: Component): State {
	const {logs, otherLogs} = state;
	const {isOpen, isFull, isBoth} = logs;
	const isAlike = otherLogs.isOpen === isOpen && otherLogs.isFull === isFull && otherLogs.isBoth === isBoth;
	return component === state.component
		? state
		: {...state, component, logs: isAlike ? otherLogs : {...otherLogs, isOpen, isFull, isBoth}, otherLogs: logs};
}

/** Returns whether a component's logs are shown if there is space. */
export function areLogsShown({logs, component: active}: State, component: Component): boolean {
	return logs.isOpen && (logs.isBoth || component === active);
}

/** Returns the time that the panes show, unless it is the newest. */
function panesTime({cursorMs, mode}: State): Extract<LogPlace, {kind: 'time'}> | undefined {
	if (cursorMs !== undefined) {
		return {kind: 'time', timeNs: endOfMs(cursorMs), isCursor: true};
	}

	switch (mode.kind) {
		case 'live':
			return undefined;
		case 'paused':
			return {kind: 'time', timeNs: endOfMs(mode.live.nowMs), isCursor: false};
		case 'past':
			return {kind: 'time', timeNs: endOfMs(mode.endMs), isCursor: false};
	}
}

/** Returns the position in the logs that corresponds to the time of the panes. */
export function logPlaceOfPanes(state: State): LogPlace {
	return panesTime(state) ?? {kind: 'newest'};
}

/** Returns whether the panes moved to another time, and the logs have to follow. Pausing doesn't move the selection. */
function hasMoved(state: State, before: State): boolean {
	const [to, from] = [panesTime(state), panesTime(before)];
	const isPause = [state, before].every(({cursorMs, mode}) => cursorMs === undefined && mode.kind !== 'past');
	return (
		(to?.timeNs !== from?.timeNs || to?.isCursor !== from?.isCursor) && !(isPause && state.logs.place.kind === 'line')
	);
}

/**
 * Returns the only node whose logs are shown; undefined if those of all nodes are. If there is only one node, all logs
 * belong to it.
 */
function onlyNode({logs, component, views, components}: State): string | undefined {
	const {snapshot, nodes} = views[component];
	const selected = nodes.find(({id}) => id === components[component].selected) ?? nodes[0];
	return logs.onlySelected && snapshot.nodes.length > 1 ? selected?.id : undefined;
}

/**
 * Derives the logs of both components from the rest of the state: they follow the panes to another time, and match the
 * filter and the user's choices. Unchanged parts of `before` are reused.
 */
export function deriveLogs(state: State, before: State): State {
	const other = otherComponent(state.component);
	const next = deriveActive(state, asSeenFrom(before, state.component));
	const {logs: otherLogs} = deriveActive(asSeenFrom(next, other), asSeenFrom(before, other));
	return otherLogs === next.otherLogs ? next : {...next, otherLogs};
}

function deriveActive(state: State, before: State): State {
	const moved = hasMoved(state, before) ? {...state.logs, place: logPlaceOfPanes(state)} : state.logs;
	const logs = moved.filter.editing === undefined ? atLevel(moved) : moved;
	const node = onlyNode(state);
	const isSame =
		logs.buffer === before.logs.buffer &&
		logs.filter.conditions === before.logs.filter.conditions &&
		node === before.logs.visible.node;
	const shown = isSame ? before.logs.visible : show(logs, node, before.logs);
	return logs === state.logs && shown === logs.visible ? state : {...state, logs: {...logs, visible: shown}};
}

/**
 * Returns the logs at the chosen level. If it is higher than before, entries below it, or without a level, are dropped;
 * if it is lower, all entries are, because those of lower levels weren't loaded.
 */
function atLevel(logs: Logs): Logs {
	const level = wantedLevel(logs);
	const rank = levels.indexOf(level);
	if (level === logs.level) {
		return logs;
	}

	const fits = (line: LogLine): boolean => line.level !== undefined && levels.indexOf(line.level) >= rank;
	const buffer = rank > levels.indexOf(logs.level) ? keepLogs(logs.buffer, fits) : emptyLogBuffer;
	return {...logs, level, buffer};
}

function replicasOf({ranges}: LogBuffer): readonly string[] {
	const names = new Set<string>();
	for (const {lines} of ranges) {
		for (const {replica} of lines) {
			if (replica !== undefined) {
				names.add(replica);
			}
		}
	}

	return [...names].sort(compareNames);
}

function show({buffer, filter}: Logs, node: string | undefined, before: Logs): VisibleLogs {
	const replicas = buffer === before.buffer ? before.visible.replicas : replicasOf(buffer);
	const all = ([] as readonly LogLine[]).concat(...buffer.ranges.map(({lines}) => lines));
	if (filter.conditions.length === 0 && node === undefined) {
		return {lines: all, replicas, node};
	}

	const wanted = new Set(replicas.filter(replica => node === undefined || isReplicaOf(replica, node)));
	const fits = logTest(filter.conditions);
	const lines = all.filter(line => (node === undefined || wanted.has(line.replica ?? '')) && fits(line));
	return {lines, replicas, node};
}
