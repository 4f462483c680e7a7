import {type Level, levels} from '../api/logs.ts';
import type {Logs} from '../state/logs.ts';

/** Tracks whether the logs so far are all that the recording has at the selected level. */
export class MissingLogs {
	#reported: Level | undefined;

	/** No logs yet, of any level. */
	constructor(level: Level) {
		this.#reported = level;
	}

	/** Returns the level to search logs for; undefined if logs are closed or complete. */
	find({isOpen, level}: Logs): Level | undefined {
		// Entries below the selected level aren't kept.
		if (this.#reported !== undefined && levels.indexOf(level) > levels.indexOf(this.#reported)) {
			this.#reported = level;
		}

		return isOpen && level !== this.#reported ? level : undefined;
	}

	/** Notes that all entries of this level are known; undefined if they were dropped. */
	note(reported: Level | undefined): void {
		this.#reported = reported;
	}
}
