import type {Deployment} from '../api/deployment.ts';
import {rules} from '../metrics/findings.ts';
import {urgencyRank} from '../metrics/known-findings.ts';
import {compareNames} from '../metrics/node.ts';
import {asSeenFrom} from './derive-logs.ts';
import {initialState, keptBy} from './initial-state.ts';
import {clearLogs} from './logs.ts';
import {isLive, memberOf, orderDeployments, storeWatched, withMemberData} from './overview.ts';
import {type OverviewRow, overviewRowOf} from './overview-row.ts';
import {selectedWindow} from './selectors.ts';
import type {Overview, State} from './state.ts';

const rowsOf = new WeakMap<State, readonly OverviewRow[]>();

/** Returns one row for each listed deployment, in the order of the list. */
export function overviewRows(state: State): readonly OverviewRow[] {
	const known = rowsOf.get(state);
	if (known !== undefined) {
		return known;
	}

	const {deployments, live, prices} = state;
	const rows = (deployments.list ?? []).map(deployment =>
		overviewRowOf(deployment, memberOf(state, deployment.id), {nowMs: live.nowMs, prices}),
	);
	rowsOf.set(state, rows);
	return rows;
}

/** The columns that the overview can be sorted by, in the order in which `s` selects them. */
export const overviewColumns = [
	'status',
	'finding',
	'busy',
	'req/s',
	'p99',
	'failed',
	'$/h',
	'owner',
	'model',
	'id',
] as const;

/** A column that the overview can be sorted by. */
export type OverviewColumn = (typeof overviewColumns)[number];

/**
 * A sort order. Each column starts with the most interesting value, such as the worst finding or the least busy GPUs,
 * or with the least interesting one if `reversed`.
 */
export type OverviewSort = {readonly column: OverviewColumn; readonly reversed: boolean};

/** A number or a name by which rows are compared, lowest first; undefined is unknown, and comes last. */
type Rank = number | string | undefined;

const ranks: Readonly<Record<Exclude<OverviewColumn, 'status'>, (row: OverviewRow) => Rank>> = {
	finding: urgency,
	busy: ({measures}) => measures?.busy,
	'req/s': ({measures}) => negative(measures?.requests),
	p99: ({measures}) => negative(measures?.p99),
	failed: ({measures}) => negative(measures?.failed),
	'$/h': ({perHour}) => negative(perHour),
	owner: ({deployment}) => deployment.owner,
	model: ({deployment}) => deployment.baseModel,
	id: ({deployment}) => deployment.id,
};

function negative(value: number | undefined): number | undefined {
	return value === undefined ? undefined : -value;
}

/**
 * Returns the urgency of the worst finding, or of a failed last request, where a lower number is more urgent; undefined
 * if there is neither.
 */
function urgency({findings, link}: OverviewRow): number | undefined {
	const [worst] = findings ?? [];
	if (worst === undefined) {
		return link.kind === 'failing' || link.kind === 'refused' ? 2 * rules.length : undefined;
	}

	return urgencyRank(worst) + (worst.state === 'unknown' ? rules.length : 0);
}

function compareRanks(a: Rank, b: Rank, direction: 1 | -1): number {
	if (a === undefined || b === undefined) {
		return Number(a === undefined) - Number(b === undefined);
	}

	const order = typeof a === 'string' || typeof b === 'string' ? compareNames(String(a), String(b)) : a - b;
	return direction * order;
}

function textOf({deployment, findings}: OverviewRow): string {
	const {id, baseModel, status, owner, instance} = deployment;
	const found = (findings ?? []).map(({rule}) => rule);
	return [id, baseModel, status, owner, instance?.gpuType, ...found].join(' ').toLowerCase();
}

const arranged = new WeakMap<State, readonly OverviewRow[]>();

/**
 * Returns the rows that contain every word of the filter, sorted. Rows with equal values are in the usual order
 * (`orderDeployments`).
 */
