import {targetName} from '../api/target.ts';
import {type Findings, noFindings} from '../metrics/findings.ts';
import type {State} from '../state/state.ts';
import type {Store} from '../state/store.ts';

/** Called with the findings of one deployment before and after; `state` is what is known of it by itself. */
export type OnFindings = (before: Findings, after: Findings, state: State) => void;

/**
 * Calls the listener whenever the findings of a deployment change, of the watched one and of all others that are polled.
 * What is known of one is never compared with what is known of another, whichever of them is watched.
 *
 * Returns the function that ends this.
 */
export function followFindings(store: Store, onFindings: OnFindings): () => void {
	const known = new Map<string, Findings>();
	let last = store.getState();
	for (const {id, state} of statesOf(last)) {
		known.set(id, state.findings);
	}

	return store.subscribe(() => {
		const now = store.getState();
		const isSame =
			now.findings === last.findings && now.target === last.target && now.overview.members === last.overview.members;
		last = now;
		if (isSame) {
			return;
		}

		const all = statesOf(now);
		const ids = new Set(all.map(({id}) => id));
		for (const id of [...known.keys()].filter(other => !ids.has(other))) {
			known.delete(id);
		}

		for (const {id, state} of all) {
			const before = known.get(id) ?? noFindings;
			if (state.findings !== before) {
				known.set(id, state.findings);
				onFindings(before, state.findings, state);
			}
		}
	});
}

/** The state of each deployment by its id: of the watched one it is the whole state. */
function statesOf(state: State): ReadonlyArray<{readonly id: string; readonly state: State}> {
	const watched = targetName(state.target);
	const others = [...state.overview.members].filter(([id]) => id !== watched);
	return [{id: watched, state}, ...others.map(([id, member]) => ({id, state: member}))];
}
