import {atOnce, inSlices} from '../api/slices.ts';
import type {Action, PollerAction} from './actions.ts';
import {Precomputed, reduce, reduceInSteps} from './reducer.ts';
import type {State} from './state.ts';

/** Holds the state. Listeners are called after each dispatch that changes it. */
export type Store = {
	getState(): State;
	/** Reduces the actions one after another, and then notifies the listeners once. */
	dispatch(...actions: readonly Action[]): void;
	/**
	 * Dispatches an action. If there are many nodes, its result is first computed in slices, between which keyboard
	 * input is handled; with a thousand nodes, the computation takes half a second. The action is dropped if a
	 * different deployment is watched by then.
	 *
	 * @throws the reason of `signal` once it is aborted
	 */
	dispatchInSlices(action: PollerAction, signal: AbortSignal): Promise<void>;
	/** Returns a function that ends the subscription. */
	subscribe(listener: () => void): () => void;
};

/**
 * The minimum number of nodes at which actions are reduced in slices; with fewer nodes, reducing an action takes only a
 * few milliseconds anyway.
 */
const manyNodes = 32;

/**
 * Returns the highest number of nodes in any of the windows that are kept or, if the action contains the trainer's
 * metrics, in the response.
 */
function nodesOf({components: {trainer, sampler}}: State, action: PollerAction): number {
	const received = action.type === 'metricsReceived' ? action.response.nodes.length : 0;
	const histories = [...trainer.histories, ...sampler.histories];
	return histories.reduce((most, {nodes}) => Math.max(most, nodes.size), received);
}

/**
 * The maximum number of times that the result of an action is computed in slices: keyboard input in between can change
 * the state, so that the result has to be computed again.
 */
const maxTries = 3;

/** Creates a store with this state and no listeners. */
export function createStore(initial: State): Store {
	let state = initial;
	const listeners = new Set<() => void>();
	const replace = (next: State): void => {
		if (next === state) {
			return;
		}

		state = next;
		// For the screen, `createPacedStore` in tui/render.tsx registers a listener, and `App` draws the state.
		for (const listener of [...listeners]) {
			listener();
		}
	};
	return {
		getState: () => state,
		dispatch(...actions) {
			replace(actions.reduce(reduce, state));
		},
		async dispatchInSlices(action, signal) {
			if (nodesOf(state, action) < manyNodes) {
				replace(reduce(state, action));
				return;
			}

			const {target} = state;
			const prepared = new Precomputed();
			let before: State | undefined;
			for (let tries = 0; before !== state && tries < maxTries; tries++) {
				before = state;
				await inSlices(reduceInSteps(before, action, prepared), signal);
			}

			if (state.target === target) {
				replace(atOnce(reduceInSteps(state, action, prepared)));
			}
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}
