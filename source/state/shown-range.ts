import {emptyHistory, type History} from '../metrics/history.ts';
import {carryNewest} from '../metrics/merge-history.ts';
import type {Window} from '../metrics/windows.ts';
import {formatMoment, type Zone} from '../text/clock-time.ts';
import {parseMoment, resolveMoment} from '../text/moment.ts';
import {type ComponentState, mapComponents} from './component.ts';
import {selectedWindow} from './selectors.ts';
import {findingsWindow, type State} from './state.ts';
import {followCursor, jumpTo, keptMs, panStepMs, showRangeUntil} from './time-travel.ts';

/**
 * The number of windows that are kept, including the one on the screen. If the findings' window isn't among them, it is
 * kept, too. Switching back to a kept window shows it immediately; during a failure, only kept windows have data.
 */
const rememberedWindows = 3;

/**
 * Returns the visible history, followed by those to keep: the most recently shown ones, and that of the findings'
 * window.
 */
function rememberHistory(shown: History, others: readonly History[]): ComponentState['histories'] {
	const rest = others.filter(({window}) => window.name !== shown.window.name);
	const findings = rest.filter(({window}) => window.name === findingsWindow.name);
	const complete = rest.filter(({window, complete}) => complete && window.name !== findingsWindow.name);
	return [shown, ...complete.slice(0, rememberedWindows - 1), ...findings];
}

/**
 * Switches a component to a window: to the window's known data, or otherwise to the component's newest values until the
 * response arrives.
 */
function switchWindow(component: ComponentState, window: Window): ComponentState {
	const [shown, ...others] = component.histories;
	const known = others.find(history => history.window.name === window.name);
	const begun = shown.endMs === 0 ? emptyHistory(window) : carryNewest(shown, window);
	return {...component, histories: rememberHistory(known?.complete === true ? known : begun, component.histories)};
}

/**
 * Shows another window. A window that was shown earlier keeps its known data until the response arrives. If an earlier
 * range is on the screen, the new range has the cursor in its middle or, without a cursor, ends at about the same time.
 * If the window is already on the screen, does nothing except end a pause.
 */
export function showWindow(state: State, window: Window): State {
	const {mode, cursorMs, components} = state;
	if (selectedWindow(state).name === window.name) {
		return mode.kind === 'paused' ? {...state, mode: {kind: 'live'}} : state;
	}

	const turned: State = {
		...state,
		components: mapComponents(components, component => switchWindow(component, window)),
		mode: {kind: 'live'},
	};
	if (mode.kind !== 'past') {
		return followCursor(turned);
	}

	const stepMs = panStepMs(window);
	const endMs = cursorMs === undefined ? mode.endMs : cursorMs + window.lengthMs / 2;
	return showRangeUntil(turned, Math.ceil(endMs / stepMs) * stepMs);
}

/**
 * Shows the window that was requested at startup. If a time was requested, puts the cursor on it or, in a replay, seeks
 * to it; otherwise, hides the cursor and shows the live range.
 */
export function showDefaultWindow(state: State): State {
	const {requestedWindow, requestedTimeMs, replay} = state;
	const shown = showWindow({...state, mode: {kind: 'live'}, cursorMs: undefined}, requestedWindow);
	if (requestedTimeMs === undefined) {
		return shown;
	}

	return replay === undefined
		? jumpTo(shown, requestedTimeMs)
		: {...shown, replay: {...replay, seekTarget: {toMs: requestedTimeMs}}};
}

/**
 * A time that is being typed. `isRefused` is true after Enter is pressed on an invalid string, until the text changes.
 */
export type TypedTime = {readonly text: string; readonly isRefused: boolean};

/** A typed time in epoch milliseconds, or the reason why there isn't one; `why` is a clause. */
type TargetTime =
	| {readonly kind: 'nothing'}
	| {readonly kind: 'time'; readonly timeMs: number}
	/** Not a time, or not a complete one yet. */
	| {readonly kind: 'unreadable'}
	| {readonly kind: 'unreachable'; readonly why: string};

/** Opens the line in which a time is typed, or closes it. */
export function toggleTimeInput(state: State): State {
	return {...state, typedTime: state.typedTime === undefined ? {text: '', isRefused: false} : undefined};
}

/**
 * Returns the time that a string refers to. It must be within the range for which the API keeps samples or, in a
 * replay, within the recording.
 */
export function targetTimeOf(state: State, text: string, zone: Zone): TargetTime {
	if (text.trim() === '') {
		return {kind: 'nothing'};
	}

	const moment = parseMoment(text);
	if (moment === undefined) {
		return {kind: 'unreadable'};
	}

	const {replay, live} = state;
	const {nowMs} = live;
	if (replay === undefined) {
		const timeMs = resolveMoment(moment, {startMs: undefined, endMs: nowMs, zone});
		return timeMs === undefined
			? {kind: 'unreachable', why: 'only a recording has a start to count from'}
			: checkLive(timeMs, nowMs, zone);
	}

	const {extent} = replay;
	if (extent === undefined || (extent.endMs === undefined && moment.kind === 'before-end')) {
		return {kind: 'unreachable', why: "the end of the recording isn't known yet"};
	}

	const {startMs, endMs} = extent;
	const timeMs = resolveMoment(moment, {startMs, endMs: endMs ?? startMs, zone});
	if (timeMs !== undefined && timeMs >= startMs && timeMs <= (endMs ?? Number.POSITIVE_INFINITY)) {
		return {kind: 'time', timeMs};
	}

	const show = (time: number): string => formatMoment(time, startMs, zone);
	const covered = endMs === undefined ? `starts at ${show(startMs)}` : `covers ${show(startMs)} to ${show(endMs)}`;
	return {
		kind: 'unreachable',
		why: `${timeMs === undefined ? 'this time' : show(timeMs)} isn't in the recording, which ${covered}`,
	};
}

function checkLive(timeMs: number, nowMs: number, zone: Zone): TargetTime {
	const shown = formatMoment(timeMs, nowMs, zone);
	if (timeMs > nowMs) {
		return {kind: 'unreachable', why: `${shown} is in the future`};
	}

	return timeMs < nowMs - keptMs
		? {
				kind: 'unreachable',
				why: `the API keeps 7 days: nothing is known before ${formatMoment(nowMs - keptMs, nowMs, zone)}`,
			}
		: {kind: 'time', timeMs};
}

/**
 * Goes to the typed time, and closes the go-to line and any overlay. If the text is invalid, the line stays open; if
 * the text is empty, only the line is closed.
 */
export function goToTypedTime(state: State, zone: Zone): State {
	const {typedTime} = state;
	const goal = targetTimeOf(state, typedTime?.text ?? '', zone);
	switch (goal.kind) {
		case 'nothing':
			return {...state, typedTime: undefined};
		case 'time':
			return goTo({...state, typedTime: undefined, overlay: {kind: 'none'}}, goal.timeMs);
		case 'unreadable':
		case 'unreachable':
			return {...state, typedTime: {text: typedTime?.text ?? '', isRefused: true}};
	}
}

/**
 * Puts the cursor on a time, or returns to live if the time isn't in the past. In a replay, requests a seek to the time
 * instead.
 */
export function goTo(state: State, timeMs: number): State {
	const {replay, live} = state;
	if (replay !== undefined) {
		return {...state, replay: {...replay, seekTarget: {toMs: timeMs}}};
	}

	return timeMs >= live.nowMs ? {...state, mode: {kind: 'live'}, cursorMs: undefined} : jumpTo(state, timeMs);
}
