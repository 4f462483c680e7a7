import type {SamplerId} from '../api/client.ts';
import type {Deployment} from '../api/deployment.ts';
import type {Failure} from '../api/failure.ts';
import type {Answered} from './answered.ts';
import type {LogNews} from './logs.ts';

/** Whether a server knows all metrics of a sampler that are read, or only its usual ones. */
export type SamplerMetrics = 'all' | 'usual';

/** What an errand brought. Its kind is the errand's name. */
export type ErrandNews =
	| {readonly kind: 'deployments'; readonly list: readonly Deployment[]}
	| {
			readonly kind: 'sampler';
			/** Of which sampler: another deployment may be watched by now. */
			readonly sampler: SamplerId;
			readonly answered: Answered;
			readonly metrics: SamplerMetrics;
			readonly tookMs: number;
	  }
	| ({readonly kind: 'logs' | 'earlierLogs'} & LogNews);

export type ErrandName = ErrandNews['kind'];

/** Why an errand brought nothing, and when it is tried again; undefined when the server refuses it, and it isn't. */
export type ErrandFault = {readonly failure: Failure; readonly nextAtMs: number | undefined};
