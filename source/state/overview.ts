import type {Deployment} from '../api/deployment.ts';
import {rules} from '../metrics/findings.ts';
import {compareNames} from '../metrics/node.ts';
import type {PollerAction} from './actions.ts';
import {type OverviewRow, rowOf} from './overview-row.ts';
import {findingsWindow, initialState, type Overview, type State} from './state.ts';

/** What the poller of the overview reports of one deployment, in order. */
export type MemberNews = {readonly id: string; readonly actions: readonly PollerAction[]};

/** Handles one action in the state of a member. */
export type ReduceMember = (member: State, action: PollerAction) => State;

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

/** Returns the deployments in their usual order: live ones first, the newest of them first. */
export function orderDeployments(list: readonly Deployment[]): readonly Deployment[] {
	return list.toSorted(
		(a, b) => rank(a) - rank(b) || (b.createdAtMs ?? 0) - (a.createdAtMs ?? 0) || compareNames(a.id, b.id),
	);
}

/** The shortest interval of a deployment that isn't selected, and how many of them are polled a minute at most. */
const shortestEveryMs = 30_000;
const mostPollsPerMinute = 40;

/** Returns how often each of `count` deployments that aren't selected is polled, in milliseconds. */
export function overviewEveryMs(count: number, intervalMs: number): number {
	return Math.max(shortestEveryMs, intervalMs, Math.ceil((count * 60_000) / mostPollsPerMinute));
}

/** Returns whether all live deployments are polled: with --all, and while the overview is open. */
export function isWatchingAll({overview, overlay, replay}: State): boolean {
	const isOpen = overlay.kind === 'deployments' || (overlay.kind === 'help' && overlay.over === 'deployments');
	return replay === undefined && (overview.isAlways || isOpen);
}

/** Returns the state of one deployment: of the watched one it is the state itself; undefined if nothing is known. */
export function memberOf(state: State, id: string): State | undefined {
	const {target, overview} = state;
	return target.kind === 'deployment' && target.id === id ? state : overview.members.get(id);
}

function begin(state: State, deployment: Deployment): State {
	const {host, thresholds, prices, live, intervalMs} = state;
	const target = {kind: 'deployment', id: deployment.id} as const;
	const {nowMs} = live;
	const begun = initialState({target, host, window: findingsWindow, intervalMs, thresholds, nowMs, price: prices.own});
	return {...begun, live: {...begun.live, deployment, describedMs: nowMs}};
}

function withMembers(state: State, members: Overview['members']): State {
	return {...state, overview: {...state.overview, members}};
}

/** Returns the state with news of members. News of a deployment that is no longer listed, or that is watched by now, is dropped. */
export function addMemberNews(state: State, news: readonly MemberNews[], reduceMember: ReduceMember): State {
	const {target, overview, deployments} = state;
	const members = new Map(overview.members);
	const watched = target.kind === 'deployment' ? target.id : undefined;
	for (const {id, actions} of news) {
		const listed = deployments.list?.find(deployment => deployment.id === id);
		if (listed !== undefined && id !== watched) {
			members.set(id, actions.reduce(reduceMember, members.get(id) ?? begin(state, listed)));
		}
	}

	return withMembers(state, members);
}

/** An ended deployment isn't polled again: what was found of it by its samples is judged again after this time. */
const endedEveryMs = 60_000;

function isOutdated({findings}: State, deployment: Deployment, nowMs: number): boolean {
	const isHeld = findings.current.some(({state, rule}) => state === 'active' && rule !== 'status');
	return isHeld && !isLive(deployment) && nowMs - findings.judgedMs >= endedEveryMs;
}

/** Returns the state with members described by a new list: those that aren't in it are dropped, and a new status is judged at once. */
export function describeMembers(state: State, list: readonly Deployment[], reduceMember: ReduceMember): State {
	const {live, target, overview} = state;
	const {nowMs: atMs} = live;
	const watched = target.kind === 'deployment' ? target.id : undefined;
	const members = new Map<string, State>();
	for (const deployment of list) {
		const before = overview.members.get(deployment.id);
		if (before === undefined || deployment.id === watched) {
			continue;
		}

		const described = {...before, live: {...before.live, deployment, describedMs: atMs}};
		const isChanged = before.live.deployment?.status !== deployment.status;
		const isJudged = before.findings.hasLooked && (isChanged || isOutdated(before, deployment, atMs));
		members.set(
			deployment.id,
			isJudged ? reduceMember(described, {type: 'deploymentLoaded', deployment, atMs}) : described,
		);
	}

	return withMembers(state, members);
}

