import type {Failure} from '../api/failure.ts';
import {targetName} from '../api/target.ts';
import type {Store} from '../state/store.ts';
import type {SideRequest} from './polling-context.ts';
import {type LastRequest, nextQuery, type Query, queryKey, viewKey} from './query-range.ts';
import {type PollTrigger, RetryState} from './retry.ts';
import {SideSchedule} from './side-schedule.ts';
import type {NextRequest} from './wait.ts';

/** The number of queries that are remembered; dropping one costs one extra request. */
const maxRecorded = 50;

/** The next task. */
export type Task =
	| {readonly kind: 'metrics'; readonly query: Query}
	| {readonly kind: 'run'; readonly id: string}
	| {readonly kind: 'side-request'; readonly request: SideRequest}
	| {readonly kind: 'nothing'};

/** Something to do, and in how many milliseconds; infinite for nothing. */
export type Due = {readonly task: Task; readonly dueInMs: number};

/** Decides what to request and when, based on past requests and the state. */
export class Schedule {
	readonly sideRequests = new SideSchedule();
	readonly #store: Store;
	readonly #elapsed: () => number;
	readonly #lastRequests = new Map<string, LastRequest>();
	readonly #retry = new RetryState();
	#target = '';
	/** The last kind of request. */
	#begun: 'trainer' | 'side-request' = 'trainer';

	/** @param elapsed a monotonic clock, in milliseconds */
	constructor(store: Store, elapsed: () => number) {
		this.#store = store;
		this.#elapsed = elapsed;
	}

	/**
	 * Returns the task that is due first. If both kinds are due, that is a side request, because these are rarer; but
	 * never two side requests in a row.
	 */
	next(): Due {
		const side = this.sideRequests.next(this.#store.getState(), this.#elapsed());
		const main = this.#nextMain();
		const isMainFirst = this.#begun === 'side-request' && main.dueInMs <= 0;
		return side === undefined || isMainFirst || main.dueInMs < side.dueInMs
			? main
			: {task: {kind: 'side-request', request: side.request}, dueInMs: side.dueInMs};
	}

	/** The trainer's next request, which a side request that goes first must not delay for too long. */
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

	/** Drops the requests of another deployment; returns whether the deployment changed. */
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

	/** Ends the wait before a request for the trainer. Returns whether the key should be read again first. */
	endWait(): {readonly wantsKey: boolean} {
		this.#begun = 'trainer';
		return this.#retry.endWait();
	}

	/**
	 * Returns whether the user has refreshed since the last response to this query; if so, all of it is requested
	 * again.
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

	/** Returns when the ages on the screen become outdated: infinite if there is no wait. */
	agesDueInMs(): number {
		return this.#retry.agesDueInMs(this.#elapsed());
	}

	/** Notes that the ages were updated. */
	noteAgesUpdated(): void {
		this.#retry.noteAgesUpdated();
	}
}
