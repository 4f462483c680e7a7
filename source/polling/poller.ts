// Longer than 250 lines because it is one loop: polling, waiting, and changes of the view share its requests in flight.
import type {Client} from '../api/client.ts';
import {type Failure, hasStatus, type Result} from '../api/failure.ts';
import type {Run} from '../api/run.ts';
import {targetName} from '../api/target.ts';
import type {SideResponse} from '../state/actions.ts';
import type {Store} from '../state/store.ts';
import {MetricsFetcher} from './fetch-metrics.ts';
import {type FatalReason, type PollingContext, type SideRequest, Waiter, withDeadline} from './polling-context.ts';
import type {Query} from './query-range.ts';
import type {PollTrigger} from './retry.ts';
import {type Due, Schedule, type Task} from './schedule.ts';
import {requestRun, watchRun} from './side-requests.ts';

/** The result of a poll: the name of the window whose metrics were received, or a failure. */
export type PollResult = {readonly window: string} | {readonly failure: Failure};

/** The context of the poller, and its listeners. */
export type PollerOptions = PollingContext & {
	/**
	 * Called after each request for metrics, and after each failed request for the run to watch, when the result is in
	 * the store. Not called if the request was aborted, or if its failure ends polling.
	 */
	readonly onPollResult?: (result: PollResult) => void;
	/** Called with the next task. */
	readonly onPlan?: ((due: Due) => void) | undefined;
};

/**
 * Polls until `signal` is aborted, one request at a time; each request is repeated one interval after it last began.
 * Failures go to the store, and the failed requests are retried forever, except for side requests that the server
 * rejects (`isPermanent`). A failure that a retry can't fix ends polling, and is returned. Before the first successful
 * response, such a failure is a 401, 403, or 404 for metrics (a 404 only if the deployment also returns 404, and the ID
 * isn't that of a run) or for the list of deployments to choose from. At any time, it is a 401, 403, or 404 for the run
 * to watch, or a run without a deployment.
 */
export async function poll(options: PollerOptions, signal: AbortSignal): Promise<FatalReason | undefined> {
	try {
		return await new Poller(options, signal).run();
	} catch (error) {
		if (signal.aborted) {
			return undefined;
		}

		throw error;
	}
}

class Poller {
	readonly #client: Client;
	readonly #store: Store;
	readonly #options: PollerOptions;
	readonly #signal: AbortSignal;
	readonly #waiter: Waiter;
	readonly #metrics: MetricsFetcher;
	readonly #schedule: Schedule;
	/** The number of successful responses. Before the first one, rejections are final. */
	#responses = 0;

	constructor(options: PollerOptions, signal: AbortSignal) {
		const {client, store, clock} = options;
		this.#options = options;
		this.#client = client;
		this.#store = store;
		this.#signal = signal;
		this.#waiter = new Waiter(store, clock, signal);
		this.#schedule = new Schedule(store, clock.elapsed);
		this.#metrics = new MetricsFetcher(client, store, clock);
	}

	async run(): Promise<FatalReason | undefined> {
		for (;;) {
			const fatal = await this.#perform(await this.#nextTask());
			if (fatal !== undefined) {
				return fatal;
			}
		}
	}

