import type {History} from '../metrics/history.ts';
import {emptyLogBuffer} from '../metrics/log-buffer.ts';
import {findWindow} from '../metrics/windows.ts';
import {type Component, type ComponentState, mapComponents} from './component.ts';
import {initialState, keptBy} from './initial-state.ts';
import {noLogs} from './logs.ts';
import {fastest, type Replay} from './replay.ts';
import {selectedWindow} from './selectors.ts';
import {showWindow} from './shown-range.ts';
import type {State} from './state.ts';
import {panStepMs} from './time-travel.ts';

/** The speeds that the keys step through, in seconds of the recording per second. */
const speeds = [0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, fastest] as const;

/**
 * Returns the next higher (`by` 1) or lower (`by` −1) speed in the list, or `speed` if there is none. A speed from the
 * command line isn't necessarily in the list.
 */
function stepSpeed(speed: number, by: number): number {
	const lower = speeds.findLast(other => other < speed);
	const higher = speeds.find(other => other > speed);
	return (by < 0 ? lower : higher) ?? speed;
}

/** Returns the replay of a state that has one; throws an error for any other state. */
export function replayOf({replay}: State): Replay {
	if (replay === undefined) {
		throw new Error('no recording is playing');
	}

	return replay;
}

function change(state: State, replay: Partial<Replay>): State {
	return state.replay === undefined ? state : {...state, replay: {...state.replay, ...replay}};
}

/** Pauses or resumes playback. */
export function togglePlay(state: State): State {
	return change(state, {isPaused: state.replay?.isPaused !== true});
}

/** Plays faster or slower. */
export function changeSpeed(state: State, by: number): State {
	return change(state, {speed: stepSpeed(state.replay?.speed ?? 1, by)});
}

/**
 * Requests a seek by a quarter of the window, from the target of a pending seek or, if there is none, from the current
 * position.
 */
export function skip(state: State, by: number): State {
	const fromMs = state.replay?.seekTarget?.toMs ?? state.live.nowMs;
	return change(state, {seekTarget: {toMs: fromMs + by * panStepMs(selectedWindow(state))}});
}

/** Resets the state for a seek: data is dropped, but the user's choices are kept. */
export function seekTo(state: State, nowMs: number): State {
	const {target, host, intervalMs, thresholds, deployments, components, logs, otherLogs} = state;
	const window = selectedWindow(state);
	const begun = initialState({target, host, window, intervalMs, nowMs, thresholds, scope: deployments.scope});
	const chosen = mapComponents(begun.components, (empty, name) => {
		const {selected, selectedRank} = components[name];
		return {...empty, selected, selectedRank};
	});
	const unread = {buffer: emptyLogBuffer, place: {kind: 'newest'}, visible: noLogs.visible, dropped: 0} as const;
	return change(
		{
			...begun,
			...keptBy('seek', state),
			components: chosen,
			logs: {...logs, ...unread},
			otherLogs: {...otherLogs, ...unread},
		},
		{seekTarget: undefined, ended: undefined, gapEndMs: undefined},
	);
}

/** Notes the time at which the recording ends. */
export function noteRecordingEnd(state: State, endMs: number): State {
	const {extent} = state.replay ?? {};
	return extent === undefined ? state : change(state, {extent: {...extent, endMs}});
}

/** Notes that nothing was recorded between now and `endMs`. */
export function enterGap(state: State, endMs: number): State {
	return change(state, {gapEndMs: endMs});
}

/** Notes that the replay has ended: at the end of the recording or, if `why` gives a reason, earlier. */
export function endReplay(state: State, why: string | undefined): State {
	return change(state, {ended: {why}, seekTarget: undefined});
}

/**
 * Switches to the window that was shown next during the recording, unless the user has chosen a different one, or the
 * cursor, an earlier range, or a paused view is on the screen.
 */
export function followRecorded(state: State, name: string): State {
	const {replay, mode, cursorMs} = state;
	const window = findWindow(name);
	const isFollowing = replay?.recordedWindow === selectedWindow(state).name && mode.kind === 'live';
	const shown = window === undefined || !isFollowing || cursorMs !== undefined ? state : showWindow(state, window);
	return change(shown, {recordedWindow: name});
}

/**
 * Replaces a component's data for one time range (a window up to now, or an earlier range) with recorded data. Data for
 * a range that isn't kept is ignored.
 */
export function restoreHistory(
	state: State,
	{
		component,
		kind,
		history: known,
	}: {readonly component: Component; readonly kind: 'live' | 'past'; readonly history: History},
): State {
	const isSame = ({window, endMs}: History): boolean =>
		window.name === known.window.name && (kind === 'live' || endMs === known.endMs);
	const replace = (history: History): History => (isSame(history) ? known : history);
	const {histories, pasts} = state.components[component];
	const [shown, ...others] = histories;
	const changed: Partial<ComponentState> =
		kind === 'past' ? {pasts: pasts.map(replace)} : {histories: [replace(shown), ...others.map(replace)]};
	return {...state, components: {...state.components, [component]: {...state.components[component], ...changed}}};
}
