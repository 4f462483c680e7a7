import type {Failure} from '../api/failure.ts';
import {targetName} from '../api/target.ts';
import type {SideRequestName} from '../state/actions.ts';
import type {State} from '../state/state.ts';
import type {Store} from '../state/store.ts';
import {logErrorsRequest, logsSideRequests} from './logs-requests.ts';
import type {NextRequest, SideRequest} from './polling-context.ts';
import {type LastRequest, nextQuery, type Query, queryKey, viewKey} from './query-range.ts';
import {type PollTrigger, RetryState, retryWaitMs} from './retry.ts';
import {samplerExtrasRequest, samplerRequest} from './sampler-request.ts';
import {checkpointsRequest, deploymentsRequest, pricesRequest, referenceRequest, runRequest} from './side-requests.ts';

/**
 * All side requests, in the order in which they are sent if several become due at the same time. Logs are last, so that
 * a slow response with logs doesn't delay anything else.
 */
export const sideRequests: readonly SideRequest[] = [
	deploymentsRequest,
	samplerRequest,
	samplerExtrasRequest,
	referenceRequest,
	pricesRequest,
	runRequest,
	checkpointsRequest,
	...logsSideRequests,
	logErrorsRequest,
];

/**
 * The minimum pause between a response and the next side request of the same kind, in milliseconds, regardless of the
 * interval. A new key or a refresh ends it.
 */
const shortestPauseMs = 1000;

type Run = {
	readonly key: string;
	/** The `refreshCount` of the state when the request was last sent. */
	readonly refreshCount: number;
	/** When the request is due again, on a monotonic clock; infinite if the server rejects the request. */
	readonly nextAtMs: number;
	readonly failures: number;
};

/**
 * Returns whether a failure is a rejection that a retry can't fix, for example because the route doesn't exist or the
 * key has no access to it. After a 401, the key can be renewed.
 */
export function isPermanent(failure: Failure): boolean {
	return (
		failure.kind === 'status' &&
		failure.status >= 400 &&
		failure.status < 500 &&
		![401, 408, 425, 429].includes(failure.status)
	);
}

/** Decides when each side request is due. All times are from a monotonic clock, in milliseconds. */
class SideSchedule {
	readonly #runs = new Map<SideRequestName, Run>();

	/**
	 * Returns the side request that is due first, and the time until it is due; undefined if none is needed. The
	 * records of requests that are no longer needed are dropped.
	 */
	next(state: State, elapsedMs: number): {readonly request: SideRequest; readonly dueInMs: number} | undefined {
		let first: {readonly request: SideRequest; readonly dueInMs: number} | undefined;
		for (const request of sideRequests) {
			const wanted = request.wanted(state);
			if (wanted === undefined) {
				this.#runs.delete(request.name);
				continue;
			}

			const run = this.#runs.get(request.name);
			const isNew = run === undefined || run.key !== wanted.key || run.refreshCount !== state.refreshCount;
			const dueInMs = isNew ? 0 : run.nextAtMs - elapsedMs;
			if (first === undefined || dueInMs < first.dueInMs) {
				first = {request, dueInMs};
			}
		}

		return first;
	}

	/** Notes a response. `state` is the state at the time of the request. */
	noteResponse(
		{name, wanted}: SideRequest,
		state: State,
		{beganMs, endedMs}: {readonly beganMs: number; readonly endedMs: number},
	): void {
		const {key = '', everyMs = 0} = wanted(state) ?? {};
		const nextAtMs = Math.max(beganMs + everyMs, endedMs + shortestPauseMs);
		this.#runs.set(name, {key, refreshCount: state.refreshCount, nextAtMs, failures: 0});
	}

	/**
	 * Notes a failure, and returns the wait before the retry, in milliseconds; undefined if the request isn't retried.
	 */
	noteFailure(
		{name, wanted}: SideRequest,
		state: State,
		{failure, endedMs, random}: {readonly failure: Failure; readonly endedMs: number; readonly random: number},
	): number | undefined {
		const key = wanted(state)?.key ?? '';
		const failures = (this.#runs.get(name)?.failures ?? 0) + 1;
		const retryAfterMs = failure.kind === 'status' ? failure.retryAfterMs : undefined;
		const waitMs = isPermanent(failure) ? Number.POSITIVE_INFINITY : retryWaitMs(failures, random, retryAfterMs);
		this.#runs.set(name, {key, refreshCount: state.refreshCount, nextAtMs: endedMs + waitMs, failures});
		return Number.isFinite(waitMs) ? waitMs : undefined;
	}
}

/**
 * The maximum number of recorded queries. Once it is reached, all of them are dropped before the next response is
 * recorded.
 */
const maxRecorded = 50;

/** The next task. */
export type Task =
	| {readonly kind: 'metrics'; readonly query: Query}
	| {readonly kind: 'run'; readonly id: string}
	| {readonly kind: 'side-request'; readonly request: SideRequest}
	| {readonly kind: 'nothing'};

/** A task, and the time until it is due, in milliseconds; infinite if there is nothing to do. */
export type Due = {readonly task: Task; readonly dueInMs: number};

/** Decides what to request and when, based on past requests and the state. */
export class Schedule {
	readonly sideRequests = new SideSchedule();
	readonly #store: Store;
	readonly #elapsed: () => number;
	readonly #lastRequests = new Map<string, LastRequest>();
	readonly #retry = new RetryState();
	#target = '';
	/** The kind of the last request. */
	#begun: 'trainer' | 'side-request' = 'trainer';

