/** The delay from which on the playhead is held back, in milliseconds. */
const longestLateMs = 200;

/** The position in a recording: recorded time in epoch milliseconds, by a monotonic clock. */
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

	/** If the machine is too slow for the speed, time doesn't run ahead of the last response. */
	holdBack(reportedMs: number, elapsedMs: number): void {
		if (this.positionMs(elapsedMs) - reportedMs > longestLateMs * this.#speed) {
			this.moveTo(reportedMs, elapsedMs);
		}
	}

	positionMs(elapsedMs: number): number {
		return this.#positionMs + (elapsedMs - this.#atMs) * this.#speed;
	}

	/** Returns in how many milliseconds a recorded time is reached; infinite while paused. */
	untilMs(timeMs: number, elapsedMs: number): number {
		if (this.#speed === 0) {
			return Number.POSITIVE_INFINITY;
		}

		return Math.max(timeMs - this.positionMs(elapsedMs), 0) / this.#speed;
	}
}
