/** What a terminal is asked: whether it has caught up, the color of its background, how wide a glyph is. */
export type Query = 'status' | 'background' | 'glyph';

/** An answer that hasn't come by then won't come. */
const limitMs = 2000;

/** The one place that asks the terminal anything, and knows which answers are on their way. */
export type Queries = {
	/** Writes a query. Returns false while none may be asked. */
	readonly ask: (query: Query, text: string) => boolean;
	readonly answered: (query: Query) => void;
	readonly isPending: (query: Query) => boolean;
	/** From now on nothing is asked: the terminal is about to be another program's. */
	readonly hold: () => void;
	readonly release: () => void;
	/** Resolves once each query has its answer, or is two seconds old: an answer that nobody reads is typed into the shell. */
	readonly settled: () => Promise<void>;
};

/** Creates the asker. `write` writes at once, and between frames: kitty holds back answers within a synchronized update. */
export function createQueries(write: (text: string) => void): Queries {
	const pending: Array<{readonly query: Query; readonly timer: NodeJS.Timeout}> = [];
	const waiting = new Set<() => void>();
	let isHeld = false;
	const end = (query: Query): void => {
		const index = pending.findIndex(one => one.query === query);
		clearTimeout(pending[index]?.timer);
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

			pending.push({query, timer: setTimeout(end, limitMs, query).unref()});
			write(text);
			return true;
		},
		answered: end,
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
