import {sortColumns} from '../metrics/arrange.ts';
import {stepWindow} from '../metrics/windows.ts';
import type {PaneAction, UserAction} from './actions.ts';
import {type Choices, valueAfter, withNextChoice} from './choices.ts';
import {otherComponent} from './component.ts';
import {asSeenFrom} from './derive-logs.ts';
import {appendTyped, eraseEnd, nodeFilterInput, overviewFilterInput} from './filter-input.ts';
import {overviewColumns, watchDeployment, withOverview} from './overview-list.ts';
import {closeLogs, isLogAction, reduceInLogs, reduceLogs} from './reduce-logs.ts';
import {changeSpeed, skip, togglePlay} from './reduce-replay.ts';
import {compareNext} from './reference.ts';
import {
	close,
	enter,
	openedHelp,
	openListed,
	selectBy,
	selectNodeAt,
	toggleOverlay,
	toggleScope,
} from './select-and-open.ts';
import {
	activeComponent,
	activeView,
	effectiveScale,
	selectedPosition,
	selectedWindow,
	withActiveComponent,
} from './selectors.ts';
import {goTo, goToTypedTime, showDefaultWindow, showWindow, toggleTimeInput} from './shown-range.ts';
import {type Overview, paneAfter, type State} from './state.ts';
import {moveCursor, moveCursorToEnd, pan, showRange, toggleCursor} from './time-travel.ts';

/** The polling intervals that `<` and `>` step through, in milliseconds. */
const intervals = [2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000] as const;

/**
 * Returns the next longer (`by` 1) or shorter (`by` −1) interval in the list, or `intervalMs` if there is none. An
 * interval from the command line isn't necessarily in the list.
 */
function stepInterval(intervalMs: number, by: number): number {
	const shorter = intervals.findLast(other => other < intervalMs);
	const longer = intervals.find(other => other > intervalMs);
	return (by < 0 ? shorter : longer) ?? intervalMs;
}

/**
 * Returns the state after an action from a key or the mouse. Each action also removes the message about an earlier one.
 */
export function reduceUser(before: State, action: UserAction): State {
	const state = before.message === undefined ? before : {...before, message: undefined};
	return isLogAction(action) ? reduceLogs(state, action) : (reduceInLogs(state, action) ?? reducePanes(state, action));
}

