import {deriveViews} from './derive-views.ts';
import {initialState} from './initial-state.ts';
import {isLive, isWatchingAll, memberOf, orderDeployments, overviewEveryMs} from './overview.ts';
import {findingsWindow, type State} from './state.ts';

/**
 * Returns the state of one deployment as if it alone were watched, as other outputs than the screen need it: with the
 * prices, and the interval and the time of now. Undefined if nothing is known of it yet.
 */
export function watchedAlone(state: State, id: string): State | undefined {
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

/** Returns the same with what a screen would show of it. */
export function watchedAloneWithViews(state: State, id: string): State | undefined {
	const alone = watchedAlone(state, id);
	if (alone === undefined || alone === state) {
		return alone;
	}

	const {target, host, intervalMs, live} = alone;
	return deriveViews(alone, initialState({target, host, window: findingsWindow, intervalMs, nowMs: live.nowMs}));
}

/** Returns the ids of the live deployments that are watched, the newest first: one, or all of the list. */
export function watchedIds(state: State): readonly string[] {
	const {target, deployments} = state;
	if (!isWatchingAll(state)) {
		return target.kind === 'deployment' ? [target.id] : [];
	}

	return orderDeployments(deployments.list ?? [])
		.filter(isLive)
		.map(({id}) => id);
}
