import {hasStatus} from '../api/failure.ts';
import {namesToAsk, samplerStretch} from '../state/sampler-extras.ts';
import type {State} from '../state/state.ts';
import {planPast, planSampler} from './query-range.ts';
import {type NeededRange, neededRange} from './sampler-request.ts';
import type {SideRequest} from './side-request.ts';

/** However often the others are requested. */
const shortestIntervalMs = 60_000;

function stretchOf({kind, history}: NeededRange): string {
	return samplerStretch(kind, history.window, history.endMs);
}

/** Returns what to request: after the usual metrics, which say whether the sampler can be requested at all. */
function wantedOf(state: State): {readonly needed: NeededRange; readonly names: readonly string[]} | undefined {
	const {samplerExtras, live} = state;
	const needed = neededRange(state);
	const names = namesToAsk(samplerExtras);
	if (needed === undefined || names.length === 0 || live.links.sampler.kind !== 'ok') {
		return undefined;
	}

	const isKnown = samplerExtras.pending.length === 0 && samplerExtras.received?.stretch === stretchOf(needed);
	return isKnown && needed.history.settled ? undefined : {needed, names};
}

/** The extra metrics of the sampler, while it is seen: in a request of their own, since one unknown name refuses all. */
export const samplerExtrasRequest: SideRequest = {
	name: 'samplerExtras',
	wanted(state) {
		const wanted = wantedOf(state);
		if (wanted === undefined) {
			return undefined;
		}

		const {needed, names} = wanted;
		const {modelId, deploymentId} = needed.sampler;
		return {
			key: `${modelId} ${deploymentId} ${stretchOf(needed)} ${names.join(' ')}`,
			everyMs: Math.max(state.intervalMs, shortestIntervalMs),
		};
	},
	async ask({client, state, now, signal}) {
		const wanted = wantedOf(state);
		if (wanted === undefined) {
			throw new Error('The extra metrics of the sampler are not needed.');
		}

		const {needed, names} = wanted;
		const {sampler, kind, history} = needed;
		const {range} = kind === 'past' ? planPast(history, {withStep: false}) : planSampler(history, now());
		const {startMs, endMs} = range;
		const result = await client.samplerExtras(sampler, {startMs, endMs, metrics: names}, signal);
		const about = {kind: 'samplerExtras', sampler, names} as const;
		if (result.ok) {
			return {...result, value: {...about, stretch: stretchOf(needed), extras: result.value.extras}};
		}

		const {failure, tookMs} = result;
		return failure.kind === 'status' && hasStatus(failure, 400, 422)
			? {ok: true, value: {...about, refusal: failure.message}, tookMs}
			: result;
	},
};
