import {atOnce, type Steps} from '../api/slices.ts';
import {keepEqual} from '../metrics/same-parts.ts';
import type {PollerAction, SideFailure, SideResponse} from './actions.ts';
import {addToComponent, type Component, Precomputed} from './component.ts';
import {isAwaited, withFindings} from './derive-findings.ts';
import {addLogs, type LogsUpdate} from './logs.ts';
import {addMemberUpdates, describeMembers} from './overview.ts';
import {addList, watchDeployment} from './overview-list.ts';
import {endReplay, enterGap, followRecorded, noteRecordingEnd, restoreHistory, seekTo} from './reduce-replay.ts';
import {withoutComparisonMessage} from './reference.ts';
import {addExtras, refuseExtras} from './sampler-extras.ts';
import {deploymentEveryMs, type Link, type Live, receivedMs, type State} from './state.ts';
import {followCursor} from './time-travel.ts';

/** Returns the state after a report from the poller, with the findings that follow from it. */
function reducePoller(state: State, action: PollerAction): State {
	return atOnce(reducePollerInSteps(state, action, new Precomputed()));
}

/** Returns the result of `reducePoller`, in slices that take a few milliseconds even with a thousand nodes. */
export function* reducePollerInSteps(state: State, action: PollerAction, prepared: Precomputed): Steps<State> {
	const updated = yield* applyAction(state, action, prepared);
	// Other responses to side requests don't affect findings, and can be frequent.
	const isAside =
		action.type === 'sideRequestSucceeded' && !['run', 'checkpoints', 'sampler'].includes(action.response.kind);
	if (
		isAside ||
		action.type === 'membersPolled' ||
		action.type === 'sideRequestFailed' ||
		isDescribedNext(state, updated)
	) {
		return updated;
	}

	return yield* withFindings(updated, isAwaited(state, action), prepared);
}

/**
 * Returns whether the deployment is requested again right after these metrics, because its status determines what
 * silence means. If that request isn't made, the next metrics don't wait for it.
 */
function isDescribedNext({live: before}: State, {live}: State): boolean {
	return live.isDescriptionDue && !before.isDescriptionDue;
}

function* applyAction(state: State, action: PollerAction, prepared: Precomputed): Steps<State> {
	const {atMs: nowMs} = action;
	const withLive = (live: Partial<Live>): State => ({...state, live: {...state.live, ...live, nowMs}});
	const withLink = (component: Component, link: Link): State =>
		withLive({links: {...state.live.links, [component]: link}});
	switch (action.type) {
		case 'metricsReceived': {
			const {describedMs} = state.live;
			const isDescriptionDue = describedMs !== undefined && nowMs - describedMs >= deploymentEveryMs;
			const links = {...state.live.links, trainer: {kind: 'ok', atMs: nowMs, tookMs: action.tookMs} as const};
			const updated = withLive({links, isDescriptionDue});
			return followCursor(yield* addToComponent(updated, 'trainer', {update: action, prepared}));
		}

		case 'noMetrics':
			return withLink('trainer', {kind: 'no-metrics', atMs: nowMs, tookMs: action.tookMs});
		case 'pollFailed':
			return withLink('trainer', faulty(state.live.links.trainer, action, nowMs));
		case 'deploymentLoaded': {
			const deployment = keepEqual(state.live.deployment, action.deployment);
			const described = {deployment, describedMs: nowMs, isUndescribed: false, isDescriptionDue: false};
			const isStarted = deployment.status === 'RUNNING' && (state.live.deployment?.status ?? 'RUNNING') !== 'RUNNING';
			const known = withLive(described);
			return withoutEarlierRun(isStarted ? withoutRunStatus(known) : known, deployment.runId);
		}

		case 'deploymentUnavailable':
			return withLive({isUndescribed: true, isDescriptionDue: false});
		case 'tick':
			return withLive({});
		case 'seeked':
			return seekTo(state, nowMs);
		case 'historyRestored':
			return restoreHistory(withLive({}), action);
		case 'recordedWindowChanged':
			return followRecorded(state, action.window);
		case 'gapEntered':
			return enterGap(state, action.endMs);
		case 'replayEnded':
			return endReplay(state, action.why);
		case 'recordingRead':
			return noteRecordingEnd(state, action.endMs);
		case 'recordingStopped':
			return {...state, recording: {kind: 'stopped', why: action.why, isSeen: false}};
		case 'watchDeployment':
			return watchDeployment(withLive({}), action.id);
		case 'membersPolled':
			return addMemberUpdates(withLive({}), action.news, reducePoller);
		case 'sideRequestSucceeded': {
			const {[action.response.kind]: _, ...sideFailures} = state.sideFailures;
			return yield* addSideResponse({...withLive({}), sideFailures}, action, prepared);
		}

		case 'sideRequestFailed': {
			const sideFailures = {...state.sideFailures, [action.request]: action.fault};
			if (action.request === 'reference') {
				return {...withoutComparisonMessage(withLive({})), sideFailures};
			}

			const updated = action.request === 'sampler' ? faulty(state.live.links.sampler, action.fault, nowMs) : undefined;
			return {...(updated === undefined ? withLive({}) : withLink('sampler', updated)), sideFailures};
		}
	}
}

/** Returns a failing link. Consecutive failures keep the time of the first one. */
function faulty(before: Link, {failure, nextAtMs}: SideFailure, nowMs: number): Link {
	const sinceMs = before.kind === 'failing' || before.kind === 'refused' ? before.sinceMs : nowMs;
	const fault = {failure, sinceMs, receivedMs: receivedMs(before)};
	return nextAtMs === undefined ? {...fault, kind: 'refused'} : {...fault, kind: 'failing', nextAtMs};
}

/** Returns whether the data of a run belongs to the deployment's run; in a recording, it can precede the deployment. */
function isOfRun({live}: State, id: string): boolean {
	return live.deployment === undefined || live.deployment.runId === id;
}

/** Drops the status that a run had before its deployment started, which says nothing about the run from then on. */
function withoutRunStatus(state: State): State {
	const {run} = state;
	return run === undefined ? state : {...state, run: {...run, run: {...run.run, status: undefined}}};
}

/** Drops what is known about a run that isn't the deployment's anymore. */
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

function* addSideResponse(
	state: State,
	{response, atMs: nowMs}: {readonly response: SideResponse; readonly atMs: number},
	prepared: Precomputed,
): Steps<State> {
	switch (response.kind) {
		case 'deployments':
			return describeMembers(addList(state, response.list), response.list, reducePoller);
		case 'sampler': {
			const {sampler, update, metrics, tookMs} = response;
			const {live} = state;
			if (live.deployment?.sampler?.deploymentId !== sampler.deploymentId) {
				return state;
			}

			const links = {...live.links, sampler: {kind: 'ok', atMs: nowMs, tookMs} as const};
			const updated: State = {...state, live: {...live, links}, samplerMetrics: metrics};
			return followCursor(yield* addToComponent(updated, 'sampler', {update, prepared}));
		}

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
