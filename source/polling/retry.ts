import {type Failure, hasStatus} from '../api/failure.ts';
import {backoffDelayMs} from './backoff.ts';

/** The ages on the screen are in minutes. */
const ageEveryMs = 60_000;

/** What ends a wait before its time: the user asks for an answer now, or looks at something else. */
export type Wish = {readonly asked: number; readonly view: string};

/** The faults in a row, and the wait for the next try. All times are by a clock that only goes on, in milliseconds. */
export class Outage {
	#failures = 0;
	#wait: {readonly untilMs: number; ageAtMs: number; readonly wish: Wish; readonly failure: Failure} | undefined;

	/** Begins to wait, with what was wished when the request that failed was sent. Returns how long. */
	begin(failure: Failure, wish: Wish, elapsedMs: number, random: number): number {
		this.#failures++;
		const retryAfterMs = failure.kind === 'status' ? failure.retryAfterMs : undefined;
		const delayMs = backoffDelayMs(this.#failures, random, retryAfterMs);
		this.#wait = {untilMs: elapsedMs + delayMs, ageAtMs: elapsedMs + ageEveryMs, wish, failure};
		return delayMs;
	}

	/** How long there is still to wait; undefined where nothing is waited out. */
	leftMs(wish: Wish, elapsedMs: number): number | undefined {
		const wait = this.#wait;
		if (wait === undefined) {
			return undefined;
		}

		return wait.wish.asked !== wish.asked || wait.wish.view !== wish.view ? 0 : wait.untilMs - elapsedMs;
	}

	/** In how long the ages on the screen are no longer true: infinite where nothing is waited out. */
	untilAgedMs(elapsedMs: number): number {
		return (this.#wait?.ageAtMs ?? Number.POSITIVE_INFINITY) - elapsedMs;
	}

	/** The ages were told anew. */
	age(): void {
		if (this.#wait !== undefined) {
			this.#wait.ageAtMs += ageEveryMs;
		}
	}

	/** The wait is over: the next try begins. Returns whether the key should be read again before it. */
	endWait(): {readonly wantsKey: boolean} {
		const wantsKey = this.#wait !== undefined && hasStatus(this.#wait.failure, 401);
		this.#wait = undefined;
		return {wantsKey};
	}

	/** There was an answer, or something else is watched. */
	end(): void {
		this.#failures = 0;
		this.#wait = undefined;
	}
}
