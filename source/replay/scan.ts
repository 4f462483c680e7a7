// Longer than 250 lines because it reads a recording once, from its start to its end, for everything that a seek needs.
import type {Level} from '../api/logs.ts';
import type {History} from '../metrics/history.ts';
import type {Entry, RecordedResponse} from '../recording/format.ts';
import {type OnRead, readEntries} from '../recording/read-entries.ts';
import {mapComponents, type PerComponent} from '../state/component.ts';
import type {LoadedLogs} from '../state/logs.ts';
import {type DecodedResponse, decodeResponse} from './decode-response.ts';
import {HistoryBuilder, LogsBuilder, type WindowRange} from './missing-parts.ts';
import {type Route, routeOf} from './route.ts';

/** Reads values one by one, with a lookahead of one value. */
class PeekableIterator<Value> {
	readonly #values: AsyncGenerator<Value>;
	#next: {readonly value: Value | undefined} | undefined;

	constructor(values: AsyncGenerator<Value>) {
		this.#values = values;
	}

	/** Returns the next value; undefined at the end. */
	async peek(): Promise<Value | undefined> {
		if (this.#next === undefined) {
			const {done, value} = await this.#values.next();
			this.#next = {value: done === true ? undefined : value};
		}

		return this.#next.value;
	}

	async take(): Promise<Value | undefined> {
		const value = await this.peek();
		if (value !== undefined) {
			this.#next = undefined;
		}

		return value;
	}

	/** Closes the source. */
	async close(): Promise<void> {
		await this.#values.return(undefined);
	}
}

/**
 * The number of responses that are kept from the beginning of a long outage, and the number that are kept from its end.
 */
const maxAtEnds = 4;

/**
 * Tracks the responses needed to rebuild the state at a point in time: the last successful one of each kind, and those
 * since the last successful response with the trainer's metrics.
 */
class LastResponses {
	readonly #good = new Map<Route['kind'], RecordedResponse>();
	#since: RecordedResponse[] = [];

	note(recorded: RecordedResponse, kind: Route['kind']): void {
		if (recorded.isGood) {
			this.#good.set(kind, recorded);
		}

		if (recorded.isGood && kind === 'trainer') {
			this.#since = [];
			return;
		}

		this.#since.push(recorded);
		if (this.#since.length > 2 * maxAtEnds) {
			this.#since.splice(maxAtEnds, 1);
		}
	}

