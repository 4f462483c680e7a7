import type {Failure} from '../api/failure.ts';
import type {SideRequestName} from '../state/actions.ts';
import type {State} from '../state/state.ts';
import {logErrorsRequest, logsSideRequests} from './logs-requests.ts';
import type {SideRequest} from './polling-context.ts';
import {retryWaitMs} from './retry.ts';
import {samplerExtrasRequest, samplerRequest} from './sampler-request.ts';
import {checkpointsRequest, deploymentsRequest, pricesRequest, referenceRequest, runRequest} from './side-requests.ts';

/** All side requests, in the order in which they are sent if several are due. */
export const sideRequests: readonly SideRequest[] = [
	deploymentsRequest,
	samplerRequest,
	samplerExtrasRequest,
	referenceRequest,
	...logsSideRequests,
	logErrorsRequest,
	pricesRequest,
	runRequest,
	checkpointsRequest,
];

/** The minimum pause between two side requests, regardless of the interval. */
const shortestPauseMs = 1000;

type Run = {
	readonly key: string;
	/** The `refreshCount` of the state when the request was last sent. */
	readonly refreshCount: number;
	/** When the request is due again, on a monotonic clock; infinite if the server rejects the request. */
	readonly nextAtMs: number;
	readonly failures: number;
};

/**
 * Returns whether a failure is a rejection that a retry can't fix: the route doesn't exist, or the key has no access to
 * it. After a 401, the key can be renewed.
 */
export function isPermanent(failure: Failure): boolean {
	return (
		failure.kind === 'status' &&
		failure.status >= 400 &&
		failure.status < 500 &&
		![401, 408, 425, 429].includes(failure.status)
	);
}

/** Decides which side request is due when. All times are from a monotonic clock, in milliseconds. */
export class SideSchedule {
	readonly #runs = new Map<SideRequestName, Run>();

	/**
	 * Returns the side request that is due first, and in how long; undefined if none is needed. Requests that are no
	 * longer needed are dropped.
	 */
	next(state: State, elapsedMs: number): {readonly request: SideRequest; readonly dueInMs: number} | undefined {
		let first: {readonly request: SideRequest; readonly dueInMs: number} | undefined;
		for (const request of sideRequests) {
			const wanted = request.wanted(state);
			if (wanted === undefined) {
				this.#runs.delete(request.name);
				continue;
			}

			const run = this.#runs.get(request.name);
			const isNew = run === undefined || run.key !== wanted.key || run.refreshCount !== state.refreshCount;
			const dueInMs = isNew ? 0 : run.nextAtMs - elapsedMs;
			if (first === undefined || dueInMs < first.dueInMs) {
				first = {request, dueInMs};
			}
		}

		return first;
	}

	/** Notes a response. `state` is the one with which the request was sent. */
	noteResponse(
		{name, wanted}: SideRequest,
		state: State,
		{beganMs, endedMs}: {readonly beganMs: number; readonly endedMs: number},
	): void {
		const {key = '', everyMs = 0} = wanted(state) ?? {};
		const nextAtMs = Math.max(beganMs + everyMs, endedMs + shortestPauseMs);
		this.#runs.set(name, {key, refreshCount: state.refreshCount, nextAtMs, failures: 0});
	}

	/** Notes a failure, and returns how long to wait; undefined if it isn't retried. */
	noteFailure(
		{name, wanted}: SideRequest,
		state: State,
		{failure, endedMs, random}: {readonly failure: Failure; readonly endedMs: number; readonly random: number},
	): number | undefined {
		const key = wanted(state)?.key ?? '';
		const failures = (this.#runs.get(name)?.failures ?? 0) + 1;
		const retryAfterMs = failure.kind === 'status' ? failure.retryAfterMs : undefined;
		const waitMs = isPermanent(failure) ? Number.POSITIVE_INFINITY : retryWaitMs(failures, random, retryAfterMs);
		this.#runs.set(name, {key, refreshCount: state.refreshCount, nextAtMs: endedMs + waitMs, failures});
		return Number.isFinite(waitMs) ? waitMs : undefined;
	}
}
