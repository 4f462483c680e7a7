/** How a recording is played. */
export type Replay = {
	/** Playback speed: seconds of the recording per second. */
	readonly speed: number;
	readonly isPaused: boolean;
	/** The recording ended, or can't be read any further: `why` is a clause then. */
	readonly ended: {readonly why: string | undefined} | undefined;
	/** The time to seek to, in epoch milliseconds, until the player is there. */
	readonly seekTarget: {readonly toMs: number} | undefined;
	/** When the next answer was recorded, if nothing was for long; in epoch milliseconds. It is over once that time is reached. */
	readonly gapEndMs?: number | undefined;
	/** The name of the window that was shown when it was recorded: only that and the findings' window were requested. */
	readonly recordedWindow: string;
	/** The first and last time of the recording, in epoch milliseconds; the last one once all of it was read. */
	readonly extent?: {readonly startMs: number; readonly endMs: number | undefined};
};

/** The slowest and the fastest playback speed. */
export const slowest = 0.1;
export const fastest = 1000;
