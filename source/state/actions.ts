import type {Deployment} from '../api/deployment.ts';
import type {Failure} from '../api/failure.ts';
import type {MetricsAnswer} from '../api/metrics-answer.ts';
import type {AnsweredRange} from '../metrics/history.ts';
import type {PaneName} from './panes.ts';

/** What the poller tells: all times are epoch milliseconds of the local clock, all durations milliseconds. */
export type PollerAction =
	| {
			readonly type: 'answered';
			readonly window: string;
			readonly answer: MetricsAnswer;
			readonly range: AnsweredRange;
			readonly atMs: number;
			readonly tookMs: number;
	  }
	/** The deployment is there, but has no metrics now: it is scaled to zero, or not deployed yet. */
	| {readonly type: 'answeredNothing'; readonly atMs: number; readonly tookMs: number}
	| {readonly type: 'failed'; readonly failure: Failure; readonly atMs: number; readonly nextAtMs: number}
	| {readonly type: 'described'; readonly deployment: Deployment; readonly atMs: number}
	/** Time passed while nothing was answered: what is shown of ages is no longer true. */
	| {readonly type: 'aged'; readonly atMs: number};

/** What the keys mean. */
export type UserAction =
	| {readonly type: 'selectNode'; readonly by: number}
	| {readonly type: 'selectEnd'; readonly end: 'first' | 'last'}
	| {readonly type: 'changeWindow'; readonly by: number}
	| {readonly type: 'resetWindow'}
	| {readonly type: 'changeInterval'; readonly by: number}
	| {readonly type: 'askNow'}
	| {readonly type: 'togglePause'}
	| {readonly type: 'focusPane'; readonly pane: PaneName}
	| {readonly type: 'focusNext'; readonly by: number}
	| {readonly type: 'toggleFullScreen'}
	| {readonly type: 'toggleScale'}
	| {readonly type: 'toggleHelp'}
	/** `limit` is how far the help can be scrolled on the screen as it is. */
	| {readonly type: 'scrollHelp'; readonly by: number; readonly limit: number}
	| {readonly type: 'close'};

/** Everything that happens. */
export type Action = PollerAction | UserAction;
