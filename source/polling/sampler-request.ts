import type {Client, SamplerId} from '../api/client.ts';
import {hasStatus, type Result} from '../api/failure.ts';
import type {MetricsResponse} from '../api/metrics-response.ts';
import {samplerMetricNames} from '../api/sampler-response.ts';
import type {History} from '../metrics/history.ts';
import type {CoveredRange} from '../metrics/merge-history.ts';
import type {MetricsUpdate, SamplerMetrics, SideResponse} from '../state/actions.ts';
import {activeHistory} from '../state/derive-views.ts';
import {namesToRequest, samplerRangeName} from '../state/sampler-extras.ts';
import {findingsWindow, type State} from '../state/state.ts';
import type {SideRequest} from './polling-context.ts';
import {isRangeFinal, planPast, planSampler} from './query-range.ts';

/**
 * The minimum interval between requests for the metrics of a sampler that isn't on the screen, and between those for
 * the extra metrics, in milliseconds.
 */
const shortestIntervalMs = 60_000;

/** Returns whether there is an active finding that only the sampler's metrics can resolve. */
function hasFinding({findings}: State): boolean {
	return findings.current.some(
		({rule, state}) => state === 'active' && (rule === 'sampler-5xx' || rule === 'sampler-stalled'),
	);
}

/** Returns whether the sampler is visible: alone, or next to the trainer if the requests pane is in full screen. */
function isSamplerSeen({component, zoom, focus}: State): boolean {
	return component === 'sampler' || (zoom !== 'overview' && focus === 'requests');
}

/** A time range to request from the sampler. */
type NeededRange = {readonly sampler: SamplerId; readonly kind: 'live' | 'past'; readonly history: History};

/**
 * Returns the range to request from the sampler: the one on the screen if the sampler is visible or an output shows
 * that range. Otherwise, if an output needs the last hour or the sampler has a finding, returns the last hour, or the
 * window on the screen if the last hour isn't among the known windows. Undefined if there is no sampler, or if nothing
 * needs it.
 */
function neededRange(state: State): NeededRange | undefined {
	const sampler = state.live.deployment?.sampler;
	const {histories} = state.components.sampler;
	const isSeen = isSamplerSeen(state);
	if (sampler === undefined || !(isSeen || state.samplerOutput !== 'none' || hasFinding(state))) {
		return undefined;
	}

	const recent = histories.find(({window}) => window.name === findingsWindow.name);
	const newest = isSeen || state.samplerOutput === 'shown' ? histories[0] : (recent ?? histories[0]);

	if (state.mode.kind !== 'past' || !(isSeen || state.samplerOutput === 'shown')) {
		return {sampler, kind: 'live', history: newest};
	}

	return {sampler, kind: 'past', history: activeHistory(state, 'sampler')};
}

/** Requests all metrics, or only the usual ones if the server is known not to support all of them, or rejects them. */
export async function requestSamplerMetrics(
	client: Client,
	sampler: SamplerId,
	range: {readonly startMs: number; readonly endMs: number},
	options: {readonly metrics: SamplerMetrics; readonly signal: AbortSignal},
): Promise<{readonly result: Result<MetricsResponse>; readonly metrics: SamplerMetrics}> {
	const {metrics, signal} = options;
	const {startMs, endMs} = range;
	const request = async (names: readonly string[]): Promise<Result<MetricsResponse>> =>
		client.samplerMetrics(sampler, {startMs, endMs, metrics: names}, signal);
	const result = await request(metrics === 'all' ? samplerMetricNames : []);
	if (result.ok || metrics === 'usual' || !hasStatus(result.failure, 400, 422)) {
		return {result, metrics};
	}

	const usual = await request([]);
	return usual.ok ? {result: usual, metrics: 'usual'} : {result, metrics};
}

/** The query to which a sampler's response belongs. */
type CoveredSamplerQuery = {
	readonly sampler: SamplerId;
	readonly kind: 'live' | 'past';
	readonly window: string;
	readonly range: CoveredRange;
	readonly metrics: SamplerMetrics;
};

