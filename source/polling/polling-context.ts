import type {Client} from '../api/client.ts';
import type {Deployment} from '../api/deployment.ts';
import type {Failure, Result} from '../api/failure.ts';
import type {SideRequestName, SideResponse} from '../state/actions.ts';
import type {State} from '../state/state.ts';
import type {Store} from '../state/store.ts';

/** How long a request can continue after the next one is due, in milliseconds. */
const maxOverdueMs = 5000;

/**
 * The store and the clock that determine when the next request is due, and a function that returns the time until then,
 * in milliseconds. The function is called again whenever the state changes.
 */
export type NextRequest = {
	readonly store: Store;
	/** A monotonic clock, in milliseconds. */
	readonly elapsed: () => number;
	readonly dueInMs: () => number;
};

/**
 * Runs `send`, and aborts it once the next request is five seconds overdue; the result is then a timeout.
 *
 * @throws what `send` throws, unless it was aborted because of the next request
 */
export async function withDeadline<Value>(
	{store, elapsed, dueInMs}: NextRequest,
	send: (signal: AbortSignal) => Promise<Result<Value>>,
	signal: AbortSignal,
): Promise<Result<Value>> {
	const beganMs = elapsed();
	const limit = new AbortController();
	const abort = (): void => limit.abort();
	let nextAtMs = Number.POSITIVE_INFINITY;
	let timer: NodeJS.Timeout | undefined;
	const look = (): void => {
		clearTimeout(timer);
		// `dueInMs` can return 0 at each check while the next request is overdue, so only the earliest time counts.
		nextAtMs = Math.min(nextAtMs, elapsed() + dueInMs());
		const leftMs = nextAtMs + maxOverdueMs - elapsed();
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
		return await send(limit.signal);
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

/**
 * `now` is the time in epoch milliseconds, on a clock that follows the server's; `elapsed` is a monotonic clock in
 * milliseconds, which isn't affected when the other one is set.
 */
export type Clock = {readonly now: () => number; readonly elapsed: () => number};

/**
 * How long a view must be stable before its data is requested, in milliseconds: while the user holds a key to move
 * through time, only the last range is requested.
 */
const debounceMs = 100;

/** Waits until something is due or the state changes. Every wait throws as soon as the signal is aborted. */
export class Waiter {
	readonly #store: Store;
	readonly #clock: Clock;
	readonly #signal: AbortSignal;

	constructor(store: Store, clock: Clock, signal: AbortSignal) {
		this.#store = store;
		this.#clock = clock;
		this.#signal = signal;
	}

	/**
	 * Waits until `leftMs()` milliseconds have passed or `isWoken()` returns true. Both are evaluated again whenever
	 * the state changes.
	 */
	async wait(leftMs: () => number, isWoken: () => boolean): Promise<void> {
		for (;;) {
			this.#signal.throwIfAborted();
			const left = leftMs();
			if (left <= 0 || isWoken()) {
				return;
			}

			await this.#nextEvent(left);
		}
	}

	/** Waits until the result of `name` has stayed the same for 100 ms. */
	async debounce(name: () => string): Promise<void> {
		for (let before = ''; before !== name(); ) {
			before = name();
			const untilMs = this.#clock.elapsed() + debounceMs;
			await this.wait(
				() => untilMs - this.#clock.elapsed(),
				() => before !== name(),
			);
		}
	}

	/** Runs `send`; as soon as the result of `name` changes, aborts it and returns undefined. */
	async whileSame<Value>(
		name: () => string,
		send: (signal: AbortSignal) => Promise<Value>,
	): Promise<Value | undefined> {
		const controller = new AbortController();
		const abort = (): void => controller.abort();
		const before = name();
		const unsubscribe = this.#store.subscribe(() => {
			if (name() !== before) {
				abort();
			}
		});
		this.#signal.addEventListener('abort', abort, {once: true});
		try {
			return await send(controller.signal);
		} catch (error) {
			if (controller.signal.aborted && !this.#signal.aborted) {
				return undefined;
			}

			throw error;
		} finally {
			unsubscribe();
			this.#signal.removeEventListener('abort', abort);
		}
	}

	/** Resolves after `waitMs` or when the state changes. */
	async #nextEvent(waitMs: number): Promise<void> {
		const {promise, resolve} = withResolvers();
		// A timer of more than 24 days would fire immediately. For a longer or infinite wait, no timer is set.
		const timer = waitMs > longestTimerMs ? undefined : setTimeout(resolve, waitMs);
		const unsubscribe = this.#store.subscribe(resolve);
		this.#signal.addEventListener('abort', resolve, {once: true});
		try {
			await promise;
		} finally {
			clearTimeout(timer);
			unsubscribe();
			this.#signal.removeEventListener('abort', resolve);
		}

		this.#signal.throwIfAborted();
	}
}

const longestTimerMs = 2 ** 31 - 1;

/** Returns a promise and its `resolve`, like Promise.withResolvers, which Node.js 20 doesn't have. */
function withResolvers(): {readonly promise: Promise<void>; readonly resolve: () => void} {
	let resolve = (): void => undefined;
	const promise = new Promise<void>(done => {
		resolve = done;
	});
	return {promise, resolve};
}

/** The context of every poller. */
export type PollingContext = {
	readonly client: Client;
	readonly store: Store;
	/**
	 * Reads the stored key again: the baseten CLI renews its tokens in place. Throws only if `signal` is aborted.
	 */
	readonly renewKey: (signal: AbortSignal) => Promise<void>;
	readonly clock: Clock;
	/** Returns a number from 0 (inclusive) to 1 (exclusive), for the jitter. */
	readonly random: () => number;
};

/** Why there is nothing to show, in cases that a retry can't fix. */
export type FatalReason =
	| {readonly kind: 'refused'; readonly failure: Failure}
	/** The run has no deployment. */
	| {readonly kind: 'serverless'; readonly run: string}
	/** No deployment or several deployments are live, and there is no screen to choose on. */
	| {readonly kind: 'undecided'; readonly list: readonly Deployment[]};

/**
 * The context of a side request. `signal` is aborted when the response is no longer needed, or when the request would
 * delay a main request for too long.
 */
export type SideRequestContext = {
	readonly client: Client;
	readonly state: State;
	/** Returns the current time in epoch milliseconds, on a clock that follows the server's. */
	readonly now: () => number;
	readonly signal: AbortSignal;
};

/**
 * A secondary request, such as one for logs, the sampler's metrics, or the list of deployments, that is sent only while
 * a view, an output, or a finding needs it. The poller runs side requests one at a time between its main requests, and
 * aborts those that would delay a main request for too long. A failed side request affects nothing else, unless it is
 * for the list from which a deployment is to be chosen.
 */
export type SideRequest = {
	readonly name: SideRequestName;
	/**
	 * Returns the key of the next request, and the interval in milliseconds; undefined if nothing is needed. A request
	 * with a new key is sent immediately.
	 */
	readonly wanted: (state: State) => {readonly key: string; readonly everyMs: number} | undefined;
	readonly send: (context: SideRequestContext) => Promise<Result<SideResponse>>;
};
