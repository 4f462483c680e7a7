import type {Deployment} from '../api/deployment.ts';
import {compareNames} from '../metrics/node.ts';
import type {PollerAction} from './actions.ts';
import {deriveViews} from './derive-views.ts';
import {initialState} from './initial-state.ts';
import {findingsWindow, type Overview, type State} from './state.ts';

/** The reports of the overview's poller about one deployment, in order. */
export type MemberUpdate = {readonly id: string; readonly actions: readonly PollerAction[]};

/** Applies one action to the state of a member. */
type ReduceMember = (member: State, action: PollerAction) => State;

/** The statuses of a deployment that is running or about to run, and of one that a new run can reuse. */
const live: ReadonlySet<string | undefined> = new Set(['RUNNING', 'DEPLOYING', 'CREATED']);

const dormant: ReadonlySet<string | undefined> = new Set(['SCALED_TO_ZERO']);

/** Returns whether a deployment is running or about to run. */
export function isLive({status}: Deployment): boolean {
	return live.has(status);
}

function rank({status}: Deployment): number {
	return status === 'RUNNING' ? 0 : live.has(status) ? 1 : dormant.has(status) ? 2 : 3;
}

/**
 * Returns the deployments in their usual order: running, about to run, scaled to zero, and all others, each group
 * newest first.
 */
export function orderDeployments(list: readonly Deployment[]): readonly Deployment[] {
	return list.toSorted(
		(a, b) => rank(a) - rank(b) || (b.createdAtMs ?? 0) - (a.createdAtMs ?? 0) || compareNames(a.id, b.id),
	);
}

/**
 * The shortest polling interval of a deployment that isn't watched, in milliseconds, and the maximum number of polls of
 * all such deployments per minute.
 */
const shortestEveryMs = 30_000;

const maxPollsPerMinute = 40;

/** Returns the interval at which each of `count` deployments that aren't watched is polled, in milliseconds. */
export function overviewEveryMs(count: number, intervalMs: number): number {
	return Math.max(shortestEveryMs, intervalMs, Math.ceil((count * 60_000) / maxPollsPerMinute));
}

/** Returns whether all live deployments are polled: with --all, and while the overview is open; never in a replay. */
export function isWatchingAll({overview, overlay, replay}: State): boolean {
	const isOpen = overlay.kind === 'deployments' || (overlay.kind === 'help' && overlay.over === 'deployments');
	return replay === undefined && (overview.isAlways || isOpen);
}

/**
 * Returns the state of one deployment; for the watched one, this is the whole state. Undefined if nothing is known
 * about it.
 */
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

/**
 * Returns the state with updates about members. Updates about a deployment that is no longer listed, or that is now the
 * watched one, are dropped.
 */
export function addMemberUpdates(state: State, news: readonly MemberUpdate[], reduceMember: ReduceMember): State {
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

/**
 * The minimum interval at which the findings of a deployment that has ended, and is no longer polled, are evaluated, in
 * milliseconds.
 */
const endedEveryMs = 60_000;

function isOutdated({findings}: State, deployment: Deployment, nowMs: number): boolean {
	const isHeld = findings.current.some(({state, rule}) => state === 'active' && rule !== 'status');
	return isHeld && !isLive(deployment) && nowMs - findings.evaluatedMs >= endedEveryMs;
}

/**
 * Returns the state with members updated from a new list: those that aren't in it are dropped, and so is the watched
 * one. A new status is evaluated immediately; for a deployment that has ended, active findings other than `status` are
 * evaluated at most once a minute.
 */
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
		const isEvaluated = before.findings.isEvaluated && (isChanged || isOutdated(before, deployment, atMs));
		members.set(
			deployment.id,
			isEvaluated ? reduceMember(described, {type: 'deploymentLoaded', deployment, atMs}) : described,
		);
	}

	return withMembers(state, members);
}

/** Returns the overview including the data of the watched deployment, which is about to be replaced by another one. */
export function storeWatched({overview, ...state}: State): Overview {
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

/** Returns the state of a deployment that is now watched, including the overview's data about it. */
export function withMemberData(begun: State, member: State | undefined): State {
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

/** Returns whether the deployments to poll, or the times at which they are polled, might have changed. */
export function isPollingChanged(before: State, now: State): boolean {
	return (
		before.deployments.list !== now.deployments.list ||
		before.target !== now.target ||
		before.refreshCount !== now.refreshCount ||
		before.intervalMs !== now.intervalMs ||
		isWatchingAll(before) !== isWatchingAll(now)
	);
}

/**
 * Returns the state of one deployment as if only it were watched, with the current prices, interval, and time, for
 * outputs other than the screen. Undefined if nothing is known about it yet.
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

/** Returns the state of one deployment as `memberState` does, with its derived views. */
export function memberStateWithViews(state: State, id: string): State | undefined {
	const alone = memberState(state, id);
	if (alone === undefined || alone === state) {
		return alone;
	}

	const {target, host, intervalMs, live} = alone;
	return deriveViews(alone, initialState({target, host, window: findingsWindow, intervalMs, nowMs: live.nowMs}));
}

/** Returns the IDs of the watched deployments: one, or all live ones in the list, in their usual order. */
export function watchedIds(state: State): readonly string[] {
	const {target, deployments} = state;
	if (!isWatchingAll(state)) {
		return target.kind === 'deployment' ? [target.id] : [];
	}

	return orderDeployments(deployments.list ?? [])
		.filter(isLive)
		.map(({id}) => id);
}
