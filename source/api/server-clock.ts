/** A server's Date has whole seconds, and its answer takes some: two clocks that differ by less are the same. */
const toleranceMs = 20_000;

/** Samples of this API are of no other time: a Date before or after is nonsense. */
const earliestMs = Date.UTC(2025, 0, 1);
const latestMs = Date.UTC(2100, 0, 1);

/** What time it is where the samples are taken, in epoch milliseconds. */
export type ServerClock = {
	readonly now: () => number;
	/** Takes what time the server has just said it is, in epoch milliseconds. What is before 2025 or after 2099 is ignored. */
	readonly notice: (serverMs: number) => void;
};

/**
 * The local clock, put right by what the server says: on a machine whose clock is an hour slow one would otherwise ask for
 * what was an hour ago, and take it for the newest.
 */
export function createServerClock(localNow: () => number): ServerClock {
	let aheadMs = 0;
	return {
		now: () => localNow() + aheadMs,
		notice(serverMs) {
			const differenceMs = serverMs - localNow();
			if (!(serverMs >= earliestMs && serverMs < latestMs)) {
				return;
			}

			if (Math.abs(differenceMs - aheadMs) > toleranceMs) {
				aheadMs = Math.abs(differenceMs) > toleranceMs ? differenceMs : 0;
			}
		},
	};
}
