import type {Deployment} from '../api/deployment.ts';
import type {Failure} from '../api/failure.ts';

/** What an errand brought. Its kind is the errand's name. */
export type ErrandNews = {readonly kind: 'deployments'; readonly list: readonly Deployment[]};

export type ErrandName = ErrandNews['kind'];

/** Why an errand brought nothing, and when it is tried again; undefined when the server refuses it, and it isn't. */
export type ErrandFault = {readonly failure: Failure; readonly nextAtMs: number | undefined};
