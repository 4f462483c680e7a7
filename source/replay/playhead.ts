import type {Link} from '../state/state.ts';

/** The interval at which ages on the screen are updated: they are shown in minutes. */
export const ageEveryMs = 60_000;

/** Decides when ages are updated without a response: once per minute of recorded time, during a failure only. */
export class AgeTimer {
	#link: Link | undefined;
	#dueMs = Number.POSITIVE_INFINITY;

	/** Returns the recorded time of the next update, in epoch milliseconds. */
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

/** The minimum delay, in milliseconds, at which the playhead waits for the last response. */
const longestLateMs = 200;

/** The position in a recording: recorded time in epoch milliseconds, based on a monotonic clock. */
export class Playhead {
	#positionMs: number;
	#atMs: number;
	#speed = 0;

	constructor(positionMs: number, elapsedMs: number) {
		this.#positionMs = positionMs;
		this.#atMs = elapsedMs;
	}

	/** Sets the speed in recorded seconds per second; 0 pauses. */
	setSpeed(speed: number, elapsedMs: number): void {
		this.#positionMs = this.positionMs(elapsedMs);
		this.#atMs = elapsedMs;
		this.#speed = speed;
	}

	moveTo(positionMs: number, elapsedMs: number): void {
		this.#positionMs = positionMs;
		this.#atMs = elapsedMs;
	}

	/** Holds the playhead at the last response if the machine is too slow for the speed. */
	holdBack(reportedMs: number, elapsedMs: number): void {
		if (this.positionMs(elapsedMs) - reportedMs > longestLateMs * this.#speed) {
			this.moveTo(reportedMs, elapsedMs);
		}
	}

	positionMs(elapsedMs: number): number {
		return this.#positionMs + (elapsedMs - this.#atMs) * this.#speed;
	}

	/** Returns the time until a recorded time is reached, in milliseconds; infinite while paused. */
	untilMs(timeMs: number, elapsedMs: number): number {
		if (this.#speed === 0) {
			return Number.POSITIVE_INFINITY;
		}

		return Math.max(timeMs - this.positionMs(elapsedMs), 0) / this.#speed;
	}
}
