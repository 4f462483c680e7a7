import {newestOf} from '../metrics/freshness.ts';
import {computeOf, emptyHistory, gpuSeries, type History, requestSeries} from '../metrics/history.ts';
import {cutHistory} from '../metrics/merge-history.ts';
import {newestTime} from '../metrics/series.ts';
import type {TimeRange, Window} from '../metrics/windows.ts';
import {type Component, type ComponentState, mapComponents} from './component.ts';
import {activeHistory} from './derive-views.ts';
import {activeComponent, activeView, selectedWindow} from './selectors.ts';
import type {State} from './state.ts';

/** The age of the oldest samples that the service is known to have, in milliseconds. */
export const keptMs = 7 * 86_400_000;

/** The number of earlier ranges that are kept, so that moving back and forth doesn't repeat requests. */
const keptPasts = 16;

/**
 * Returns the step by which a window moves in time, in milliseconds. The ends of earlier ranges are rounded to
 * multiples of it, so that the same ranges recur.
 */
export function panStepMs({lengthMs}: Window): number {
	return lengthMs / 4;
}

/** Returns the end of the live range. */
function liveEndMs(state: State): number {
	const [{endMs}] = activeComponent(state).histories;
	return endMs > 0 ? endMs : state.live.nowMs;
}

/**
 * Shows the range that ends at `endMs`. If that is close to the end of the live range or later, shows the live range;
 * if it is too early for the API to have samples of the whole range, shows the earliest possible range. Changes nothing
 * if no earlier range is possible.
 */
export function showRangeUntil(state: State, endMs: number): State {
	const window = selectedWindow(state);
	const stepMs = panStepMs(window);
	const newestMs = liveEndMs(state);
	if (endMs > newestMs - stepMs / 2) {
		return {...state, mode: {kind: 'live'}};
	}

	const earliestMs = Math.ceil((newestMs - keptMs + window.lengthMs) / stepMs) * stepMs;
	if (endMs < earliestMs) {
		return earliestMs > newestMs - stepMs / 2 || endMs === earliestMs ? state : showRangeUntil(state, earliestMs);
	}

	const startMs = endMs - window.lengthMs;
	const look = (component: ComponentState, name: Component): ComponentState => {
		const isShown = (past: History): boolean => past.endMs === endMs && past.window.name === window.name;
		const past = component.pasts.find(isShown) ?? cutHistory(activeHistory(state, name), startMs, endMs);
		const others = component.pasts.filter(other => !isShown(other));
		return {...component, pasts: [past, ...others.slice(0, keptPasts - 1)]};
	};
	return {...state, mode: {kind: 'past', endMs}, components: mapComponents(state.components, look)};
}

/** Shows a range of any length, for which no data is known yet. `window` has the length and the step of the range. */
export function showRange(state: State, {startMs, endMs}: TimeRange, window: Window): State {
	const begun = {...emptyHistory(window), startMs, endMs};
	const show = (component: ComponentState): ComponentState => ({
		...component,
		histories: [emptyHistory(window)],
		pasts: [begun],
	});
	return {...state, mode: {kind: 'past', endMs}, components: mapComponents(state.components, show)};
}

/** Moves the visible range `by` quarters of the window in time; moving past the newest sample returns to live. */
export function pan(state: State, by: number): State {
	const {mode} = state;
	const stepMs = panStepMs(selectedWindow(state));
	if (mode.kind === 'past') {
		return keepCursorInside(showRangeUntil(state, mode.endMs + by * stepMs));
	}

	if (by > 0) {
		return {...state, mode: {kind: 'live'}};
	}

	const history = activeHistory(state);
	const endMs = history.endMs > 0 ? history.endMs : liveEndMs(state);
	const firstMs = Math.floor((endMs - stepMs / 2) / stepMs) * stepMs;
	return keepCursorInside(showRangeUntil(state, firstMs + (by + 1) * stepMs));
}

/**
 * Shows a range that contains this time: the current or the live one if possible, or otherwise one with the time
 * approximately in its middle.
 */
function showTime(state: State, timeMs: number): State {
	const history = activeHistory(state);
	const isWithin = ({startMs, endMs}: History): boolean => timeMs >= startMs && timeMs <= endMs;
	if (isWithin(history) && history.window.name === selectedWindow(state).name) {
		return state;
	}

	if (isWithin(activeComponent(state).histories[0])) {
		return {...state, mode: {kind: 'live'}};
	}

	const stepMs = panStepMs(selectedWindow(state));
	const middle = timeMs + selectedWindow(state).lengthMs / 2;
	return showRangeUntil(state, Math.ceil(middle / stepMs) * stepMs);
}

