/** What is told later than this is late. */
const longestLateMs = 200;

/** Where in a recording one is: recorded time in epoch milliseconds, by a clock that only goes on. */
export class Playhead {
	#positionMs: number;
	#atMs: number;
	#speed = 0;

	constructor(positionMs: number, elapsedMs: number) {
		this.#positionMs = positionMs;
		this.#atMs = elapsedMs;
	}

	/** Goes on at this speed, recorded seconds a second; 0 stands still. */
	setSpeed(speed: number, elapsedMs: number): void {
		this.#positionMs = this.positionMs(elapsedMs);
		this.#atMs = elapsedMs;
		this.#speed = speed;
	}

	moveTo(positionMs: number, elapsedMs: number): void {
		this.#positionMs = positionMs;
		this.#atMs = elapsedMs;
	}

	/** Where the machine is too slow for the speed, time does not run ahead of what was told last. */
	holdBack(toldMs: number, elapsedMs: number): void {
		if (this.positionMs(elapsedMs) - toldMs > longestLateMs * this.#speed) {
			this.moveTo(toldMs, elapsedMs);
		}
	}

	positionMs(elapsedMs: number): number {
		return this.#positionMs + (elapsedMs - this.#atMs) * this.#speed;
	}

	/** In how many milliseconds a recorded time is reached: not ever, where it stands still. */
	untilMs(timeMs: number, elapsedMs: number): number {
		if (this.#speed === 0) {
			return Number.POSITIVE_INFINITY;
		}

		return Math.max(timeMs - this.positionMs(elapsedMs), 0) / this.#speed;
	}
}
