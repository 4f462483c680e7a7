import type {Client} from '../api/client.ts';
import type {Deployment} from '../api/deployment.ts';
import {type Failure, hasStatus, type Result} from '../api/failure.ts';
import {targetName} from '../api/target.ts';
import type {Store} from '../state/store.ts';
import {withDeadline} from './deadline.ts';
import {classifyResponse, type MetricsResult, requestMetrics, toAction} from './metrics-result.ts';
import type {Query} from './next-query.ts';
import {planPast, planQuery, type QueryPlan} from './query-range.ts';
import type {Clock} from './wait.ts';

/** The deployment itself changes rarely: it is asked for at the start and then so often. */
const deploymentEveryMs = 60_000;

/** A clock that differs by less from one that only goes on was not set. */
const clockToleranceMs = 10_000;

type RequestOptions = {readonly whole: boolean; readonly signal: AbortSignal};

/** Asks for the metrics of the deployment that is watched, and from time to time for the deployment itself. */
export class MetricsFetcher {
	readonly #client: Client;
	readonly #store: Store;
	readonly #clock: Clock;
	readonly #signal: AbortSignal;
	#withStep = true;
	#stepsAtOnce = Number.POSITIVE_INFINITY;
	#describedAtMs = Number.NEGATIVE_INFINITY;

	constructor(client: Client, store: Store, clock: Clock, signal: AbortSignal) {
		this.#client = client;
		this.#store = store;
		this.#clock = clock;
		this.#signal = signal;
	}

	/** Another deployment is watched from now on. */
	beginAnew(): void {
		this.#describedAtMs = Number.NEGATIVE_INFINITY;
		this.#stepsAtOnce = Number.POSITIVE_INFINITY;
	}

	/**
	 * Sends a query, for all of its window if `whole` is set. `signal` is aborted when its answer is no longer wanted. Where the clock was put right in the meantime, as
	 * it is by the first answer when it is wrong, what was asked for is not what was wanted, and is asked for again.
	 */
	async ask({kind, history}: Query, {whole, signal}: RequestOptions): Promise<MetricsResult> {
		const plan = (options: {readonly withStep: boolean}): QueryPlan =>
			kind === 'past' ? planPast(history, options) : planQuery(history, this.#clock.now(), {...options, whole});
		const send = async (): Promise<MetricsResult> =>
			requestMetrics(this.#client, this.#deploymentId(), plan, this.#known(), signal);
		const setMs = this.#setMs();
		const response = await send();
		const wasSet = Math.abs(this.#setMs() - setMs) > clockToleranceMs;
		return kind === 'live' && wasSet ? send() : response;
	}

	/** What the responses so far say of the server. */
	#known(): {readonly withStep: boolean; readonly stepsAtOnce: number} {
		return {withStep: this.#withStep, stepsAtOnce: this.#stepsAtOnce};
	}

	/** To what the clock is set, beside the one that only goes on. */
	#setMs(): number {
		return this.#clock.now() - this.#clock.elapsed();
	}

	/** Dispatches what a response means to the store, and returns its failure if it was one. */
	async tell({result, range, rejectsStep, stepsAtOnce}: MetricsResult, query: Query): Promise<Failure | undefined> {
		this.#withStep = !rejectsStep;
		this.#stepsAtOnce = stepsAtOnce;
		const isMissing = !result.ok && hasStatus(result.failure, 404);
		const deployment = isMissing ? await this.#describe() : undefined;
		const outcome = classifyResponse(result, deployment);
		if (outcome.kind === 'failure') {
			return outcome.failure;
		}

		const {kind, history} = query;
		this.#store.dispatch(toAction(outcome, {kind, window: history.window.name, range}, this.#clock.now()));
		if (outcome.kind === 'no-metrics') {
			return undefined;
		}

		if (this.#clock.elapsed() - this.#describedAtMs >= deploymentEveryMs) {
			await this.#describe();
		}

		return undefined;
	}

	#deploymentId(): string {
		return targetName(this.#store.getState().target);
	}

	/**
	 * Asks for the deployment and tells what it says; when it can't be had, the metrics go on without it. They wait for it,
	 * but not for long once it was asked for: then there is little that is new.
	 */
	async #describe(): Promise<Result<Deployment>> {
		const id = this.#deploymentId();
		const dueInMs = Number.isFinite(this.#describedAtMs) ? 0 : Number.POSITIVE_INFINITY;
		const slot = {store: this.#store, elapsed: this.#clock.elapsed, dueInMs: () => dueInMs};
		const result = await withDeadline(slot, async signal => this.#client.deployment(id, signal), this.#signal);
		if (id === this.#deploymentId()) {
			this.#describedAtMs = this.#clock.elapsed();
			if (result.ok) {
				this.#store.dispatch({type: 'deploymentLoaded', deployment: result.value, atMs: this.#clock.now()});
			} else {
				this.#store.dispatch({type: 'deploymentUnavailable', atMs: this.#clock.now()});
			}
		}

		return result;
	}
}
