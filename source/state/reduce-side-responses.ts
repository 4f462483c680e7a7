import type {Deployment} from '../api/deployment.ts';
import {keepEqual} from '../metrics/same-parts.ts';
import type {PollerAction, SideFailure, SideRequestName, SideResponse} from './actions.ts';
import type {Component} from './component.ts';
import {addLogs, type LogsUpdate} from './logs.ts';
import {describeMembers} from './overview.ts';
import {addList} from './overview-list.ts';
import {withoutComparisonMessage} from './reference.ts';
import {addExtras, refuseExtras} from './sampler-extras.ts';
import {type Link, receivedMs, type State} from './state.ts';

/**
 * Returns the state of a connection after a failure: `refused` if the request isn't retried, and `failing` otherwise.
 * Consecutive failures keep the time of the first one.
 */
export function failingLink(before: Link, {failure, nextAtMs}: SideFailure, nowMs: number): Link {
	const sinceMs = before.kind === 'failing' || before.kind === 'refused' ? before.sinceMs : nowMs;
	const fault = {failure, sinceMs, receivedMs: receivedMs(before)};
	return nextAtMs === undefined ? {...fault, kind: 'refused'} : {...fault, kind: 'failing', nextAtMs};
}

/** Returns the state after a failed side request. */
export function addSideFailure(
	state: State,
	{request, fault}: {readonly request: SideRequestName; readonly fault: SideFailure},
): State {
	const {live} = state;
	const sideFailures = {...state.sideFailures, [request]: fault};
	if (request === 'reference') {
		return {...withoutComparisonMessage(state), sideFailures};
	}

	const links =
		request === 'sampler' ? {...live.links, sampler: failingLink(live.links.sampler, fault, live.nowMs)} : live.links;
	return {...state, live: {...live, links}, sideFailures};
}

/**
 * Returns the state with the description of the deployment, as of `live.nowMs`. Data about another run is dropped, as
 * is the status of the run if the deployment has just started.
 */
export function addDeployment(state: State, loaded: Deployment): State {
	const {live} = state;
	const deployment = keepEqual(live.deployment, loaded);
	const described = {deployment, describedMs: live.nowMs, isUndescribed: false, isDescriptionDue: false};
	const isStarted = deployment.status === 'RUNNING' && (live.deployment?.status ?? 'RUNNING') !== 'RUNNING';
	const known = {...state, live: {...live, ...described}};
	return withoutEarlierRun(isStarted ? withoutRunStatus(known) : known, deployment.runId);
}

/**
 * Returns whether an ID is that of the deployment's run. Until the deployment is known, returns true, because in a
 * recording, data about the run can precede data about the deployment.
 */
function isOfRun({live}: State, id: string): boolean {
	return live.deployment === undefined || live.deployment.runId === id;
}

/** Drops the status that a run had before its deployment started, because that status no longer applies. */
function withoutRunStatus(state: State): State {
	const {run} = state;
	return run === undefined ? state : {...state, run: {...run, run: {...run.run, status: undefined}}};
}

/** Drops what is known about a run that no longer belongs to the deployment. */
function withoutEarlierRun(state: State, runId: string | undefined): State {
	const {run, checkpoints, sideFailures} = state;
	const isSame = [run?.run.id, checkpoints?.runId].every(id => id === undefined || id === runId);
	if (isSame) {
		return state;
	}

	const {run: _, checkpoints: __, ...failures} = sideFailures;
	return {
		...state,
		run: run?.run.id === runId ? run : undefined,
		checkpoints: checkpoints?.runId === runId ? checkpoints : undefined,
		sideFailures: failures,
	};
}

/**
 * Returns the state with the response to a side request added, unless the response is about another sampler or run. The
 * sampler's metrics are added by `addSamplerResponse` in reducer.ts.
 */
export function addSideResponse(
	state: State,
	response: Exclude<SideResponse, {kind: 'sampler'}>,
	reduceMember: (member: State, action: PollerAction) => State,
): State {
	switch (response.kind) {
		case 'deployments':
			return describeMembers(addList(state, response.list), response.list, reduceMember);
		case 'samplerExtras': {
			const {samplerExtras: before, live} = state;
			if (live.deployment?.sampler?.deploymentId !== response.sampler.deploymentId) {
				return state;
			}

			const samplerExtras =
				'refusal' in response ? refuseExtras(before, response.names, response.refusal) : addExtras(before, response);
			return {...state, samplerExtras};
		}

		case 'logErrors':
			return {...state, logErrors: response.errors};
		case 'reference':
			return {...withoutComparisonMessage(state), reference: response.reference};
		case 'prices':
			return {...state, prices: {...state.prices, list: response.list, atMs: response.atMs}};
		case 'run':
			return isOfRun(state, response.run.id) ? {...state, run: {run: response.run, atMs: response.atMs}} : state;
		case 'checkpoints': {
			const {kind: _, ...checkpoints} = response;
			return isOfRun(state, checkpoints.runId) ? {...state, checkpoints} : state;
		}

		case 'logs':
		case 'earlierLogs':
			return addLogsOf('trainer', state, response);
		case 'samplerLogs':
		case 'earlierSamplerLogs':
			return addLogsOf('sampler', state, response);
	}
}

function addLogsOf(component: Component, state: State, update: LogsUpdate): State {
	return component === state.component
		? {...state, logs: addLogs(state.logs, update)}
		: {...state, otherLogs: addLogs(state.otherLogs, update)};
}
