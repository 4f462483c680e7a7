import type {Deployment} from '../api/deployment.ts';
import {asSeenFrom} from './derive-logs.ts';
import {initialState, keptBy} from './initial-state.ts';
import {clearLogs} from './logs.ts';
import {isLive, storeWatched, withMemberData} from './overview.ts';
import {listedRows} from './overview-list.ts';
import {selectedWindow} from './selectors.ts';
import type {Overview, State} from './state.ts';

/** Returns the listed deployments: those that match the filter, in the chosen order. */
export function listedDeployments(state: State): readonly Deployment[] {
	return listedRows(state).map(({deployment}) => deployment);
}

/** Returns the position of the selected deployment in the list; 0 if it isn't listed. */
export function chosenPosition(state: State): number {
	const {overview, target} = state;
	const wanted = overview.selected ?? (target.kind === 'deployment' ? target.id : undefined);
	return Math.max(
		0,
		listedRows(state).findIndex(({deployment}) => deployment.id === wanted),
	);
}

/** Returns the selected deployment in the list. */
export function chosenDeployment(state: State): Deployment | undefined {
	return listedRows(state)[chosenPosition(state)]?.deployment;
}

/** Changes how the deployments are listed. */
export function withOverview(state: State, change: Partial<Overview>): State {
	return {...state, overview: {...state.overview, ...change}};
}

/** Selects the deployment `by` positions further down. */
export function selectDeployment(state: State, by: number): State {
	const listed = listedRows(state);
	const position = Math.min(Math.max(chosenPosition(state) + by, 0), listed.length - 1);
	return withOverview(state, {selected: listed[position]?.deployment.id});
}

/** Opens the list, or closes it if there is a view to return to. When it opens, the watched deployment is selected. */
export function toggleDeployments(state: State): State {
	const {overlay, target} = state;
	const selected = target.kind === 'deployment' ? target.id : state.overview.selected;
	return overlay.kind === 'deployments'
		? {...state, overlay: {kind: target.kind === 'unchosen' ? 'deployments' : 'none'}}
		: {...withOverview(state, {selected}), overlay: {kind: 'deployments'}};
}

/** Switches between the user's deployments and those of the whole organization. */
export function toggleScope(state: State): State {
	const scope = state.deployments.scope === 'own' ? 'org' : 'own';
	return {...state, deployments: {scope, list: undefined, isAfterStart: true}};
}

/** Handles a received list. At startup, the only live deployment is watched immediately. */
export function addList(state: State, list: readonly Deployment[]): State {
	const {deployments, target} = state;
	const listed: State = {...state, deployments: {...deployments, list, isAfterStart: true}};
	const [only, ...others] = list.filter(isLive);
	const isFirst = target.kind === 'unchosen' && !deployments.isAfterStart && !state.overview.isAlways;
	// With a single deployment, there is no overview to return to.
	return isFirst && only !== undefined && others.length === 0
		? withOverview(watchDeployment(listed, only.id), {isHome: false})
		: listed;
}

/** Watches another deployment: all data about the previous one is dropped, but the user's choices are kept. */
export function watchDeployment(state: State, id: string): State {
	const {target, host, intervalMs, thresholds, live, deployments, sideFailures, zoom} = state;
	const {logs, otherLogs} = asSeenFrom(state, 'trainer');
	if (target.kind === 'deployment' && target.id === id) {
		return {
			...withOverview(state, {isHome: state.overview.isHome || state.overlay.kind === 'deployments'}),
			overlay: {kind: 'none'},
		};
	}

	const window = selectedWindow(state);
	const {nowMs} = live;
	const begun = initialState({target: {kind: 'deployment', id}, host, window, intervalMs, thresholds, nowMs});
	// Prices apply to all deployments.
	const lasting = sideFailures.prices === undefined ? {} : {prices: sideFailures.prices};
	const deployment = deployments.list?.find(listed => listed.id === id);
	const kept = storeWatched(state);
	const overview = {...kept, isHome: kept.isHome || state.overlay.kind === 'deployments'};
	const known = withMemberData({...begun, live: {...begun.live, deployment}}, overview.members.get(id));
	return {
		...known,
		...keptBy('deployment', state),
		overview,
		sideFailures: lasting,
		zoom: zoom === 'detail' ? 'full' : zoom,
		logs: clearLogs(logs),
		otherLogs: clearLogs(otherLogs),
	};
}
