import type {Answered} from '../theme/capabilities.ts';
import type {Rgb} from '../theme/tones.ts';

/** The terminal's responses, which arrive at any time. */
export type Answers = {
	readonly get: () => Answered;
	readonly set: (answered: Answered) => void;
	/** Calls the listener after each response. Returns the function that unsubscribes. */
	readonly subscribe: (listener: () => void) => () => void;
};

/** Creates an empty store of responses. */
export function createAnswers(): Answers {
	let answered: Answered = {};
	const listeners = new Set<() => void>();
	return {
		get: () => answered,
		set(more) {
			answered = {...answered, ...more};
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

/** What was done with the mouse; `x` and `y` are cells from the top left corner, from 0. */
export type MouseEvent = {readonly kind: 'press' | 'up' | 'down'; readonly x: number; readonly y: number};

/** What a terminal sends among the keys that is none. */
export type Report =
	| {readonly kind: 'mouse'; readonly event: MouseEvent}
	/** The color of its background (OSC 11). */
	| {readonly kind: 'background'; readonly color: Rgb}
	/** Where its cursor was when it was asked; both from 1. */
	| {readonly kind: 'cursor'; readonly row: number; readonly column: number}
	/** It has understood all that was written before it was asked for its status. */
	| {readonly kind: 'status'};

/** Asks for the color of the background. A terminal that doesn't know the query says nothing. */
export const backgroundQuery = '\u001B]11;?\u001B\\';

/** Asks for the status (DSR). It comes once all that was written before is understood, at the other end of whatever link there is. */
export const statusQuery = '\u001B[5n';

/** Asks where the cursor is. */
export const cursorQuery = '\u001B[6n';

const buttons: ReadonlyMap<string, MouseEvent['kind']> = new Map([
	['0', 'press'],
	['64', 'up'],
	['65', 'down'],
]);

/** The report in what follows `CSI`; undefined for what isn't one, or means nothing: a release, focus, another program's answer. */
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

/** The report in a control string; undefined for all that isn't an answer to a query of ours. */
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

/** `#1e1e2e` in its three parts. */
function inThree(hex: string): readonly string[] {
	const length = Math.max(Math.floor(hex.length / 3), 1);
	return [0, 1, 2].map(part => hex.slice(part * length, (part + 1) * length));
}

/** What a terminal is asked: whether it has caught up, the color of its background, how wide a glyph is. */
type Query = 'status' | 'background' | 'glyph';

/** How long a terminal that answered nothing may take: the round trip of a bad link. */
const limitMs = 2000;

/** How long the answer to an earlier query may still take once a later one is answered. */
const overtakenMs = 150;

/** The one place that asks the terminal anything, and knows which answers are on their way. */
type Queries = {
	/** Writes a query. Returns false while none may be asked. */
	readonly ask: (query: Query, text: string) => boolean;
	readonly answered: (query: Query) => void;
	readonly isPending: (query: Query) => boolean;
	/** From now on nothing is asked: the terminal is about to be another program's. */
	readonly hold: () => void;
	readonly release: () => void;
	/**
	 * Resolves once each query is answered or expired, since an answer that nobody reads is typed into the shell. A query
	 * expires after two seconds, or 150 ms after a later one is answered: terminals answer in order, and all of them answer
	 * the query for the status.
	 */
	readonly settled: () => Promise<void>;
};

/**
 * Creates the asker. `write` writes at once, and between frames: kitty holds back answers within a synchronized update.
 * `isInOrder` is false for GNU screen, which answers for the status itself and forwards the query for the background.
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
	const answered = (query: Query): void => {
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
		answered,
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
					// The process must not end before.
					const keepAlive = setTimeout(resolve, limitMs);
					waiting.add(() => clearTimeout(keepAlive));
				});
			}
		},
	};
}
