import type {Window} from '../metrics/windows.ts';
import {type Component, components} from '../state/component.ts';
import {activeHistory} from '../state/derive-views.ts';
import {findingsWindow, type State} from '../state/state.ts';
import type {TimeRange} from './history-builder.ts';

/** A window up to a time ends at the next step, as that of a query does. */
function liveRange(component: Component, window: Window, timeMs: number): TimeRange {
	const {stepMs} = window;
	return {component, kind: 'live', window, endMs: Math.ceil(timeMs / stepMs) * stepMs};
}

/** Returns the ranges needed at a time: the visible window, and the one of the findings. */
export function rangesAt(window: Window, timeMs: number): readonly TimeRange[] {
	const shown = components.map(component => liveRange(component, window, timeMs));
	return window.name === findingsWindow.name ? shown : [...shown, liveRange('trainer', findingsWindow, timeMs)];
}

/**
 * Returns the visible ranges that the recording hasn't been searched for. A window shown by the recording,
 * `reportedWindow`, comes from its own responses.
 */
export function missingRanges(state: State, reportedWindow: string): readonly TimeRange[] {
	const {mode, live} = state;
	const unknown = components
		.map(component => ({component, history: activeHistory(state, component)}))
		.filter(({history}) => !history.complete);
	if (mode.kind === 'past') {
		return unknown.map(({component, history: {window}}) => ({component, kind: 'past', window, endMs: mode.endMs}));
	}

	return unknown
		.filter(({history}) => history.window.name !== reportedWindow)
		.map(({component, history}) => liveRange(component, history.window, live.nowMs));
}
