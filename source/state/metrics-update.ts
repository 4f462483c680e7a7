import type {MetricsResponse} from '../api/metrics-response.ts';
import type {CoveredRange} from '../metrics/history.ts';

/** A response with the metrics of one component: of a window up to now (`live`), or of an earlier range, which ends with `range`. */
export type MetricsUpdate = {
	readonly window: string;
	readonly response: MetricsResponse;
	readonly range: CoveredRange;
} & (
	| {readonly kind: 'live'}
	/** `settled` once no later sample can reach the range. */
	| {readonly kind: 'past'; readonly settled: boolean}
);
