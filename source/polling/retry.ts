// Longer than 250 lines because it is the whole policy for failures: what is retried, when, and what shortens the wait.
import {type Failure, hasStatus, type Result} from '../api/failure.ts';
import type {Transport} from '../api/http.ts';

const firstWaitMs = 10_000;
const longestWaitMs = 120_000;

/**
 * The bounds of a wait specified by the server, in milliseconds, so that it causes neither a flood of requests nor an
 * endless pause.
 */
const shortestNamedMs = 2000;
const longestNamedMs = 3_600_000;

/** Returns a wait specified by the server, in milliseconds, limited to at least 2 s and at most an hour. */
function boundedWaitMs(retryAfterMs: number): number {
	return Math.min(Math.max(retryAfterMs, shortestNamedMs), longestNamedMs);
}

/**
 * The maximum fraction by which a wait varies, so that monitors don't all retry at the same time when a server
 * recovers. A wait specified by the server is only extended, never shortened.
 */
const jitter = 0.1;

/**
 * Returns the wait, in milliseconds, after the `failures`th failure in a row: 10, 20, 40, 80, and then always 120 s,
 * each varied by up to a tenth. A wait specified by the server is limited (`boundedWaitMs`), and extended by at most a
 * tenth.
 *
 * @param random a number from 0 (inclusive) to 1 (exclusive)
 */
export function retryWaitMs(failures: number, random: number, retryAfterMs?: number): number {
	if (retryAfterMs !== undefined) {
		return Math.round(boundedWaitMs(retryAfterMs) * (1 + jitter * random));
	}

	const waitMs = Math.min(firstWaitMs * 2 ** (failures - 1), longestWaitMs);
	return Math.round(waitMs * (1 + jitter * (2 * random - 1)));
}

/** The interval at which ages on the screen are updated if no response arrives, in milliseconds. */
export const agesEveryMs = 60_000;

/** The number of manual refreshes, and the view. A change of either ends a wait early. */
export type PollTrigger = {readonly refreshCount: number; readonly view: string};

/**
 * The number of failures in a row, and the wait before the next attempt. All times are from a monotonic clock, in
 * milliseconds.
 */
export class RetryState {
	#failures = 0;
	#wait:
		| {readonly untilMs: number; ageAtMs: number; readonly trigger: PollTrigger; readonly failure: Failure}
		| undefined;

	/**
	 * Begins a wait, with the trigger that applied when the failed request was sent. Returns the length of the wait, in
	 * milliseconds.
	 */
	beginWait(failure: Failure, trigger: PollTrigger, elapsedMs: number, random: number): number {
		this.#failures++;
		const retryAfterMs = failure.kind === 'status' ? failure.retryAfterMs : undefined;
		const waitMs = retryWaitMs(this.#failures, random, retryAfterMs);
		this.#wait = {untilMs: elapsedMs + waitMs, ageAtMs: elapsedMs + agesEveryMs, trigger, failure};
		return waitMs;
	}

	/**
	 * Returns the remaining wait, in milliseconds; 0 or less if it is over, or if the trigger has changed; undefined if
	 * there is no wait.
	 */
	leftMs(trigger: PollTrigger, elapsedMs: number): number | undefined {
		const wait = this.#wait;
		if (wait === undefined) {
			return undefined;
		}

		return wait.trigger.refreshCount !== trigger.refreshCount || wait.trigger.view !== trigger.view
			? 0
			: wait.untilMs - elapsedMs;
	}

	/** Returns the time until the ages on the screen become outdated, in milliseconds; infinite if there is no wait. */
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

	/** Clears the failures and the wait, after a response or if a different deployment is watched. */
	reset(): void {
		this.#failures = 0;
		this.#wait = undefined;
	}
}

/** The maximum number of requests in flight, and of requests sent within a second. */
type RequestBudget = {readonly atOnce: number; readonly perSecond: number};

/**
 * The budget for all requests that use the key. The API allows 100 requests per second for everything that uses the
 * key.
 */
const usualBudget: RequestBudget = {atOnce: 4, perSecond: 10};

/** A failure in which the server specified a wait, and the end of that wait, in milliseconds on a monotonic clock. */
type Hold = {readonly failure: Extract<Failure, {kind: 'status'}>; readonly untilMs: number};

/**
 * The place of a request among those in flight. `refusal` is the request's result if the server specified a wait before
 * the request was sent, or before it was sent again.
 */
type Slot = {isTaken: boolean; refusal: Result<never> | undefined};

/**
 * The rate limiter for all requests that use the key, regardless of route, view, and deployment. It keeps them within
 * its budget, first come, first served. Once the server specifies a wait (`retry_after` or `Retry-After`), the rate
 * limiter sends no requests until the wait is over or `open` is called.
 */
export class RequestGate {
	readonly #elapsed: () => number;
	readonly #budget: RequestBudget;
	/** The functions that start the queued requests, in order. */
	readonly #queue: Array<() => void> = [];
	/** The start times of the latest requests, at most as many as can begin within a second. */
	readonly #begun: number[] = [];
	#underWay = 0;
	#hold: Hold | undefined;
	#timer: NodeJS.Timeout | undefined;

