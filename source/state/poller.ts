import type {Client} from '../api/client.ts';
import type {Deployment} from '../api/deployment.ts';
import {type Failure, hasStatus, type Result} from '../api/failure.ts';
import {type Asked, nameQuestion, nameView, nextQuestion, type Question} from './agenda.ts';
import {backoffDelayMs} from './backoff.ts';
import {isSettled, planPast, planQuery, type QueryPlan} from './query-plan.ts';
import {askMetrics, judge, type MetricsRound} from './round.ts';
import type {Store} from './store.ts';

/** The deployment itself changes rarely: it is asked for at the start and then so often. */
const deploymentEveryMs = 60_000;

/** Stretches of time that are gone through with a held key are not asked for, only the one where it stops. */
const settleMs = 100;

/** The ages on the screen are in minutes. */
const ageEveryMs = 60_000;

/** Who goes through weeks of history makes a record of each stretch; forgetting costs one request more. */
const mostRecorded = 50;

/** `now` is the local clock in epoch milliseconds; `elapsed` only ever goes on, whatever is done to the clock. */
export type Clock = {readonly now: () => number; readonly elapsed: () => number};

export type PollerOptions = {
	readonly client: Client;
	readonly store: Store;
	/** Reads the stored key again: the baseten CLI renews its tokens in place. */
	readonly renewKey: () => void;
	readonly clock: Clock;
	/** A number from 0 (included) to 1, for the jitter. */
	readonly random: () => number;
};

/**
 * Polls until `signal` is aborted: one request at a time, the next one an interval after the last began. Faults are told
 * to the store and waited out without end, but for those before the first answer that no waiting mends: then it returns
 * that failure (401, 403, or 404 of both metrics and deployment).
 */
