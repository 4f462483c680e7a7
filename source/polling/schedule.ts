import type {Failure} from '../api/failure.ts';
import {targetName} from '../api/target.ts';
import type {Store} from '../state/store.ts';
import type {Slot} from './deadline.ts';
import {type LastRequest, nextQuery, type Query, queryKey, viewKey} from './next-query.ts';
import {type PollTrigger, RetryState} from './retry.ts';
import type {SideRequest} from './side-request.ts';
import {SideSchedule} from './side-schedule.ts';

/** Who goes through weeks of history makes a record of each stretch; forgetting costs one request more. */
const mostRecorded = 50;

/** What is done next. */
export type Task =
	| {readonly kind: 'metrics'; readonly query: Query}
	| {readonly kind: 'run'; readonly id: string}
	| {readonly kind: 'side-request'; readonly request: SideRequest}
	| {readonly kind: 'nothing'};

/** Something to do, and in how many milliseconds; infinitely many for nothing. */
export type Due = {readonly task: Task; readonly dueInMs: number};

/** Knows what is to be asked when: by what was asked until now, and by what the state wants. */
export class Schedule {
	readonly sideRequests = new SideSchedule();
	readonly #store: Store;
	readonly #elapsed: () => number;
	readonly #record = new Map<string, LastRequest>();
	readonly #retry = new RetryState();
	#target = '';
	/** What was asked last. */
	#begun: 'trainer' | 'side-request' = 'trainer';

	/** @param elapsed a clock that only goes on, in milliseconds */
	constructor(store: Store, elapsed: () => number) {
		this.#store = store;
		this.#elapsed = elapsed;
	}

	/** What is due first: a side request where both are due, as its turn is rarer, but not one after another. */
	next(): Due {
		const side = this.sideRequests.next(this.#store.getState(), this.#elapsed());
		const main = this.#nextMain();
		const isMainFirst = this.#begun === 'side-request' && main.dueInMs <= 0;
		return side === undefined || isMainFirst || main.dueInMs < side.dueInMs
			? main
			: {task: {kind: 'side-request', request: side.request}, dueInMs: side.dueInMs};
	}

	/** The trainer's slot, for a side request that goes ahead of it. */
	mainSlot(): Slot {
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
				const {query, dueInMs} = nextQuery(state, this.#record, this.#elapsed());
				return {task: {kind: 'metrics', query}, dueInMs: waitMs ?? dueInMs};
			}
		}
	}

	/** Forgets what was asked of another deployment, and returns whether it was another until now. */
	noticeTarget(): boolean {
		const target = targetName(this.#store.getState().target);
		const isOther = target !== this.#target;
		if (isOther) {
			this.#target = target;
			this.#record.clear();
			this.#retry.end();
		}

		return isOther;
	}

	/** What the user looks at and asks for now. */
	trigger(): PollTrigger {
		const state = this.#store.getState();
		return {refreshCount: state.refreshCount, view: viewKey(state)};
	}

	/** The wait is over, and the trainer is asked. Returns whether the key should be read again before the request. */
	endWait(): {readonly wantsKey: boolean} {
		this.#begun = 'trainer';
		return this.#retry.endWait();
	}

	/** Whether the user asked for this query since it was answered last: then nothing of that is taken for granted. */
	isRefresh(query: Query, {refreshCount}: PollTrigger): boolean {
		const last = this.#record.get(queryKey(query));
		return last !== undefined && last.refreshCount !== refreshCount;
	}

	/** Notes that a query was answered, which was asked with that trigger. */
	answered(query: Query, trigger: PollTrigger, beganMs: number): void {
		this.#retry.end();
		if (this.#record.size >= mostRecorded) {
			this.#record.clear();
		}

		this.#record.set(queryKey(query), {beganMs, endedMs: this.#elapsed(), refreshCount: trigger.refreshCount});
	}

	/** Begins to wait after a fault. Returns how long, in milliseconds. */
	failed(failure: Failure, trigger: PollTrigger, random: number): number {
		return this.#retry.begin(failure, trigger, this.#elapsed(), random);
	}

	/** Notes that a side request is run. */
	beginSideRequest(): void {
		this.#begun = 'side-request';
	}

	/** In how long the ages on the screen are no longer true: infinitely long while nothing is waited out. */
	untilAgedMs(): number {
		return this.#retry.untilAgedMs(this.#elapsed());
	}

	/** The ages were told again. */
	age(): void {
		this.#retry.age();
	}
}
