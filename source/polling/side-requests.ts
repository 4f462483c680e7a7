import type {Client, Scope} from '../api/client.ts';
import {hasStatus, type Result} from '../api/failure.ts';
import type {MetricsResponse} from '../api/metrics-response.ts';
import {findRun, type Run} from '../api/run.ts';
import {targetName} from '../api/target.ts';
import {emptyHistory} from '../metrics/history.ts';
import {addMetrics} from '../metrics/merge-history.ts';
import {isWatchingAll} from '../state/overview.ts';
import {missingReference, type ReferenceRange} from '../state/reference.ts';
import type {State} from '../state/state.ts';
import type {Store} from '../state/store.ts';
import {requestMetrics} from './fetch-metrics.ts';
import type {FatalReason, SideRequest} from './polling-context.ts';
import {planPast} from './query-range.ts';
import {requestSamplerMetrics} from './sampler-request.ts';

/**
 * Returns the range to request for the comparison; undefined if nothing is compared, if the range is known, or if no
 * deployment is watched.
 */
function missingRange(state: State): ReferenceRange | undefined {
	return state.target.kind === 'deployment' ? missingReference(state) : undefined;
}

/**
 * The request for the earlier range with which the view is compared. It is sent once per range. The range usually stays
 * the same while the view moves by less than a quarter of a window (for a sampler, an eighth). The data of the previous
 * range is kept until the response arrives.
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
	async send({client, state, signal}) {
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

/**
 * The interval between requests for the list of deployments while it is open, in milliseconds: statuses change within
 * minutes. With --all, `listInBackgroundMs` applies.
 */
const listEveryMs = 10_000;

/** With --all, the interval between requests for the list, whether or not it is visible, in milliseconds. */
const listInBackgroundMs = 30_000;

/** The request for the list of deployments, which is sent while the list is open; with --all, always. */
export const deploymentsRequest: SideRequest = {
	name: 'deployments',
	wanted(state) {
		const {overview, deployments} = state;
		return isWatchingAll(state)
			? {key: deployments.scope, everyMs: overview.isAlways ? listInBackgroundMs : listEveryMs}
			: undefined;
	},
	async send({client, state, signal}) {
		const result = await client.deployments(state.deployments.scope, signal);
		return result.ok ? {...result, value: {kind: 'deployments', list: result.value}} : result;
	},
};

/** The interval between requests for list prices, which change rarely, in milliseconds. */
const pricesEveryMs = 86_400_000;

/** Returns whether a Baseten price would be shown, for the watched deployment or in the list. */
function isPriceShown(state: State): boolean {
	const {live, deployments} = state;
	const listed = isWatchingAll(state) ? (deployments.list ?? []) : [];
	return [live.deployment, ...listed].some(deployment => deployment?.instance?.id !== undefined);
}

/**
 * The request for the list prices. It is sent once a day, for all deployments together, and not again if the server
 * rejects it.
 */
export const pricesRequest: SideRequest = {
	name: 'prices',
	wanted(state) {
		const {prices, sideFailures, live} = state;
		const isNew = prices.atMs !== undefined && live.nowMs - prices.atMs < pricesEveryMs;
		const isRefused = sideFailures.prices !== undefined && sideFailures.prices.nextAtMs === undefined;
		return isNew || isRefused || prices.own !== undefined || !isPriceShown(state)
			? undefined
			: {key: 'prices', everyMs: pricesEveryMs};
	},
	async send({client, now, signal}) {
		const result = await client.prices(signal);
		return result.ok ? {...result, value: {kind: 'prices', list: result.value, atMs: now()}} : result;
	},
};

/**
 * Requests the run with this ID or, if there is none (404), the one with this name in the list of runs. If there is
 * neither, or if the list can't be loaded, returns the response for the ID. Throws only if `signal` is aborted.
 */
export async function requestRun(
	client: Client,
	{idOrName, scope}: {readonly idOrName: string; readonly scope: Scope},
	signal: AbortSignal,
): Promise<Result<Run>> {
	const byId = await client.run(idOrName, signal);
	if (byId.ok || !hasStatus(byId.failure, 404)) {
		return byId;
	}

	const list = await client.runs(scope, signal);
	const named = list.ok ? findRun(list.value, idOrName) : undefined;
	return named === undefined ? byId : {ok: true, value: named, tookMs: byId.tookMs};
}

/** Watches the deployment of a run; returns why that isn't possible, if the run has none. */
export function watchRun(store: Store, {id, deploymentId}: Run, atMs: number): FatalReason | undefined {
	if (deploymentId === undefined) {
		return {kind: 'serverless', run: id};
	}

	store.dispatch({type: 'watchDeployment', id: deploymentId, atMs});
	return undefined;
}

/**
 * The interval between requests for the run, and between those for its checkpoints, in milliseconds. Together, they
 * result in one request per minute.
 */
const everyMs = 120_000;

/** The interval between requests for the checkpoints while their list is open, in milliseconds. */
const openEveryMs = 60_000;

function runOf({live}: State): string | undefined {
	return live.deployment?.runId;
}

/** The request for the deployment's run, if the server reports the ID of the run. */
export const runRequest: SideRequest = {
	name: 'run',
	wanted(state) {
		const id = runOf(state);
		return id === undefined ? undefined : {key: id, everyMs};
	},
	async send({client, state, now, signal}) {
		const result = await client.run(runOf(state) ?? '', signal);
		return result.ok ? {...result, value: {kind: 'run', run: result.value, atMs: now()}} : result;
	},
};

/** The request for the checkpoints of the deployment's run. */
export const checkpointsRequest: SideRequest = {
	name: 'checkpoints',
	wanted(state) {
		const id = runOf(state);
		return id === undefined ? undefined : {key: id, everyMs: state.overlay.kind === 'run' ? openEveryMs : everyMs};
	},
	async send({client, state, now, signal}) {
		const runId = runOf(state) ?? '';
		const result = await client.checkpoints(runId, signal);
		return result.ok ? {...result, value: {kind: 'checkpoints', runId, ...result.value, atMs: now()}} : result;
	},
};