	/** @param elapsed a monotonic clock, in milliseconds */
	constructor(store: Store, elapsed: () => number) {
		this.#store = store;
		this.#elapsed = elapsed;
	}

	/**
	 * Returns the task that is due first. If a main request and a side request become due at the same time, the side
	 * request is first, because side requests are rarer. While a main request is due, no two side requests are sent in
	 * a row.
	 */
	next(): Due {
		const side = this.sideRequests.next(this.#store.getState(), this.#elapsed());
		const main = this.#nextMain();
		const isMainFirst = this.#begun === 'side-request' && main.dueInMs <= 0;
		return side === undefined || isMainFirst || main.dueInMs < side.dueInMs
			? main
			: {task: {kind: 'side-request', request: side.request}, dueInMs: side.dueInMs};
	}

	/** Returns the next main request. A side request that is sent before it must not delay it for too long. */
	nextMainRequest(): NextRequest {
		return {store: this.#store, elapsed: this.#elapsed, dueInMs: () => this.#nextMain().dueInMs};
	}

	#nextMain(): Due {
		const state = this.#store.getState();
		const {target} = state;
		const waitMs = this.#retry.leftMs(this.trigger(), this.#elapsed());
		switch (target.kind) {
			case 'unchosen':
				return {task: {kind: 'nothing'}, dueInMs: Number.POSITIVE_INFINITY};
			case 'run':
				return {task: {kind: 'run', id: target.id}, dueInMs: waitMs ?? 0};
			case 'deployment': {
				const {query, dueInMs} = nextQuery(state, this.#lastRequests, this.#elapsed());
				return {task: {kind: 'metrics', query}, dueInMs: waitMs ?? dueInMs};
			}
		}
	}

	/** Drops the records of past main requests if the target has changed. Returns whether it has. */
	noticeTarget(): boolean {
		const target = targetName(this.#store.getState().target);
		const isOther = target !== this.#target;
		if (isOther) {
			this.#target = target;
			this.#lastRequests.clear();
			this.#retry.reset();
		}

		return isOther;
	}

	/** Returns the current view and refresh count. */
	trigger(): PollTrigger {
		const state = this.#store.getState();
		return {refreshCount: state.refreshCount, view: viewKey(state)};
	}

	/** Ends the wait before a main request. Returns whether the key should be read again first. */
	endWait(): {readonly wantsKey: boolean} {
		this.#begun = 'trainer';
		return this.#retry.endWait();
	}

	/**
	 * Returns whether the user has refreshed since this query was last sent successfully; if so, its whole range is
	 * requested again.
	 */
	isRefresh(query: Query, {refreshCount}: PollTrigger): boolean {
		const last = this.#lastRequests.get(queryKey(query));
		return last !== undefined && last.refreshCount !== refreshCount;
	}

	/** Notes the response to a query that was sent with this trigger. */
	noteResponse(query: Query, trigger: PollTrigger, beganMs: number): void {
		this.#retry.reset();
		if (this.#lastRequests.size >= maxRecorded) {
			this.#lastRequests.clear();
		}

		this.#lastRequests.set(queryKey(query), {beganMs, endedMs: this.#elapsed(), refreshCount: trigger.refreshCount});
	}

	/** Begins the wait after a failure. Returns its length, in milliseconds. */
	noteFailure(failure: Failure, trigger: PollTrigger, random: number): number {
		return this.#retry.beginWait(failure, trigger, this.#elapsed(), random);
	}

	/** Notes that a side request is running. */
	beginSideRequest(): void {
		this.#begun = 'side-request';
	}

	/** Returns the time until the ages on the screen become outdated, in milliseconds; infinite if there is no wait. */
	agesDueInMs(): number {
		return this.#retry.agesDueInMs(this.#elapsed());
	}

	/** Notes that the ages were updated. */
	noteAgesUpdated(): void {
		this.#retry.noteAgesUpdated();
	}
}
