import type {Store} from '../state/store.ts';
import type {Pacing} from './pacing.ts';

/** What is drawn of a store. */
export type Drawn = Pick<Store, 'getState' | 'subscribe'>;

/** The store as it is drawn: it stands still while the terminal is behind, and is then at once what it has become. */
export function createPacedStore(store: Drawn, pacing: Pick<Pacing, 'isBehind' | 'subscribe'>): Drawn {
	const listeners = new Set<() => void>();
	let drawn = store.getState();
	const update = (): void => {
		if (pacing.isBehind() || drawn === store.getState()) {
			return;
		}

		drawn = store.getState();
		for (const listener of [...listeners]) {
			listener();
		}
	};
	store.subscribe(update);
	pacing.subscribe(update);
	return {
		getState: () => drawn,
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}
