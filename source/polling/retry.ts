import {type Failure, hasStatus} from '../api/failure.ts';

const firstWaitMs = 10_000;
const longestWaitMs = 120_000;

/** The bounds of a wait specified by the server, so that it causes neither a flood of requests nor an endless pause. */
const shortestNamedMs = 2000;
const longestNamedMs = 3_600_000;

/** Returns a wait specified by the server, in milliseconds, limited to at least 2 s and at most an hour. */
export function boundedWaitMs(retryAfterMs: number): number {
	return Math.min(Math.max(retryAfterMs, shortestNamedMs), longestNamedMs);
}

/**
 * How much a wait varies in either direction, so that monitors don't all retry at the same time when a server
 * recovers.
 */
const jitter = 0.1;

/**
 * Returns the wait after the `failures`th failure in a row: 10, 20, 40 … 120 s, each varied by up to a tenth. A wait
 * specified by the server is never shortened, and extended by a tenth at most.
 *
 * @param random a number from 0 (included) to 1
 */
export function retryWaitMs(failures: number, random: number, retryAfterMs?: number): number {
	if (retryAfterMs !== undefined) {
		return Math.round(boundedWaitMs(retryAfterMs) * (1 + jitter * random));
	}

	const waitMs = Math.min(firstWaitMs * 2 ** (failures - 1), longestWaitMs);
	return Math.round(waitMs * (1 + jitter * (2 * random - 1)));
}

/** The interval at which ages on the screen are updated: they are shown in minutes. */
const agesEveryMs = 60_000;

/** What ends a wait early: a manual refresh (`refreshCount`) or a change of view. */
export type PollTrigger = {readonly refreshCount: number; readonly view: string};

/**
 * The failures in a row, and the wait before the next attempt. All times are from a monotonic clock, in
 * milliseconds.
 */
export class RetryState {
	#failures = 0;
	#wait:
		| {readonly untilMs: number; ageAtMs: number; readonly trigger: PollTrigger; readonly failure: Failure}
		| undefined;

	/** Begins a wait, with the trigger that applied when the failed request was sent. Returns its length. */
	beginWait(failure: Failure, trigger: PollTrigger, elapsedMs: number, random: number): number {
		this.#failures++;
		const retryAfterMs = failure.kind === 'status' ? failure.retryAfterMs : undefined;
		const waitMs = retryWaitMs(this.#failures, random, retryAfterMs);
		this.#wait = {untilMs: elapsedMs + waitMs, ageAtMs: elapsedMs + agesEveryMs, trigger, failure};
		return waitMs;
	}

	/** Returns the remaining wait; undefined if there is none. */
	leftMs(trigger: PollTrigger, elapsedMs: number): number | undefined {
		const wait = this.#wait;
		if (wait === undefined) {
			return undefined;
		}

		return wait.trigger.refreshCount !== trigger.refreshCount || wait.trigger.view !== trigger.view
			? 0
			: wait.untilMs - elapsedMs;
	}

	/** Returns when the ages on the screen become outdated: infinite if there is no wait. */
	agesDueInMs(elapsedMs: number): number {
		return (this.#wait?.ageAtMs ?? Number.POSITIVE_INFINITY) - elapsedMs;
	}

	/** Notes that the ages were updated. */
	noteAgesUpdated(): void {
		if (this.#wait !== undefined) {
			this.#wait.ageAtMs += agesEveryMs;
		}
	}

	/** Ends the wait before the next attempt. Returns whether the key should be read again first. */
	endWait(): {readonly wantsKey: boolean} {
		const wantsKey = this.#wait !== undefined && hasStatus(this.#wait.failure, 401);
		this.#wait = undefined;
		return {wantsKey};
	}

	/** Resets after a response, or if a different deployment is watched. */
	reset(): void {
		this.#failures = 0;
		this.#wait = undefined;
	}
}
