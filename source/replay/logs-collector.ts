import type {Level} from '../api/logs.ts';
import {addStretch, emptyLogBuffer, type LogBuffer} from '../metrics/log-buffer.ts';
import type {RecordedAnswer} from '../recording/format.ts';
import {type LoadedLogs, toNs} from '../state/logs.ts';
import {readNews} from './recorded-answer.ts';
import {logsAtLevel} from './recorded-logs-query.ts';

/** Puts together what answers tell of the logs near a time, as much as is kept of them at most. */
export class LogsCollector {
	readonly #level: Level;
	readonly #nearNs: bigint;
	#buffer: LogBuffer = emptyLogBuffer;

	constructor(level: Level, nearMs: number) {
		this.#level = level;
		this.#nearNs = toNs(nearMs);
	}

	/** Takes an answer, in the order of the recording. */
	async offer(answer: RecordedAnswer): Promise<void> {
		const news = await readNews(answer);
		if (news?.kind === 'logs' && news.result.ok) {
			const loaded = logsAtLevel(news.result.value, news.level, this.#level);
			this.#buffer = loaded === undefined ? this.#buffer : addStretch(this.#buffer, loaded.stretch, this.#nearNs);
		}
	}

	/** Another deployment was watched from here on. */
	forget(): void {
		this.#buffer = emptyLogBuffer;
	}

	/** What is known of the logs, in the stretches that were loaded. */
	finish(): readonly LoadedLogs[] {
		return this.#buffer.stretches.map(stretch => ({stretch, dropped: 0}));
	}
}
