import type {Result} from '../api/failure.ts';
import type {Store} from '../state/store.ts';

/** How long a request may run on after the next one is due, in milliseconds. */
const longestMs = 5000;

/** Which request is next, and in how many milliseconds; evaluated again whenever the state changes. */
export type Slot = {
	readonly store: Store;
	/** A monotonic clock, in milliseconds. */
	readonly elapsed: () => number;
	readonly dueInMs: () => number;
};

/**
 * Runs `ask`, and aborts it as a timeout once the next request is five seconds overdue.
 *
 * @throws what `ask` throws if `signal` is aborted
 */
export async function withDeadline<Value>(
	{store, elapsed, dueInMs}: Slot,
	ask: (signal: AbortSignal) => Promise<Result<Value>>,
	signal: AbortSignal,
): Promise<Result<Value>> {
	const beganMs = elapsed();
	const limit = new AbortController();
	const abort = (): void => limit.abort();
	let slotAtMs = Number.POSITIVE_INFINITY;
	let timer: NodeJS.Timeout | undefined;
	const look = (): void => {
		clearTimeout(timer);
		// A request that is always due is due now at each check; only its first time counts.
		slotAtMs = Math.min(slotAtMs, elapsed() + dueInMs());
		const leftMs = slotAtMs + longestMs - elapsed();
		if (leftMs <= 0) {
			abort();
		} else if (Number.isFinite(leftMs)) {
			timer = setTimeout(look, leftMs);
		}
	};
	const unsubscribe = store.subscribe(look);
	signal.addEventListener('abort', abort, {once: true});
	look();
	try {
		return await ask(limit.signal);
	} catch (error) {
		if (limit.signal.aborted && !signal.aborted) {
			const afterMs = elapsed() - beganMs;
			return {ok: false, failure: {kind: 'timeout', afterMs}, tookMs: afterMs};
		}

		throw error;
	} finally {
		clearTimeout(timer);
		unsubscribe();
		signal.removeEventListener('abort', abort);
	}
}
