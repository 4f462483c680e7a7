import type {Client} from '../api/client.ts';
import type {Deployment} from '../api/deployment.ts';
import {type Failure, hasStatus} from '../api/failure.ts';
import {emptyHistory} from '../metrics/history.ts';
import type {PollerAction} from '../state/actions.ts';
import {memberOf} from '../state/overview.ts';
import {findingsWindow, type State} from '../state/state.ts';
import type {Store} from '../state/store.ts';
import {classifyResponse, type MetricsOutcome, requestMetrics, toAction} from './metrics-result.ts';
import {planQuery} from './query-range.ts';
import {backoffDelayMs} from './retry.ts';
import type {Clock} from './wait.ts';

/** The context of requests for members. */
export type MemberRequestsOptions = {
	/** Shares the rate limit of all requests with the key. Its responses aren't recorded. */
	readonly client: Client;
	readonly store: Store;
	/** Reads the stored key again after a 401. */
	readonly renewKey: (signal: AbortSignal) => Promise<void>;
	readonly clock: Clock;
	/** A number from 0 (included) to 1, for the jitter. */
	readonly random: () => number;
};

/** The run is requested only for a deployment that is RUNNING without an active run, and not more often than this. */
const runEveryMs = 120_000;

/** The minimum delay before a failure is retried, in milliseconds, unless the server specifies a wait. */
const shortestRetryMs = 30_000;

/** The past requests of one deployment. Times are from a monotonic clock, in milliseconds. */
export type Track = {
	dueMs: number;
	/** The deployment's status when it was last requested: an ended one is requested again if this changed. */
	askedAs: string | undefined;
	failures: number;
	isSlow: boolean;
	isUnderWay: boolean;
	runAtMs: number;
	withStep: boolean;
	stepsAtOnce: number;
};

/** Returns the track of a deployment that hasn't been requested yet, which is due immediately. */
export function newTrack(): Track {
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
 * Requests the deployments in the overview one by one: their metrics of the last hour and, if necessary, their runs.
 */
export class MemberRequests {
	readonly #options: MemberRequestsOptions;
	/** Why the key was rejected, until it is read again. */
	#rejection: Failure | undefined;

	constructor(options: MemberRequestsOptions) {
		this.#options = options;
	}

	/** Requests the metrics and, if necessary, the run of a deployment. Throws if `signal` is aborted. */
	async request(deployment: Deployment, track: Track, signal: AbortSignal): Promise<readonly PollerAction[]> {
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
			return [this.failed(track, outcome.failure)];
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
		const isNeeded = status === 'RUNNING' && (activeRunId === undefined || hadEnded);
		if (runId === undefined || !isNeeded || this.#elapsed() < track.runAtMs) {
			return undefined;
		}

		const {client, clock} = this.#options;
		track.runAtMs = this.#elapsed() + runEveryMs;
		const run = await client.run(runId, signal);
		const atMs = clock.now();
		return run.ok ? {type: 'sideRequestSucceeded', response: {kind: 'run', run: run.value, atMs}, atMs} : undefined;
	}

	/** Notes a failure, and returns it with the time of the next attempt. */
	failed(track: Track, failure: Failure): PollerAction {
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