/**
 * Returns the range of the cursor: from the start of the visible range to its newest sample of requests, replicas, or
 * CPU use, or to its end if no samples are known.
 */
function cursorRange(state: State): {readonly firstMs: number; readonly lastMs: number} {
	const history = activeHistory(state);
	const {requests, replicas, leader, nodes} = history;
	const series = [requests.volume, replicas, leader.cpu, ...[...nodes.values()].map(({cpu}) => cpu)];
	const newest = series.flatMap(points => newestTime(points) ?? []);
	const isKnown = history.complete && newest.length > 0;
	const lastMs = isKnown ? Math.min(history.endMs, Math.max(...newest)) : history.endMs;
	return {firstMs: Math.min(history.startMs, lastMs), lastMs};
}

function clamp(value: number, lowest: number, highest: number): number {
	return Math.min(Math.max(value, lowest), highest);
}

/**
 * Returns the initial position of the cursor: the newest time at which every kind of series has a sample, because
 * collectors lag by different amounts. Kinds whose newest sample is old are ignored.
 */
function cursorStart(state: State): number {
	const {firstMs, lastMs} = cursorRange(state);
	const {requests, replicas, leader, nodes} = activeHistory(state);
	const all = nodes.size > 0 ? [...nodes.values()] : [leader];
	const kinds = [
		[...requestSeries(requests), replicas],
		all.flatMap(node => Object.values(computeOf(node))),
		all.flatMap(({gpus}) => [...gpus.values()].flatMap(gpuSeries)),
	];
	const {limitMs} = activeView(state).snapshot;
	const newest = kinds.flatMap(series => newestOf(series) ?? []).filter(time => time >= lastMs - limitMs);
	return clamp(Math.min(lastMs, ...newest), firstMs, lastMs);
}

/** Moves the cursor into the visible range if panning has left it outside. */
function keepCursorInside(state: State): State {
	if (state.cursorMs === undefined) {
		return state;
	}

	const {firstMs, lastMs} = cursorRange(state);
	return {...state, cursorMs: clamp(state.cursorMs, firstMs, lastMs)};
}

/** Shows the cursor at its initial position (`cursorStart`), or hides it. */
export function toggleCursor(state: State): State {
	if (activeHistory(state).endMs === 0) {
		return state;
	}

	return {...state, cursorMs: state.cursorMs === undefined ? cursorStart(state) : undefined};
}

/** Moves the cursor by this many steps of the window; at the edge, the visible range moves with it. */
export function moveCursor(state: State, by: number): State {
	const {cursorMs} = state;
	if (cursorMs === undefined) {
		return state;
	}

	const {stepMs} = selectedWindow(state);
	// The server aligns samples to multiples of the step.
	const from = by < 0 ? Math.ceil(cursorMs / stepMs) : Math.floor(cursorMs / stepMs);
	return moveCursorTo(state, (from + by) * stepMs);
}

function moveCursorTo(state: State, timeMs: number): State {
	const {firstMs, lastMs} = cursorRange(state);
	const canGoOn = state.mode.kind === 'past' || timeMs < firstMs;
	if (canGoOn && (timeMs < firstMs || timeMs > lastMs)) {
		const panned = pan({...state, cursorMs: undefined}, timeMs < firstMs ? -1 : 1);
		const range = cursorRange(panned);
		return {...panned, cursorMs: clamp(timeMs, range.firstMs, range.lastMs)};
	}

	return {...state, cursorMs: clamp(timeMs, firstMs, lastMs)};
}

/** Moves the cursor to the start of the visible range, or to its newest sample. */
export function moveCursorToEnd(state: State, end: 'first' | 'last'): State {
	const {firstMs, lastMs} = cursorRange(state);
	return {...state, cursorMs: end === 'first' ? firstMs : lastMs};
}

/**
 * Keeps the cursor on its time while new data arrives; when that time leaves the live range, an earlier range is shown.
 */
export function followCursor(state: State): State {
	const {cursorMs, mode} = state;
	const [{startMs}] = activeComponent(state).histories;
	const hasLeft = cursorMs !== undefined && mode.kind === 'live' && cursorMs < startMs;
	return hasLeft ? showTime(state, cursorMs) : state;
}

/** Puts the cursor on a time, in any range. */
export function jumpTo(state: State, timeMs: number): State {
	return {...showTime(state, timeMs), cursorMs: timeMs};
}
