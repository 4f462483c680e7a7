import type {Deployment} from '../api/deployment.ts';
import {type Failure, hasStatus, type Result} from '../api/failure.ts';
import type {MetricsResponse} from '../api/metrics-response.ts';
import type {PollerAction} from '../state/actions.ts';
import {isRangeFinal, type QueryPlan} from './query-range.ts';

/** The combined outcome of metrics and deployment. */
export type MetricsOutcome =
	| {readonly kind: 'metrics'; readonly response: MetricsResponse; readonly tookMs: number}
	/** The deployment exists without metrics: it is scaled to zero, or still deploying. */
	| {readonly kind: 'no-metrics'; readonly tookMs: number}
	| {readonly kind: 'failure'; readonly failure: Failure};

/**
 * Classifies a response. If metrics are 404 but the deployment exists, it has no metrics now. If both are 404, there is
 * no such deployment, and the failure is that 404.
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
 * The query that a response is about: a window up to now, or an earlier range, and the range that the response covers.
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

/** Returns the action for a response about the deployment, or for a failure to get one. */
export function toDeploymentAction(result: Result<Deployment>, atMs: number): PollerAction {
	return result.ok ? {type: 'deploymentLoaded', deployment: result.value, atMs} : {type: 'deploymentUnavailable', atMs};
}
