import type {Client} from '../api/client.ts';
import type {Deployment} from '../api/deployment.ts';
import {type Failure, hasStatus, type Result} from '../api/failure.ts';
import type {MetricsResponse} from '../api/metrics-response.ts';
import {targetName} from '../api/target.ts';
import type {PollerAction} from '../state/actions.ts';
import {deploymentEveryMs} from '../state/state.ts';
import type {Store} from '../state/store.ts';
import {requestInPieces} from './metrics-in-pieces.ts';
import {type Clock, withDeadline} from './polling-context.ts';
import {isRangeFinal, planRequest, type Query, type QueryPlan} from './query-range.ts';

/** The result of a request for metrics, with the requested range, and whether the server rejects the step. */
type MetricsResult = {
	readonly result: Result<MetricsResponse>;
	readonly range: QueryPlan['range'];
	readonly rejectsStep: boolean;
	/**
	 * The number of steps that can be requested at once: infinite if no response was too large, or if even a response
	 * with only a few steps was too large.
	 */
	readonly stepsAtOnce: number;
};

/**
 * Requests the metrics of `plan` with `client.metrics`, in pieces if they are too large for one response. If the server
 * responds with 400 or 422 to a request that has a step, repeats the request without the step; if that succeeds, the
 * step was rejected.
 */
export async function requestMetrics(
	client: Client,
	id: string,
	plan: (options: {readonly withStep: boolean}) => QueryPlan,
	options: {readonly withStep: boolean; readonly stepsAtOnce?: number; readonly learn?: (stepsAtOnce: number) => void},
	signal: AbortSignal,
): Promise<MetricsResult> {
	let {stepsAtOnce = Number.POSITIVE_INFINITY} = options;
	const source = {client, deploymentId: id, signal, learn: options.learn};
	const request = async ({query}: QueryPlan): Promise<Result<MetricsResponse>> => {
		const {result: whole, ...known} = await requestInPieces(source, query, stepsAtOnce);
		({stepsAtOnce} = known);
		return whole;
	};
	const first = plan({withStep: options.withStep});
	const result = await request(first);
	if (result.ok || !options.withStep || !hasStatus(result.failure, 400, 422)) {
		return {result, range: first.range, rejectsStep: !options.withStep, stepsAtOnce};
	}

	const plain = plan({withStep: false});
	const retried = await request(plain);
	return retried.ok
		? {result: retried, range: plain.range, rejectsStep: true, stepsAtOnce}
		: {result, range: first.range, rejectsStep: false, stepsAtOnce};
}

/** The combined outcome of the requests for the metrics and for the deployment. */
export type MetricsOutcome =
	| {readonly kind: 'metrics'; readonly response: MetricsResponse; readonly tookMs: number}
	/** The deployment exists without metrics: it is scaled to zero, or still deploying. */
	| {readonly kind: 'no-metrics'; readonly tookMs: number}
	| {readonly kind: 'failure'; readonly failure: Failure};

/**
 * Classifies a response. If the request for the metrics returns 404 but the deployment exists, the deployment has no
 * metrics now. If the request for the deployment also fails, that failure is returned; if it is a 404, too, there is no
 * such deployment.
 */
export function classifyResponse(
	metrics: Result<MetricsResponse>,
	deployment: Result<Deployment> | undefined,
): MetricsOutcome {
	if (metrics.ok) {
		return {kind: 'metrics', response: metrics.value, tookMs: metrics.tookMs};
	}

	if (hasStatus(metrics.failure, 404) && deployment !== undefined) {
		if (deployment.ok) {
			return {kind: 'no-metrics', tookMs: metrics.tookMs};
		}

		return {kind: 'failure', failure: deployment.failure};
	}

	return {kind: 'failure', failure: metrics.failure};
}

/**
 * The kind of a query (a window up to now, or an earlier range), the name of its window, and the range that the
 * response covers.
 */
export type CoveredQuery = {
	readonly kind: 'live' | 'past';
	readonly window: string;
	readonly range: QueryPlan['range'];
};

/** Returns the action for a response that isn't a failure. */
export function toAction(
	outcome: Exclude<MetricsOutcome, {kind: 'failure'}>,
	{kind, window, range}: CoveredQuery,
	atMs: number,
): PollerAction {
	const {tookMs} = outcome;
	if (outcome.kind === 'no-metrics') {
		return {type: 'noMetrics', atMs, tookMs};
	}

	const {response} = outcome;
	const received = {type: 'metricsReceived', window, response, range, atMs, tookMs} as const;
	return kind === 'past' ? {...received, kind, isFinal: isRangeFinal(range.endMs, atMs)} : {...received, kind};
}

/** Returns the action for the result of a request for the deployment. */
export function toDeploymentAction(result: Result<Deployment>, atMs: number): PollerAction {
	return result.ok ? {type: 'deploymentLoaded', deployment: result.value, atMs} : {type: 'deploymentUnavailable', atMs};
}

