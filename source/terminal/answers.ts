import type {Answered} from '../theme/capabilities.ts';

/** The terminal's answers, which come when they come. */
export type Answers = {
	readonly get: () => Answered;
	readonly set: (answered: Answered) => void;
	/** Calls the listener after each answer. Returns the function that ends the subscription. */
	readonly subscribe: (listener: () => void) => () => void;
};

/** Creates the store of answers, with none yet. */
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
