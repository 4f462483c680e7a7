import type {Client} from '../api/client.ts';
import type {Failure} from '../api/failure.ts';
import {planQuery, type QueryPlan} from '../state/query-plan.ts';
import {askMetrics, judge} from '../state/round.ts';
import type {Store} from '../state/store.ts';

/**
 * Asks once for the deployment and for the metrics of each window that the store holds: the one that was asked for and the
 * one of the findings. Tells all to the store, for output without a screen.
 *
 * @returns the failure, where any of it can't be had
 */
export async function askOnce(
	client: Client,
	store: Store,
	now: () => number,
	signal: AbortSignal,
): Promise<Failure | undefined> {
	const {deploymentId, histories} = store.getState();
	const deployment = await client.deployment(deploymentId, signal);
	if (deployment.ok) {
		store.dispatch({type: 'described', deployment: deployment.value, atMs: now()});
	}

	let withStep = true;
	for (const history of histories) {
		const plan = (options: {readonly withStep: boolean}): QueryPlan => planQuery(history, now(), options);
		const {result, range, refusesStep} = await askMetrics(client, deploymentId, plan, {withStep}, signal);
		withStep = !refusesStep;
		const verdict = judge(result, deployment);
		switch (verdict.kind) {
			case 'failure':
				return verdict.failure;
			case 'no-metrics':
				store.dispatch({type: 'answeredNothing', atMs: now(), tookMs: verdict.tookMs});
				return undefined;
			case 'metrics': {
				const {answer, tookMs} = verdict;
				store.dispatch({type: 'answered', window: history.window.name, answer, range, atMs: now(), tookMs});
				break;
			}
		}
	}

	return undefined;
}
