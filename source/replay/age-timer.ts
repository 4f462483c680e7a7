import type {Link} from '../state/state.ts';

/** The ages on the screen are in minutes. */
export const ageEveryMs = 60_000;

/** Knows when ages are told again while nothing is answered: once a minute of recorded time, during a fault alone. */
export class AgeTimer {
	#link: Link | undefined;
	#dueMs = Number.POSITIVE_INFINITY;

	/** The recorded time, in epoch milliseconds, at which it is time again. */
	get dueMs(): number {
		return this.#dueMs;
	}

	/** Something was told, by which it stands so with the server. */
	note(link: Link, nowMs: number): void {
		if (link.kind !== 'failing') {
			this.#dueMs = Number.POSITIVE_INFINITY;
		} else if (link !== this.#link) {
			this.#dueMs = nowMs + ageEveryMs;
		}

		this.#link = link;
	}

	/** The ages were told. */
	advance(): void {
		this.#dueMs += ageEveryMs;
	}
}
