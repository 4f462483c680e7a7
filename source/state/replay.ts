/** The playback state of a recording. */
export type Replay = {
	/** Playback speed: seconds of the recording per second. */
	readonly speed: number;
	readonly isPaused: boolean;
	/** The recording ended, or can't be read any further; in that case, `why` is a clause. */
	readonly ended: {readonly why: string | undefined} | undefined;
	/** The seek target, in epoch milliseconds, until the player reaches it. */
	readonly seekTarget: {readonly toMs: number} | undefined;
	/**
	 * When the next response was recorded, if there was a long gap, in epoch milliseconds. The gap is over once that
	 * time is reached.
	 */
	readonly gapEndMs?: number | undefined;
	/**
	 * The name of the window that was shown during the recording; only that window and the findings' window were
	 * requested.
	 */
	readonly recordedWindow: string;
	/**
	 * The first and last time of the recording, in epoch milliseconds; the last time is known once all of it has been
	 * read.
	 */
	readonly extent?: {readonly startMs: number; readonly endMs: number | undefined};
};

/** The slowest playback speed. */
export const slowest = 0.1;
/** The fastest playback speed. */
export const fastest = 1000;
