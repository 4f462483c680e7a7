/** The playback state of a recording. */
export type Replay = {
	/** Playback speed: seconds of the recording per second. */
	readonly speed: number;
	readonly isPaused: boolean;
	/**
	 * Set once the replay has ended. If the recording can't be read any further, `why` is a clause that gives the
	 * reason.
	 */
	readonly ended: {readonly why: string | undefined} | undefined;
	/** The seek target, in epoch milliseconds, until the player reaches it. */
	readonly seekTarget: {readonly toMs: number} | undefined;
	/**
	 * The time at which the next response was recorded, in epoch milliseconds, if it follows a long gap. The gap is
	 * over once that time is reached.
	 */
	readonly gapEndMs?: number | undefined;
	/**
	 * The name of the window that was on the screen at this point in the recording. At that point, live data was
	 * requested only for this window and the findings' window.
	 */
	readonly recordedWindow: string;
	/**
	 * The first and last times of the recording, in epoch milliseconds; the last one is known once the whole recording
	 * has been read.
	 */
	readonly extent?: {readonly startMs: number; readonly endMs: number | undefined};
};

/** The slowest playback speed. */
export const slowest = 0.1;
/** The fastest playback speed. */
export const fastest = 1000;