	/** Returns the responses, in order of arrival. */
	responses(): readonly RecordedResponse[] {
		const before = [...this.#good.values()].sort((a, b) => a.receivedMs - b.receivedMs);
		return [...new Set([...before.filter(recorded => !this.#since.includes(recorded)), ...this.#since])];
	}

	/** Drops everything except prices, which apply to all deployments, when a different deployment is watched. */
	forget(): void {
		const prices = this.#good.get('prices');
		this.#good.clear();
		if (prices !== undefined) {
			this.#good.set('prices', prices);
		}

		this.#since = [];
	}
}

/** A range with its known data; `history` is undefined if there is none. */
type ScannedRange = {readonly range: WindowRange; readonly history: History | undefined};

/**
 * The target of a search: ranges of metrics, and the minimum level of each component's logs, which is undefined if they
 * aren't searched for.
 */
export type ScanRequest = {readonly ranges: readonly WindowRange[]; readonly logs: PerComponent<Level | undefined>};

/** The result of a search up to a time, and the last responses at that point. */
type ScanResult = {
	readonly known: readonly ScannedRange[];
	readonly logs: PerComponent<readonly LoadedLogs[]>;
	readonly lastResponses: readonly RecordedResponse[];
	/** When the newest response of a known route was received, in epoch milliseconds; undefined if there was none. */
	readonly newestMs: number | undefined;
};

/** Reads up to a time, in epoch milliseconds, and stops before the next response. */
async function scan(entries: PeekableIterator<Entry>, untilMs: number, wanted: ScanRequest): Promise<ScanResult> {
	const reader = new Scanner(wanted, untilMs);
	let newestMs: number | undefined;
	for (;;) {
		const entry = await entries.peek();
		if (entry === undefined || (entry.kind === 'response' && entry.receivedMs > untilMs)) {
			return {...(await reader.finish()), newestMs};
		}

		await entries.take();
		const route = entry.kind === 'response' ? routeOf(entry) : undefined;
		if (entry.kind === 'response' && route !== undefined) {
			newestMs = Math.max(newestMs ?? entry.receivedMs, entry.receivedMs);
			await reader.read(entry, route);
		}
	}
}

class Scanner {
	readonly #collectors: readonly HistoryBuilder[];
	readonly #logs: PerComponent<LogsBuilder | undefined>;
	readonly #lastResponses = new LastResponses();
	#target: string | undefined;

	constructor({ranges, logs}: ScanRequest, untilMs: number) {
		this.#collectors = ranges.map(range => new HistoryBuilder(range));
		this.#logs = mapComponents(logs, level => (level === undefined ? undefined : new LogsBuilder(level, untilMs)));
	}

	async read(recorded: RecordedResponse, route: Route): Promise<void> {
		if (route.kind === 'trainer') {
			this.#watch(route.id);
		}

		if (recorded.isGood && route.kind === 'logs') {
			await this.#logs[typeof route.of === 'string' ? 'trainer' : 'sampler']?.offer(recorded);
			return;
		}

		this.#lastResponses.note(recorded, route.kind);
		if (recorded.isGood && (route.kind === 'trainer' || route.kind === 'sampler')) {
			for (const collector of this.#collectors.filter(({range}) => range.component === route.kind)) {
				await collector.offer(recorded, route.query);
			}
		}
	}

	/** Drops everything except prices if the recording continues with a different deployment. */
	#watch(id: string): void {
		if (this.#target !== undefined && id !== this.#target) {
			this.#lastResponses.forget();
			this.#logs.trainer?.forget();
			this.#logs.sampler?.forget();
			for (const collector of this.#collectors) {
				collector.forget();
			}
		}

		this.#target = id;
	}

	async finish(): Promise<Omit<ScanResult, 'newestMs'>> {
		const known: ScannedRange[] = [];
		for (const collector of this.#collectors) {
			const history = await collector.finish();
			known.push({range: collector.range, history});
		}

		return {
			known,
			logs: mapComponents(this.#logs, logs => logs?.finish() ?? []),
			lastResponses: this.#lastResponses.responses(),
		};
	}
}

/**
 * A response, and the time of the next request, in epoch milliseconds; undefined if that isn't a request for metrics.
 */
export type TimedResponse = {readonly response: DecodedResponse; readonly nextMs: number | undefined};

/** The result of a search, and the last responses at that point. */
export type CursorScan = Omit<ScanResult, 'lastResponses'> & {readonly lastResponses: readonly TimedResponse[]};

/** The maximum number of responses that are read, and kept in memory, at a time. */
const maxBatch = 20;

/**
 * A recording that is read from its beginning. Methods that read entries throw UnreadableFile if the file can't be
 * read.
 */
export class RecordingCursor {
	readonly #entries: PeekableIterator<Entry>;

	constructor(file: string, onRead?: OnRead) {
		this.#entries = new PeekableIterator(readEntries(file, undefined, onRead));
	}

	/** Returns the next entry; undefined at the end. */
	async peek(): Promise<Entry | undefined> {
		return this.#entries.peek();
	}

	async skip(): Promise<void> {
		await this.#entries.take();
	}

	/**
	 * Reads the next response, and those after it while they are due, at most `maxBatch` in all. Stops before the next
	 * session.
	 */
	async read(isDue: (next: RecordedResponse) => boolean): Promise<readonly TimedResponse[]> {
		const read: TimedResponse[] = [];
		for (;;) {
			const entry = await this.#entries.take();
			const next = await this.peek();
			if (entry?.kind === 'response') {
				read.push(...(await translate(entry, next)));
			}

			if (next?.kind !== 'response' || read.length >= maxBatch || !isDue(next)) {
				return read;
			}
		}
	}

	/** Reads up to a time, in epoch milliseconds, and returns the requested data that is known by then. */
	async scan(untilMs: number, wanted: ScanRequest): Promise<CursorScan> {
		const {lastResponses, ...found} = await scan(this.#entries, untilMs, wanted);
		const timed: TimedResponse[] = [];
		for (const [index, recorded] of lastResponses.entries()) {
			timed.push(...(await translate(recorded, lastResponses[index + 1] ?? (await this.peek()))));
		}

		return {...found, lastResponses: timed};
	}

	async close(): Promise<void> {
		await this.#entries.close();
	}
}

async function translate(recorded: RecordedResponse, next: Entry | undefined): Promise<readonly TimedResponse[]> {
	const response = await decodeResponse(recorded);
	const isTrainer = next?.kind === 'response' && routeOf(next)?.kind === 'trainer';
	return response === undefined ? [] : [{response, nextMs: isTrainer ? next.sentMs : undefined}];
}
