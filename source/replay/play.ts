import type {TimeRange} from '../metrics/windows.ts';
import {Player, type PlayerOptions} from './player.ts';

/**
 * Plays a recording until `signal` is aborted, at the speed in the state, and stays at its end. Dispatches what the
 * poller dispatched, at the recorded times. Views that weren't requested at the time are assembled from the data
 * recorded up to that time.
 */
export async function play(options: PlayerOptions, signal: AbortSignal): Promise<undefined> {
	const player = new Player(options, signal);
	try {
		await player.play();
	} catch (error) {
		if (!signal.aborted) {
			throw error;
		}
	} finally {
		await player.close();
	}
}

/**
 * Plays a recording without waiting, up to the seek target, to its end, or until `signal` is aborted. Then shows
 * `range`, with all its recorded data, and reads the comparison.
 *
 * @throws UnreadableFile
 */
export async function playThrough(options: PlayerOptions, signal: AbortSignal, range?: TimeRange): Promise<void> {
	const player = new Player(options, signal);
	try {
		await player.playThrough();
		await (range === undefined ? player.restoreReference() : player.showRange(range));
	} finally {
		await player.close();
	}
}
