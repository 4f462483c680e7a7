import type {Scope} from '../api/client.ts';
import type {Deployment} from '../api/deployment.ts';
import type {Failure} from '../api/failure.ts';
import type {Checkpoints, Run} from '../api/run.ts';
import type {Target} from '../api/target.ts';
import type {KnownPrices} from '../metrics/cost.ts';
import type {Findings} from '../metrics/findings.ts';
import type {Node} from '../metrics/node.ts';
import type {Snapshot} from '../metrics/snapshot.ts';
import type {Thresholds} from '../metrics/thresholds.ts';
import {defaultWindow, type Window} from '../metrics/windows.ts';
import type {SamplerMetrics, SideFailure, SideRequestName} from './actions.ts';
import type {Choices} from './choices.ts';
import type {Component, Components, PerComponent} from './component.ts';
import type {TypedFilter} from './filter-input.ts';
import type {Logs} from './logs.ts';
import type {OverviewSort} from './overview-list.ts';
import type {Reference} from './reference.ts';
import type {Replay} from './replay.ts';
import type {SamplerExtrasState} from './sampler-extras.ts';
import type {Overlay} from './select-and-open.ts';
import type {TypedTime} from './shown-range.ts';
import type {LogErrors} from './timeline.ts';

/** The panes, in the order of the digit keys that focus them. */
export const panes = ['requests', 'latency', 'status', 'gpus', 'nodes'] as const;

/** The name of a pane. */
export type PaneName = (typeof panes)[number];

/** Returns the pane `by` positions further on, wrapping around. */
export function paneAfter(pane: PaneName, by: number): PaneName {
	const index = (panes.indexOf(pane) + by + panes.length) % panes.length;
	return panes[index] ?? pane;
}

/** The state of the connection. Times are epoch milliseconds, on a clock that follows the server's. */
export type Link =
	| {readonly kind: 'connecting'}
	| {readonly kind: 'ok'; readonly atMs: number; readonly tookMs: number}
	/** The server responds, but has no metrics for this deployment now. */
	| {readonly kind: 'no-metrics'; readonly atMs: number; readonly tookMs: number}
	| {
			readonly kind: 'failing';
			readonly failure: Failure;
			readonly sinceMs: number;
			readonly nextAtMs: number;
			/** The time of the last response before the failure; undefined if there was none. */
			readonly receivedMs: number | undefined;
	  }
	/** The server rejects the request, and a retry can't fix that. */
	| {
			readonly kind: 'refused';
			readonly failure: Failure;
			readonly sinceMs: number;
			readonly receivedMs: number | undefined;
	  };

/** Returns the time of the last response, regardless of later failures; undefined if there was none. */
export function receivedMs(link: Link): number | undefined {
	switch (link.kind) {
		case 'connecting':
			return undefined;
		case 'ok':
		case 'no-metrics':
			return link.atMs;
		case 'failing':
		case 'refused':
			return link.receivedMs;
	}
}

/**
 * The interval between requests for the description of the deployment, in milliseconds. The description rarely changes,
 * so it is requested at startup, and then only at this interval, right after the metrics.
 */
export const deploymentEveryMs = 60_000;

/**
 * The description of the deployment, and the states of the connections. `nowMs` is the time of the poller's newest
 * action, in epoch milliseconds; ages are relative to that time.
 */
export type Live = {
	readonly deployment: Deployment | undefined;
	/** When the server last described the deployment, in epoch milliseconds. */
	readonly describedMs: number | undefined;
	/** Whether the description was requested but couldn't be loaded. */
	readonly isUndescribed: boolean;
	/**
	 * Whether the description was old when the newest metrics arrived, and no request for it has been completed since
	 * then.
	 */
	readonly isDescriptionDue: boolean;
	/** The state of the connection for each component's metrics. */
	readonly links: PerComponent<Link>;
	readonly nowMs: number;
};

/** The data on the screen: the newest, a paused copy of it, or that of an earlier range, which ends at `endMs`. */
export type Mode =
	| {readonly kind: 'live'}
	| {readonly kind: 'paused'; readonly live: Live; readonly components: Components}
	| {readonly kind: 'past'; readonly endMs: number};

/** The view of one component on the screen, derived from the rest of the state. */
export type ViewModel = Pick<Live, 'deployment' | 'nowMs'> & {
	readonly link: Link;
	readonly window: Window;
	readonly snapshot: Snapshot;
	/** The nodes that match the filter, in the chosen order. */
	readonly nodes: readonly Node[];
	/** The findings: up to now, or in the earlier range on the screen. */
	readonly findings: Findings;
};