export async function poll(options: PollerOptions, signal: AbortSignal): Promise<Failure | undefined> {
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
	readonly #clock: Clock;
	readonly #options: PollerOptions;
	readonly #signal: AbortSignal;
	readonly #record = new Map<string, Asked>();
	#withStep = true;
	#hasAnswered = false;
	#failures = 0;
	#describedAt = Number.NEGATIVE_INFINITY;

	constructor(options: PollerOptions, signal: AbortSignal) {
		this.#options = options;
		this.#client = options.client;
		this.#store = options.store;
		this.#clock = options.clock;
		this.#signal = signal;
	}

	async run(): Promise<Failure | undefined> {
		for (;;) {
			const question = await this.#nextQuestion();
			const view = this.#view();
			const {asked} = this.#store.getState();
			const isWoken = (): boolean => this.#store.getState().asked !== asked || this.#view() !== view;
			const beganMs = this.#clock.elapsed();
			const round = await this.#untilViewChanges(async signal => this.#askMetrics(question, signal));
			if (round !== undefined) {
				const failure = await this.#tell(round, question);
				if (failure !== undefined && !this.#hasAnswered && hasStatus(failure, 401, 403, 404)) {
					return failure;
				}

				if (failure === undefined) {
					this.#note(question, {beganMs, endedMs: this.#clock.elapsed(), asked});
				} else {
					await this.#waitOut(failure, isWoken);
				}
			}

			if (this.#view() !== view) {
				await this.#settle();
			}
		}
	}

	#view(): string {
		return nameView(this.#store.getState());
	}

	#next(): ReturnType<typeof nextQuestion> {
		return nextQuestion(this.#store.getState(), this.#record, this.#clock.elapsed());
	}

	/** Waits until there is something to ask for. */
	async #nextQuestion(): Promise<Question> {
		const view = this.#view();
		await this.#wait(
			() => this.#next().dueInMs,
			() => this.#view() !== view,
		);
		if (this.#view() !== view) {
			await this.#settle();
			return this.#nextQuestion();
		}

		return this.#next().question;
	}

	#note(question: Question, asked: Asked): void {
		if (this.#record.size >= mostRecorded) {
			this.#record.clear();
		}

		this.#record.set(nameQuestion(question), asked);
	}

	/** Waits until the user stays with a view. */
	async #settle(): Promise<void> {
		for (let view = ''; view !== this.#view(); ) {
			view = this.#view();
			const untilMs = this.#clock.elapsed() + settleMs;
			await this.#wait(
				() => untilMs - this.#clock.elapsed(),
				() => view !== this.#view(),
			);
		}
	}

	async #askMetrics({kind, history}: Question, signal: AbortSignal): Promise<MetricsRound> {
		const plan = (options: {readonly withStep: boolean}): QueryPlan =>
			kind === 'past' ? planPast(history, options) : planQuery(history, this.#clock.now(), options);
		const {deploymentId} = this.#store.getState();
		return askMetrics(this.#client, deploymentId, plan, {withStep: this.#withStep}, signal);
	}

	/** Tells the store what a round brought, and returns its failure if it was one. */
	async #tell({result, range, refusesStep}: MetricsRound, question: Question): Promise<Failure | undefined> {
		this.#withStep = !refusesStep;
		const isMissing = !result.ok && hasStatus(result.failure, 404);
		const deployment = isMissing ? await this.#describe() : undefined;
		const verdict = judge(result, deployment);
		if (verdict.kind === 'failure') {
			return verdict.failure;
		}

		this.#hasAnswered = true;
		this.#failures = 0;
		const {tookMs} = verdict;
		const atMs = this.#clock.now();
		if (verdict.kind === 'no-metrics') {
			this.#store.dispatch({type: 'answeredNothing', atMs, tookMs});
			return undefined;
		}

		const window = question.history.window.name;
		const {answer} = verdict;
		this.#store.dispatch(
			question.kind === 'past'
				? {type: 'answeredPast', window, answer, range, settled: isSettled(range.endMs, atMs), atMs, tookMs}
				: {type: 'answered', window, answer, range, atMs, tookMs},
		);
		if (this.#clock.elapsed() - this.#describedAt >= deploymentEveryMs) {
			await this.#describe();
		}

		return undefined;
	}

	/** Asks for the deployment and tells what it says; when it can't be had, the metrics go on without it. */
	async #describe(): Promise<Result<Deployment>> {
		const result = await this.#client.deployment(this.#store.getState().deploymentId, this.#signal);
		this.#describedAt = this.#clock.elapsed();
		if (result.ok) {
			this.#store.dispatch({type: 'described', deployment: result.value, atMs: this.#clock.now()});
		}

		return result;
	}

	/** Waits out a failure; meanwhile the ages on the screen go on. */
	async #waitOut(failure: Failure, isWoken: () => boolean): Promise<void> {
		this.#failures++;
		const retryAfterMs = failure.kind === 'status' ? failure.retryAfterMs : undefined;
		const delayMs = backoffDelayMs(this.#failures, this.#options.random(), retryAfterMs);
		const atMs = this.#clock.now();
		this.#store.dispatch({type: 'failed', failure, atMs, nextAtMs: atMs + delayMs});
		for (let leftMs = delayMs; leftMs > 0 && !isWoken(); leftMs -= ageEveryMs) {
			const untilMs = this.#clock.elapsed() + Math.min(leftMs, ageEveryMs);
			await this.#wait(() => untilMs - this.#clock.elapsed(), isWoken);
			if (leftMs > ageEveryMs && !isWoken()) {
				this.#store.dispatch({type: 'aged', atMs: this.#clock.now()});
			}
		}

		if (hasStatus(failure, 401)) {
			this.#options.renewKey();
		}
	}

	/** Waits until nothing of `leftMs()` is left, which is asked again whenever the state changes, or until `isWoken()`. */
	async #wait(leftMs: () => number, isWoken: () => boolean): Promise<void> {
		for (;;) {
			const left = leftMs();
			if (left <= 0 || isWoken()) {
				return;
			}

			await this.#nextEvent(left);
		}
	}

	/** Resolves after `delayMs` or when the state changes, whichever comes first; throws when the signal is aborted. */
	async #nextEvent(delayMs: number): Promise<void> {
		this.#signal.throwIfAborted();
		const {promise, resolve} = withResolvers();
		const timer = setTimeout(resolve, delayMs);
		const unsubscribe = this.#store.subscribe(resolve);
		this.#signal.addEventListener('abort', resolve, {once: true});
		try {
			await promise;
		} finally {
			clearTimeout(timer);
			unsubscribe();
			this.#signal.removeEventListener('abort', resolve);
		}

		this.#signal.throwIfAborted();
	}

	/** Runs `ask`, and gives it up, with undefined, as soon as the user looks at something else. */
	async #untilViewChanges<Value>(ask: (signal: AbortSignal) => Promise<Value>): Promise<Value | undefined> {
		const round = new AbortController();
		const abort = (): void => round.abort();
		const view = this.#view();
		const unsubscribe = this.#store.subscribe(() => {
			if (this.#view() !== view) {
				abort();
			}
		});
		this.#signal.addEventListener('abort', abort, {once: true});
		try {
			return await ask(round.signal);
		} catch (error) {
			if (round.signal.aborted && !this.#signal.aborted) {
				return undefined;
			}

			throw error;
		} finally {
			unsubscribe();
			this.#signal.removeEventListener('abort', abort);
		}
	}
}

/** What Promise.withResolvers gives: Node 20 has none. */
function withResolvers(): {readonly promise: Promise<void>; readonly resolve: () => void} {
	let resolve = (): void => undefined;
	const promise = new Promise<void>(done => {
		resolve = done;
	});
	return {promise, resolve};
}
