import type {Deployment} from '../api/deployment.ts';
import {compareNames} from '../metrics/node.ts';
import {seenFrom} from './derive-logs.ts';
import {clearLogs} from './logs.ts';
import {selectedWindow} from './selectors.ts';
import {deploymentsOverlay, initialState, type Overlay, type State} from './state.ts';

/** Statuses of a deployment that costs money now, and of one that a new run can use again. */
const live: ReadonlySet<string | undefined> = new Set(['RUNNING', 'DEPLOYING', 'CREATED']);
const dormant: ReadonlySet<string | undefined> = new Set(['SCALED_TO_ZERO']);

/** Whether a deployment runs, or is about to. */
export function isLive({status}: Deployment): boolean {
	return live.has(status);
}

function rank({status}: Deployment): number {
	return status === 'RUNNING' ? 0 : live.has(status) ? 1 : dormant.has(status) ? 2 : 3;
}

function textOf({id, baseModel, status, owner, instance}: Deployment): string {
	return [id, baseModel, status, owner, instance?.gpuType].join(' ').toLowerCase();
}

/** Returns the deployments that contain every word of `filter`: live ones first, the newest of them first. */
export function arrangeDeployments(list: readonly Deployment[], filter: string): readonly Deployment[] {
	const words = filter.toLowerCase().split(/\s+/);
	return list
		.filter(deployment => words.every(word => textOf(deployment).includes(word)))
		.sort((a, b) => rank(a) - rank(b) || (b.createdAtMs ?? 0) - (a.createdAtMs ?? 0) || compareNames(a.id, b.id));
}

type Choice = Extract<Overlay, {kind: 'deployments'}>;

/** Returns the listed deployments: those that match the filter, live ones first. */
export function listedDeployments({deployments, overlay}: State): readonly Deployment[] {
	return arrangeDeployments(deployments.list ?? [], overlay.kind === 'deployments' ? overlay.filter : '');
}

/** Returns the position of the selected deployment in the list; 0 if it isn't listed. */
export function chosenPosition(state: State): number {
	const {overlay, target} = state;
	const selected = overlay.kind === 'deployments' ? overlay.selected : undefined;
	const wanted = selected ?? (target.kind === 'deployment' ? target.id : undefined);
	return Math.max(
		0,
		listedDeployments(state).findIndex(({id}) => id === wanted),
	);
}

/** The selected deployment of the list. */
export function chosenDeployment(state: State): Deployment | undefined {
	return listedDeployments(state)[chosenPosition(state)];
}

/** Changes the selection and the filter of the open list. */
export function withChoice(state: State, choice: Pick<Choice, 'selected' | 'filter'>): State {
	return {...state, overlay: {kind: 'deployments', ...choice}};
}

/** Selects the deployment `by` places further on. */
export function selectDeployment(state: State, by: number): State {
	const listed = listedDeployments(state);
	const position = Math.min(Math.max(chosenPosition(state) + by, 0), listed.length - 1);
	const {overlay} = state;
	return overlay.kind === 'deployments'
		? withChoice(state, {filter: overlay.filter, selected: listed[position]?.id})
		: state;
}

/** Opens the list, or closes it if there is a view to go back to. */
export function toggleDeployments(state: State): State {
	const {overlay, target} = state;
	const isOpen = overlay.kind === 'deployments' && target.kind !== 'unchosen';
	return {...state, overlay: isOpen ? {kind: 'none'} : deploymentsOverlay};
}

/** Switches between the user's deployments and those of the whole organization. */
export function toggleScope(state: State): State {
	const scope = state.deployments.scope === 'own' ? 'org' : 'own';
	return {...state, deployments: {scope, list: undefined, isAfterStart: true}};
}

/** The list has come. At the start the only live deployment is watched at once. */
export function addList(state: State, list: readonly Deployment[]): State {
	const {deployments, target} = state;
	const listed: State = {...state, deployments: {...deployments, list, isAfterStart: true}};
	const [only, ...others] = list.filter(isLive);
	const isFirst = target.kind === 'unchosen' && !deployments.isAfterStart;
	return isFirst && only !== undefined && others.length === 0 ? watch(listed, only.id) : listed;
}

/** Watches another deployment: everything known about the last one is dropped, the user's choices are kept. */
export function watch(state: State, id: string): State {
	const {target, host, intervalMs, thresholds, live, deployments, scale, heat, refreshCount} = state;
	const {
		recording,
		replay,
		prices,
		sideFailures,
		sort,
		filter,
		focus,
		zoom,
		samplerOutput,
		comparison,
		askedWindow,
		askedTimeMs,
	} = state;
	const {logs, otherLogs} = seenFrom(state, 'trainer');
	if (target.kind === 'deployment' && target.id === id) {
		return {...state, overlay: {kind: 'none'}};
	}

	const window = selectedWindow(state);
	const {nowMs} = live;
	const begun = initialState({target: {kind: 'deployment', id}, host, window, intervalMs, thresholds, nowMs});
	// Prices apply to all deployments.
	const lasting = sideFailures.prices === undefined ? {} : {prices: sideFailures.prices};
	const deployment = deployments.list?.find(listed => listed.id === id);
	return {
		...begun,
		live: {...begun.live, deployment},
		deployments,
		recording,
		replay,
		scale,
		heat,
		comparison,
		askedWindow,
		askedTimeMs,
		refreshCount,
		prices,
		samplerOutput,
		sideFailures: lasting,
		sort,
		filter,
		focus,
		zoom: zoom === 'detail' ? 'full' : zoom,
		logs: clearLogs(logs),
		otherLogs: clearLogs(otherLogs),
	};
}