/** The level of detail: all panes, one pane, or one row of it, which is a GPU or a node. */
export type Zoom = 'overview' | 'full' | 'detail';

/**
 * The known data of the deployments that aren't watched, and how they are listed. It is kept while another view is
 * open.
 */
export type Overview = {
	/** Whether all live deployments are polled while the program runs (--all). */
	readonly isAlways: boolean;
	/** Whether esc returns to the overview: a deployment was opened from it, or it was the first view. */
	readonly isHome: boolean;
	/** The known data of each deployment by its ID: its description, its metrics of the last hour, and its findings. */
	readonly members: ReadonlyMap<string, State>;
	/** The selected deployment, by its ID. */
	readonly selected: string | undefined;
	/** The words that a row must contain, in lowercase. */
	readonly filter: TypedFilter<string>;
	readonly sort: OverviewSort;
};

/** Whether responses are recorded; `why`, the reason why the recording stopped, is a clause. */
export type Recording =
	| {readonly kind: 'off'}
	| {readonly kind: 'on'}
	| {readonly kind: 'stopped'; readonly why: string; readonly isSeen: boolean};

/** The deployments to choose from; `list` is undefined until they are loaded. */
type Deployments = {
	readonly scope: Scope;
	readonly list: readonly Deployment[] | undefined;
	/**
	 * Whether the list requested at startup was received, or another list was requested. Only the first list can open a
	 * deployment automatically.
	 */
	readonly isAfterStart: boolean;
};

/** The checkpoints of a run, newest first, and when they were received, in epoch milliseconds. */
type RunCheckpoints = Checkpoints & {readonly runId: string; readonly atMs: number};

/**
 * The sampler values that outputs other than the screen need, even if the sampler isn't visible: none, the values of
 * the last hour, or the values of the time range on the screen.
 */
export type SamplerOutput = 'none' | 'now' | 'shown';

/** The whole state of the program. It is immutable: each action that changes anything results in a new state. */
export type State = {
	readonly target: Target;
	readonly host: string;
	readonly thresholds: Thresholds;
	readonly live: Live;
	/**
	 * The window and the time that were requested at startup. The time is in epoch milliseconds; undefined if none was
	 * requested.
	 */
	readonly requestedWindow: Window;
	readonly requestedTimeMs: number | undefined;
	/** The active component. The window, the mode, and the cursor apply to both components. */
	readonly component: Component;
	readonly components: Components;
	readonly mode: Mode;
	/** The time whose values all panes show, in epoch milliseconds; undefined for the newest values. */
	readonly cursorMs: number | undefined;
	readonly samplerMetrics: SamplerMetrics;
	readonly samplerExtras: SamplerExtrasState;
	readonly samplerOutput: SamplerOutput;
	/** Whether an output other than the screen contains the newest log entries of both components. */
	readonly hasLogOutput: boolean;
	readonly findings: Findings;
	readonly deployments: Deployments;
	readonly overview: Overview;
	readonly prices: KnownPrices;
	/** The run of the deployment, and its checkpoints, newest first; undefined until they are received. */
	readonly run: {readonly run: Run; readonly atMs: number} | undefined;
	readonly checkpoints: RunCheckpoints | undefined;
	/** The failures of side requests. */
	readonly sideFailures: Readonly<Partial<Record<SideRequestName, SideFailure>>>;
	readonly recording: Recording;
	/** The replay, if data comes from a recording. */
	readonly replay: Replay | undefined;
	readonly intervalMs: number;
	/** Counts manual refreshes; a change ends a wait early. */
	readonly refreshCount: number;
	readonly choices: Choices;
	/** The logs of the active component, and those of the other one. */
	readonly logs: Logs;
	readonly otherLogs: Logs;
	readonly focus: PaneName;
	readonly zoom: Zoom;
	readonly overlay: Overlay;
	/** The known data of the comparison. */
	readonly reference: Reference | undefined;
	/**
	 * The errors in the trainer's logs, as of the last request for them. They are requested while the timeline is open,
	 * and if the deployment has failed.
	 */
	readonly logErrors: LogErrors | undefined;
	/** The time being typed in the go-to line; undefined if that line isn't open. */
	readonly typedTime: TypedTime | undefined;
	/** The message about the last action; undefined if there is none. */
	readonly message: string | undefined;
	readonly views: PerComponent<ViewModel>;
};

/**
 * The window on which findings are based, regardless of the window on the screen. It is kept up to date, and isn't
 * dropped when other windows are shown.
 */
export const findingsWindow = defaultWindow;
