import type {Points} from '../api/points.ts';
import {positionOf} from './series.ts';

/**
 * Merges pairs of series, and drops points older than `fromMs`. Fresh points replace known ones with the same time,
 * because the newest point is often revised by the next response. Because a response has thousands of series,
 * successive pairs with the same two `times` share the times of their results, and an unchanged series is returned as
 * the same object, so that results cached for it remain valid.
 */
export class PointsMerger {
	readonly #fromMs: number;
	#from: {readonly known: Float64Array; readonly fresh: Float64Array; readonly until: readonly number[]} | undefined;
	#times: Float64Array = new Float64Array(0);
	/**
	 * The location of the value for each time: the position in the known series, or the bitwise complement of the
	 * position in the fresh one.
	 */
	#sources = new Int32Array(0);
	/** The position of the first fresh point in the result. */
	#freshFrom = 0;
	/** The number of points at the start of the result that are consecutive points of the known series. */
	#knownCount = 0;

	constructor(fromMs: number) {
		this.#fromMs = fromMs;
	}

	/** Merges the points of two series, up to and including `knownUntilMs` and `freshUntilMs`, respectively. */
	merge(
		known: Points,
		fresh: Points,
		knownUntilMs = Number.POSITIVE_INFINITY,
		freshUntilMs = Number.POSITIVE_INFINITY,
	): Points {
		const from = this.#from;
		if (
			from?.known !== known.times ||
			from.fresh !== fresh.times ||
			from.until[0] !== knownUntilMs ||
			from.until[1] !== freshUntilMs
		) {
			this.#plan(known, fresh, knownUntilMs, freshUntilMs);
		}

		if (this.#times === known.times && this.#isAsKnown(known, fresh)) {
			return known;
		}

		if (this.#times === fresh.times) {
			return fresh;
		}

		const sources = this.#sources;
		const values = new Float64Array(sources.length);
		const count = this.#knownCount;
		if (count > 0) {
			const first = sources[0] ?? 0;
			values.set(known.values.subarray(first, first + count));
		}

		for (let index = count; index < sources.length; index++) {
			const source = sources[index] ?? 0;
			values[index] = (source >= 0 ? known.values[source] : fresh.values[~source]) ?? Number.NaN;
		}

		return {times: this.#times, values};
	}

	/** Returns whether all fresh values equal the known ones that they replace. Called only if the times are equal. */
	#isAsKnown({values}: Points, fresh: Points): boolean {
		const sources = this.#sources;
		for (let index = this.#freshFrom; index < sources.length; index++) {
			const source = sources[index] ?? 0;
			if (source < 0 && !Object.is(fresh.values[~source], values[index])) {
				return false;
			}
		}

		return true;
	}

	#plan(known: Points, fresh: Points, knownUntilMs: number, freshUntilMs: number): void {
		const [knownEnd, freshEnd] = [positionOf(known, knownUntilMs + 1), positionOf(fresh, freshUntilMs + 1)];
		let a = positionOf(known, this.#fromMs);
		let b = positionOf(fresh, this.#fromMs);
		const most = Math.max(knownEnd - a, 0) + Math.max(freshEnd - b, 0);
		const times = new Float64Array(most);
		const sources = new Int32Array(most);
		let length = 0;
		let freshCount = 0;
		let freshFrom = most;
		while (a < knownEnd || b < freshEnd) {
			const knownTime = a < knownEnd ? (known.times[a] ?? 0) : Number.POSITIVE_INFINITY;
			const freshTime = b < freshEnd ? (fresh.times[b] ?? 0) : Number.POSITIVE_INFINITY;
			const isFresh = freshTime <= knownTime;
			times[length] = isFresh ? freshTime : knownTime;
			sources[length] = isFresh ? ~b : a;
			freshFrom = isFresh ? Math.min(freshFrom, length) : freshFrom;
			length++;
			freshCount += isFresh ? 1 : 0;
			a += knownTime <= freshTime ? 1 : 0;
			b += isFresh ? 1 : 0;
		}

		this.#freshFrom = freshFrom;
		// Known points are skipped only in favor of fresh ones.
		this.#knownCount = Math.min(freshFrom, length);
		const isKnown = length === known.times.length && known.times.every((time, index) => time === times[index]);
		const isFresh = freshCount === length && length === fresh.times.length;
		this.#from = {known: known.times, fresh: fresh.times, until: [knownUntilMs, freshUntilMs]};
		this.#times = isKnown ? known.times : isFresh ? fresh.times : times.slice(0, length);
		this.#sources = sources.subarray(0, length);
	}
}

/** Merges two series as a `PointsMerger` does. */
export function mergePoints(known: Points, fresh: Points, fromMs: number): Points {
	return new PointsMerger(fromMs).merge(known, fresh);
}
