import type {Onset} from '../findings.ts';
import type {Episode} from './rule.ts';

/**
 * When something begins and when it ends: the two lie apart (hysteresis), so that a value between them changes nothing.
 * Both are asked by the position of a sample.
 */
export type Hysteresis = {
	readonly onset: (position: number) => boolean;
	readonly clear: (position: number) => boolean;
	/** Consecutive samples that make it begin or end. */
	readonly onsetSamples: number;
	readonly clearSamples: number;
	/** How long a streak lasts at least to make it begin, from its first sample to its last, in milliseconds; 0 by default. */
	readonly onsetMs?: number;
	/** Samples further apart than this have a gap between them, which no streak spans. */
	readonly gapMs: number;
};

/** An episode, with the position of the last sample at which it held; −1 if that is older than the series. */
export type Streak = Episode & {readonly last: number};

/**
 * Returns the episodes of a series, oldest first; only the last can be open.
 *
 * A streak of samples that meet `onset` begins an episode at the first of them, a streak that meets `clear` ends it at the
 * first of them. A gap ends a streak but not an episode: without samples nothing is known. NaN samples are skipped. `held`
 * is an episode that is known to hold at the first sample. An episode that begins with the first sample may have begun
 * earlier. `times` are epoch milliseconds, ascending.
 */
export function findStreaks(
	times: Float64Array,
	values: Float64Array,
	rule: Hysteresis,
	held?: Onset | undefined,
): readonly Streak[] {
	const {onset, clear, onsetSamples, clearSamples, onsetMs = 0, gapMs} = rule;
	const streaks: Streak[] = [];
	let open: Onset | undefined = held;
	let isFirst = true;
	let lastHeld = -1;
	let previousMs = Number.NEGATIVE_INFINITY;
	let count = 0;
	let beganMs = 0;
	let beganFirst = false;
	for (let position = 0; position < times.length; position++) {
		if (Number.isNaN(values[position])) {
			continue;
		}

		const timeMs = times[position] ?? 0;
		if (timeMs - previousMs > gapMs) {
			count = 0;
		}

		previousMs = timeMs;
		if (open === undefined ? onset(position) : clear(position)) {
			if (count === 0) {
				beganMs = timeMs;
				beganFirst = isFirst;
			}

			count++;
		} else {
			count = 0;
		}

		isFirst = false;
		if (open === undefined) {
			if (count >= onsetSamples && timeMs - beganMs >= onsetMs) {
				open = {sinceMs: beganMs, sinceIsLowerBound: beganFirst};
				lastHeld = position;
				count = 0;
			}
		} else if (count >= clearSamples) {
			streaks.push({...open, untilMs: beganMs, last: lastHeld});
			open = undefined;
			count = 0;
		} else if (count === 0) {
			lastHeld = position;
		}
	}

	return open === undefined ? streaks : [...streaks, {...open, untilMs: undefined, last: lastHeld}];
}