	async #perform(task: Task): Promise<FatalReason | undefined> {
		switch (task.kind) {
			case 'metrics':
				return this.#pollMetrics(task.query);
			case 'run':
				return this.#pollRun(task.id);
			case 'side-request':
				return this.#runSideRequest(task.request);
			case 'nothing':
				return undefined;
		}
	}

	/** Waits until a task is due, and returns it. During a failure, the ages on the screen continue to be updated. */
	async #nextTask(): Promise<Task> {
		for (;;) {
			if (this.#schedule.noticeTarget()) {
				this.#metrics.reset();
			}

			const {view} = this.#schedule.trigger();
			const hasMoved = (): boolean => this.#view() !== view;
			const leftMs = (): number => Math.min(this.#schedule.next().dueInMs, this.#schedule.agesDueInMs());
			this.#options.onPlan?.(this.#schedule.next());
			await this.#waiter.wait(leftMs, hasMoved);
			const {task, dueInMs} = this.#schedule.next();
			if (hasMoved()) {
				await this.#waiter.debounce(() => this.#view());
			} else if (dueInMs <= 0) {
				return task;
			} else {
				this.#schedule.noteAgesUpdated();
				await this.#store.dispatchInSlices({type: 'tick', atMs: this.#now()}, this.#signal);
			}
		}
	}

	async #pollMetrics(query: Query): Promise<FatalReason | undefined> {
		const trigger = await this.#beginRequest();
		if (trigger === undefined) {
			return undefined;
		}

		const beganMs = this.#options.clock.elapsed();
		const whole = this.#schedule.isRefresh(query, trigger);
		const result = await this.#waiter.whileSame(
			() => this.#view(),
			async signal => this.#metrics.fetch(query, {whole, signal}),
		);
		if (result === undefined) {
			await this.#waiter.debounce(() => this.#view());
			return undefined;
		}

		const dispatched = await this.#waiter.whileSame(
			() => targetName(this.#store.getState().target),
			async signal => this.#metrics.dispatch(result, query, signal),
		);
		if (dispatched === undefined) {
			return undefined;
		}

		const {failure} = dispatched;
		if (failure === undefined) {
			this.#responses++;
			this.#schedule.noteResponse(query, trigger, beganMs);
			this.#options.onPollResult?.({window: query.history.window.name});
			return undefined;
		}

		if (this.#responses === 0 && hasStatus(failure, 401, 403, 404)) {
			return this.#conclude(failure);
		}

		await this.#scheduleRetry(failure, trigger);
		return undefined;
	}

	/**
	 * Returns the reason why polling ends; undefined if the ID turns out to be that of a run whose deployment can be
	 * watched.
	 */
	async #conclude(failure: Failure): Promise<FatalReason | undefined> {
		const run = hasStatus(failure, 404) ? await this.#requestRun(targetName(this.#store.getState().target)) : undefined;
		return run?.ok === true ? watchRun(this.#store, run.value, this.#now()) : {kind: 'refused', failure};
	}

	async #pollRun(id: string): Promise<FatalReason | undefined> {
		const trigger = await this.#beginRequest();
		if (trigger === undefined) {
			return undefined;
		}

		const run = await this.#requestRun(id);
		if (run.ok) {
			return watchRun(this.#store, run.value, this.#now());
		}

		if (hasStatus(run.failure, 401, 403, 404)) {
			return {kind: 'refused', failure: run.failure};
		}

		await this.#scheduleRetry(run.failure, trigger);
		return undefined;
	}

	async #requestRun(idOrName: string): Promise<Result<Run>> {
		const {scope} = this.#store.getState().deployments;
		return requestRun(this.#client, {idOrName, scope}, this.#signal);
	}

	/** Runs a side request; aborts it if it is no longer needed, or if it delays a main request for too long. */
	async #runSideRequest(request: SideRequest): Promise<FatalReason | undefined> {
		this.#schedule.beginSideRequest();
		const state = this.#store.getState();
		const beganMs = this.#options.clock.elapsed();
		const now = (): number => this.#now();
		const key = (): string => request.wanted(this.#store.getState())?.key ?? '';
		const send = async (signal: AbortSignal): Promise<Result<SideResponse>> =>
			request.send({client: this.#client, state, now, signal});
		const next = this.#schedule.nextMainRequest();
		const result = await this.#waiter.whileSame(key, async signal => withDeadline(next, send, signal));
		if (result === undefined) {
			await this.#waiter.debounce(() => this.#view());
			return undefined;
		}

		const endedMs = this.#options.clock.elapsed();
		const atMs = this.#now();
		if (result.ok) {
			this.#responses++;
			this.#schedule.sideRequests.noteResponse(request, state, {beganMs, endedMs});
			await this.#store.dispatchInSlices({type: 'sideRequestSucceeded', response: result.value, atMs}, this.#signal);
			return undefined;
		}

		const {failure} = result;
		if (this.#responses === 0 && state.target.kind === 'unchosen' && hasStatus(failure, 401, 403, 404)) {
			return {kind: 'refused', failure};
		}

		const waitMs = this.#schedule.sideRequests.noteFailure(request, state, {
			failure,
			endedMs,
			random: this.#options.random(),
		});
		const nextAtMs = waitMs === undefined ? undefined : atMs + waitMs;
		this.#store.dispatch({type: 'sideRequestFailed', request: request.name, fault: {failure, nextAtMs}, atMs});
		return undefined;
	}

	/**
	 * Ends the wait before a request that is due; after a 401, reads the stored key again. Returns the current trigger,
	 * or undefined if the view changed while the key was being read.
	 */
	async #beginRequest(): Promise<PollTrigger | undefined> {
		const view = this.#view();
		if (this.#schedule.endWait().wantsKey) {
			await this.#options.renewKey(this.#signal);
		}

		return this.#view() === view ? this.#schedule.trigger() : undefined;
	}

	async #scheduleRetry(failure: Failure, trigger: PollTrigger): Promise<void> {
		const waitMs = this.#schedule.noteFailure(failure, trigger, this.#options.random());
		const atMs = this.#now();
		await this.#store.dispatchInSlices({type: 'pollFailed', failure, atMs, nextAtMs: atMs + waitMs}, this.#signal);
		this.#options.onPollResult?.({failure});
	}

	#view(): string {
		return this.#schedule.trigger().view;
	}

	#now(): number {
		return this.#options.clock.now();
	}
}
