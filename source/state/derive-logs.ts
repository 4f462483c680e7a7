import {type LogLine, levels} from '../api/logs.ts';
import {addRange, emptyLogBuffer, isReplicaOf, keepLogs, type LogBuffer} from '../metrics/log-buffer.ts';
import {logTest} from '../metrics/log-filter.ts';
import {compareNames} from '../metrics/node.ts';
import {type Component, otherComponent} from './component.ts';
import {endOfMs, type LogPlace, type Logs, type LogsUpdate, logTimeNs, type VisibleLogs, wantedLevel} from './logs.ts';
import type {State} from './state.ts';

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

/** Returns whether the panes moved to another time, so that the logs follow. Pausing doesn't move the selection. */
function hasMoved(state: State, before: State): boolean {
	const [to, from] = [panesTime(state), panesTime(before)];
	const isPause = [state, before].every(({cursorMs, mode}) => cursorMs === undefined && mode.kind !== 'past');
	return (
		(to?.timeNs !== from?.timeNs || to?.isCursor !== from?.isCursor) && !(isPause && state.logs.place.kind === 'line')
	);
}

/** Returns the only node whose logs are shown. If there is only one node, all logs belong to it. */
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

/** Returns the logs without entries below the chosen level, or none if entries of lower levels weren't loaded. */
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

/** Adds the result of a side request for logs. Results of another level are ignored. */
export function addLogs(logs: Logs, {level, loaded}: LogsUpdate): Logs {
	return level !== logs.level || loaded === undefined
		? logs
		: {...logs, buffer: addRange(logs.buffer, loaded.range, logTimeNs(logs)), dropped: loaded.dropped};
}
