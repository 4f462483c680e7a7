import {type Level, levels} from '../api/logs.ts';
import type {Logs} from '../state/logs.ts';

/** Knows whether the logs that were told until now are all that the recording has of those that are looked at. */
export class MissingLogs {
	#reported: Level | undefined;

	/** None were told yet, of any level. */
	constructor(level: Level) {
		this.#reported = level;
	}

	/** The level of which logs are to be searched for; undefined where they are closed, or all were told. */
	find({isOpen, level}: Logs): Level | undefined {
		// What is below the level that is looked at is not kept.
		if (this.#reported !== undefined && levels.indexOf(level) > levels.indexOf(this.#reported)) {
			this.#reported = level;
		}

		return isOpen && level !== this.#reported ? level : undefined;
	}

	/** All of this level were told; undefined where what was told is forgotten. */
	note(reported: Level | undefined): void {
		this.#reported = reported;
	}
}
