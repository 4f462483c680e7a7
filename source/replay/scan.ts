import type {Level} from '../api/logs.ts';
import type {History} from '../metrics/history.ts';
import type {Entry, RecordedAnswer} from '../recording/format.ts';
import type {LoadedLogs} from '../state/logs.ts';
import {type Stretch, StretchCollector} from './history-collector.ts';
import {Standing} from './last-answers.ts';
import {LogsCollector} from './logs-collector.ts';
import type {Lookahead} from './peekable.ts';
import {type Route, routeOf} from './route.ts';

/** What is known of a stretch; undefined where nothing was told of it. */
export type Known = {readonly stretch: Stretch; readonly history: History | undefined};

/** What is searched for: stretches of metrics, and logs, none below a level. */
export type Wanted = {readonly stretches: readonly Stretch[]; readonly logs: Level | undefined};

/** What a recording tells up to a time of what was searched for, and by which answers one knows how it stood then. */
export type Recollection = {
	readonly known: readonly Known[];
	readonly logs: readonly LoadedLogs[];
	readonly standing: readonly RecordedAnswer[];
};

/** Reads up to a time, in epoch milliseconds, and stands before what follows it. */
export async function recollect(entries: Lookahead<Entry>, untilMs: number, wanted: Wanted): Promise<Recollection> {
	const reader = new Recollecting(wanted, untilMs);
	for (;;) {
		const entry = await entries.peek();
		if (entry === undefined || (entry.kind === 'answer' && entry.answeredMs > untilMs)) {
			return reader.finish();
		}

		await entries.take();
		const route = entry.kind === 'answer' ? routeOf(entry) : undefined;
		if (entry.kind === 'answer' && route !== undefined) {
			await reader.read(entry, route);
		}
	}
}

class Recollecting {
	readonly #collectors: readonly StretchCollector[];
	readonly #logs: LogsCollector | undefined;
	readonly #standing = new Standing();
	#watched: string | undefined;

	constructor({stretches, logs}: Wanted, untilMs: number) {
		this.#collectors = stretches.map(stretch => new StretchCollector(stretch));
		this.#logs = logs === undefined ? undefined : new LogsCollector(logs, untilMs);
	}

	async read(answer: RecordedAnswer, route: Route): Promise<void> {
		if (route.kind === 'trainer') {
			this.#watch(route.id);
		}

		if (answer.isGood && route.kind === 'logs') {
			await this.#logs?.offer(answer);
			return;
		}

		this.#standing.note(answer, route.kind);
		if (answer.isGood && (route.kind === 'trainer' || route.kind === 'sampler')) {
			for (const collector of this.#collectors.filter(({stretch}) => stretch.component === route.kind)) {
				await collector.offer(answer, route.query);
			}
		}
	}

	/** What was told of another deployment says nothing of this one. */
	#watch(id: string): void {
		if (this.#watched !== undefined && id !== this.#watched) {
			this.#standing.forget();
			this.#logs?.forget();
			for (const collector of this.#collectors) {
				collector.forget();
			}
		}

		this.#watched = id;
	}

	async finish(): Promise<Recollection> {
		const known: Known[] = [];
		for (const collector of this.#collectors) {
			const history = await collector.finish();
			known.push({stretch: collector.stretch, history});
		}

		return {known, logs: this.#logs?.finish() ?? [], standing: this.#standing.answers()};
	}
}
