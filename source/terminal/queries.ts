/** What a terminal is asked: whether it has caught up, the color of its background, how wide a glyph is. */
export type Query = 'status' | 'background' | 'glyph';

/** How long a terminal that answered nothing may take: the round trip of a bad link. */
const limitMs = 2000;

/** How long the answer to an earlier query may still take once a later one is answered. */
const overtakenMs = 150;

/** The one place that asks the terminal anything, and knows which answers are on their way. */
export type Queries = {
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
