import type {Client} from '../api/client.ts';
import {type Failure, hasStatus} from '../api/failure.ts';
import {nameWatched} from '../api/watched.ts';
import {type Asked, nameQuestion, nameView, nextQuestion, type Question} from './agenda.ts';
import type {Ending} from './ending.ts';
import type {Errand} from './errand.ts';
import {ErrandSchedule} from './errand-schedule.ts';
import {MetricsAsker} from './metrics-asker.ts';
import {Outage, type Wish} from './outage.ts';
import type {Store} from './store.ts';
import {type Clock, Waiter} from './waiter.ts';

/** Who goes through weeks of history makes a record of each stretch; forgetting costs one request more. */
const mostRecorded = 50;

/** What came of a request: an answer of that window, or a failure. */
export type Round = {readonly window: string} | {readonly failure: Failure};

export type PollerOptions = {
	readonly client: Client;
	readonly store: Store;
	/** Reads the stored key again: the baseten CLI renews its tokens in place. Throws only when its signal is aborted. */
	readonly renewKey: (signal: AbortSignal) => Promise<void>;
	readonly clock: Clock;
	/** A number from 0 (included) to 1, for the jitter. */
	readonly random: () => number;
	/** Called after each request for metrics, when the store knows all that came of it. */
	readonly onRound?: (round: Round) => void;
};

/**
 * Polls until `signal` is aborted: one request at a time, the next one an interval after the last began. Faults are told
 * to the store and waited out without end, but for those before the first answer that no waiting mends: then it returns
 * what that is (401, 403, or 404 of both metrics and deployment, or a run without a deployment).
 */
export async function poll(options: PollerOptions, signal: AbortSignal): Promise<Ending | undefined> {
	try {
		return await new Poller(options, signal).run();
	} catch (error) {
		if (signal.aborted) {
			return undefined;
		}

		throw error;
	}
}

type Task =
	| {readonly kind: 'metrics'; readonly question: Question}
	| {readonly kind: 'run'; readonly id: string}
	| {readonly kind: 'errand'; readonly errand: Errand}
	| {readonly kind: 'nothing'};

/** Something to do, and in how many milliseconds. */
type Due = {readonly task: Task; readonly dueInMs: number};

class Poller {
	readonly #client: Client;
	readonly #store: Store;
	readonly #options: PollerOptions;
	readonly #signal: AbortSignal;
	readonly #waiter: Waiter;
	readonly #metrics: MetricsAsker;
	readonly #record = new Map<string, Asked>();
	readonly #errands = new ErrandSchedule();
	readonly #outage = new Outage();
	#watched = '';
	/** How many answers there were: what is refused before the first one is refused for good. */
	#answers = 0;

	constructor(options: PollerOptions, signal: AbortSignal) {
		const {client, store, clock} = options;
		this.#options = options;
		this.#client = client;
		this.#store = store;
		this.#signal = signal;
		this.#waiter = new Waiter(store, clock, signal);
		this.#metrics = new MetricsAsker(client, store, clock, signal);
	}

	async run(): Promise<Ending | undefined> {
		for (;;) {
			const ending = await this.#perform(await this.#nextTask());
			if (ending !== undefined) {
				return ending;
			}
		}
	}

