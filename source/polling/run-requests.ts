import type {Client, Scope} from '../api/client.ts';
import {hasStatus, type Result} from '../api/failure.ts';
import {findRun, type Run} from '../api/run.ts';
import {isWatchingAll} from '../state/overview.ts';
import type {State} from '../state/state.ts';
import type {SideRequest} from './side-request.ts';

/** Statuses change within minutes. */
const listEveryMs = 10_000;

/** With --all, while the list might not be visible. */
const listInBackgroundMs = 30_000;

/** The list of deployments, while it is open or all of them are polled. */
export const deploymentsRequest: SideRequest = {
	name: 'deployments',
	wanted(state) {
		const {overview, deployments} = state;
		return isWatchingAll(state)
			? {key: deployments.scope, everyMs: overview.isAlways ? listInBackgroundMs : listEveryMs}
			: undefined;
	},
	async ask({client, state, signal}) {
		const result = await client.deployments(state.deployments.scope, signal);
		return result.ok ? {...result, value: {kind: 'deployments', list: result.value}} : result;
	},
};

/** List prices change rarely. */
const pricesEveryMs = 86_400_000;

/** Returns whether a Baseten price would be shown, for the watched deployment or in the list. */
function isPriceShown(state: State): boolean {
	const {live, deployments} = state;
	const listed = isWatchingAll(state) ? (deployments.list ?? []) : [];
	return [live.deployment, ...listed].some(deployment => deployment?.instance?.id !== undefined);
}

/** The list prices: once a day, for all deployments together, and not again if the server rejects the request. */
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
	async ask({client, now, signal}) {
		const result = await client.prices(signal);
		return result.ok ? {...result, value: {kind: 'prices', list: result.value, atMs: now()}} : result;
	},
};

/**
 * Requests the run with this id or, if there is none (404), the one with this name in the list of runs. If there is
 * neither, returns the response about the id. Throws only if `signal` is aborted.
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

/** The interval for each of the run and its checkpoints: together, one request per minute. */
const everyMs = 120_000;

/** While the list of checkpoints is open. */
const openEveryMs = 60_000;

function runOf({live}: State): string | undefined {
	return live.deployment?.runId;
}

/** The run of the deployment, if the server reports its id. */
export const runRequest: SideRequest = {
	name: 'run',
	wanted(state) {
		const id = runOf(state);
		return id === undefined ? undefined : {key: id, everyMs};
	},
	async ask({client, state, now, signal}) {
		const result = await client.run(runOf(state) ?? '', signal);
		return result.ok ? {...result, value: {kind: 'run', run: result.value, atMs: now()}} : result;
	},
};

/** The checkpoints of that run. */
export const checkpointsRequest: SideRequest = {
	name: 'checkpoints',
	wanted(state) {
		const id = runOf(state);
		return id === undefined ? undefined : {key: id, everyMs: state.overlay.kind === 'run' ? openEveryMs : everyMs};
	},
	async ask({client, state, now, signal}) {
		const runId = runOf(state) ?? '';
		const result = await client.checkpoints(runId, signal);
		return result.ok ? {...result, value: {kind: 'checkpoints', runId, ...result.value, atMs: now()}} : result;
	},
};
