// Longer than 250 lines because it is one state machine: what a response means depends on the ones before it.

import type {Deployment} from '../api/deployment.ts';
import {type Failure, hasStatus, type Result} from '../api/failure.ts';
import {targetName} from '../api/target.ts';
import {classifyResponse, toAction} from '../polling/fetch-metrics.ts';
import {retryWaitMs} from '../polling/retry.ts';
import {toSamplerResponse} from '../polling/sampler-request.ts';
import {isPermanent} from '../polling/schedule.ts';
import {type Action, logRequests, type SideRequestName, type SideResponse} from '../state/actions.ts';
import {asSeenFrom} from '../state/derive-logs.ts';
import {samplerRangeName} from '../state/sampler-extras.ts';
import type {State} from '../state/state.ts';
import {type DecodedOf, type DecodedResponse, replayMetrics} from './decode-response.ts';
import {logsAtLevel} from './route.ts';

/** A response whose meaning depends on the next one. */
type Open = DecodedOf<'trainer'> | DecodedOf<'sampler'>;

/** The random number that is assumed for the jitter of waits, because recordings don't contain it. */
const unvaried = 0.5;

/**
 * Translates recorded responses into the actions that the poller dispatched. The meaning of a response can depend on
 * the next one: a 404 for the metrics is evaluated together with the response about the deployment, and a rejected
 * request with a step or with metric names is repeated without them.
 */
export class ReplayTranslator {
	#open: Open | undefined;
	#described: Result<Deployment> | undefined;
	/** The number of failures in a row, by kind of request. */
	readonly #faults = new Map<'trainer' | SideRequestName, number>();

