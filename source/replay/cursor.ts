import type {Entry, RecordedResponse} from '../recording/format.ts';
import {type OnRead, readEntries} from '../recording/read-entries.ts';
import {type DecodedResponse, decodeResponse} from './decode-response.ts';
import {routeOf} from './route.ts';
import {PeekableIterator, type ScanRequest, type ScanResult, scan} from './scan.ts';

/** A response, and when metrics were requested after it, in epoch milliseconds; undefined if they weren't next. */
export type TimedResponse = {readonly response: DecodedResponse; readonly nextMs: number | undefined};

/** The result of a search, and the last responses at that point. */
export type CursorScan = Omit<ScanResult, 'lastResponses'> & {readonly lastResponses: readonly TimedResponse[]};

/** The number of responses that are read, and held in memory, together. */
const mostTogether = 20;

/** A recording that is read from its beginning on. All throws UnreadableFile. */
export class RecordingCursor {
	readonly #entries: PeekableIterator<Entry>;

	constructor(file: string, onRead?: OnRead) {
		this.#entries = new PeekableIterator(readEntries(file, undefined, onRead));
	}

	/** Returns what comes next; undefined at the end. */
	async peek(): Promise<Entry | undefined> {
		return this.#entries.peek();
	}

	async skip(): Promise<void> {
		await this.#entries.take();
	}

	/** Reads the next response, and those after it while they are due. */
	async read(isDue: (next: RecordedResponse) => boolean): Promise<readonly TimedResponse[]> {
		const read: TimedResponse[] = [];
		for (;;) {
			const entry = await this.#entries.take();
			const next = await this.peek();
			if (entry?.kind === 'response') {
				read.push(...(await translate(entry, next)));
			}

			if (next?.kind !== 'response' || read.length >= mostTogether || !isDue(next)) {
				return read;
			}
		}
	}

	/** Reads on to a time, in epoch milliseconds, and returns what is known then about the request. */
	async scan(untilMs: number, wanted: ScanRequest): Promise<CursorScan> {
		const {lastResponses, ...found} = await scan(this.#entries, untilMs, wanted);
		const timed: TimedResponse[] = [];
		for (const [index, answer] of lastResponses.entries()) {
			timed.push(...(await translate(answer, lastResponses[index + 1] ?? (await this.peek()))));
		}

		return {...found, lastResponses: timed};
	}

	async close(): Promise<void> {
		await this.#entries.close();
	}
}

async function translate(answer: RecordedResponse, next: Entry | undefined): Promise<readonly TimedResponse[]> {
	const response = await decodeResponse(answer);
	const isTrainer = next?.kind === 'response' && routeOf(next)?.kind === 'trainer';
	return response === undefined ? [] : [{response, nextMs: isTrainer ? next.askedMs : undefined}];
}