/** Returns the overview with what is known of the watched deployment, which another one is about to replace. */
export function keepWatched({overview, ...state}: State): Overview {
	const {target, components, live, findings, run} = state;
	const history = components.trainer.histories.find(({window}) => window.name === findingsWindow.name);
	if (target.kind !== 'deployment' || live.deployment === undefined || history === undefined) {
		return overview;
	}

	const begun = begin({...state, overview}, live.deployment);
	const {trainer} = begun.components;
	const member: State = {
		...begun,
		live: {...live, links: {...begun.live.links, trainer: live.links.trainer}},
		components: {...begun.components, trainer: {...trainer, histories: [history]}},
		findings,
		run,
	};
	return {...overview, members: new Map(overview.members).set(target.id, member)};
}

/** Returns the state of a deployment that begins to be watched, with what the overview knows of it. */
export function adoptMember(begun: State, member: State | undefined): State {
	if (member === undefined) {
		return begun;
	}

	const {trainer} = begun.components;
	const [known] = member.components.trainer.histories;
	const [shown, ...others] = trainer.histories.map(history =>
		history.window.name === known.window.name ? known : history,
	);
	return {
		...begun,
		live: {...member.live, nowMs: begun.live.nowMs, links: {...begun.live.links, trainer: member.live.links.trainer}},
		components: {
			...begun.components,
			trainer: {...trainer, histories: shown === undefined ? trainer.histories : [shown, ...others]},
		},
		findings: member.findings,
		run: member.run,
	};
}

const rowsOf = new WeakMap<State, readonly OverviewRow[]>();

/** Returns one row for each listed deployment, in the order of the list. */
export function overviewRows(state: State): readonly OverviewRow[] {
	const known = rowsOf.get(state);
	if (known !== undefined) {
		return known;
	}

	const {deployments, live, prices} = state;
	const rows = (deployments.list ?? []).map(deployment =>
		rowOf(deployment, memberOf(state, deployment.id), {nowMs: live.nowMs, prices}),
	);
	rowsOf.set(state, rows);
	return rows;
}

/** The columns that the overview can be sorted by, in the order of the key. */
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
export type OverviewColumn = (typeof overviewColumns)[number];

/** Each column has the end first that one looks for: the worst finding, the least busy GPUs, the slowest. `reversed` is the other end. */
export type OverviewSort = {readonly column: OverviewColumn; readonly reversed: boolean};

/** A number, or a name, by which rows are compared, the lowest first; undefined is unknown, and comes last. */
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

/** How urgent the worst finding is, or that the last request failed. */
function urgency({findings, link}: OverviewRow): number | undefined {
	const [worst] = findings ?? [];
	if (worst === undefined) {
		return link.kind === 'failing' || link.kind === 'refused' ? 2 * rules.length : undefined;
	}

	return rules.indexOf(worst.rule) + (worst.state === 'unknown' ? rules.length : 0);
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

/** Returns the rows that contain every word of the filter, sorted. Equal ones are live ones first, the newest of them first. */
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

/** The sums of all rows. */
export type OverviewTotals = {
	readonly live: number;
	readonly gpus: number;
	readonly busyGpus: number;
	readonly idleGpus: number;
	/** US dollars; undefined if no price is known. */
	readonly perHour: number | undefined;
	/** How many have an active finding, and how many have no response to their last request. */
	readonly found: number;
	readonly failing: number;
	/** How many live ones have not been received yet. */
	readonly awaited: number;
};

/** Returns the sums of the rows. GPUs and dollars are those of live deployments; what isn't known counts in neither of in use and idle. */
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

/** Returns how many GPUs a deployment has by its description. */
export function gpusOf({nodeCount, instance}: Deployment): number | undefined {
	return instance?.gpusPerNode === undefined ? undefined : (nodeCount ?? 1) * instance.gpusPerNode;
}
