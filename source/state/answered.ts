import type {MetricsAnswer} from '../api/metrics-answer.ts';
import type {AnsweredRange} from '../metrics/history.ts';

/** An answer of one component, and of what it is: of a window up to now, or of an earlier stretch, which ends with the range. */
export type Answered = {
	readonly kind: 'live' | 'past';
	readonly window: string;
	readonly answer: MetricsAnswer;
	readonly range: AnsweredRange;
	/** Whether no later sample can reach the stretch. */
	readonly settled: boolean;
};
