import type {Setting} from './setting.ts';

const minute = 60_000;
const gibibyte = 1024 ** 3;

/** Returns the time of the newest sample, if the collectors have stopped or haven't started. */
export function newestSampleMs({scenario, startedAtMs}: Setting): number {
	const stale = scenario === 'stale' ? startedAtMs - 12 * minute : Number.POSITIVE_INFINITY;
	return scenario === 'empty' ? Number.NEGATIVE_INFINITY : stale;
}

/** Returns whether a node is silent: in `missing`, the last one, from six minutes before the start. */
export function isSilentAt({scenario, startedAtMs, nodes}: Setting, node: number, timeMs: number): boolean {
	return scenario === 'missing' && node === nodes - 1 && timeMs >= startedAtMs - 6 * minute;
}

/** The ephemeral storage of a node. */
export const storageBytes = 960 * gibibyte;

/** Returns how much of a resource is in use, in bytes, between its usual and its full level. */
type Filling = (isConcerned: boolean, timeMs: number, usual: number, full: number) => number;

/** In `full`, affected resources grow steadily for forty minutes from their usual level to almost all of it. */
export function createFilling({scenario, startedAtMs}: Setting): Filling {
	const beganMs = startedAtMs - 44 * minute;
	return (isConcerned, timeMs, usual, full) => {
		const part = Math.min(1, Math.max(0, (timeMs - beganMs) / (40 * minute)));
		return scenario === 'full' && isConcerned ? usual + part * (full - usual) : usual;
	};
}
