import type {Action} from './actions.ts';
import {reduce} from './reducer.ts';
import type {State} from './state.ts';

/** Holds the state. Listeners are called after each action that changed it. */
export type Store = {
	getState(): State;
	/** Notifies listeners once for several actions. */
	dispatch(...actions: readonly Action[]): void;
	/** Returns a function that ends the subscription. */
	subscribe(listener: () => void): () => void;
};

export function createStore(initial: State): Store {
	let state = initial;
	const listeners = new Set<() => void>();
	return {
		getState: () => state,
		dispatch(...actions) {
			const next = actions.reduce(reduce, state);
			if (next === state) {
				return;
			}

			state = next;
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
