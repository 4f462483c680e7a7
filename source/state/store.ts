import type {Action} from './actions.ts';
import {reduce} from './reducer.ts';
import type {State} from './state.ts';

/** Holds the state. Listeners are called after each action that changed it. */
export type Store = {
	getState(): State;
	dispatch(action: Action): void;
	/** Returns the function that ends the subscription. */
	subscribe(listener: () => void): () => void;
};

export function createStore(initial: State): Store {
	let state = initial;
	const listeners = new Set<() => void>();
	return {
		getState: () => state,
		dispatch(action) {
			const next = reduce(state, action);
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
