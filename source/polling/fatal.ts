import type {Deployment} from '../api/deployment.ts';
import type {Failure} from '../api/failure.ts';

/** Why there is nothing to show, in cases that a retry can't fix. */
export type FatalReason =
	| {readonly kind: 'refused'; readonly failure: Failure}
	/** The run has no deployment. */
	| {readonly kind: 'serverless'; readonly run: string}
	/** None or several of these are live, and there is no screen to choose on. */
	| {readonly kind: 'undecided'; readonly list: readonly Deployment[]};
