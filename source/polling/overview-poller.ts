// Longer than 250 lines because it is one loop: what is due depends on the requests in flight and on their results.

import type {Deployment} from '../api/deployment.ts';
import {
	isLive,
	isPollingChanged,
	isWatchingAll,
	type MemberUpdate,
	orderDeployments,
	overviewEveryMs,
} from '../state/overview.ts';
import type {State} from '../state/state.ts';
import {MemberRequests, type MemberSchedule, newMemberSchedule} from './member-requests.ts';
import type {PollingContext} from './polling-context.ts';

/** The context of the poller. */
type OverviewPollerOptions = PollingContext & {
	/**
	 * Returns the remaining time during which no requests are sent because the server specified a wait, in
	 * milliseconds; 0 if requests can be sent.
	 */
	readonly heldMs: () => number;
	/** Called with the IDs of deployments whose updates have reached the store. */
	readonly onPolled?: ((ids: readonly string[]) => void) | undefined;
};

/**
 * The maximum number of requests in flight: one less than the request gate allows, so that a request for the watched
 * deployment never has to wait until one of them ends.
 */
const maxAtOnce = 3;

/**
 * The maximum number of requests in flight for deployments whose last response was slow, so that requests for other
 * deployments don't have to wait for them.
 */
const maxSlowAtOnce = 1;

/**
 * The durations at which a request counts as slow, and at which it is aborted and counts as failed, in milliseconds.
 */
const slowMs = 2000;

const limitMs = 15_000;

/**
 * The minimum interval between updates to the store, and therefore between the redraws that they cause, in
 * milliseconds.
 */
const pauseMs = 1000;

/**
 * The maximum number of deployments whose metrics are requested even though they aren't live. Only the first ones in
 * the usual order count. Their metrics are requested once, and again after a failure, a change of status, or a refresh.
 */
const maxEnded = 100;

/** The longest delay that a Node.js timer supports, in milliseconds. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Until `signal` is aborted, polls all live deployments except the watched one whenever the overview needs them: each
 * one every 30 s, or less often if there are many or if the polling interval is longer. Deployments that have ended are
 * usually polled once. Failures go to the store, and the failed requests are retried forever.
 */
export async function pollOverview(options: OverviewPollerOptions, signal: AbortSignal): Promise<void> {
	await new OverviewPoller(options, signal).run();
}

class OverviewPoller {
	readonly #options: OverviewPollerOptions;
	readonly #signal: AbortSignal;
	readonly #requests: MemberRequests;
	readonly #tracks = new Map<string, MemberSchedule>();
	#news: MemberUpdate[] = [];
	#flushedMs = Number.NEGATIVE_INFINITY;
	#timer: NodeJS.Timeout | undefined;
	#refreshCount: number;
	/** An error that a request threw because of a bug. */
	#broken: {readonly error: unknown} | undefined;
	#wake = (): void => undefined;

	constructor(options: OverviewPollerOptions, signal: AbortSignal) {
		this.#options = options;
		this.#signal = signal;
		this.#requests = new MemberRequests(options);
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
	 * Starts the requests that are due. Returns the time after which to check again, in milliseconds; infinite if
	 * nothing can become due before a request ends or the state changes.
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
		let atOnce = tracks.filter(({isInFlight}) => isInFlight).length;
		let slow = tracks.filter(({isInFlight, isSlow}) => isInFlight && isSlow).length;
		let nextMs = Number.POSITIVE_INFINITY;
		for (const {deployment, track} of pollable.sort((a, b) => a.track.dueMs - b.track.dueMs)) {
			if (track.isInFlight || (track.isSlow && slow >= maxSlowAtOnce)) {
				continue;
			}

			if (track.dueMs > this.#elapsed()) {
				nextMs = track.dueMs - this.#elapsed();
				break;
			}

			if (atOnce === maxAtOnce) {
				break;
			}

			atOnce++;
			slow += track.isSlow ? 1 : 0;
			track.isInFlight = true;
			void this.#poll(deployment, track, everyMs);
		}

		return nextMs;
	}

	/**
	 * Makes all deployments due if a refresh was requested in the overview. Elsewhere, a refresh applies only to the
	 * watched deployment.
	 */
	#noticeRefresh({refreshCount, overlay}: State): void {
		if (refreshCount !== this.#refreshCount && overlay.kind === 'deployments') {
			for (const track of this.#tracks.values()) {
				track.dueMs = Number.NEGATIVE_INFINITY;
				track.requestedStatus = undefined;
			}
		}

		this.#refreshCount = refreshCount;
	}

	/**
	 * Returns the deployments to poll, now or later. The schedules of deployments that are no longer listed are
	 * dropped.
	 */
	#pollable(state: State): Array<{readonly deployment: Deployment; readonly track: MemberSchedule}> {
		const {deployments, target} = state;
		if (!isWatchingAll(state) || deployments.list === undefined) {
			return [];
		}

		const listed = new Set(deployments.list.map(({id}) => id));
		for (const [id, {isInFlight}] of this.#tracks) {
			if (!listed.has(id) && !isInFlight) {
				this.#tracks.delete(id);
			}
		}

		const watched = target.kind === 'deployment' ? target.id : undefined;
		let ended = 0;
		return orderDeployments(deployments.list).flatMap(deployment => {
			const {id, status} = deployment;
			const track = this.#tracks.get(id) ?? newMemberSchedule();
			const isNeeded =
				isLive(deployment) || (ended++ < maxEnded && (track.requestedStatus !== status || track.failures > 0));
			if (id === watched || !isNeeded) {
				return [];
			}

			this.#tracks.set(id, track);
			return {deployment, track};
		});
	}

	/** Polls one deployment, and notes the result. Never throws. */
	async #poll(deployment: Deployment, track: MemberSchedule, everyMs: number): Promise<void> {
		const beganMs = this.#elapsed();
		const limit = new AbortController();
		const abort = (): void => limit.abort();
		const timer = setTimeout(abort, limitMs);
		this.#signal.addEventListener('abort', abort, {once: true});
		try {
			const actions = await this.#requests.request(deployment, track, limit.signal).catch((error: unknown) => {
				if (!limit.signal.aborted) {
					throw error;
				}

				return [this.#requests.noteFailure(track, {kind: 'timeout', afterMs: limitMs})];
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
			track.isInFlight = false;
			track.requestedStatus = deployment.status;
			track.isSlow = this.#elapsed() - beganMs >= slowMs;
			this.#flush();
			this.#wake();
		}
	}

	/** Passes to the store everything received since the last time, but at most once per second. */
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

	/**
	 * Resolves after this time, when a request ends, when the deployments to poll or their intervals change, or when
	 * the signal is aborted.
	 */
	async #rest(milliseconds: number): Promise<void> {
		const {store} = this.#options;
		const before = store.getState();
		await new Promise<void>(resolve => {
			const timer =
				milliseconds > longestTimerMs ? undefined : setTimeout(() => this.#wake(), Math.max(milliseconds, 1));
			const unsubscribe = store.subscribe(() => {
				if (isPollingChanged(before, store.getState())) {
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
