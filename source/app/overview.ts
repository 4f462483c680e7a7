import {isWatchingAll} from '../state/overview.ts';
import type {Connection} from './connect.ts';
import type {Session} from './session.ts';

/**
 * Polls all other deployments whenever the overview needs them, until `signal` is aborted. The code for it is loaded when
 * that is so for the first time.
 */
export async function pollOthers(
	{unrecorded: client, store, clock, heldMs}: Session,
	{renewKey}: Pick<Connection, 'renewKey'>,
	signal: AbortSignal,
	onPolled?: (ids: readonly string[]) => void,
): Promise<void> {
	await needed(store, signal);
	if (!signal.aborted) {
		const {pollOverview} = await import('../polling/overview-poller.ts');
		await pollOverview({client, store, renewKey, clock, random: Math.random, heldMs, onPolled}, signal);
	}
}

/** Resolves when all deployments are to be polled for the first time, or when the signal is aborted. */
async function needed(store: Session['store'], signal: AbortSignal): Promise<void> {
	await new Promise<void>(resolve => {
		const end = (): void => {
			unsubscribe();
			signal.removeEventListener('abort', end);
			resolve();
		};
		const look = (): void => {
			if (isWatchingAll(store.getState())) {
				end();
			}
		};
		const unsubscribe = store.subscribe(look);
		signal.addEventListener('abort', end, {once: true});
		look();
	});
}
