import {chosenDeployment, toggleDeployments, watchDeployment, withOverview} from './choose.ts';
import {nodeFilterInput, overviewFilterInput} from './filter-input.ts';
import {openListed} from './select.ts';
import type {Overlay, State} from './state.ts';
import {selectedRow} from './timeline.ts';

/** Returns the initial state of the help. */
export function openedHelp({kind}: Overlay): Extract<Overlay, {kind: 'help'}> {
	return {kind: 'help', scroll: 0, filter: '', ...(kind === 'deployments' ? {over: kind} : {})};
}

/** The part of the state that closing an overlay resets. */
export function overlayBelow(overlay: Overlay): Overlay {
	return {kind: overlay.kind === 'help' ? (overlay.over ?? 'none') : 'none'};
}

/** Only rows of GPUs and nodes can be drilled into. */
export function enter(state: State): State {
	if (state.overlay.kind === 'findings') {
		return openListed(state, selectedRow(state)?.key);
	}

	if (state.overlay.kind === 'deployments') {
		const chosen = chosenDeployment(state);
		return chosen === undefined ? state : watchDeployment(state, chosen.id);
	}

	const hasRows = state.focus === 'gpus' || state.focus === 'nodes';
	switch (state.zoom) {
		case 'overview':
			return {...state, zoom: 'full'};
		case 'full':
			return {...state, zoom: hasRows ? 'detail' : 'overview'};
		case 'detail':
			return {...state, zoom: 'full'};
	}
}

/**
 * Closes the topmost open view, one per call; if nothing is open, returns to live, and then to the overview if the
 * deployment was opened from there. Never quits.
 */
export function close(state: State): State {
	const {overlay, zoom, cursorMs, filter, mode, overview, target, recording, typedTime} = state;
	if (typedTime !== undefined) {
		return {...state, typedTime: undefined};
	}

	if (recording.kind === 'stopped' && !recording.isSeen) {
		return {...state, recording: {...recording, isSeen: true}};
	}

	if (overlay.kind === 'deployments' && overview.filter.text !== '') {
		return withOverview(state, {filter: overviewFilterInput.empty});
	}

	if (overlay.kind === 'deployments' && (overview.isHome || target.kind === 'unchosen')) {
		return state;
	}

	if (overlay.kind === 'help' && overlay.filter !== '') {
		return {...state, overlay: {...overlay, scroll: 0, filter: ''}};
	}

	if (overlay.kind !== 'none') {
		return {...state, overlay: overlayBelow(overlay)};
	}

	if (zoom !== 'overview') {
		return {...state, zoom: zoom === 'detail' ? 'full' : 'overview'};
	}

	if (cursorMs !== undefined) {
		return {...state, cursorMs: undefined};
	}

	if (filter.text !== '' && mode.kind === 'live') {
		return {...state, filter: nodeFilterInput.withText(filter, '')};
	}

	return mode.kind === 'live' && overview.isHome ? toggleDeployments(state) : {...state, mode: {kind: 'live'}};
}
