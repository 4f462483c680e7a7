import type {Client} from '../api/client.ts';
import type {Deployment} from '../api/deployment.ts';
import type {Failure, Result} from '../api/failure.ts';
import type {State} from './state.ts';

/** What an errand brought. Its kind is the errand's name. */
export type ErrandNews = {readonly kind: 'deployments'; readonly list: readonly Deployment[]};

export type ErrandName = ErrandNews['kind'];

/** Why an errand brought nothing, and when it is tried again; undefined when the server refuses it, and it isn't. */
export type ErrandFault = {readonly failure: Failure; readonly nextAtMs: number | undefined};

/** `signal` is aborted when the program ends. */
export type ErrandContext = {
	readonly client: Client;
	readonly state: State;
	/** The local clock in epoch milliseconds. */
	readonly now: () => number;
	readonly signal: AbortSignal;
};

/**
 * Something that is asked for beside the metrics, while somebody wants it. The poller runs errands one at a time between
 * its own requests; where one fails, nothing but the errand itself is affected.
 */
export type Errand = {
	readonly name: ErrandName;
	/**
	 * What to ask for now and how often, in milliseconds; undefined where nobody wants it. Two questions of the same text
	 * are the same one at two times; another one is asked at once.
	 */
	readonly wanted: (state: State) => {readonly question: string; readonly everyMs: number} | undefined;
	readonly ask: (context: ErrandContext) => Promise<Result<ErrandNews>>;
};
