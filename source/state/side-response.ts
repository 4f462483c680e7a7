import type {SamplerId} from '../api/client.ts';
import type {Deployment, Prices} from '../api/deployment.ts';
import type {Failure} from '../api/failure.ts';
import type {MetricsResponse} from '../api/metrics-response.ts';
import type {Checkpoints, Run} from '../api/run.ts';
import type {SamplerExtras} from '../api/sampler-extras.ts';
import type {CoveredRange} from '../metrics/merge-history.ts';
import type {LogsUpdate} from './logs.ts';
import type {Reference} from './reference.ts';
import type {LogErrors} from './timeline.ts';

/** A response with the metrics of one component: of a window up to now (`live`), or of an earlier range, which ends with `range`. */
export type MetricsUpdate = {
	readonly window: string;
	readonly response: MetricsResponse;
	readonly range: CoveredRange;
} & (
	| {readonly kind: 'live'}
	/** `isFinal` once no later sample can fall into the range. */
	| {readonly kind: 'past'; readonly isFinal: boolean}
);

/** Whether a server supports all sampler metrics that are read, or only the usual ones. */
export type SamplerMetrics = 'all' | 'usual';

/** The result of a side request. Its kind is the request's name. */
export type SideResponse =
	| {readonly kind: 'deployments'; readonly list: readonly Deployment[]}
	| {
			readonly kind: 'sampler';
			/** The sampler that the result is about; the watched deployment might have changed since. */
			readonly sampler: SamplerId;
			readonly update: MetricsUpdate;
			readonly metrics: SamplerMetrics;
			readonly tookMs: number;
	  }
	/** The extra metrics with these names, and their time range. */
	| {
			readonly kind: 'samplerExtras';
			readonly sampler: SamplerId;
			readonly names: readonly string[];
			readonly rangeName: string;
			readonly extras: SamplerExtras;
	  }
	/** The server's message if it rejects one of these names, which means that it rejects all of them. */
	| {
			readonly kind: 'samplerExtras';
			readonly sampler: SamplerId;
			readonly names: readonly string[];
			readonly refusal: string;
	  }
	| {readonly kind: 'logErrors'; readonly errors: LogErrors}
	/** The data of the comparison. */
	| {readonly kind: 'reference'; readonly reference: Reference}
	/** The list prices, and when they were received, in epoch milliseconds. */
	| {readonly kind: 'prices'; readonly list: Prices; readonly atMs: number}
	| {readonly kind: 'run'; readonly run: Run; readonly atMs: number}
	| ({readonly kind: 'checkpoints'; readonly runId: string; readonly atMs: number} & Checkpoints)
	| ({readonly kind: 'logs' | 'earlierLogs' | 'samplerLogs' | 'earlierSamplerLogs'} & LogsUpdate);

/** The side requests for the logs of each component. */
export const logRequests = {
	trainer: {newest: 'logs', earlier: 'earlierLogs'},
	sampler: {newest: 'samplerLogs', earlier: 'earlierSamplerLogs'},
} as const;

export type SideRequestName = SideResponse['kind'];

/** Why a side request failed, and when it is retried; undefined if the server rejects it, so that it isn't retried. */
export type SideFailure = {readonly failure: Failure; readonly nextAtMs: number | undefined};
