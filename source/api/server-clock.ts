/**
 * A server's Date has whole seconds, and its response takes some time: clocks that differ by less than this are the
 * same.
 */
const toleranceMs = 20_000;

/** Samples of this API are of no other time: a Date before or after is nonsense. */
const earliestMs = Date.UTC(2025, 0, 1);
const latestMs = Date.UTC(2100, 0, 1);

/** Returns the time where the samples are taken, in epoch milliseconds. */
export type ServerClock = {
	readonly now: () => number;
	/** Takes the server's current time, in epoch milliseconds. Times before 2025 or after 2099 are ignored. */
	readonly notice: (serverMs: number) => void;
};

/**
 * The local clock, corrected by the server's: otherwise a machine whose clock is an hour slow would request the data of
 * an hour ago and take it for the newest.
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
