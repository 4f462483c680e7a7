import {Player, type PlayerOptions} from './player.ts';

/**
 * Plays a recording until `signal` is aborted, at the speed that the state says, and stays at its end: it tells the store what
 * the poller told, at the recorded times. What the user looks at and was not asked for then is put together from what the
 * recording knows until that time.
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
 * Plays a recording without waiting, to where the state wants to go, to its end, or until `signal` is aborted.
 *
 * @throws UnreadableFile
 */
export async function playThrough(options: PlayerOptions, signal: AbortSignal): Promise<void> {
	const player = new Player(options, signal);
	try {
		await player.playThrough();
	} finally {
		await player.close();
	}
}
