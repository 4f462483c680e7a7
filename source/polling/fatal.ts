import type {Deployment} from '../api/deployment.ts';
import type {Failure} from '../api/failure.ts';

/** Why there is nothing to see, where no waiting mends it. */
export type FatalReason =
	| {readonly kind: 'refused'; readonly failure: Failure}
	/** The run has no deployment of its own. */
	| {readonly kind: 'serverless'; readonly run: string}
	/** None or several of these run, and nobody is there to choose. */
	| {readonly kind: 'undecided'; readonly list: readonly Deployment[]};
