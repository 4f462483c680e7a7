import type {TerminalReports} from '../theme/capabilities.ts';
import type {Rgb} from '../theme/tones.ts';

/** The terminal's responses, which can arrive at any time. */
export type Answers = {
	readonly get: () => TerminalReports;
	readonly set: (reports: TerminalReports) => void;
	/** Calls the listener after each response. Returns a function that unsubscribes it. */
	readonly subscribe: (listener: () => void) => () => void;
};

/** Creates an empty store of responses. */
export function createAnswers(): Answers {
	let reports: TerminalReports = {};
	const listeners = new Set<() => void>();
	return {
		get: () => reports,
		set(more) {
			reports = {...reports, ...more};
			for (const listener of [...listeners]) {
				listener();
			}
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}

/** A mouse event; `x` and `y` are cells from the top left corner, counted from 0. */
export type MouseEvent = {readonly kind: 'press' | 'up' | 'down'; readonly x: number; readonly y: number};

/** Terminal input that is neither a keypress nor a paste. */
export type Report =
	| {readonly kind: 'mouse'; readonly event: MouseEvent}
	/** The color of the terminal's background (OSC 11). */
	| {readonly kind: 'background'; readonly color: Rgb}
	/** The cursor position at the time of the query; both coordinates are counted from 1. */
	| {readonly kind: 'cursor'; readonly row: number; readonly column: number}
	/** The terminal has processed everything that was written before the status query. */
	| {readonly kind: 'status'};

/** The query for the color of the background. A terminal that doesn't know the query doesn't respond. */
export const backgroundQuery = '\u001B]11;?\u001B\\';

/**
 * The query for the status (DSR). The response arrives once the terminal, at the other end of any link, has processed
 * everything that was written before the query.
 */
export const statusQuery = '\u001B[5n';

/** The query for the cursor position. */
export const cursorQuery = '\u001B[6n';

const buttons: ReadonlyMap<string, MouseEvent['kind']> = new Map([
	['0', 'press'],
	['64', 'up'],
	['65', 'down'],
]);

/**
 * Returns the report in the text after `CSI`; undefined if the text isn't a report, or is one without a meaning here,
 * such as a button release, a focus event, or a response to another program.
 */
export function readCsiReport(sequence: string): Report | undefined {
	const [, button = '', x, y, end] = /^<(\d+);(\d+);(\d+)([Mm])$/.exec(sequence) ?? [];
	const kind = end === 'M' ? buttons.get(button) : undefined;
	if (kind !== undefined) {
		return {kind: 'mouse', event: {kind, x: Number(x) - 1, y: Number(y) - 1}};
	}

	const [, row, column] = /^(\d+);(\d+)R$/.exec(sequence) ?? [];
	if (row !== undefined) {
		return {kind: 'cursor', row: Number(row), column: Number(column)};
	}

	return sequence === '0n' || sequence === '3n' ? {kind: 'status'} : undefined;
}

const channel = '([0-9a-fA-F]{1,4})';
const background = new RegExp(`^11;(?:rgba?:${channel}/${channel}/${channel}(?:/${channel})?|#([0-9a-fA-F]{3,12}))$`);

/** Returns the report in a control string; undefined if it isn't a response to one of the program's queries. */
export function readStringReport(text: string): Report | undefined {
	const match = background.exec(text);
	if (match === null) {
		return undefined;
	}

	const [, red, green, blue, , hex] = match;
	const parts = hex === undefined ? [red, green, blue] : inThree(hex);
	const [r = 0, g = 0, b = 0] = parts.map((part = '0') => Number.parseInt(part, 16) / (16 ** part.length - 1));
	return {kind: 'background', color: [r, g, b]};
}

/** Splits a string such as `1e1e2e` into three parts. */
function inThree(hex: string): readonly string[] {
	const length = Math.max(Math.floor(hex.length / 3), 1);
	return [0, 1, 2].map(part => hex.slice(part * length, (part + 1) * length));
}

/** The queries to a terminal: whether it has caught up, the color of its background, and the width of a glyph. */
type Query = 'status' | 'background' | 'glyph';

/**
 * The timeout for a query, in milliseconds, if the terminal doesn't respond to a later one either. On a busy machine,
 * mlterm takes more than 1.2 s.
 */
const limitMs = 2000;

/** The remaining timeout for a query once the terminal has responded to a later one, in milliseconds. */
const overtakenMs = 150;

/** Sends all queries to the terminal, and tracks the pending responses. */
type Queries = {
	/** Writes a query. Returns false while queries aren't allowed. */
	readonly ask: (query: Query, text: string) => boolean;
	/** Notes a response. */
	readonly responded: (query: Query) => void;
	readonly isPending: (query: Query) => boolean;
	/** Stops sending queries, because the terminal is about to be handed over to another program. */
	readonly hold: () => void;
	readonly release: () => void;
	/**
	 * Resolves once each query has a response or has expired, because an unread response would appear in the shell as
	 * typed text. A query expires after two seconds, or 150 ms after the response to a later one: terminals respond in
	 * order, and all of them respond to the status query.
	 */
	readonly settled: () => Promise<void>;
};

/**
 * Creates the querier. `write` must write immediately, and between frames: kitty holds back responses within a
 * synchronized update. `isInOrder` is false for GNU screen, which responds to the status query itself and forwards the
 * query for the background.
 */
export function createQueries(write: (text: string) => void, isInOrder = true): Queries {
	type Pending = {readonly query: Query; timer: NodeJS.Timeout};
	const pending: Pending[] = [];
	const waiting = new Set<() => void>();
	let isHeld = false;
	const expireAfter = (query: Query, delayMs: number): Pending => {
		const one: Pending = {query, timer: setTimeout(() => end(one), delayMs).unref()};
		return one;
	};
	const responded = (query: Query): void => {
		const index = pending.findIndex(one => one.query === query);
		for (const overtaken of isInOrder ? pending.slice(0, Math.max(index, 0)) : []) {
			clearTimeout(overtaken.timer);
			overtaken.timer = setTimeout(() => end(overtaken), overtakenMs).unref();
		}

		end(pending[index]);
	};
	const end = (one: Pending | undefined): void => {
		clearTimeout(one?.timer);
		const index = one === undefined ? -1 : pending.indexOf(one);
		pending.splice(index, index < 0 ? 0 : 1);
		if (pending.length === 0) {
			for (const resolve of waiting) {
				resolve();
			}

			waiting.clear();
		}
	};
	return {
		ask(query, text) {
			if (isHeld) {
				return false;
			}

			pending.push(expireAfter(query, limitMs));
			write(text);
			return true;
		},
		responded,
		isPending: query => pending.some(one => one.query === query),
		hold() {
			isHeld = true;
		},
		release() {
			isHeld = false;
		},
		async settled() {
			if (pending.length > 0) {
				await new Promise<void>(resolve => {
					waiting.add(resolve);
					// This timer keeps the process from exiting while responses are pending.
					const keepAlive = setTimeout(resolve, limitMs);
					waiting.add(() => clearTimeout(keepAlive));
				});
			}
		},
	};
}
