import type {Deployment} from '../api/deployment.ts';
import {type Failure, hasStatus} from '../api/failure.ts';
import {emptyHistory} from '../metrics/history.ts';
import type {PollerAction} from '../state/actions.ts';
import {memberOf} from '../state/overview.ts';
import {findingsWindow, type State} from '../state/state.ts';
import {classifyResponse, type MetricsOutcome, requestMetrics, toAction} from './fetch-metrics.ts';
import type {PollingContext} from './polling-context.ts';
import {planQuery} from './query-range.ts';
import {retryWaitMs} from './retry.ts';

/**
 * The minimum interval between requests for a run, in milliseconds. The run is requested only if the deployment is
 * RUNNING, and if either no run is active or the run had ended when it was last requested.
 */
const runEveryMs = 120_000;

/** The minimum wait before a failed request is retried, in milliseconds, unless the server specifies a wait. */
const shortestRetryMs = 30_000;

/**
 * The schedule of the requests for one deployment, and the results of past ones. Times are from a monotonic clock, in
 * milliseconds.
 */
export type MemberSchedule = {
	dueMs: number;
	/**
	 * The deployment's status when its metrics were last requested. The metrics of a deployment that has ended are
	 * requested again if its status has changed.
	 */
	requestedStatus: string | undefined;
	failures: number;
	isSlow: boolean;
	isInFlight: boolean;
	runAtMs: number;
	withStep: boolean;
	stepsAtOnce: number;
};

/** Returns the schedule of a deployment whose metrics haven't been requested yet and are due immediately. */
export function newMemberSchedule(): MemberSchedule {
	return {
		dueMs: Number.NEGATIVE_INFINITY,
		requestedStatus: undefined,
		failures: 0,
		isSlow: false,
		isInFlight: false,
		runAtMs: Number.NEGATIVE_INFINITY,
		withStep: true,
		stepsAtOnce: Number.POSITIVE_INFINITY,
	};
}

/**
 * Sends the requests for deployments in the overview: for each one, a request for its metrics from the last hour and,
 * if necessary, one for its run. They count toward the same limits as all other requests that use the key. The
 * responses aren't recorded.
 */
export class MemberRequests {
	readonly #options: PollingContext;
	/** Why the key was rejected, until it is read again. */
	#rejection: Failure | undefined;

	constructor(options: PollingContext) {
		this.#options = options;
	}

	/** Requests the metrics and, if necessary, the run of a deployment. Throws if `signal` is aborted. */
	async request(deployment: Deployment, track: MemberSchedule, signal: AbortSignal): Promise<readonly PollerAction[]> {
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
			return [this.noteFailure(track, outcome.failure)];
		}

		track.failures = 0;
		const received = toAction(withoutLeader(outcome), {kind: 'live', window: findingsWindow.name, range}, clock.now());
		const run = await this.#requestRun(deployment, track, {member, signal});
		return run === undefined ? [received] : [received, run];
	}

	/**
	 * Requests the run of a RUNNING deployment if the run might have ended: no run is active, or the run had ended when
	 * it was last requested. Returns undefined if the run isn't requested, or if the request fails.
	 */
	async #requestRun(
		{status, runId, activeRunId}: Deployment,
		track: MemberSchedule,
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
	noteFailure(track: MemberSchedule, failure: Failure): PollerAction {
		const {clock, random} = this.#options;
		track.failures++;
		this.#rejection = hasStatus(failure, 401) ? failure : this.#rejection;
		const retryAfterMs = failure.kind === 'status' ? failure.retryAfterMs : undefined;
		const usualMs = retryWaitMs(track.failures, random(), retryAfterMs);
		const waitMs = retryAfterMs === undefined ? Math.max(usualMs, shortestRetryMs) : usualMs;
		track.dueMs = this.#elapsed() + waitMs;
		const atMs = clock.now();
		return {type: 'pollFailed', failure, atMs, nextAtMs: atMs + waitMs};
	}

	#elapsed(): number {
		return this.#options.clock.elapsed();
	}
}

/**
 * Returns a response without the leader's series if it contains nodes: these series equal those of one of the nodes.
 * With four nodes, they are a fifth of the data.
 */
function withoutLeader(
	outcome: Exclude<MetricsOutcome, {kind: 'failure'}>,
): Exclude<MetricsOutcome, {kind: 'failure'}> {
	return outcome.kind === 'metrics' && outcome.response.nodes.length > 0
		? {...outcome, response: {...outcome.response, leader: emptyHistory(findingsWindow).leader}}
		: outcome;
}