/** Returns the side response for a sampler's response that arrived at `nowMs`. */
export function toSamplerResponse(
	{sampler, kind, window, range, metrics}: CoveredSamplerQuery,
	{value: response, tookMs}: Extract<Result<MetricsResponse>, {ok: true}>,
	nowMs: number,
): SideResponse {
	const covered = {window, response, range};
	const update: MetricsUpdate =
		kind === 'past' ? {...covered, kind, isFinal: isRangeFinal(range.endMs, nowMs)} : {...covered, kind};
	return {kind: 'sampler', sampler, update, metrics, tookMs};
}

/** The request for the metrics of the sampler, which is sent while they are needed. */
export const samplerRequest: SideRequest = {
	name: 'sampler',
	wanted(state) {
		const needed = neededRange(state);
		if (needed === undefined || (needed.kind === 'past' && needed.history.isFinal)) {
			return undefined;
		}

		const {sampler, kind, history} = needed;
		const rangeName = kind === 'past' ? ` to ${history.endMs}` : '';
		return {
			key: `${sampler.modelId} ${sampler.deploymentId} ${history.window.name}${rangeName}`,
			everyMs: isSamplerSeen(state) ? state.intervalMs : Math.max(state.intervalMs, shortestIntervalMs),
		};
	},
	async send({client, state, now, signal}) {
		const needed = neededRange(state);
		if (needed === undefined) {
			throw new Error("The metrics of the sampler aren't needed.");
		}

		const {sampler, kind, history} = needed;
		const {range} = kind === 'past' ? planPast(history, {withStep: false}) : planSampler(history, now());
		const {result, metrics} = await requestSamplerMetrics(client, sampler, range, {
			metrics: state.samplerMetrics,
			signal,
		});
		if (!result.ok) {
			return result;
		}

		const query = {sampler, kind, window: history.window.name, range, metrics};
		return {...result, value: toSamplerResponse(query, result, now())};
	},
};

function rangeNameOf({kind, history}: NeededRange): string {
	return samplerRangeName(kind, history.window, history.endMs);
}

/**
 * Returns the range and the names to request next. Undefined if nothing is needed, or while the last request for the
 * sampler's other metrics hasn't succeeded: only a successful one shows that the server accepts requests about the
 * sampler.
 */
function wantedOf(state: State): {readonly needed: NeededRange; readonly names: readonly string[]} | undefined {
	const {samplerExtras, live} = state;
	const needed = neededRange(state);
	const names = namesToRequest(samplerExtras);
	if (needed === undefined || names.length === 0 || live.links.sampler.kind !== 'ok') {
		return undefined;
	}

	const isKnown = samplerExtras.pending.length === 0 && samplerExtras.received?.rangeName === rangeNameOf(needed);
	return isKnown && needed.history.isFinal ? undefined : {needed, names};
}

/**
 * The request for the extra metrics of the sampler, which is sent while they are needed. They are requested separately,
 * because one unknown name makes the server reject the whole request.
 */
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
			key: `${modelId} ${deploymentId} ${rangeNameOf(needed)} ${names.join(' ')}`,
			everyMs: Math.max(state.intervalMs, shortestIntervalMs),
		};
	},
	async send({client, state, now, signal}) {
		const wanted = wantedOf(state);
		if (wanted === undefined) {
			throw new Error("The extra metrics of the sampler aren't needed.");
		}

		const {needed, names} = wanted;
		const {sampler, kind, history} = needed;
		const {range} = kind === 'past' ? planPast(history, {withStep: false}) : planSampler(history, now());
		const {startMs, endMs} = range;
		const result = await client.samplerExtras(sampler, {startMs, endMs, metrics: names}, signal);
		const about = {kind: 'samplerExtras', sampler, names} as const;
		if (result.ok) {
			return {...result, value: {...about, rangeName: rangeNameOf(needed), extras: result.value.extras}};
		}

		const {failure, tookMs} = result;
		return failure.kind === 'status' && hasStatus(failure, 400, 422)
			? {ok: true, value: {...about, refusal: failure.message}, tookMs}
			: result;
	},
};
