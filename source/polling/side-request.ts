import type {Client} from '../api/client.ts';
import type {Result} from '../api/failure.ts';
import type {SideRequestName, SideResponse} from '../state/side-response.ts';
import type {State} from '../state/state.ts';

/** `signal` is aborted when nobody wants the answer any more. */
export type SideContext = {
	readonly client: Client;
	readonly state: State;
	/** The local clock in epoch milliseconds. */
	readonly now: () => number;
	readonly signal: AbortSignal;
};

/**
 * Something that is asked for beside the metrics, while somebody wants it. The poller runs side requests one at a time between
 * its own requests, and gives one up for which those would have to wait too long; where one fails, nothing but the side request
 * itself is affected.
 */
export type SideRequest = {
	readonly name: SideRequestName;
	/**
	 * What to ask for now and how often, in milliseconds; undefined where nobody wants it. Two requests with the same key
	 * are the same one at two times; another one is asked at once.
	 */
	readonly wanted: (state: State) => {readonly key: string; readonly everyMs: number} | undefined;
	readonly ask: (context: SideContext) => Promise<Result<SideResponse>>;
};
