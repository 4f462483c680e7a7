import type {SamplerId} from '../api/client.ts';
import type {Deployment, Prices} from '../api/deployment.ts';
import type {Failure} from '../api/failure.ts';
import type {MetricsResponse} from '../api/metrics-response.ts';
import type {Checkpoints, Run} from '../api/run.ts';
import type {SamplerExtras} from '../api/sampler-extras.ts';
import type {History} from '../metrics/history.ts';
import type {CoveredRange} from '../metrics/merge-history.ts';
import type {TimeRange, Window} from '../metrics/windows.ts';
import type {Zone} from '../text/clock-time.ts';
import type {CycleName} from './choices.ts';
import type {Component} from './component.ts';
import type {EraseUnit} from './filter-input.ts';
import type {LogsUpdate} from './logs.ts';
import type {MemberUpdate} from './overview.ts';
import type {Reference} from './reference.ts';
import type {OverlayName} from './select-and-open.ts';
import type {PaneName} from './state.ts';
import type {LogErrors} from './timeline.ts';

/**
 * A response with the metrics of one component for a window up to now (`live`), or for an earlier range (`past`), which
 * ends at the end of `range`.
 */
export type MetricsUpdate = {
	readonly window: string;
	readonly response: MetricsResponse;
	readonly range: CoveredRange;
} & (
	| {readonly kind: 'live'}
	/** `isFinal` is true once no more samples are expected in the range. */
	| {readonly kind: 'past'; readonly isFinal: boolean}
);

/** Whether a server supports all sampler metrics that are read, or only the usual ones. */
export type SamplerMetrics = 'all' | 'usual';

