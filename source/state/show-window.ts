import {carryNewest, type History} from '../metrics/history.ts';
import type {Window} from '../metrics/windows.ts';
import {type State, watchWindow} from './state.ts';
import {followCursor, panStepMs, showStretch} from './time-travel.ts';

/** So many windows are remembered: going back to one shows it at once, and during a fault it is all there is. */
const rememberedWindows = 3;

/** The shown history first, and those that are remembered: the ones that were shown last, and the one of the findings. */
function remember(shown: History, others: readonly History[]): State['histories'] {
	const rest = others.filter(({window}) => window.name !== shown.window.name);
	const watched = rest.filter(({window}) => window.name === watchWindow.name);
	const complete = rest.filter(({window, complete}) => complete && window.name !== watchWindow.name);
	return [shown, ...complete.slice(0, rememberedWindows - 1), ...watched];
}

/**
 * Shows another window. One that was looked at before shows what is known of it until its answer comes. An earlier stretch
 * stays where it was: around the cursor, or up to its end.
 */
export function showWindow(state: State, window: Window): State {
	const [shown, ...others] = state.histories;
	const {mode, cursorMs} = state;
	if (shown.window.name === window.name) {
		return mode.kind === 'paused' ? {...state, mode: {kind: 'live'}} : state;
	}

	const known = others.find(history => history.window.name === window.name);
	const history = known?.complete === true ? known : carryNewest(shown, window);
	const turned: State = {...state, histories: remember(history, state.histories), mode: {kind: 'live'}};
	if (mode.kind !== 'past') {
		return followCursor(turned);
	}

	const stepMs = panStepMs(history);
	const endMs = cursorMs === undefined ? mode.endMs : cursorMs + window.lengthMs / 2;
	return showStretch(turned, Math.ceil(endMs / stepMs) * stepMs);
}

/** The window as the program starts with it, live, without a cursor. */
export function showDefaultWindow(state: State): State {
	return showWindow({...state, mode: {kind: 'live'}, cursorMs: undefined}, watchWindow);
}
