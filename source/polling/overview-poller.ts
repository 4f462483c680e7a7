import type {Client} from '../api/client.ts';
import type {Deployment} from '../api/deployment.ts';
import {type Failure, hasStatus} from '../api/failure.ts';
import {emptyHistory} from '../metrics/history.ts';
import type {PollerAction} from '../state/actions.ts';
import {
	isLive,
	isWatchingAll,
	type MemberNews,
	memberOf,
	orderDeployments,
	overviewEveryMs,
} from '../state/overview.ts';
import {findingsWindow, type State} from '../state/state.ts';
import type {Store} from '../state/store.ts';
import {classifyResponse, type MetricsOutcome, requestMetrics, toAction} from './metrics-result.ts';
import {planQuery} from './query-range.ts';
import {backoffDelayMs} from './retry.ts';
import type {Clock} from './wait.ts';

export type OverviewPollerOptions = {
	/** Shares the rate limit of all requests with the key. Its responses aren't recorded. */
	readonly client: Client;
	readonly store: Store;
	/** Reads the stored key again after a 401. */
	readonly renewKey: (signal: AbortSignal) => Promise<void>;
	readonly clock: Clock;
	/** A number from 0 (included) to 1, for the jitter. */
	readonly random: () => number;
	/** The remaining time during which no requests are sent because the server specified a wait, in milliseconds. */
	readonly heldMs: () => number;
	/** Called with the ids of deployments whose updates have reached the store. */
	readonly onPolled?: ((ids: readonly string[]) => void) | undefined;
};

/** One less than the limit, so that the watched deployment never waits for all others. */
const mostAtOnce = 3;

/** The number of these that can be deployments whose last request was slow, so that others don't wait for them. */
const mostSlowAtOnce = 1;

/**
 * A request that takes longer than the first time is slow, and one that takes longer than the second is a failure, in
 * milliseconds.
 */
const slowMs = 2000;
const limitMs = 15_000;

/** The minimum interval of updates to the store, and therefore of redraws, in milliseconds. */
const pauseMs = 1000;

/** The run is requested only for a deployment that is RUNNING without an active run, and not more often than this. */
const runEveryMs = 120_000;

/** The minimum delay before a failure is retried, in milliseconds, unless the server specifies a wait. */
const shortestRetryMs = 30_000;

/** The maximum number of ended deployments that are requested (once each), newest first. */
const mostEnded = 100;

/** The longest timer that Node.js has, in milliseconds. */
const longestTimerMs = 2 ** 31 - 1;

/** The past requests of one deployment. Times are from a monotonic clock, in milliseconds. */
type Track = {
	dueMs: number;
	/** Its status when it was last requested: an ended deployment is requested again if this changed. */
	askedAs: string | undefined;
	failures: number;
	isSlow: boolean;
	isUnderWay: boolean;
	runAtMs: number;
	withStep: boolean;
	stepsAtOnce: number;
};

function newTrack(): Track {
	return {
		dueMs: Number.NEGATIVE_INFINITY,
		askedAs: undefined,
		failures: 0,
		isSlow: false,
		isUnderWay: false,
		runAtMs: Number.NEGATIVE_INFINITY,
		withStep: true,
		stepsAtOnce: Number.POSITIVE_INFINITY,
	};
}

/**
 * Polls all live deployments that aren't watched while the overview needs them, until `signal` is aborted: each every
 * 30 s or, if there are many, less often; ended ones once. Failures go to the store and are retried forever.
 */
export async function pollOverview(options: OverviewPollerOptions, signal: AbortSignal): Promise<void> {
	await new OverviewPoller(options, signal).run();
}

class OverviewPoller {
	readonly #options: OverviewPollerOptions;
	readonly #signal: AbortSignal;
	readonly #tracks = new Map<string, Track>();
	#news: MemberNews[] = [];
	#flushedMs = Number.NEGATIVE_INFINITY;
	#timer: NodeJS.Timeout | undefined;
	#refreshCount: number;
	/** Why the key was rejected, until it is read again. */
	#rejection: Failure | undefined;
	/** An error thrown by a request, which is a bug. */
	#broken: {readonly error: unknown} | undefined;
	#wake = (): void => undefined;

	constructor(options: OverviewPollerOptions, signal: AbortSignal) {
		this.#options = options;
		this.#signal = signal;
		this.#refreshCount = options.store.getState().refreshCount;
	}

