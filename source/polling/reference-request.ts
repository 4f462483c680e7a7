import type {Client} from '../api/client.ts';
import type {Result} from '../api/failure.ts';
import type {MetricsResponse} from '../api/metrics-response.ts';
import {targetName} from '../api/target.ts';
import {emptyHistory} from '../metrics/history.ts';
import {addMetrics} from '../metrics/merge-history.ts';
import {missingReference, type ReferenceRange} from '../state/reference.ts';
import type {State} from '../state/state.ts';
import {requestMetrics} from './metrics-result.ts';
import {planPast} from './query-range.ts';
import {requestSamplerMetrics} from './sampler-request.ts';
import type {SideRequest} from './side-request.ts';

/** Returns the range to request; undefined if nothing is compared, or if all of it is known. */
function missingRange(state: State): ReferenceRange | undefined {
	return state.target.kind === 'deployment' ? missingReference(state) : undefined;
}

/**
 * The earlier range with which the view is compared. It is requested once per range, which stays the same for a quarter
 * of a window; the data of the previous range is kept until the response arrives.
 */
export const referenceRequest: SideRequest = {
	name: 'reference',
	wanted(state) {
		const range = missingRange(state);
		return (
			range && {
				key: `${targetName(state.target)} ${range.component} ${range.window.name} ${range.startMs} ${range.endMs}`,
				everyMs: state.intervalMs,
			}
		);
	},
	async ask({client, state, signal}) {
		const range = missingRange(state);
		if (range === undefined) {
			throw new Error('Nothing is compared.');
		}

		const result = await requestRange(client, state, range, signal);
		if (!result.ok) {
			return result;
		}

		const {startMs, endMs, window} = range;
		const history = addMetrics(emptyHistory(window), result.value, {startMs, endMs, whole: true});
		return {...result, value: {kind: 'reference', reference: {...range, history}}};
	},
};

async function requestRange(
	client: Client,
	{live, target, samplerMetrics}: State,
	range: ReferenceRange,
	signal: AbortSignal,
): Promise<Result<MetricsResponse>> {
	const part = {...emptyHistory(range.window), startMs: range.startMs, endMs: range.endMs};
	const sampler = live.deployment?.sampler;
	if (range.component === 'sampler' && sampler !== undefined) {
		const {query} = planPast(part, {withStep: false});
		return (await requestSamplerMetrics(client, sampler, query, {metrics: samplerMetrics, signal})).result;
	}

	const plan = (options: {readonly withStep: boolean}): ReturnType<typeof planPast> => planPast(part, options);
	return (await requestMetrics(client, targetName(target), plan, {withStep: true}, signal)).result;
}
