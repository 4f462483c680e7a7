import type {Entry, RecordedAnswer} from '../recording/format.ts';
import {readEntries} from '../recording/read-entries.ts';
import {Lookahead} from './peekable.ts';
import {type News, readNews} from './recorded-answer.ts';
import {routeOf} from './route.ts';
import {type Recollection, recollect, type Wanted} from './scan.ts';

/** News, and when metrics were asked for after them, in epoch milliseconds; undefined where nothing or something else was. */
export type ToldNews = {readonly news: News; readonly nextMs: number | undefined};

/** What a search found, and how it stands then. */
export type Recollected = Omit<Recollection, 'standing'> & {readonly standing: readonly ToldNews[]};

/** Answers that are read together are held in memory together. */
const mostTogether = 20;

/** A recording that is read from its beginning on. All throws UnreadableFile. */
export class Tape {
	readonly #entries: Lookahead<Entry>;

	constructor(file: string) {
		this.#entries = new Lookahead(readEntries(file));
	}

	/** What comes next; undefined at the end. */
	async peek(): Promise<Entry | undefined> {
		return this.#entries.peek();
	}

	async skip(): Promise<void> {
		await this.#entries.take();
	}

	/** Reads the next answer, and those after it while they are due. */
	async read(isDue: (next: RecordedAnswer) => boolean): Promise<readonly ToldNews[]> {
		const read: ToldNews[] = [];
		for (;;) {
			const entry = await this.#entries.take();
			const next = await this.peek();
			if (entry?.kind === 'answer') {
				read.push(...(await tell(entry, next)));
			}

			if (next?.kind !== 'answer' || read.length >= mostTogether || !isDue(next)) {
				return read;
			}
		}
	}

	/** Reads on to a time, in epoch milliseconds, for what is known then of what is wanted, and how it stands. */
	async recollect(untilMs: number, wanted: Wanted): Promise<Recollected> {
		const {standing, ...found} = await recollect(this.#entries, untilMs, wanted);
		const news: ToldNews[] = [];
		for (const [index, answer] of standing.entries()) {
			news.push(...(await tell(answer, standing[index + 1] ?? (await this.peek()))));
		}

		return {...found, standing: news};
	}

	async close(): Promise<void> {
		await this.#entries.close();
	}
}

async function tell(answer: RecordedAnswer, next: Entry | undefined): Promise<readonly ToldNews[]> {
	const news = await readNews(answer);
	const isTrainer = next?.kind === 'answer' && routeOf(next)?.kind === 'trainer';
	return news === undefined ? [] : [{news, nextMs: isTrainer ? next.askedMs : undefined}];
}
