import type {MetricsAnswer} from '../api/metrics-answer.ts';
import type {AnsweredRange} from '../metrics/history.ts';

/** A response with the metrics of one component: of a window up to now (`live`), or of an earlier range, which ends with `range`. */
export type MetricsUpdate = {
	readonly window: string;
	readonly answer: MetricsAnswer;
	readonly range: AnsweredRange;
} & (
	| {readonly kind: 'live'}
	/** `settled` once no later sample can reach the range. */
	| {readonly kind: 'past'; readonly settled: boolean}
);
