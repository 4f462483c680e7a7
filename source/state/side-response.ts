import type {SamplerId} from '../api/client.ts';
import type {Deployment} from '../api/deployment.ts';
import type {Failure} from '../api/failure.ts';
import type {Prices} from '../api/prices.ts';
import type {LogsUpdate} from './logs.ts';
import type {MetricsUpdate} from './metrics-update.ts';

/** Whether a server knows all metrics of a sampler that are read, or only its usual ones. */
export type SamplerMetrics = 'all' | 'usual';

/** What a side request brought. Its kind is the side request's name. */
export type SideResponse =
	| {readonly kind: 'deployments'; readonly list: readonly Deployment[]}
	| {
			readonly kind: 'sampler';
			/** Of which sampler: another deployment may be watched by now. */
			readonly sampler: SamplerId;
			readonly update: MetricsUpdate;
			readonly metrics: SamplerMetrics;
			readonly tookMs: number;
	  }
	/** The list prices, and when they came, in epoch milliseconds. */
	| {readonly kind: 'prices'; readonly list: Prices; readonly atMs: number}
	| ({readonly kind: 'logs' | 'earlierLogs'} & LogsUpdate);

export type SideRequestName = SideResponse['kind'];

/** Why a side request brought nothing, and when it is tried again; undefined when the server refuses it, and it isn't. */
export type SideFailure = {readonly failure: Failure; readonly nextAtMs: number | undefined};
