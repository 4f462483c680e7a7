import {deriveViews} from './derive-views.ts';
import {initialState} from './initial-state.ts';
import {isLive, isWatchingAll, memberOf, orderDeployments, overviewEveryMs} from './overview.ts';
import {findingsWindow, type State} from './state.ts';

/**
 * Returns the state of one deployment as if only it were watched, as outputs other than the screen need it, with the
 * current prices, interval, and time. Undefined if nothing is known about it yet.
 */
export function memberState(state: State, id: string): State | undefined {
	const member = memberOf(state, id);
	if (member === undefined || member === state) {
		return member;
	}

	const {prices, deployments, live, intervalMs} = state;
	const count = (deployments.list ?? []).filter(isLive).length;
	return {
		...member,
		prices,
		intervalMs: overviewEveryMs(count, intervalMs),
		live: {...member.live, nowMs: live.nowMs},
	};
}

/** Returns the state of one deployment like `memberState`, with its derived views. */
export function memberStateWithViews(state: State, id: string): State | undefined {
	const alone = memberState(state, id);
	if (alone === undefined || alone === state) {
		return alone;
	}

	const {target, host, intervalMs, live} = alone;
	return deriveViews(alone, initialState({target, host, window: findingsWindow, intervalMs, nowMs: live.nowMs}));
}

/** Returns the ids of the watched live deployments, newest first: one, or all in the list. */
export function watchedIds(state: State): readonly string[] {
	const {target, deployments} = state;
	if (!isWatchingAll(state)) {
		return target.kind === 'deployment' ? [target.id] : [];
	}

	return orderDeployments(deployments.list ?? [])
		.filter(isLive)
		.map(({id}) => id);
}