	/**
	 * Returns the actions for a response. `nextMs` is the time of the next request, in epoch milliseconds, if that is a
	 * request for metrics; otherwise, it is undefined.
	 */
	translate(response: DecodedResponse, nextMs: number | undefined, state: State): readonly Action[] {
		const open = this.#open;
		this.#open = undefined;
		switch (response.kind) {
			case 'trainer':
				return [
					...this.#closeUnlessRetried(open, response),
					...follow(response, state),
					...this.#translateTrainer(response, open, nextMs, state),
				];
			case 'sampler':
				return [...this.#closeUnlessRetried(open, response), ...this.#translateSampler(response, open)];
			case 'samplerExtras':
				return [...this.#close(open, undefined), ...this.#translateExtras(response)];
			case 'deployment':
				return this.#translateDeployment(response, open, nextMs, state);
			case 'deployments':
				return [...this.#close(open, undefined), ...this.#translateList(response)];
			case 'prices':
			case 'run':
			case 'checkpoints':
				return [...this.#close(open, undefined), ...this.#translateSide(response)];
			case 'logs':
				return [...this.#close(open, undefined), ...this.#translateLogs(response, state)];
		}
	}

	/** Returns the remaining actions if no response follows. */
	end(): readonly Action[] {
		const open = this.#open;
		this.#open = undefined;
		return this.#close(open, undefined);
	}

	#translateTrainer(
		response: DecodedOf<'trainer'>,
		before: Open | undefined,
		nextMs: number | undefined,
		state: State,
	): readonly Action[] {
		const {result, query, receivedMs: atMs} = response;
		if (result.ok) {
			this.#faults.delete('trainer');
			return replayMetrics(response, result, state);
		}

		if (hasStatus(result.failure, 404) || (query.withStep && hasStatus(result.failure, 400, 422))) {
			this.#open = response;
			return [];
		}

		return [this.#fail(failureBehind(response, before) ?? result.failure, atMs, nextMs)];
	}

	#translateSampler(response: DecodedOf<'sampler'>, before: Open | undefined): readonly Action[] {
		const {result, query, sampler, metrics, receivedMs: atMs} = response;
		if (result.ok) {
			this.#faults.delete('sampler');
			const {kind, window, range} = query;
			const reported = toSamplerResponse({sampler, kind, window: window.name, range, metrics}, result, atMs);
			return [{type: 'sideRequestSucceeded', response: reported, atMs}];
		}

		if (metrics === 'all' && hasStatus(result.failure, 400, 422)) {
			this.#open = response;
			return [];
		}

		return [this.#failSideRequest('sampler', failureBehind(response, before) ?? result.failure, atMs)];
	}

	#translateExtras({result, query, sampler, names, receivedMs: atMs}: DecodedOf<'samplerExtras'>): readonly Action[] {
		const about = {kind: 'samplerExtras', sampler, names} as const;
		if (result.ok) {
			this.#faults.delete('samplerExtras');
			const rangeName = samplerRangeName(query.kind, query.window, query.range.endMs);
			const response = {...about, rangeName, extras: result.value.extras};
			return [{type: 'sideRequestSucceeded', response, atMs}];
		}

		const {failure} = result;
		return failure.kind === 'status' && hasStatus(failure, 400, 422)
			? [{type: 'sideRequestSucceeded', response: {...about, refusal: failure.message}, atMs}]
			: [this.#failSideRequest('samplerExtras', failure, atMs)];
	}

	#translateDeployment(
		{result, receivedMs: atMs, id}: DecodedOf<'deployment'>,
		open: Open | undefined,
		nextMs: number | undefined,
		state: State,
	): readonly Action[] {
		this.#described = result;
		const isTarget = id === targetName(state.target);
		const described: readonly Action[] = !isTarget
			? []
			: [
					result.ok
						? {type: 'deploymentLoaded', deployment: result.value, atMs}
						: {type: 'deploymentUnavailable', atMs},
				];
		const reported = open?.kind === 'trainer' ? this.#evaluate(open, atMs, nextMs) : this.#close(open, undefined);
		return [...described, ...reported];
	}

	#translateList({result, receivedMs: atMs}: DecodedOf<'deployments'>): readonly Action[] {
		if (!result.ok) {
			return [this.#failSideRequest('deployments', result.failure, atMs)];
		}

		this.#faults.delete('deployments');
		return [{type: 'sideRequestSucceeded', response: {kind: 'deployments', list: result.value}, atMs}];
	}

	#translateSide(response: DecodedOf<'prices' | 'run' | 'checkpoints'>): readonly Action[] {
		const {kind, result, receivedMs: atMs} = response;
		if (!result.ok) {
			return [this.#failSideRequest(kind, result.failure, atMs)];
		}

		this.#faults.delete(kind);
		const known = sideResponseOf(response);
		return known === undefined ? [] : [{type: 'sideRequestSucceeded', response: known, atMs}];
	}

	#translateLogs({of, result, query, level, receivedMs: atMs}: DecodedOf<'logs'>, state: State): readonly Action[] {
		const component = typeof of === 'string' ? 'trainer' : 'sampler';
		const {logs} = asSeenFrom(state, component);
		const kind = logRequests[component][query.endMs === undefined ? 'newest' : 'earlier'];
		if (!result.ok) {
			return [this.#failSideRequest(kind, result.failure, atMs)];
		}

		this.#faults.delete(kind);
		const loaded = logsAtLevel(result.value, level, logs.level);
		return [{type: 'sideRequestSucceeded', response: {kind, level: logs.level, loaded}, atMs}];
	}

	/** Translates the pending response, unless the next request is a retry without the step or the metric names. */
	#closeUnlessRetried(open: Open | undefined, next: Open): readonly Action[] {
		return isRetry(next, open) ? [] : this.#close(open, next.kind === 'trainer' ? next.sentMs : undefined);
	}

	#close(open: Open | undefined, nextMs: number | undefined): readonly Action[] {
		if (open === undefined) {
			return [];
		}

		const {result, receivedMs} = open;
		if (open.kind === 'trainer') {
			return this.#evaluate(open, receivedMs, nextMs);
		}

		return result.ok ? [] : [this.#failSideRequest('sampler', result.failure, receivedMs)];
	}

	#evaluate({result, query}: DecodedOf<'trainer'>, atMs: number, nextMs: number | undefined): readonly Action[] {
		const outcome = classifyResponse(result, this.#described);
		if (outcome.kind === 'failure') {
			return [this.#fail(outcome.failure, atMs, nextMs)];
		}

		this.#faults.delete('trainer');
		const {kind, window, range} = query;
		return [toAction(outcome, {kind, window: window.name, range}, atMs)];
	}

	#fail(failure: Failure, atMs: number, nextMs: number | undefined): Action {
		const waitMs = this.#waitMs('trainer', failure);
		return {type: 'pollFailed', failure, atMs, nextAtMs: nextMs ?? atMs + waitMs};
	}

	#failSideRequest(request: SideRequestName, failure: Failure, atMs: number): Action {
		const nextAtMs = isPermanent(failure) ? undefined : atMs + this.#waitMs(request, failure);
		return {type: 'sideRequestFailed', request, fault: {failure, nextAtMs}, atMs};
	}

	#waitMs(asked: 'trainer' | SideRequestName, failure: Failure): number {
		const faults = (this.#faults.get(asked) ?? 0) + 1;
		this.#faults.set(asked, faults);
		return retryWaitMs(faults, unvaried, failure.kind === 'status' ? failure.retryAfterMs : undefined);
	}
}

/** Returns the actions that switch to the deployment and window of a response. */
function follow({id, window, receivedMs: atMs}: DecodedOf<'trainer'>, {target, replay}: State): readonly Action[] {
	const actions: Action[] = [];
	if (id !== targetName(target)) {
		actions.push({type: 'watchDeployment', id, atMs});
	}

	if (window !== replay?.recordedWindow) {
		actions.push({type: 'recordedWindowChanged', window, atMs});
	}

	return actions;
}

/**
 * Returns whether a query repeats the previous one without the step or the metric names, because that one was rejected.
 */
function isRetry(response: Open, before: Open | undefined): boolean {
	if (before === undefined || before.result.ok || hasStatus(before.result.failure, 404)) {
		return false;
	}

	return response.kind === 'trainer'
		? before.kind === 'trainer' && before.query.withStep && !response.query.withStep
		: before.kind === 'sampler' && before.metrics === 'all' && response.metrics === 'usual';
}

/**
 * Returns the failure behind a retry: if the retry also fails, the omitted parts weren't the reason, so the earlier
 * failure applies.
 */
function failureBehind(response: Open, before: Open | undefined): Failure | undefined {
	return isRetry(response, before) && before?.result.ok === false ? before.result.failure : undefined;
}

/** Returns the result of a response about a run, its checkpoints, or prices; undefined if it is a failure. */
function sideResponseOf(response: DecodedOf<'prices' | 'run' | 'checkpoints'>): SideResponse | undefined {
	const {receivedMs: atMs} = response;
	switch (response.kind) {
		case 'prices':
			return response.result.ok ? {kind: 'prices', list: response.result.value, atMs} : undefined;
		case 'run':
			return response.result.ok ? {kind: 'run', run: response.result.value, atMs} : undefined;
		case 'checkpoints': {
			const {result, runId} = response;
			return result.ok ? {kind: 'checkpoints', runId, ...result.value, atMs} : undefined;
		}
	}
}
