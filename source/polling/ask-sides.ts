import type {Client} from '../api/client.ts';
import type {Result} from '../api/failure.ts';
import type {SideResponse} from '../state/side-response.ts';
import type {Store} from '../state/store.ts';
import type {SideRequest} from './side-request.ts';
import {sideRequests} from './side-schedule.ts';

/** How long a snapshot waits for all side requests together; the metrics have arrived by then. */
const patienceMs = 5000;

export type SidesOptions = {
	readonly client: Client;
	readonly store: Store;
	/** The local clock in epoch milliseconds. */
	readonly now: () => number;
	readonly signal: AbortSignal;
};

/**
 * Sends all side requests that the state requires once, one after another, and dispatches their results. A failure, or
 * five seconds for all of them, affects side requests only. Throws only if `signal` is aborted.
 */
export async function askSides(options: SidesOptions): Promise<void> {
	const {store, now, signal} = options;
	const within = new AbortController();
	const abort = (): void => within.abort();
	const timer = setTimeout(abort, patienceMs);
	signal.addEventListener('abort', abort, {once: true});
	try {
		for (const request of sideRequests) {
			const state = store.getState();
			if (request.wanted(state) !== undefined) {
				const result = await askWithin(request, {...options, signal: within.signal}, signal);
				const atMs = now();
				store.dispatch(
					result.ok
						? {type: 'sideRequestSucceeded', response: result.value, atMs}
						: {
								type: 'sideRequestFailed',
								request: request.name,
								fault: {failure: result.failure, nextAtMs: undefined},
								atMs,
							},
				);
			}
		}
	} finally {
		clearTimeout(timer);
		signal.removeEventListener('abort', abort);
	}
}

async function askWithin(
	request: SideRequest,
	{client, store, now, signal}: SidesOptions,
	ended: AbortSignal,
): Promise<Result<SideResponse>> {
	try {
		return await request.ask({client, state: store.getState(), now, signal});
	} catch (error) {
		if (ended.aborted || !signal.aborted) {
			throw error;
		}

		return {ok: false, failure: {kind: 'timeout', afterMs: patienceMs}, tookMs: patienceMs};
	}
}
