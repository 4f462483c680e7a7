/** The poll intervals that `<` and `>` go through, in milliseconds. */
const intervals = [2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000] as const;

/** The next longer (`by` 1) or shorter (`by` −1) interval; one from the command line need not be in the list. */
export function stepInterval(intervalMs: number, by: number): number {
	const shorter = intervals.findLast(other => other < intervalMs);
	const longer = intervals.find(other => other > intervalMs);
	return (by < 0 ? shorter : longer) ?? intervalMs;
}
