import type {Client} from '../api/client.ts';
import type {Deployment} from '../api/deployment.ts';
import type {Failure, Result} from '../api/failure.ts';
import type {SideRequestName, SideResponse} from '../state/actions.ts';
import type {State} from '../state/state.ts';
import type {Store} from '../state/store.ts';
import type {Clock} from './wait.ts';

/** The context of every poller. */
export type PollingContext = {
	readonly client: Client;
	readonly store: Store;
	/** Reads the stored key again: the baseten CLI renews its tokens in place. Throws only when its signal is aborted. */
	readonly renewKey: (signal: AbortSignal) => Promise<void>;
	readonly clock: Clock;
	/** A number from 0 (included) to 1, for the jitter. */
	readonly random: () => number;
};

/** Why there is nothing to show, in cases that a retry can't fix. */
export type FatalReason =
	| {readonly kind: 'refused'; readonly failure: Failure}
	/** The run has no deployment. */
	| {readonly kind: 'serverless'; readonly run: string}
	/** No deployment or several deployments are live, and there is no screen to choose on. */
	| {readonly kind: 'undecided'; readonly list: readonly Deployment[]};

/** The context of a side request. `signal` is aborted when its response is no longer needed. */
export type SideRequestContext = {
	readonly client: Client;
	readonly state: State;
	/** The local clock in epoch milliseconds. */
	readonly now: () => number;
	readonly signal: AbortSignal;
};

/**
 * A secondary request (logs, sampler, deployment list) that is made only while a view needs it. The poller runs side
 * requests one at a time between its main requests, and aborts those that would delay a main request for too long.
 * Failures of side requests affect nothing else.
 */
export type SideRequest = {
	readonly name: SideRequestName;
	/**
	 * Returns what to request now and how often, in milliseconds; undefined if nothing is needed. A request with a new
	 * key is sent immediately.
	 */
	readonly wanted: (state: State) => {readonly key: string; readonly everyMs: number} | undefined;
	readonly send: (context: SideRequestContext) => Promise<Result<SideResponse>>;
};
