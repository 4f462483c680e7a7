import {emptyHistory, type History} from '../metrics/history.ts';
import {carryNewest} from '../metrics/merge-history.ts';
import type {Window} from '../metrics/windows.ts';
import {type ComponentState, mapComponents} from './component.ts';
import {selectedWindow} from './selectors.ts';
import {findingsWindow, type State} from './state.ts';
import {followCursor, jumpTo, panStepMs, showRangeUntil} from './time-travel.ts';

/**
 * The number of windows that are kept, so that switching back to one shows it immediately; during a failure, they are
 * the only data.
 */
const rememberedWindows = 3;

/** Returns the visible history first, followed by those to keep: the most recently shown ones, and that of the findings. */
function remember(shown: History, others: readonly History[]): ComponentState['histories'] {
	const rest = others.filter(({window}) => window.name !== shown.window.name);
	const findings = rest.filter(({window}) => window.name === findingsWindow.name);
	const complete = rest.filter(({window, complete}) => complete && window.name !== findingsWindow.name);
	return [shown, ...complete.slice(0, rememberedWindows - 1), ...findings];
}

/** Switches a component to a window, with its known data, or with its newest values until the response arrives. */
function turn(component: ComponentState, window: Window): ComponentState {
	const [shown, ...others] = component.histories;
	const known = others.find(history => history.window.name === window.name);
	const begun = shown.endMs === 0 ? emptyHistory(window) : carryNewest(shown, window);
	return {...component, histories: remember(known?.complete === true ? known : begun, component.histories)};
}

/**
 * Shows another window. A window that was shown earlier keeps its known data until its response arrives. An earlier
 * range stays in place: around the cursor, or up to its end.
 */
export function showWindow(state: State, window: Window): State {
	const {mode, cursorMs, components} = state;
	if (selectedWindow(state).name === window.name) {
		return mode.kind === 'paused' ? {...state, mode: {kind: 'live'}} : state;
	}

	const turned: State = {
		...state,
		components: mapComponents(components, component => turn(component, window)),
		mode: {kind: 'live'},
	};
	if (mode.kind !== 'past') {
		return followCursor(turned);
	}

	const stepMs = panStepMs(window);
	const endMs = cursorMs === undefined ? mode.endMs : cursorMs + window.lengthMs / 2;
	return showRangeUntil(turned, Math.ceil(endMs / stepMs) * stepMs);
}

/** Shows the window and the time that were requested at startup, or live if no time was requested. The cursor is hidden. */
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