	async #perform(task: Task): Promise<Ending | undefined> {
		switch (task.kind) {
			case 'metrics':
				return this.#askMetrics(task.question);
			case 'run':
				return this.#askRun(task.id);
			case 'errand':
				return this.#runErrand(task.errand);
			case 'nothing':
				return undefined;
		}
	}

	/** Waits until there is something to do. During a fault the ages on the screen go on meanwhile. */
	async #nextTask(): Promise<Task> {
		for (;;) {
			this.#noticeWatched();
			const view = this.#view();
			const hasMoved = (): boolean => this.#view() !== view;
			const leftMs = (): number => Math.min(this.#next().dueInMs, this.#outage.untilAgedMs(this.#elapsed()));
			await this.#waiter.wait(leftMs, hasMoved);
			const {task, dueInMs} = this.#next();
			if (hasMoved()) {
				await this.#waiter.settle(() => this.#view());
			} else if (dueInMs <= 0) {
				return task;
			} else {
				this.#outage.age();
				this.#store.dispatch({type: 'aged', atMs: this.#now()});
			}
		}
	}

	#next(): Due {
		const errand = this.#errands.next(this.#store.getState(), this.#elapsed());
		const main = this.#nextMain();
		return errand === undefined || main.dueInMs < errand.dueInMs
			? main
			: {task: {kind: 'errand', errand: errand.errand}, dueInMs: errand.dueInMs};
	}

	#nextMain(): Due {
		const state = this.#store.getState();
		const {watched} = state;
		const waitMs = this.#outage.leftMs(this.#wish(), this.#elapsed());
		switch (watched.kind) {
			case 'unchosen':
				return {task: {kind: 'nothing'}, dueInMs: Number.POSITIVE_INFINITY};
			case 'run':
				return {task: {kind: 'run', id: watched.id}, dueInMs: waitMs ?? 0};
			case 'deployment': {
				const {question, dueInMs} = nextQuestion(state, this.#record, this.#elapsed());
				return {task: {kind: 'metrics', question}, dueInMs: waitMs ?? dueInMs};
			}
		}
	}

	/** What was asked of another deployment says nothing of this one. */
	#noticeWatched(): void {
		const watched = nameWatched(this.#store.getState().watched);
		if (watched !== this.#watched) {
			this.#watched = watched;
			this.#record.clear();
			this.#outage.end();
			this.#metrics.beginAnew();
		}
	}

	async #askMetrics(question: Question): Promise<Ending | undefined> {
		const wish = await this.#beginRequest();
		if (wish === undefined) {
			return undefined;
		}

		const beganMs = this.#elapsed();
		const round = await this.#waiter.whileSame(
			() => this.#view(),
			async signal => this.#metrics.ask(question, signal),
		);
		if (round === undefined) {
			await this.#waiter.settle(() => this.#view());
			return undefined;
		}

		const failure = await this.#metrics.tell(round, question);
		if (failure === undefined) {
			this.#answers++;
			this.#outage.end();
			this.#note(question, {beganMs, endedMs: this.#elapsed(), asked: wish.asked});
			this.#options.onRound?.({window: question.history.window.name});
			return undefined;
		}

		if (this.#answers === 0 && hasStatus(failure, 401, 403, 404)) {
			return this.#conclude(failure);
		}

		this.#waitOut(failure, wish);
		return undefined;
	}

	/** The end, unless what was given as a deployment turns out to be a run. */
	async #conclude(failure: Failure): Promise<Ending | undefined> {
		const run = hasStatus(failure, 404) ? await this.#client.run(this.#watched, this.#signal) : undefined;
		return run?.ok === true ? this.#watchRun(run.value) : {kind: 'refused', failure};
	}

	async #askRun(id: string): Promise<Ending | undefined> {
		const wish = await this.#beginRequest();
		if (wish === undefined) {
			return undefined;
		}

		const run = await this.#client.run(id, this.#signal);
		if (run.ok) {
			return this.#watchRun(run.value);
		}

		if (hasStatus(run.failure, 401, 403, 404)) {
			return {kind: 'refused', failure: run.failure};
		}

		this.#waitOut(run.failure, wish);
		return undefined;
	}

	#watchRun({id, deploymentId}: {readonly id: string; readonly deploymentId: string | undefined}): Ending | undefined {
		if (deploymentId === undefined) {
			return {kind: 'serverless', run: id};
		}

		this.#store.dispatch({type: 'watch', id: deploymentId, atMs: this.#now()});
		return undefined;
	}

	async #runErrand(errand: Errand): Promise<Ending | undefined> {
		const state = this.#store.getState();
		const beganMs = this.#elapsed();
		const now = (): number => this.#now();
		const result = await errand.ask({client: this.#client, state, now, signal: this.#signal});
		const endedMs = this.#elapsed();
		const atMs = this.#now();
		if (result.ok) {
			this.#answers++;
			this.#errands.answered(errand, state, {beganMs, endedMs});
			this.#store.dispatch({type: 'errandAnswered', news: result.value, atMs});
			return undefined;
		}

		const {failure} = result;
		if (this.#answers === 0 && state.watched.kind === 'unchosen' && hasStatus(failure, 401, 403, 404)) {
			return {kind: 'refused', failure};
		}

		const delayMs = this.#errands.failed(errand, state, {failure, endedMs, random: this.#options.random()});
		const nextAtMs = delayMs === undefined ? undefined : atMs + delayMs;
		this.#store.dispatch({type: 'errandFailed', errand: errand.name, fault: {failure, nextAtMs}, atMs});
		return undefined;
	}

	/** The wait before it is over; after a 401 the stored key is read again. Undefined where the view changed meanwhile. */
	async #beginRequest(): Promise<Wish | undefined> {
		const view = this.#view();
		if (this.#outage.endWait().wantsKey) {
			await this.#options.renewKey(this.#signal);
		}

		return this.#view() === view ? this.#wish() : undefined;
	}

	#waitOut(failure: Failure, wish: Wish): void {
		const delayMs = this.#outage.begin(failure, wish, this.#elapsed(), this.#options.random());
		const atMs = this.#now();
		this.#store.dispatch({type: 'failed', failure, atMs, nextAtMs: atMs + delayMs});
		this.#options.onRound?.({failure});
	}

	#note(question: Question, asked: Asked): void {
		if (this.#record.size >= mostRecorded) {
			this.#record.clear();
		}

		this.#record.set(nameQuestion(question), asked);
	}

	#wish(): Wish {
		return {asked: this.#store.getState().asked, view: this.#view()};
	}

	#view(): string {
		return nameView(this.#store.getState());
	}

	#now(): number {
		return this.#options.clock.now();
	}

	#elapsed(): number {
		return this.#options.clock.elapsed();
	}
}