export function listedRows(state: State): readonly OverviewRow[] {
	const known = arranged.get(state);
	if (known !== undefined) {
		return known;
	}

	const {filter, sort} = state.overview;
	const rows = overviewRows(state);
	const byDeployment = new Map(rows.map(row => [row.deployment, row]));
	const usual = orderDeployments([...byDeployment.keys()]).flatMap(deployment => byDeployment.get(deployment) ?? []);
	const {column, reversed} = sort;
	const inOrder = reversed && column === 'status' ? usual.reverse() : usual;
	const rank = column === 'status' ? undefined : ranks[column];
	const sorted =
		rank === undefined ? inOrder : inOrder.sort((a, b) => compareRanks(rank(a), rank(b), reversed ? -1 : 1));
	const words = filter.conditions;
	const listed = words.length === 0 ? sorted : sorted.filter(row => words.every(word => textOf(row).includes(word)));
	arranged.set(state, listed);
	return listed;
}

/** The totals of the live deployments. */
type OverviewTotals = {
	readonly live: number;
	readonly gpus: number;
	readonly busyGpus: number;
	readonly idleGpus: number;
	/** US dollars; undefined if no price is known. */
	readonly perHour: number | undefined;
	/** The numbers of live deployments with an active finding, and of live deployments whose last request failed. */
	readonly found: number;
	readonly failing: number;
	/** The number of live deployments whose data hasn't been received yet. */
	readonly awaited: number;
};

/**
 * Returns the totals of the live deployments among the rows. GPUs in an unknown state count neither as busy nor as
 * idle.
 */
export function totalsOfRows(rows: readonly OverviewRow[]): OverviewTotals {
	const totals = {live: 0, gpus: 0, busyGpus: 0, idleGpus: 0, found: 0, failing: 0, awaited: 0};
	let perHour: number | undefined;
	for (const {deployment, link, measures, findings, perHour: rowPerHour} of rows) {
		if (!isLive(deployment)) {
			continue;
		}

		totals.live++;
		totals.gpus += measures?.gpus ?? gpusOf(deployment) ?? 0;
		totals.busyGpus += measures?.busyGpus ?? 0;
		totals.idleGpus += measures?.idleGpus ?? 0;
		totals.found += findings?.some(({state}) => state === 'active') === true ? 1 : 0;
		totals.failing += link.kind === 'failing' || link.kind === 'refused' ? 1 : 0;
		totals.awaited += link.kind === 'connecting' ? 1 : 0;
		perHour = rowPerHour === undefined ? perHour : (perHour ?? 0) + rowPerHour;
	}

	return {...totals, perHour};
}

/** Returns the number of GPUs of a deployment, from its description. */
function gpusOf({nodeCount, instance}: Deployment): number | undefined {
	return instance?.gpusPerNode === undefined ? undefined : (nodeCount ?? 1) * instance.gpusPerNode;
}

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

/** Selects the deployment `by` positions further down (further up if negative), limited to the ends of the list. */
export function selectDeployment(state: State, by: number): State {
	const listed = listedRows(state);
	const position = Math.min(Math.max(chosenPosition(state) + by, 0), listed.length - 1);
	return withOverview(state, {selected: listed[position]?.deployment.id});
}

/** Handles a received list. At startup, a deployment that is the only live one is watched immediately. */
export function addList(state: State, list: readonly Deployment[]): State {
	const {deployments, target} = state;
	const listed: State = {...state, deployments: {...deployments, list, isAfterStart: true}};
	const [only, ...others] = list.filter(isLive);
	const isFirst = target.kind === 'unchosen' && !deployments.isAfterStart && !state.overview.isAlways;
	// With a single live deployment, there is no overview to return to.
	return isFirst && only !== undefined && others.length === 0
		? withOverview(watchDeployment(listed, only.id), {isHome: false})
		: listed;
}

/**
 * Watches another deployment, with the overview's data about it. The user's choices and the overview's data about the
 * previous one are kept; all other data about the previous one is dropped.
 */
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
