const firstDelayMs = 10_000;
const longestDelayMs = 120_000;

/** A wait that the server names is kept within these bounds: it can neither make us hammer it nor fall asleep. */
const shortestNamedMs = 2000;
const longestNamedMs = 3_600_000;

/** Returns a wait that the server named, in milliseconds, at least 2 s and at most an hour. */
export function boundedWaitMs(retryAfterMs: number): number {
	return Math.min(Math.max(retryAfterMs, shortestNamedMs), longestNamedMs);
}

/** How much a delay varies to either side, so that monitors don't all retry at once when a server recovers. */
const jitter = 0.1;

/**
 * How long to wait after the `failures`th failure in a row: 10, 20, 40 … 120 s, each varied by up to a tenth. A wait that
 * the server named is obeyed: it is never cut short, and lengthened by a tenth at most.
 *
 * @param random a number from 0 (included) to 1
 */
export function backoffDelayMs(failures: number, random: number, retryAfterMs?: number): number {
	if (retryAfterMs !== undefined) {
		return Math.round(boundedWaitMs(retryAfterMs) * (1 + jitter * random));
	}

	const delay = Math.min(firstDelayMs * 2 ** (failures - 1), longestDelayMs);
	return Math.round(delay * (1 + jitter * (2 * random - 1)));
}