function reducePanes(state: State, action: PaneAction): State {
	switch (action.type) {
		case 'select':
			return selectBy(state, action.by);
		case 'selectEnd':
			return selectEnd(state, action.end);
		case 'selectNode':
			return selectNodeAt(state, selectedPosition(state) + action.by);
		case 'point': {
			const {pane, node = activeComponent(state).selected, rank} = action;
			return withActiveComponent({...state, focus: pane}, {selected: node, selectedRank: rank});
		}

		case 'changeWindow':
			return showWindow(state, stepWindow(selectedWindow(state), action.by));
		case 'resetWindow':
			return showDefaultWindow(state);
		case 'moveInTime':
			return state.cursorMs === undefined
				? pan(state, action.by * (action.far ? 4 : 1))
				: moveCursor(state, action.by * (action.far ? 10 : 1));
		case 'toggleCursor':
			return toggleCursor(state);
		case 'toggleTimeInput':
			return toggleTimeInput(state);
		case 'goToTyped':
			return goToTypedTime(state, action.zone);
		case 'goToTime':
			return goTo({...state, requestedTimeMs: action.timeMs}, action.timeMs);
		case 'showRange':
			return showRange(state, action.range, action.window);
		case 'toggleComponent':
			return asSeenFrom(state, otherComponent(state.component));
		case 'compareNext':
			return compareNext(state);
		case 'changeInterval':
			return {...state, intervalMs: stepInterval(state.intervalMs, action.by)};
		case 'refreshNow':
			return {...state, refreshCount: state.refreshCount + 1};
		case 'togglePlay':
			return togglePlay(state);
		case 'changeSpeed':
			return changeSpeed(state, action.by);
		case 'skip':
			return skip(state, action.by);
		case 'togglePause':
			return togglePause(state);
		case 'focusPane':
			// The logs can cover the pane.
			return {...closeLogs(state), focus: action.pane, zoom: state.zoom === 'detail' ? 'full' : state.zoom};
		case 'focusNext':
			return reducePanes(state, {type: 'focusPane', pane: paneAfter(state.focus, action.by)});
		case 'toggleFullScreen':
			return {...state, zoom: state.zoom === 'overview' ? 'full' : 'overview'};
		case 'enter':
			return enter(state);
		case 'nextChoice':
			return {...state, choices: withNextChoice(state.choices, action.choice)};
		case 'toggleScale':
			return withChoice(state, {
				scale: effectiveScale(state.choices, activeView(state)) === 'logarithmic' ? 'linear' : 'logarithmic',
			});
		case 'sortNext': {
			if (state.overlay.kind === 'deployments') {
				return sortOverviewNext(state);
			}

			const column = valueAfter(sortColumns, state.choices.sort.column);
			return withChoice(state, {sort: {column, reversed: false}});
		}

		case 'reverseSort': {
			if (state.overlay.kind === 'deployments') {
				const {sort} = state.overview;
				return withOverview(state, {sort: {...sort, reversed: !sort.reversed}});
			}

			const {sort} = state.choices;
			return withChoice(state, {sort: {...sort, reversed: !sort.reversed}});
		}

		case 'editFilter':
			return changeFilter(state, overviewFilterInput.edit, nodeFilterInput.edit);
		case 'typeText':
			return changeText(state, text => appendTyped(text, action.text));
		case 'eraseText':
			return changeText(state, text => eraseEnd(text, action.what));
		case 'applyFilter':
			return changeFilter(state, overviewFilterInput.keep, nodeFilterInput.keep);
		case 'clearFilter':
			return changeFilter(state, overviewFilterInput.drop, nodeFilterInput.drop);
		case 'toggleOverlay':
			return toggleOverlay(state, action.overlay);
		case 'scrollHelp': {
			const before = state.overlay.kind === 'help' ? state.overlay : openedHelp(state.overlay);
			const scroll = Math.min(Math.max(before.scroll + action.by, 0), Math.max(action.limit, 0));
			return {...state, overlay: {...before, scroll}};
		}

		case 'openFinding':
			return openListed(state, action.key);
		case 'chooseDeployment':
			return watchDeployment(state, action.id);
		case 'toggleScope':
			return toggleScope(state);
		case 'close':
			return close(state);
		case 'notify':
			return {...state, message: action.text};
	}
}

function withChoice(state: State, change: Partial<Choices>): State {
	return {...state, choices: {...state.choices, ...change}};
}

/** Pauses or resumes the display. In an earlier range, returns to live instead, and hides the cursor. */
function togglePause(state: State): State {
	const {mode, live, components} = state;
	if (mode.kind === 'past') {
		return {...state, mode: {kind: 'live'}, cursorMs: undefined};
	}

	return {...state, mode: mode.kind === 'live' ? {kind: 'paused', live, components} : {kind: 'live'}};
}

function sortOverviewNext(state: State): State {
	const column = valueAfter(overviewColumns, state.overview.sort.column);
	return withOverview(state, {sort: {column, reversed: false}});
}

function selectEnd(state: State, end: 'first' | 'last'): State {
	if (state.cursorMs !== undefined && state.overlay.kind === 'none') {
		return moveCursorToEnd(state, end);
	}

	return selectBy(state, end === 'first' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
}

/** Changes the filter of the deployments while they are listed, and otherwise that of the nodes. */
function changeFilter(
	state: State,
	ofDeployments: (filter: Overview['filter']) => Overview['filter'],
	ofNodes: (filter: Choices['filter']) => Choices['filter'],
): State {
	const {overlay, overview, choices} = state;
	return overlay.kind === 'deployments'
		? withOverview(state, {filter: ofDeployments(overview.filter)})
		: withChoice(state, {filter: ofNodes(choices.filter)});
}

/** Changes the text that is being typed. */
function changeText(state: State, change: (text: string) => string): State {
	const {overlay, overview, choices, typedTime} = state;
	if (typedTime !== undefined) {
		return {...state, typedTime: {text: change(typedTime.text), isRefused: false}};
	}

	if (overlay.kind === 'help') {
		return {...state, overlay: {...overlay, scroll: 0, filter: change(overlay.filter)}};
	}

	return overlay.kind === 'deployments'
		? withOverview(state, {
				filter: overviewFilterInput.withText(overview.filter, change(overview.filter.text)),
				selected: undefined,
			})
		: withChoice(state, {filter: nodeFilterInput.withText(choices.filter, change(choices.filter.text))});
}
