import type {Client} from '../api/client.ts';
import type {Deployment} from '../api/deployment.ts';
import {type Failure, hasStatus, type Result} from '../api/failure.ts';
import type {MetricsResponse} from '../api/metrics-response.ts';
import type {PollerAction} from '../state/actions.ts';
import {isSettled, type QueryPlan} from './query-range.ts';
import {requestInPieces} from './request-pieces.ts';

/** The response to one request for metrics, with the requested range, and whether the server rejects the step. */
export type MetricsResult = {
	readonly result: Result<MetricsResponse>;
	readonly range: QueryPlan['range'];
	readonly rejectsStep: boolean;
	/** How many steps can be requested at once: infinite if no response was too large. */
	readonly stepsAtOnce: number;
};

/** The combined outcome of metrics and deployment. */
export type MetricsOutcome =
	| {readonly kind: 'metrics'; readonly response: MetricsResponse; readonly tookMs: number}
	/** The deployment is there without metrics: scaled to zero, or still deploying. */
	| {readonly kind: 'no-metrics'; readonly tookMs: number}
	| {readonly kind: 'failure'; readonly failure: Failure};

/**
 * Requests the metrics of `plan`. If the server responds with 400 or 422, repeats the request without a step; if that
 * succeeds, the step was rejected.
 */
export async function requestMetrics(
	client: Client,
	id: string,
	plan: (options: {readonly withStep: boolean}) => QueryPlan,
	options: {readonly withStep: boolean; readonly stepsAtOnce?: number},
	signal: AbortSignal,
): Promise<MetricsResult> {
	let {stepsAtOnce = Number.POSITIVE_INFINITY} = options;
	const ask = async ({query}: QueryPlan): Promise<Result<MetricsResponse>> => {
		const {result: whole, ...known} = await requestInPieces({client, deploymentId: id, signal}, query, stepsAtOnce);
		({stepsAtOnce} = known);
		return whole;
	};
	const first = plan({withStep: options.withStep});
	const result = await ask(first);
	if (result.ok || !options.withStep || !hasStatus(result.failure, 400, 422)) {
		return {result, range: first.range, rejectsStep: !options.withStep, stepsAtOnce};
	}

	const plain = plan({withStep: false});
	const retried = await ask(plain);
	return retried.ok
		? {result: retried, range: plain.range, rejectsStep: true, stepsAtOnce}
		: {result, range: first.range, rejectsStep: false, stepsAtOnce};
}

/**
 * Classifies a response: metrics that are 404 while the deployment exists mean that it has no status. Only when both are 404 is
 * there no such deployment, and then the failure is that 404.
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

/** The query of a response: a window up to now, or an earlier range, and the range that the response covers. */
export type AnsweredQuery = {
	readonly kind: 'live' | 'past';
	readonly window: string;
	readonly range: QueryPlan['range'];
};

/** Returns the action for a response that isn't a failure. */
export function toAction(
	outcome: Exclude<MetricsOutcome, {kind: 'failure'}>,
	{kind, window, range}: AnsweredQuery,
	atMs: number,
): PollerAction {
	const {tookMs} = outcome;
	if (outcome.kind === 'no-metrics') {
		return {type: 'noMetrics', atMs, tookMs};
	}

	const {response} = outcome;
	const received = {type: 'metricsReceived', window, response, range, atMs, tookMs} as const;
	return kind === 'past' ? {...received, kind, settled: isSettled(range.endMs, atMs)} : {...received, kind};
}
