import type {Level} from '../api/logs.ts';
import {addRange, emptyLogBuffer, type LogBuffer} from '../metrics/log-buffer.ts';
import type {RecordedResponse} from '../recording/format.ts';
import {type LoadedLogs, toNs} from '../state/logs.ts';
import {decodeResponse} from './decode-response.ts';
import {logsAtLevel} from './recorded-logs-query.ts';

/** Assembles the logs near a time from recorded responses, up to the limit of the buffer. */
export class LogsBuilder {
	readonly #level: Level;
	readonly #nearNs: bigint;
	#buffer: LogBuffer = emptyLogBuffer;

	constructor(level: Level, nearMs: number) {
		this.#level = level;
		this.#nearNs = toNs(nearMs);
	}

	/** Adds a response, in the order of the recording. */
	async offer(answer: RecordedResponse): Promise<void> {
		const response = await decodeResponse(answer);
		if (response?.kind === 'logs' && response.result.ok) {
			const loaded = logsAtLevel(response.result.value, response.level, this.#level);
			this.#buffer = loaded === undefined ? this.#buffer : addRange(this.#buffer, loaded.range, this.#nearNs);
		}
	}

	/** Another deployment was watched from here on. */
	forget(): void {
		this.#buffer = emptyLogBuffer;
	}

	/** Returns the known logs, by loaded range. */
	finish(): readonly LoadedLogs[] {
		return this.#buffer.ranges.map(range => ({range, dropped: 0}));
	}
}