	/** @param elapsed a monotonic clock, in milliseconds */
	constructor(elapsed: () => number, budget: RequestBudget = usualBudget) {
		this.#elapsed = elapsed;
		this.#budget = budget;
	}

	/** Ends the wait that the server specified, because the user refreshed. */
	open(): void {
		this.#hold = undefined;
	}

	/** Returns the remaining time during which no requests are sent, in milliseconds; 0 if requests can be sent. */
	heldMs(): number {
		return Math.max(0, (this.#hold?.untilMs ?? 0) - this.#elapsed());
	}

	/**
	 * Returns a transport whose requests go through this gate. During a wait specified by the server, it sends nothing:
	 * every request fails immediately with the failure that specified the wait, in which the remaining time replaces
	 * the original one. A request that has to be sent again because its kept-alive connection was closed waits for its
	 * turn like a new one.
	 */
	guard(transport: Transport): Transport {
		return async (inquiry, signal) => {
			const held = this.#held();
			if (held !== undefined) {
				signal.throwIfAborted();
				return {ok: false, failure: held, tookMs: 0};
			}

			const slot: Slot = {isTaken: false, refusal: undefined};
			const mayRepeat = async (stop: AbortSignal): Promise<boolean> => {
				this.#leave(slot);
				await this.#enter(slot, stop);
				return slot.refusal === undefined;
			};
			try {
				await this.#enter(slot, signal);
				const result = slot.refusal ?? (await transport({...inquiry, mayRepeat}, signal));
				if (slot.refusal !== undefined) {
					return slot.refusal;
				}

				if (!result.ok) {
					this.#notice(result.failure);
				}

				return result;
			} finally {
				this.#leave(slot);
			}
		};
	}

	/** Waits for a slot. `slot.refusal` is set if a wait began while the request was in the queue. */
	async #enter(slot: Slot, signal: AbortSignal): Promise<void> {
		await this.#turn(signal);
		slot.isTaken = true;
		const failure = this.#held();
		slot.refusal = failure === undefined ? undefined : {ok: false, failure, tookMs: 0};
	}

	#leave(slot: Slot): void {
		this.#underWay -= slot.isTaken ? 1 : 0;
		slot.isTaken = false;
		this.#next();
	}

	#held(): Failure | undefined {
		const retryAfterMs = this.heldMs();
		return this.#hold === undefined || retryAfterMs === 0 ? undefined : {...this.#hold.failure, retryAfterMs};
	}

	#notice(failure: Failure): void {
		if (failure.kind === 'status' && failure.retryAfterMs !== undefined) {
			const untilMs = this.#elapsed() + boundedWaitMs(failure.retryAfterMs);
			this.#hold = {failure, untilMs: Math.max(untilMs, this.#hold?.untilMs ?? 0)};
		}
	}

	/** Resolves when a request's turn comes, and counts the request as in flight. Rejects if it is aborted first. */
	async #turn(signal: AbortSignal): Promise<void> {
		signal.throwIfAborted();
		await new Promise<void>((resolve, reject) => {
			const abort = (): void => {
				this.#queue.splice(this.#queue.indexOf(begin), 1);
				reject(signal.reason);
			};
			const begin = (): void => {
				signal.removeEventListener('abort', abort);
				resolve();
			};
			signal.addEventListener('abort', abort, {once: true});
			this.#queue.push(begin);
			this.#next();
		});
	}

	/** Starts the requests whose turn it is, and schedules the next check. */
	#next(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		while (this.#queue.length > 0 && this.#underWay < this.#budget.atOnce) {
			const nowMs = this.#elapsed();
			const [oldest = Number.NEGATIVE_INFINITY] = this.#begun;
			const waitMs = this.#begun.length < this.#budget.perSecond ? 0 : oldest + 1000 - nowMs;
			if (waitMs > 0) {
				this.#timer = setTimeout(() => this.#next(), Math.ceil(waitMs));
				return;
			}

			this.#underWay++;
			this.#begun.push(nowMs);
			this.#begun.splice(0, this.#begun.length - this.#budget.perSecond);
			this.#queue.shift()?.();
		}
	}
}