/** The maximum change in the offset between the clocks, in milliseconds, that doesn't count as setting the clock. */
const clockToleranceMs = 10_000;

type RequestOptions = {readonly whole: boolean; readonly signal: AbortSignal};

/** Requests the metrics of the watched deployment, and from time to time the deployment itself. */
export class MetricsFetcher {
	readonly #client: Client;
	readonly #store: Store;
	readonly #clock: Clock;
	#withStep = true;
	#stepsAtOnce = Number.POSITIVE_INFINITY;
	#describedAtMs = Number.NEGATIVE_INFINITY;

	constructor(client: Client, store: Store, clock: Clock) {
		this.#client = client;
		this.#store = store;
		this.#clock = clock;
	}

	/** Drops what is known about the deployment, because a different one is watched. */
	reset(): void {
		this.#describedAtMs = Number.NEGATIVE_INFINITY;
		this.#stepsAtOnce = Number.POSITIVE_INFINITY;
	}

	/**
	 * Sends a query, for its whole window if `whole` is set. The caller aborts `signal` if the response is no longer
	 * needed. If the clock is corrected by more than ten seconds during the request, for example by the first response,
	 * a query for a live window is repeated once.
	 */
	async fetch(query: Query, {whole, signal}: RequestOptions): Promise<MetricsResult> {
		const plan = (options: {readonly withStep: boolean}): QueryPlan =>
			planRequest(query, this.#clock.now(), {...options, whole});
		const send = async (): Promise<MetricsResult> =>
			requestMetrics(this.#client, this.#deploymentId(), plan, this.#known(), signal);
		const setMs = this.#setMs();
		const response = await send();
		const wasSet = Math.abs(this.#setMs() - setMs) > clockToleranceMs;
		return query.kind === 'live' && wasSet ? send() : response;
	}

	/**
	 * Returns the options of a request that depend on earlier responses, and a callback that updates `#stepsAtOnce`.
	 */
	#known(): Parameters<typeof requestMetrics>[3] {
		const learn = (stepsAtOnce: number): void => {
			this.#stepsAtOnce = stepsAtOnce;
		};
		return {withStep: this.#withStep, stepsAtOnce: this.#stepsAtOnce, learn};
	}

	/** Returns the offset between the clock that follows the server's and the monotonic clock, in milliseconds. */
	#setMs(): number {
		return this.#clock.now() - this.#clock.elapsed();
	}

	/**
	 * Dispatches a successful response to the store, or returns the failure without dispatching it. Throws if `signal`
	 * is aborted: a different deployment is then watched, to which neither the failure nor the description applies.
	 */
	async dispatch(
		{result, range, rejectsStep, stepsAtOnce}: MetricsResult,
		query: Query,
		signal: AbortSignal,
	): Promise<{readonly failure: Failure | undefined}> {
		this.#withStep = !rejectsStep;
		this.#stepsAtOnce = stepsAtOnce;
		const isMissing = !result.ok && hasStatus(result.failure, 404);
		const deployment = isMissing ? await this.#describe(signal) : undefined;
		signal.throwIfAborted();
		const outcome = classifyResponse(result, deployment);
		if (outcome.kind === 'failure') {
			return {failure: outcome.failure};
		}

		const {kind, history} = query;
		const action = toAction(outcome, {kind, window: history.window.name, range}, this.#clock.now());
		await this.#store.dispatchInSlices(action, signal);
		const isDue = this.#clock.elapsed() - this.#describedAtMs >= deploymentEveryMs;
		if (outcome.kind === 'metrics' && isDue) {
			await this.#describe(signal);
		}

		return {failure: undefined};
	}

	#deploymentId(): string {
		return targetName(this.#store.getState().target);
	}

	/**
	 * Requests the deployment and dispatches the result; if the request fails, polling of metrics continues. The first
	 * request for a deployment can delay metrics until it ends; each later one is aborted after five seconds.
	 */
	async #describe(signal: AbortSignal): Promise<Result<Deployment>> {
		const id = this.#deploymentId();
		const dueInMs = Number.isFinite(this.#describedAtMs) ? 0 : Number.POSITIVE_INFINITY;
		const nextRequest = {store: this.#store, elapsed: this.#clock.elapsed, dueInMs: () => dueInMs};
		const send = async (): Promise<Result<Deployment>> =>
			withDeadline(nextRequest, async stop => this.#client.deployment(id, stop), signal);
		// The status is as old as its request. If the request seems to have taken a minute, the machine slept during
		// it, so the request is repeated.
		let beganMs = this.#clock.elapsed();
		let result = await send();
		if (this.#clock.elapsed() - beganMs >= deploymentEveryMs) {
			beganMs = this.#clock.elapsed();
			result = await send();
		}

		if (id === this.#deploymentId()) {
			this.#describedAtMs = beganMs;
			await this.#store.dispatchInSlices(toDeploymentAction(result, this.#clock.now()), signal);
		}

		return result;
	}
}
