import type {Network} from '../api/network.ts';
import type {Due} from '../polling/schedule.ts';
import type {Store} from '../state/store.ts';
import {type DebugLog, openDebugLog} from './debug-log.ts';
import {loggedNetwork} from './logged-network.ts';
import {loggedStore} from './logged-store.ts';

/** Logs what the store, the network and the poller do. */
export type Debug = DebugLog & {
	readonly network: (network: Network) => Network;
	readonly store: (store: Store) => Store;
	/** Logs what the poller does next. */
	readonly planned: (due: Due) => void;
};

/**
 * Opens the debug log of a run.
 *
 * @throws UserError, exit code 2, if the file can't be written
 */
export async function openDebug(file: string): Promise<Debug> {
	const log = await openDebugLog(file, Date.now);
	return {
		...log,
		network: network => loggedNetwork(network, log, () => performance.now()),
		store: store => loggedStore(store, log),
		planned({task, dueInMs}) {
			if (dueInMs > 0 && Number.isFinite(dueInMs)) {
				const name = task.kind === 'side-request' ? task.request.name : task.kind;
				log.note('plan', `${name} in ${(dueInMs / 1000).toFixed(1)} s`);
			}
		},
	};
}
