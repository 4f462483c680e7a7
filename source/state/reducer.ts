import {atOnce, Memo, type Steps} from '../api/slices.ts';
import {evaluateInSteps} from '../metrics/evaluate.ts';
import type {Findings} from '../metrics/findings.ts';
import type {History} from '../metrics/history.ts';
import {addMetricsInSteps} from '../metrics/merge-history.ts';
import type {Snapshot} from '../metrics/snapshot.ts';
import {type Action, isPollerAction, type MetricsUpdate, type PollerAction, type SideResponse} from './actions.ts';
import {type Component, type ComponentState, recentSamplerHistory} from './component.ts';
import {deriveLogs} from './derive-logs.ts';
import {deriveViewsInSteps} from './derive-views.ts';
import {addMemberUpdates} from './overview.ts';
import {watchDeployment} from './overview-list.ts';
import {endReplay, enterGap, followRecorded, noteRecordingEnd, restoreHistory, seekTo} from './reduce-replay.ts';
import {addDeployment, addSideFailure, addSideResponse, failingLink} from './reduce-side-responses.ts';
import {reduceUser} from './reduce-user.ts';
import {deploymentEveryMs, findingsWindow, type Link, type Live, type State} from './state.ts';
import {followCursor} from './time-travel.ts';

/**
 * The parts of an action's result that take a long time to compute with many nodes. If they are computed in slices
 * before the action is dispatched, the reducer finds them here, unless the state that they depend on has changed.
 */
export class Precomputed {
	readonly histories = new Memo<History>();
	readonly findings = new Memo<Findings>();
	readonly snapshots = new Memo<Snapshot>();
}

/**
 * Returns the state after an action. Everything that happens is an action, and the screen depends only on the resulting
 * state.
 */
export function reduce(state: State, action: Action): State {
	return atOnce(reduceInSteps(state, action, new Precomputed()));
}

/**
 * Computes the result of `reduce` in slices that take a few milliseconds each, even with a thousand nodes: applies the
 * action, evaluates the rules if the action can change findings, and derives what is shown.
 */
export function* reduceInSteps(state: State, action: Action, prepared: Precomputed): Steps<State> {
	const next = isPollerAction(action) ? yield* reducePollerInSteps(state, action, prepared) : reduceUser(state, action);
	return deriveLogs(yield* deriveViewsInSteps(next, state, prepared.snapshots), state);
}

/** Returns the state after a report from the poller, with the findings that follow from it. */
function reducePoller(state: State, action: PollerAction): State {
	return atOnce(reducePollerInSteps(state, action, new Precomputed()));
}

function* reducePollerInSteps(state: State, action: PollerAction, prepared: Precomputed): Steps<State> {
	const updated = yield* applyAction(state, action, prepared);
	// Responses to side requests other than these three don't affect findings, and can be frequent.
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

	return yield* withFindings(updated, awaitsDeployment(state, action), prepared);
}

/**
 * Returns whether the description of the deployment is requested again right after the metrics that just arrived: the
 * deployment's status determines the meaning of missing data. If that request isn't made, the evaluation after the next
 * metrics doesn't wait for it.
 */
function isDescribedNext({live: before}: State, {live}: State): boolean {
	return live.isDescriptionDue && !before.isDescriptionDue;
}

/** Returns the state after a report from the poller, before the rules are evaluated. */
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
			return yield* addToComponent(withLive({links, isDescriptionDue}), 'trainer', action, prepared);
		}

		case 'noMetrics':
			return withLink('trainer', {kind: 'no-metrics', atMs: nowMs, tookMs: action.tookMs});
		case 'pollFailed':
			return withLink('trainer', failingLink(state.live.links.trainer, action, nowMs));
		case 'deploymentLoaded':
			return addDeployment(withLive({}), action.deployment);
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
			const answered = {...withLive({}), sideFailures};
			return action.response.kind === 'sampler'
				? yield* addSamplerResponse(answered, action.response, prepared)
				: addSideResponse(answered, action.response, reducePoller);
		}

		case 'sideRequestFailed':
			return addSideFailure(withLive({}), action);
	}
}