	async run(): Promise<void> {
		while (!this.#signal.aborted) {
			await this.#rest(this.#start());
			if (this.#broken !== undefined) {
				throw this.#broken.error;
			}
		}

		clearTimeout(this.#timer);
	}

	/**
	 * Starts the requests that are due, and returns the time until the next one, in milliseconds, if nothing happens
	 * before.
	 */
	#start(): number {
		const state = this.#options.store.getState();
		this.#noticeRefresh(state);
		const pollable = this.#pollable(state);
		const heldMs = this.#options.heldMs();
		if (pollable.length === 0 || heldMs > 0) {
			return pollable.length === 0 ? Number.POSITIVE_INFINITY : heldMs;
		}

		const everyMs = overviewEveryMs(pollable.filter(({deployment}) => isLive(deployment)).length, state.intervalMs);
		const tracks = [...this.#tracks.values()];
		let atOnce = tracks.filter(({isUnderWay}) => isUnderWay).length;
		let slow = tracks.filter(({isUnderWay, isSlow}) => isUnderWay && isSlow).length;
		let nextMs = Number.POSITIVE_INFINITY;
		for (const {deployment, track} of pollable.sort((a, b) => a.track.dueMs - b.track.dueMs)) {
			if (track.isUnderWay || (track.isSlow && slow >= mostSlowAtOnce)) {
				continue;
			}

			if (track.dueMs > this.#elapsed()) {
				nextMs = track.dueMs - this.#elapsed();
				break;
			}

			if (atOnce === mostAtOnce) {
				break;
			}

			atOnce++;
			slow += track.isSlow ? 1 : 0;
			track.isUnderWay = true;
			void this.#poll(deployment, track, everyMs);
		}

		return nextMs;
	}

	/** A refresh in the overview makes all of them due; elsewhere, it applies to the watched deployment. */
	#noticeRefresh({refreshCount, overlay}: State): void {
		if (refreshCount !== this.#refreshCount && overlay.kind === 'deployments') {
			for (const track of this.#tracks.values()) {
				track.dueMs = Number.NEGATIVE_INFINITY;
				track.askedAs = undefined;
			}
		}

		this.#refreshCount = refreshCount;
	}

	/** Returns the deployments that are to be requested, now or later. Data about others is dropped. */
	#pollable(state: State): Array<{readonly deployment: Deployment; readonly track: Track}> {
		const {deployments, target} = state;
		if (!isWatchingAll(state) || deployments.list === undefined) {
			return [];
		}

		const listed = new Set(deployments.list.map(({id}) => id));
		for (const [id, {isUnderWay}] of this.#tracks) {
			if (!listed.has(id) && !isUnderWay) {
				this.#tracks.delete(id);
			}
		}

