import {levels} from '../api/logs.ts';
import type {LogAction, PaneAction, UserAction} from './actions.ts';
import {asSeenFrom, logPlaceOfPanes} from './derive-logs.ts';
import {appendTyped, eraseEnd} from './filter-input.ts';
import {type LogPlace, type Logs, logFilterInput, logSelection, logsBelow, toMs} from './logs.ts';
import type {State} from './state.ts';
import {jumpTo} from './time-travel.ts';

/** The actions that apply only to the logs. */
const logActions: Readonly<Record<LogAction['type'], true>> = {
	toggleLogs: true,
	toggleBothLogs: true,
	nextLevel: true,
	toggleOnlySelected: true,
	pointLog: true,
};

/** Returns whether an action applies only to the logs. */
export function isLogAction(action: UserAction): action is LogAction {
	return Object.hasOwn(logActions, action.type);
}

function withChange(state: State, change: Partial<Logs>): State {
	return {...state, logs: {...state.logs, ...change}};
}

/** Handles actions that apply only to the logs. */
export function reduceLogs(state: State, action: LogAction): State {
	const {logs} = state;
	switch (action.type) {
		case 'toggleLogs':
			return logs.isOpen ? closeLogs(state) : openLogs(state);
		case 'nextLevel':
			return withChange(state, {minLevel: levels[(levels.indexOf(logs.minLevel) + 1) % levels.length] ?? 'DEBUG'});
		case 'toggleOnlySelected':
			return withChange(state, {onlySelected: !logs.onlySelected});
		case 'toggleBothLogs':
			return toggleBoth(state, action.hasRoom);
		case 'pointLog': {
			const pointed = asSeenFrom(state, action.component);
			return withChange(pointed, {place: lineAt(pointed.logs, action.position)});
		}
	}
}

/** Opens the logs. Rejected requests for logs are sent again. */
export function openLogs(state: State): State {
	const {logs: _, earlierLogs: __, samplerLogs: ___, earlierSamplerLogs: ____, ...sideFailures} = state.sideFailures;
	const place = logPlaceOfPanes(state);
	const opened: State = {...state, sideFailures, overlay: {kind: 'none'}, otherLogs: {...state.otherLogs, place}};
	return withChange(opened, {isOpen: true, isFull: false, isUnfolded: false, place});
}

/** The minimum number of columns for showing both logs side by side. */
export const bothLogsFrom = 120;

function toggleBoth(state: State, hasRoom: boolean): State {
	const {logs, live} = state;
	const message =
		live.deployment?.sampler === undefined ? 'no sampler is known' : `both logs need ${bothLogsFrom} columns`;
	const isPossible = logs.isBoth || (hasRoom && live.deployment?.sampler !== undefined);
	return isPossible ? withChange(state, {isBoth: !logs.isBoth}) : {...state, message};
}

/** Closes the logs. If the filter is being edited, the earlier one is restored; otherwise, the filter is cleared. */
export function closeLogs(state: State): State {
	return withChange(state, {isOpen: false, filter: logFilterInput.drop(state.logs.filter)});
}

/** Returns whether the logs have the focus: they are open, and no overlay covers them. */
function hasKeysInLogs({logs, overlay}: State): boolean {
	return logs.isOpen && overlay.kind === 'none';
}

/**
 * Handles actions that have a different meaning while the logs are focused. Returns undefined for all other actions,
 * and if the logs aren't focused.
 */
export function reduceInLogs(state: State, action: PaneAction): State | undefined {
	const {logs} = state;
	const {filter} = logs;
	if (!hasKeysInLogs(state)) {
		return undefined;
	}

	switch (action.type) {
		case 'select':
			return withChange(state, {place: placeBy(logs, action.by)});
		case 'selectEnd':
			return withChange(state, {place: action.end === 'last' ? {kind: 'newest'} : lineAt(logs, 0)});
		case 'enter':
			return withChange(state, {isUnfolded: !logs.isUnfolded, place: placeBy(logs, 0)});
		case 'toggleFullScreen':
			return withChange(state, {isFull: !logs.isFull});
		case 'close':
			if (filter.text !== '') {
				return withChange(state, {filter: logFilterInput.withText(filter, '')});
			}

			return logs.isFull ? withChange(state, {isFull: false}) : closeLogs(state);
		case 'toggleCursor':
			return logs.place.kind === 'line' && state.cursorMs === undefined
				? jumpTo(state, toMs(logs.place.line.timeNs))
				: undefined;
		case 'editFilter':
			return withChange(state, {filter: logFilterInput.edit(filter)});
		case 'typeText':
			return withChange(state, {filter: logFilterInput.withText(filter, appendTyped(filter.text, action.text))});
		case 'eraseText':
			return withChange(state, {filter: logFilterInput.withText(filter, eraseEnd(filter.text, action.what))});
		case 'applyFilter':
			return withChange(state, {filter: logFilterInput.keep(filter)});
		case 'clearFilter':
			return withChange(state, {filter: logFilterInput.drop(filter)});
		default:
			return undefined;
	}
}

/**
 * Returns the place of the visible entry at this position, or of the nearest one; the current place if none is visible.
 */
function lineAt({visible: {lines}, place}: Logs, position: number): LogPlace {
	const kept = Math.min(Math.max(position, 0), lines.length - 1);
	const line = lines[kept];
	return line === undefined ? place : {kind: 'line', line, below: lines.length - 1 - kept};
}

/**
 * Returns the place `by` entries further down, or up if `by` is negative. Moving past the last entry returns the place
 * `newest`, which stays at the end as entries arrive.
 */
function placeBy(logs: Logs, by: number): LogPlace {
	const {visible} = logs;
	const selection = logSelection(logs);
	const last = visible.lines.length - 1;
	const wanted = selection + by;
	if (by > 0 && wanted > last) {
		return {kind: 'newest'};
	}

	const moved = lineAt(logs, wanted);
	const below = logsBelow(logs, selection) - by;
	return moved.kind === 'line' ? {...moved, below: Math.max(below, 0)} : moved;
}
