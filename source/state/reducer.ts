import {addAnswer, carryNewest, type History} from '../metrics/history.ts';
import {takeSnapshot} from '../metrics/snapshot.ts';
import {defaultWindow, stepWindow, type Window} from '../metrics/windows.ts';
import type {Action, PollerAction, UserAction} from './actions.ts';
import {stepInterval} from './intervals.ts';
import {paneAfter} from './panes.ts';
import {type Link, type Picture, type State, selectedPosition, shownPicture, shownScale} from './state.ts';

/** So many windows are remembered: going back to one shows it at once, and during a fault it is all there is. */
const rememberedWindows = 3;

/** Everything that happens goes through here; the state it gives is all that the screen depends on. */
export function reduce(state: State, action: Action): State {
	switch (action.type) {
		case 'answered':
		case 'answeredNothing':
		case 'failed':
		case 'described':
		case 'aged':
			return reducePoller(state, action);
		default:
			return reduceUser(state, action);
	}
}

function reducePoller(state: State, action: PollerAction): State {
	const {atMs: nowMs} = action;
	switch (action.type) {
		case 'answered': {
			const [history, ...others] = state.histories;
			if (action.window !== history.window.name) {
				return state;
			}

			const link: Link = {kind: 'ok', atMs: nowMs, tookMs: action.tookMs};
			return showHistories(state, [addAnswer(history, action.answer, action.range), ...others], {link, nowMs});
		}

		case 'answeredNothing':
			return withLive(state, {link: {kind: 'no-metrics', atMs: nowMs, tookMs: action.tookMs}, nowMs});
		case 'failed': {
			const {link} = state.live;
			const sinceMs = link.kind === 'failing' ? link.sinceMs : nowMs;
			const answered = link.kind === 'failing' ? link.answered : link.kind !== 'connecting';
			const {failure, nextAtMs} = action;
			return withLive(state, {link: {kind: 'failing', failure, sinceMs, nextAtMs, answered}, nowMs});
		}

		case 'described': {
			const {deployment} = action;
			const snapshot = takeSnapshot(state.histories[0], deployment);
			return withLive(state, {deployment, snapshot, nowMs});
		}

		case 'aged':
			return withLive(state, {nowMs});
	}
}

function reduceUser(state: State, action: UserAction): State {
	switch (action.type) {
		case 'selectNode':
			return selectAt(state, selectedPosition(state) + action.by);
		case 'selectEnd':
			return selectAt(state, action.end === 'first' ? 0 : Number.POSITIVE_INFINITY);
		case 'changeWindow':
			return showWindow(state, stepWindow(shownPicture(state).window, action.by));
		case 'resetWindow':
			return showWindow(state, defaultWindow);
		case 'changeInterval':
			return {...state, intervalMs: stepInterval(state.intervalMs, action.by)};
		case 'askNow':
			return {...state, asked: state.asked + 1};
		case 'togglePause':
			return {...state, paused: state.paused === undefined ? state.live : undefined};
		case 'focusPane':
			return {...state, focus: action.pane};
		case 'focusNext':
			return {...state, focus: paneAfter(state.focus, action.by)};
		case 'toggleFullScreen':
			return {...state, fullScreen: !state.fullScreen};
		case 'toggleScale':
			return {...state, scale: shownScale(state) === 'logarithmic' ? 'linear' : 'logarithmic'};
		case 'toggleHelp':
			return {...state, help: state.help === undefined ? 0 : undefined};
		case 'scrollHelp':
			return {...state, help: clamp((state.help ?? 0) + action.by, action.limit)};
		case 'close':
			return close(state);
	}
}

function clamp(value: number, maximum: number): number {
	return Math.min(Math.max(value, 0), Math.max(maximum, 0));
}

function withLive(state: State, live: Partial<Picture>): State {
	return {...state, live: {...state.live, ...live}};
}

function showHistories(
	state: State,
	histories: readonly [History, ...(readonly History[])],
	live: Partial<Picture>,
): State {
	const [history] = histories;
	const snapshot = takeSnapshot(history, state.live.deployment);
	return withLive({...state, histories}, {...live, snapshot, window: history.window});
}

/** Shows another window, live. One that was looked at before shows what is known of it until its answer comes. */
function showWindow(state: State, window: Window): State {
	const [shown, ...others] = state.histories;
	const resumed = {...state, paused: undefined};
	if (shown.window.name === window.name) {
		return resumed;
	}

	const known = others.find(history => history.window.name === window.name) ?? carryNewest(shown, window);
	const rest = [shown, ...others].filter(history => history.window.name !== window.name && history.complete);
	return showHistories(resumed, [known, ...rest.slice(0, rememberedWindows - 1)], {});
}

function selectAt(state: State, position: number): State {
	const {nodes} = shownPicture(state).snapshot;
	const node = nodes[clamp(position, nodes.length - 1)];
	return node === undefined ? state : {...state, selected: node.id};
}

/** Closes the topmost of what is open, one at a time; with nothing open it goes back to live. */
function close(state: State): State {
	if (state.help !== undefined) {
		return {...state, help: undefined};
	}

	return state.fullScreen ? {...state, fullScreen: false} : {...state, paused: undefined};
}
