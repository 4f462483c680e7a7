import type {Client} from '../api/client.ts';
import {hasStatus, type Result} from '../api/failure.ts';
import {targetName} from '../api/target.ts';
import {type TimeRange, windowOfLength} from '../metrics/windows.ts';
import type {SideResponse} from '../state/actions.ts';
import {activeHistory} from '../state/derive-views.ts';
import {isLive} from '../state/overview.ts';
import type {Store} from '../state/store.ts';
import {classifyResponse, requestMetrics, toAction, toDeploymentAction} from './fetch-metrics.ts';
import type {FatalReason, SideRequest} from './polling-context.ts';
import {planRequest, type QueryPlan} from './query-range.ts';
import {sideRequests} from './schedule.ts';
import {requestRun, watchRun} from './side-requests.ts';

/**
 * The maximum time that a snapshot waits for all side requests together, in milliseconds. The metrics have already
 * arrived.
 */
const sideTimeoutMs = 5000;

/** The context in which the requests for a snapshot are sent. */
type SidesOptions = {
	readonly client: Client;
	readonly store: Store;
	/** Returns the current time in epoch milliseconds, on a clock that follows the server's. */
	readonly now: () => number;
	readonly signal: AbortSignal;
};

/**
 * The maximum number of times that one side request is sent: the server can reject each metric name in the request, and
 * each group of names.
 */
const maxTries = 24;

/**
 * Sends the side requests that the state requires, one after another, and dispatches the results. Each request is sent
 * once, and again only if its result changes its query. A failure, or the timeout of five seconds for all of them,
 * affects only side requests. Throws only if `signal` is aborted.
 */
async function sendSideRequests(options: SidesOptions): Promise<void> {
	const {store, now, signal} = options;
	const within = new AbortController();
	const abort = (): void => within.abort();
	const timer = setTimeout(abort, sideTimeoutMs);
	signal.addEventListener('abort', abort, {once: true});
	try {
		for (const request of sideRequests) {
			let sentKey: string | undefined;
			// Metric names that a server rejects are left out, and the others are requested again as a new query.
			for (let tries = 0; tries < maxTries; tries++) {
				const wanted = request.wanted(store.getState());
				if (wanted === undefined || wanted.key === sentKey) {
					break;
				}

				sentKey = wanted.key;
				const result = await sendWithin(request, {...options, signal: within.signal}, signal);
				const atMs = now();
				store.dispatch(
					result.ok
						? {type: 'sideRequestSucceeded', response: result.value, atMs}
						: {
								type: 'sideRequestFailed',
								request: request.name,
								fault: {failure: result.failure, nextAtMs: undefined},
								atMs,
							},
				);
			}
		}
	} finally {
		clearTimeout(timer);
		signal.removeEventListener('abort', abort);
	}
}

async function sendWithin(
	request: SideRequest,
	{client, store, now, signal}: SidesOptions,
	ended: AbortSignal,
): Promise<Result<SideResponse>> {
	try {
		return await request.send({client, state: store.getState(), now, signal});
	} catch (error) {
		if (ended.aborted || !signal.aborted) {
			throw error;
		}

		return {ok: false, failure: {kind: 'timeout', afterMs: sideTimeoutMs}, tookMs: sideTimeoutMs};
	}
}

/** The context of a single snapshot. */
type OnceContext = SidesOptions & {
	/** Returns the time range to request instead of the windows up to now; called after the server's time is known. */
	readonly range?: (() => TimeRange) | undefined;
};

/**
 * Requests the deployment and the metrics of each window in the store once: the requested window and the findings'
 * window, or only the requested time range if there is one. Then sends the side requests. Dispatches everything to the
 * store.
 *
 * @returns the reason why there is nothing to show; undefined if there is something
 */
export async function fetchOnce(once: OnceContext): Promise<FatalReason | undefined> {
	const fatal = await chooseDeployment(once);
	if (fatal !== undefined) {
		return fatal;
	}

	const failed = await fetchDeploymentAndSides(once);
	const {client, store, signal} = once;
	if (failed?.kind !== 'refused' || !hasStatus(failed.failure, 404)) {
		return failed;
	}

	// The ID that was passed as that of a deployment might be the ID of a run.
	const {target, deployments} = store.getState();
	const run = await requestRun(client, {idOrName: targetName(target), scope: deployments.scope}, signal);
	return run.ok ? (watchRun(store, run.value, once.now()) ?? fetchDeploymentAndSides(once)) : failed;
}

/**
 * Chooses the deployment to watch if there is no screen: that of the run, or the only live one. Returns the reason if
 * that isn't possible.
 */
export async function chooseDeployment({client, store, now, signal}: OnceContext): Promise<FatalReason | undefined> {
	const {target, deployments} = store.getState();
	switch (target.kind) {
		case 'deployment':
			return undefined;
		case 'run': {
			const run = await requestRun(client, {idOrName: target.id, scope: deployments.scope}, signal);
			return run.ok ? watchRun(store, run.value, now()) : {kind: 'refused', failure: run.failure};
		}

		case 'unchosen': {
			const list = await client.deployments(deployments.scope, signal);
			if (!list.ok) {
				return {kind: 'refused', failure: list.failure};
			}

			const [only, ...others] = list.value.filter(isLive);
			if (only === undefined || others.length > 0) {
				return {kind: 'undecided', list: list.value};
			}

			store.dispatch({type: 'watchDeployment', id: only.id, atMs: now()});
			return undefined;
		}
	}
}

async function fetchDeploymentAndSides(once: OnceContext): Promise<FatalReason | undefined> {
	const failed = await fetchDeployment(once);
	if (failed === undefined) {
		await sendSideRequests(once);
	}

	return failed;
}

async function fetchDeployment({client, store, now, signal, range}: OnceContext): Promise<FatalReason | undefined> {
	const id = targetName(store.getState().target);
	const deployment = await client.deployment(id, signal);
	store.dispatch(toDeploymentAction(deployment, now()));

	if (range !== undefined) {
		const chosen = range();
		store.dispatch({type: 'showRange', range: chosen, window: windowOfLength(chosen.endMs - chosen.startMs)});
	}

	const state = store.getState();
	const kind = range === undefined ? 'live' : 'past';
	let withStep = true;
	let stepsAtOnce = Number.POSITIVE_INFINITY;
	for (const history of kind === 'past' ? [activeHistory(state, 'trainer')] : state.components.trainer.histories) {
		const plan = (options: {readonly withStep: boolean}): QueryPlan => planRequest({kind, history}, now(), options);
		const options = {withStep, stepsAtOnce};
		const {result, range: covered, rejectsStep, ...known} = await requestMetrics(client, id, plan, options, signal);
		withStep = !rejectsStep;
		({stepsAtOnce} = known);
		const outcome = classifyResponse(result, deployment);
		if (outcome.kind === 'failure') {
			return {kind: 'refused', failure: outcome.failure};
		}

		store.dispatch(toAction(outcome, {kind, window: history.window.name, range: covered}, now()));
		if (outcome.kind === 'no-metrics') {
			return undefined;
		}
	}

	return undefined;
}
