import process from 'node:process';
import packageJson from '../../package.json' with {type: 'json'};
import {type Client, createClient} from '../api/client.ts';
import {createTransport, type Transport} from '../api/http.ts';
import type {Configuration} from '../command-line/options.ts';
import type {ListenAddress} from '../command-line/parse-value.ts';
import type {MetricsServer} from '../output/metrics-server.ts';
import type {Clock} from '../polling/polling-context.ts';
import {RequestGate} from '../polling/retry.ts';
import type {Recorder} from '../recording/recorder.ts';
import {initialState} from '../state/initial-state.ts';
import {selectedWindow} from '../state/selectors.ts';
import type {SamplerOutput} from '../state/state.ts';
import {createStore, type Store} from '../state/store.ts';
import type {Connection} from './connect.ts';
import {followTarget} from './process.ts';

/**
 * The context of a response: the clock in epoch milliseconds, which responses correct; a monotonic clock in
 * milliseconds; and the name of the visible window.
 */
type RecordingContext = {
	readonly now: () => number;
	readonly elapsed: () => number;
	readonly window: () => string;
};

/**
 * Wraps a transport so that it records every response. Aborted requests have no response.
 *
 * The times of a response are determined when the recorder processes it, after the client has processed it: a response
 * that corrects the clock is recorded with the corrected times.
 */
export function recordingTransport(
	transport: Transport,
	recorder: Pick<Recorder, 'keep'>,
	{now, elapsed, window}: RecordingContext,
): Transport {
	return async (request, signal) => {
		// The response itself is recorded, not the data parsed from it.
		const {readItem: _, mayRepeat, ...sent} = request;
		const asked = {request: sent, window: window()};
		const askedAt = elapsed();
		const result = await transport({...sent, mayRepeat}, signal);
		const receivedAt = elapsed();
		recorder.keep(() => {
			const beginMs = now() - elapsed();
			return {...asked, sentMs: beginMs + askedAt, receivedMs: beginMs + receivedAt, result};
		});
		return result;
	};
}

/** Prometheus metrics that are served, or are about to be. */
type Serving = {
	/**
	 * Resolves with the URL once requests are answered, or with undefined if no address is given. Rejects with a
	 * UserError if the program can't listen there.
	 */
	readonly url: Promise<string | undefined>;
	/** Stops serving, without waiting for the lookup of a name. */
	readonly close: () => Promise<void>;
};

/**
 * If an address is given, loads the code for Prometheus metrics, and serves them. Returns before the server
 * listens, because looking up the name in an address can take a long time.
 */
export function serve(address: ListenAddress | undefined, store: Store, now: () => number): Serving {
	let server: MetricsServer | undefined;
	const start = async (): Promise<string | undefined> => {
		if (address === undefined) {
			return undefined;
		}

		const {serveMetrics} = await import('../output/metrics-server.ts');
		server = await serveMetrics(address, store, now);
		return server.url;
	};
	return {
		url: start(),
		async close() {
			await server?.close();
		},
	};
}

/**
 * The maximum difference in milliseconds at which two clocks count as equal: a server's Date header is in whole
 * seconds, and a response takes some time to arrive.
 */
const toleranceMs = 20_000;

/** The range of valid times, in epoch milliseconds. The API has no samples from outside this range. */
const earliestMs = Date.UTC(2025, 0, 1);
const latestMs = Date.UTC(2100, 0, 1);

/** A clock that follows the server's clock, on which the times of samples are based. */
type ServerClock = {
	/** Returns the current time on the server's clock, in epoch milliseconds. */
	readonly now: () => number;
	/**
	 * Corrects the clock to the server's current time, in epoch milliseconds, if they differ by more than the
	 * tolerance. Times before 2025 or after 2099 are ignored.
	 */
	readonly notice: (serverMs: number) => void;
};

/**
 * Creates a clock based on the local clock, corrected to match the server's. Without the correction, a machine whose
 * clock is an hour slow would request hour-old data and treat it as the newest.
 */
export function createServerClock(localNow: () => number): ServerClock {
	let aheadMs = 0;
	return {
		now: () => localNow() + aheadMs,
		notice(serverMs) {
			const differenceMs = serverMs - localNow();
			if (!(serverMs >= earliestMs && serverMs < latestMs)) {
				return;
			}

			if (Math.abs(differenceMs - aheadMs) > toleranceMs) {
				aheadMs = Math.abs(differenceMs) > toleranceMs ? differenceMs : 0;
			}
		},
	};
}

/** The timeout for a request, in milliseconds. */
const requestTimeoutMs = 30_000;

/** The parts of one run of the program: its API client, its store, and its clock. */
export type Session = {
	readonly client: Client;
	/** The client for deployments that aren't watched. Its responses aren't recorded. */
	readonly unrecorded: Client;
	/** The remaining time during which no requests are sent because the server specified a wait, in milliseconds. */
	readonly heldMs: () => number;
	readonly store: Store;
	readonly clock: Clock;
};

/**
 * Opens a client for the target with an empty store. Responses are recorded if the connection has a recorder.
 * `samplerOutput` specifies the values of the sampler that are needed by outputs other than the screen, and
 * `hasLogOutput` says whether these outputs need logs.
 */
export function openSession(
	configuration: Configuration,
	connection: Connection,
	samplerOutput: SamplerOutput,
	hasLogOutput = false,
): Session {
	const {window, intervalMs, thresholds, scope, price, comparison, all: isWatchingAll} = configuration;
	const {apiUrl, target, secret, recorder, debug} = connection;
	const recording = {kind: recorder === undefined ? 'off' : 'on'} as const;
	const {now, notice} = createServerClock(Date.now);
	const clock: Clock = {now, elapsed: () => performance.now()};
	const nowMs = now();
	const bare = createStore(
		initialState({
			target,
			host: apiUrl.host,
			window,
			intervalMs,
			thresholds,
			nowMs,
			scope,
			isWatchingAll,
			recording,
			price,
			samplerOutput,
			hasLogOutput,
			comparison,
		}),
	);
	const store = debug?.store(bare) ?? bare;
	followTarget(store, process);
	const network = debug?.network(connection.network) ?? connection.network;
	debug?.onStopped(why => store.dispatch({type: 'notify', text: `the debug log stopped: ${why}`}));
	const userAgent = `loops-top/${packageJson.version}`;
	const timeoutMs = requestTimeoutMs;
	const transport = createTransport({apiUrl, secret, userAgent, timeoutMs, network});
	const gate = openGate(store, clock);
	const unrecorded = createClient(gate.guard(transport), notice);
	const common = {unrecorded, heldMs: () => gate.heldMs(), store, clock};
	if (recorder === undefined) {
		return {client: unrecorded, ...common};
	}

	recorder.onStopped(why => store.dispatch({type: 'recordingStopped', why, atMs: now()}));
	recorder.onEmptied(() =>
		store.dispatch({type: 'notify', text: 'another program emptied the recording; it continues in the empty file'}),
	);
	const shownWindow = (): string => selectedWindow(store.getState()).name;
	const kept = recordingTransport(transport, recorder, {...clock, window: shownWindow});
	return {client: createClient(gate.guard(kept), notice), ...common};
}

/**
 * Returns a gate for all requests that use the key. Of all user actions, only a refresh ends a wait that the server
 * specified.
 */
function openGate(store: Store, {elapsed}: Clock): RequestGate {
	const gate = new RequestGate(elapsed);
	let {refreshCount} = store.getState();
	store.subscribe(() => {
		const state = store.getState();
		if (state.refreshCount !== refreshCount) {
			gate.open();
		}

		({refreshCount} = state);
	});
	return gate;
}
