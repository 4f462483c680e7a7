import type {Answered} from '../theme/capabilities.ts';

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