/** The result of a side request. Its kind is the request's name. */
export type SideResponse =
	| {readonly kind: 'deployments'; readonly list: readonly Deployment[]}
	| {
			readonly kind: 'sampler';
			/** The sampler that the result is about. The user might be watching a different deployment by now. */
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
	/** The server's message if it rejects one of these names, and therefore the whole request. */
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

/** The name of a side request. */
export type SideRequestName = SideResponse['kind'];

/**
 * Why a side request failed, and when it is retried, in epoch milliseconds; undefined if it isn't retried, because the
 * server rejects it or because only one snapshot is needed.
 */
export type SideFailure = {readonly failure: Failure; readonly nextAtMs: number | undefined};

/**
 * The reports from the poller or, in a replay, the player. Times are epoch milliseconds, on a clock that follows the
 * server's, and durations are in milliseconds.
 */
export type PollerAction =
	| ({readonly type: 'metricsReceived'; readonly atMs: number; readonly tookMs: number} & MetricsUpdate)
	/** The deployment exists, but has no metrics now: it is scaled to zero, or not deployed yet. */
	| {readonly type: 'noMetrics'; readonly atMs: number; readonly tookMs: number}
	| {readonly type: 'pollFailed'; readonly failure: Failure; readonly atMs: number; readonly nextAtMs: number}
	| {readonly type: 'deploymentLoaded'; readonly deployment: Deployment; readonly atMs: number}
	/** The deployment itself can't be loaded now. */
	| {readonly type: 'deploymentUnavailable'; readonly atMs: number}
	/** Time passed without a response, so ages on the screen have changed. */
	| {readonly type: 'tick'; readonly atMs: number}
	/** The recording continues from this time, after a seek. */
	| {readonly type: 'seeked'; readonly atMs: number}
	/** The recorded data of a window up to now, or of an earlier range. */
	| {
			readonly type: 'historyRestored';
			readonly component: Component;
			readonly kind: 'live' | 'past';
			readonly history: History;
			readonly atMs: number;
	  }
	/** At this time in the recording, the user switched to another window. */
	| {readonly type: 'recordedWindowChanged'; readonly window: string; readonly atMs: number}
	/** Nothing was recorded until `endMs`, in epoch milliseconds. */
	| {readonly type: 'gapEntered'; readonly endMs: number; readonly atMs: number}
	/** The replay ended; `why` is a clause if it ended early. */
	| {readonly type: 'replayEnded'; readonly why: string | undefined; readonly atMs: number}
	/** The whole recording has been read: it ends at `endMs`, in epoch milliseconds. */
	| {readonly type: 'recordingRead'; readonly endMs: number; readonly atMs: number}
	/** The recording stopped; `why` is a clause. */
	| {readonly type: 'recordingStopped'; readonly why: string; readonly atMs: number}
	/** The deployment to watch: that of the run to watch, the only live one, or the next one in a recording. */
	| {readonly type: 'watchDeployment'; readonly id: string; readonly atMs: number}
	/** The responses about deployments that aren't watched, from the overview's poller. */
	| {readonly type: 'membersPolled'; readonly news: readonly MemberUpdate[]; readonly atMs: number}
	| {readonly type: 'sideRequestSucceeded'; readonly response: SideResponse; readonly atMs: number}
	| {
			readonly type: 'sideRequestFailed';
			readonly request: SideRequestName;
			readonly fault: SideFailure;
			readonly atMs: number;
	  };

/** Actions that apply only to the logs. */
export type LogAction =
	| {readonly type: 'toggleLogs'}
	/** Shows the logs of the trainer and the sampler side by side, if the screen has space for both. */
	| {readonly type: 'toggleBothLogs'; readonly hasRoom: boolean}
	/** Chooses the next higher minimum level; after the highest, the lowest. */
	| {readonly type: 'nextLevel'}
	/** Switches between the entries of the selected node and all entries. */
	| {readonly type: 'toggleOnlySelected'}
	/** Selects an entry, by its position among the visible ones of a component. */
	| {readonly type: 'pointLog'; readonly component: Component; readonly position: number};

/** Actions of a key or the mouse in the panes. Some have a different meaning in the logs. */
export type PaneAction =
	/**
	 * Moves the selection in the focused view, such as the list of nodes, GPUs, findings, checkpoints, deployments, or
	 * log entries.
	 */
	| {readonly type: 'select'; readonly by: number}
	| {readonly type: 'selectEnd'; readonly end: 'first' | 'last'}
	| {readonly type: 'selectNode'; readonly by: number}
	/** Selects what the mouse points to. */
	| {readonly type: 'point'; readonly pane: PaneName; readonly node?: string; readonly rank?: string}
	| {readonly type: 'changeWindow'; readonly by: number}
	| {readonly type: 'resetWindow'}
	/** Moves in time: by a quarter of the window or all of it; with the cursor, by one step or ten. */
	| {readonly type: 'moveInTime'; readonly by: -1 | 1; readonly far: boolean}
	| {readonly type: 'toggleCursor'}
	/** Opens the line in which a time is typed, or closes it. */
	| {readonly type: 'toggleTimeInput'}
	/** Goes to the typed time in this time zone. */
	| {readonly type: 'goToTyped'; readonly zone: Zone}
	/** Puts the cursor on the time that was requested at startup, in epoch milliseconds. */
	| {readonly type: 'goToTime'; readonly timeMs: number}
	/** Shows a time range of any length. */
	| {readonly type: 'showRange'; readonly range: TimeRange; readonly window: Window}
	/** Switches between the trainer and the sampler. */
	| {readonly type: 'toggleComponent'}
	/** Cycles through the comparisons: the previous window, a day ago, a week ago, and nothing. */
	| {readonly type: 'compareNext'}
	| {readonly type: 'changeInterval'; readonly by: number}
	| {readonly type: 'refreshNow'}
	/**
	 * The next three actions apply to a replay: they pause or resume it, change its speed, or seek by a quarter of the
	 * window.
	 */
	| {readonly type: 'togglePlay'}
	| {readonly type: 'changeSpeed'; readonly by: -1 | 1}
	| {readonly type: 'skip'; readonly by: -1 | 1}
	| {readonly type: 'togglePause'}
	| {readonly type: 'focusPane'; readonly pane: PaneName}
	| {readonly type: 'focusNext'; readonly by: number}
	| {readonly type: 'toggleFullScreen'}
	/**
	 * Opens the selected row of a list or of the logs, or shows the focused pane in more detail; at the deepest level,
	 * goes back by one.
	 */
	| {readonly type: 'enter'}
	| {readonly type: 'toggleScale'}
	/** Switches a choice to its next value. */
	| {readonly type: 'nextChoice'; readonly choice: CycleName}
	| {readonly type: 'sortNext'}
	| {readonly type: 'reverseSort'}
	| {readonly type: 'editFilter'}
	/** Types into the go-to line, the filter of the open view, or the filter of the nodes. */
	| {readonly type: 'typeText'; readonly text: string}
	| {readonly type: 'eraseText'; readonly what: EraseUnit}
	| {readonly type: 'applyFilter'}
	| {readonly type: 'clearFilter'}
	/** Opens or closes the help, the run, the findings, or the list of deployments. */
	| {readonly type: 'toggleOverlay'; readonly overlay: OverlayName}
	/** `limit` is the number of lines by which the help can be scrolled at the current screen size. */
	| {readonly type: 'scrollHelp'; readonly by: number; readonly limit: number}
	/** Watches another deployment. */
	| {readonly type: 'chooseDeployment'; readonly id: string}
	/** Switches between the user's own deployments and those of the whole organization. */
	| {readonly type: 'toggleScope'}
	/** Opens a finding, by its key in the list. */
	| {readonly type: 'openFinding'; readonly key: string}
	| {readonly type: 'close'}
	/** Shows a message until the next action of a key or the mouse. */
	| {readonly type: 'notify'; readonly text: string};

/** An action of a key or the mouse. */
export type UserAction = PaneAction | LogAction;

/**
 * Returns whether an action is a report, such as one from the poller or the player, rather than an action of a key or
 * the mouse. Only reports have `atMs`.
 */
export function isPollerAction(action: Action): action is PollerAction {
	return 'atMs' in action;
}

/** Anything that can change the state. */
export type Action = PollerAction | UserAction;
