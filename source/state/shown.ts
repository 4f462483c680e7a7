import {arrangeNodes} from '../metrics/arrange.ts';
import {emptyHistory, type History} from '../metrics/history.ts';
import {type Snapshot, takeSnapshot} from '../metrics/snapshot.ts';
import type {Live, State} from './state.ts';

/** The stretch of time that is looked at, and what was known beside it. */
export function shownHistory({mode, histories, pasts, live}: State): {readonly history: History; readonly live: Live} {
	switch (mode.kind) {
		case 'live':
			return {history: histories[0], live};
		case 'paused':
			return mode;
		case 'past': {
			const {window} = histories[0];
			const past = pasts.find(({endMs, window: {name}}) => endMs === mode.endMs && name === window.name);
			return {history: past ?? emptyHistory(window), live};
		}
	}
}

/** The state with the picture that follows from the rest of it. What did not change since `before` is not made anew. */
export function withPicture(state: State, before: State): State {
	const {history, live} = shownHistory(state);
	const {cursorMs, sort, filter, shown} = state;
	const earlier = shownHistory(before);
	const isSameSnapshot =
		history === earlier.history && live.deployment === earlier.live.deployment && cursorMs === before.cursorMs;
	const snapshot: Snapshot = isSameSnapshot ? shown.snapshot : takeSnapshot(history, live.deployment, cursorMs);
	const isSameOrder =
		snapshot === shown.snapshot && sort === before.sort && filter.conditions === before.filter.conditions;
	if (isSameOrder && live === earlier.live) {
		return state;
	}

	const nodes = isSameOrder ? shown.nodes : arrangeNodes(snapshot.nodes, sort, filter.conditions);
	// A node that was never chosen is chosen by being first: it stays selected by its name when others come before it.
	const selected = state.selected ?? nodes[0]?.id;
	return {...state, selected, shown: {...live, window: history.window, snapshot, nodes}};
}