		const watched = target.kind === 'deployment' ? target.id : undefined;
		let ended = 0;
		return orderDeployments(deployments.list).flatMap(deployment => {
			const {id, status} = deployment;
			const track = this.#tracks.get(id) ?? newTrack();
			const isWanted = isLive(deployment) || (ended++ < mostEnded && (track.askedAs !== status || track.failures > 0));
			if (id === watched || !isWanted) {
				return [];
			}

			this.#tracks.set(id, track);
			return {deployment, track};
		});
	}

	/** Requests one deployment, and notes the result. Never throws. */
	async #poll(deployment: Deployment, track: Track, everyMs: number): Promise<void> {
		const beganMs = this.#elapsed();
		const limit = new AbortController();
		const abort = (): void => limit.abort();
		const timer = setTimeout(abort, limitMs);
		this.#signal.addEventListener('abort', abort, {once: true});
		try {
			const actions = await this.#request(deployment, track, limit.signal).catch((error: unknown) => {
				if (!limit.signal.aborted) {
					throw error;
				}

				return [this.#failed(track, {kind: 'timeout', afterMs: limitMs})];
			});
			this.#news.push({id: deployment.id, actions});
			if (track.failures === 0) {
				track.dueMs = beganMs + everyMs;
			}
		} catch (error) {
			this.#broken = {error};
		} finally {
			clearTimeout(timer);
			this.#signal.removeEventListener('abort', abort);
			track.isUnderWay = false;
			track.askedAs = deployment.status;
			track.isSlow = this.#elapsed() - beganMs >= slowMs;
			this.#flush();
			this.#wake();
		}
	}

	/** Requests the metrics and, if necessary, the run of a deployment. Throws if `signal` is aborted. */
	async #request(deployment: Deployment, track: Track, signal: AbortSignal): Promise<readonly PollerAction[]> {
		const {client, store, clock, renewKey} = this.#options;
		if (this.#rejection !== undefined) {
			this.#rejection = undefined;
			await renewKey(signal);
		}

		const member = memberOf(store.getState(), deployment.id);
		const history = member?.components.trainer.histories[0] ?? emptyHistory(findingsWindow);
		const {result, range, rejectsStep, stepsAtOnce} = await requestMetrics(
			client,
			deployment.id,
			options => planQuery(history, clock.now(), options),
			track,
			signal,
		);
		track.withStep = !rejectsStep;
		track.stepsAtOnce = stepsAtOnce;
		// According to the list, the deployment exists: without metrics, it is scaled to zero or not deployed yet.
		const outcome = classifyResponse(result, {ok: true, value: deployment, tookMs: 0});
		if (outcome.kind === 'failure') {
			return [this.#failed(track, outcome.failure)];
		}

		track.failures = 0;
		const received = toAction(withoutLeader(outcome), {kind: 'live', window: findingsWindow.name, range}, clock.now());
		const run = await this.#requestRun(deployment, track, {member, signal});
		return run === undefined ? [received] : [received, run];
	}

	/** Requests the run if it might have ended: none is active, or it had ended when it was last requested. */
	async #requestRun(
		{status, runId, activeRunId}: Deployment,
		track: Track,
		{member, signal}: {readonly member: State | undefined; readonly signal: AbortSignal},
	): Promise<PollerAction | undefined> {
		const known = member?.run?.run;
		const hadEnded = known?.id === runId && known?.status === 'INACTIVE';
		const isWanted = status === 'RUNNING' && (activeRunId === undefined || hadEnded);
		if (runId === undefined || !isWanted || this.#elapsed() < track.runAtMs) {
			return undefined;
		}

		const {client, clock} = this.#options;
		track.runAtMs = this.#elapsed() + runEveryMs;
		const run = await client.run(runId, signal);
		const atMs = clock.now();
		return run.ok ? {type: 'sideRequestSucceeded', response: {kind: 'run', run: run.value, atMs}, atMs} : undefined;
	}

	#failed(track: Track, failure: Failure): PollerAction {
		const {clock, random} = this.#options;
		track.failures++;
		this.#rejection = hasStatus(failure, 401) ? failure : this.#rejection;
		const retryAfterMs = failure.kind === 'status' ? failure.retryAfterMs : undefined;
		const waitMs = backoffDelayMs(track.failures, random(), retryAfterMs);
		const delayMs = retryAfterMs === undefined ? Math.max(waitMs, shortestRetryMs) : waitMs;
		track.dueMs = this.#elapsed() + delayMs;
		const atMs = clock.now();
		return {type: 'pollFailed', failure, atMs, nextAtMs: atMs + delayMs};
	}

	/** Passes everything received since the last time to the store. */
	#flush(): void {
		const waitMs = this.#flushedMs + pauseMs - this.#elapsed();
		if (this.#news.length === 0 || this.#timer !== undefined || this.#signal.aborted) {
			return;
		}

		if (waitMs > 0) {
			this.#timer = setTimeout(() => {
				this.#timer = undefined;
				this.#flush();
			}, waitMs);
			return;
		}

		const news = this.#news;
		this.#news = [];
		this.#flushedMs = this.#elapsed();
		const {store, clock, onPolled} = this.#options;
		store.dispatch({type: 'membersPolled', news, atMs: clock.now()});
		onPolled?.(news.map(({id}) => id));
	}

	/** Resolves after that time, when a request ends, or when the set of deployments to poll changes. */
	async #rest(milliseconds: number): Promise<void> {
		const {store} = this.#options;
		const before = store.getState();
		await new Promise<void>(resolve => {
			const timer =
				milliseconds > longestTimerMs ? undefined : setTimeout(() => this.#wake(), Math.max(milliseconds, 1));
			const unsubscribe = store.subscribe(() => {
				if (isOtherNeed(before, store.getState())) {
					this.#wake();
				}
			});
			const abort = (): void => this.#wake();
			this.#signal.addEventListener('abort', abort, {once: true});
			this.#wake = () => {
				this.#wake = () => undefined;
				clearTimeout(timer);
				unsubscribe();
				this.#signal.removeEventListener('abort', abort);
				resolve();
			};
			if (this.#signal.aborted) {
				this.#wake();
			}
		});
	}

	#elapsed(): number {
		return this.#options.clock.elapsed();
	}
}

/** The leader's series are the same as those of one of the nodes: a fifth of the data for four nodes. */
function withoutLeader(
	outcome: Exclude<MetricsOutcome, {kind: 'failure'}>,
): Exclude<MetricsOutcome, {kind: 'failure'}> {
	return outcome.kind === 'metrics' && outcome.response.nodes.length > 0
		? {...outcome, response: {...outcome.response, leader: emptyHistory(findingsWindow).leader}}
		: outcome;
}

/** Returns whether other deployments are to be polled, or at other times. */
function isOtherNeed(before: State, now: State): boolean {
	return (
		before.deployments.list !== now.deployments.list ||
		before.target !== now.target ||
		before.refreshCount !== now.refreshCount ||
		before.intervalMs !== now.intervalMs ||
		isWatchingAll(before) !== isWatchingAll(now)
	);
}
