import type {Setting} from './setting.ts';

const minute = 60_000;
const gibibyte = 1024 ** 3;

/** The newest sample of all, where the collectors have stopped or have not begun. */
export function newestSampleMs({scenario, startedAtMs}: Setting): number {
	const stale = scenario === 'stale' ? startedAtMs - 12 * minute : Number.POSITIVE_INFINITY;
	return scenario === 'empty' ? Number.NEGATIVE_INFINITY : stale;
}

/** Whether a node tells nothing: in `missing` the last one, from six minutes before the start on. */
export function isSilentAt({scenario, startedAtMs, nodes}: Setting, node: number, timeMs: number): boolean {
	return scenario === 'missing' && node === nodes - 1 && timeMs >= startedAtMs - 6 * minute;
}

/** The ephemeral storage of a node. */
export const storageBytes = 960 * gibibyte;

/** What there is of something in use, which is usual or not: all in bytes. */
type Filling = (isConcerned: boolean, timeMs: number, usual: number, full: number) => number;

/** In `full` what is concerned grows steadily for forty minutes, from what is usual to what is nearly all that there is. */
export function createFilling({scenario, startedAtMs}: Setting): Filling {
	const beganMs = startedAtMs - 44 * minute;
	return (isConcerned, timeMs, usual, full) => {
		const part = Math.min(1, Math.max(0, (timeMs - beganMs) / (40 * minute)));
		return scenario === 'full' && isConcerned ? usual + part * (full - usual) : usual;
	};
}