/** Returns the state with the metrics of a sampler, unless the deployment no longer has that sampler. */
function* addSamplerResponse(
	state: State,
	{sampler, update, metrics, tookMs}: Extract<SideResponse, {kind: 'sampler'}>,
	prepared: Precomputed,
): Steps<State> {
	const {live} = state;
	if (live.deployment?.sampler?.deploymentId !== sampler.deploymentId) {
		return state;
	}

	const links = {...live.links, sampler: {kind: 'ok', atMs: live.nowMs, tookMs} as const};
	const known = {...state, live: {...live, links}, samplerMetrics: metrics};
	return yield* addToComponent(known, 'sampler', update, prepared);
}

/**
 * Returns the state with a response added to a component. A view that was paused before the first response for its
 * window also shows the response, because its charts are still empty.
 */
function* addToComponent(
	state: State,
	component: Component,
	update: MetricsUpdate,
	{histories}: Precomputed,
): Steps<State> {
	const {components, mode, live} = state;
	const added = {...components, [component]: yield* addToHistories(components[component], update, histories)};
	if (mode.kind !== 'paused' || mode.components[component].histories[0].complete) {
		return followCursor({...state, components: added});
	}

	const links = {...mode.live.links, [component]: live.links[component]};
	const stopped = {
		...mode.components,
		[component]: yield* addToHistories(mode.components[component], update, histories),
	};
	const paused = {...mode, live: {...mode.live, links}, components: stopped};
	return followCursor({...state, components: added, mode: paused});
}

/** Adds a response to the history of its window, or of its earlier range. */
function* addToHistories(
	component: ComponentState,
	update: MetricsUpdate,
	known: Memo<History>,
): Steps<ComponentState> {
	const {window, response, range} = update;
	const isLive = update.kind === 'live';
	const isFinal = !isLive && update.isFinal;
	const added: History[] = [];
	for (const history of isLive ? component.histories : component.pasts) {
		const isAbout = history.window.name === window && (isLive || history.endMs === range.endMs);
		const add = function* (): Steps<History> {
			return {...(yield* addMetricsInSteps(history, response, range)), isFinal};
		};
		added.push(isAbout ? yield* known.recall([history, response, range], add) : history);
	}

	if (!isLive) {
		return {...component, pasts: added};
	}

	const [shown = component.histories[0], ...others] = added;
	return {...component, histories: [shown, ...others]};
}

/** Returns whether the first evaluation waits for the deployment, which is requested right after the first metrics. */
function awaitsDeployment({live, findings}: State, {type}: PollerAction): boolean {
	const {kind} = live.links.trainer;
	const isSecond = type === 'metricsReceived' && (kind === 'ok' || kind === 'no-metrics');
	return !findings.isEvaluated && !isSecond && type !== 'replayEnded' && type !== 'tick';
}

/** Evaluates the rules once the findings' window is complete, or has no metrics, and any awaited deployment is known. */
function* withFindings(state: State, isAwaited: boolean, {findings: known}: Precomputed): Steps<State> {
	const {components, live, run, checkpoints, thresholds, findings} = state;
	const link = live.links.trainer;
	const history = components.trainer.histories.find(({window}) => window.name === findingsWindow.name);
	const isKnown = findings.isEvaluated || history?.complete === true || link.kind === 'no-metrics';
	const isDescribed = live.deployment !== undefined || live.isUndescribed || !isAwaited;
	if (history === undefined || !isKnown || !isDescribed) {
		return state;
	}

	const isResponding = link.kind === 'ok' || link.kind === 'no-metrics';
	const context = {
		deployment: live.deployment,
		describedMs: live.describedMs,
		run,
		checkpoints,
		samplerHistory: recentSamplerHistory(state),
		isResponding,
		hasUnreadable: history.dropped > 0,
		nowMs: evaluationTime(link, history, live.nowMs),
		thresholds,
	};
	const inputs = [findings, history, ...Object.values(context)];
	return {
		...state,
		findings: yield* known.recall(inputs, () => evaluateInSteps(findings, history, context)),
	};
}

/**
 * Returns the time for which the rules are evaluated. While requests fail, this is now; after a response, it is the
 * time of the response. If the response has metrics, the result is at most one step after the end of their range,
 * however much time passed between two requests or before the response arrived, because newer samples are unknown.
 */
function evaluationTime(link: Link, {endMs, window: {stepMs}}: History, nowMs: number): number {
	switch (link.kind) {
		case 'ok':
			return endMs > 0 ? Math.min(link.atMs, endMs + stepMs) : link.atMs;
		case 'no-metrics':
			return link.atMs;
		default:
			return nowMs;
	}
}
