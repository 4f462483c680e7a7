import type {Client} from '../api/client.ts';
import type {Failure} from '../api/failure.ts';
import {planQuery, type QueryPlan} from '../state/query-plan.ts';
import {askMetrics, judge} from '../state/round.ts';
import type {Store} from '../state/store.ts';

/**
 * Asks once for the deployment and its metrics and tells both to the store, for output without a screen.
 *
 * @returns the failure, where there is nothing to tell
 */
export async function askOnce(
	client: Client,
	store: Store,
	now: () => number,
	signal: AbortSignal,
): Promise<Failure | undefined> {
	const {deploymentId, histories} = store.getState();
	const [{window}] = histories;
	const plan = (options: {readonly withStep: boolean}): QueryPlan => planQuery(histories[0], now(), options);
	const {result, range} = await askMetrics(client, deploymentId, plan, {withStep: true}, signal);
	const deployment = await client.deployment(deploymentId, signal);
	if (deployment.ok) {
		store.dispatch({type: 'described', deployment: deployment.value, atMs: now()});
	}

	const verdict = judge(result, deployment);
	switch (verdict.kind) {
		case 'failure':
			return verdict.failure;
		case 'no-metrics':
			store.dispatch({type: 'answeredNothing', atMs: now(), tookMs: verdict.tookMs});
			return undefined;
		case 'metrics':
			store.dispatch({
				type: 'answered',
				window: window.name,
				answer: verdict.answer,
				range,
				atMs: now(),
				tookMs: verdict.tookMs,
			});
			return undefined;
	}
}
