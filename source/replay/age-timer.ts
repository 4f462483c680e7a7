import type {Link} from '../state/state.ts';

/** The ages on the screen are in minutes. */
export const ageEveryMs = 60_000;

/** Decides when ages are updated without a response: once a minute of recorded time, during a failure only. */
export class AgeTimer {
	#link: Link | undefined;
	#dueMs = Number.POSITIVE_INFINITY;

	/** The recorded time, in epoch milliseconds, at which it is time again. */
	get dueMs(): number {
		return this.#dueMs;
	}

	/** Notes an action that changed the connection. */
	note(link: Link, nowMs: number): void {
		if (link.kind !== 'failing') {
			this.#dueMs = Number.POSITIVE_INFINITY;
		} else if (link !== this.#link) {
			this.#dueMs = nowMs + ageEveryMs;
		}

		this.#link = link;
	}

	/** Notes that the ages were updated. */
	advance(): void {
		this.#dueMs += ageEveryMs;
	}
}
