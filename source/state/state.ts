import type {Scope} from '../api/client.ts';
import type {Deployment} from '../api/deployment.ts';
import type {Failure} from '../api/failure.ts';
import type {Checkpoint, Run} from '../api/run.ts';
import type {Target} from '../api/target.ts';
import type {Sort} from '../metrics/arrange.ts';
import type {Comparison} from '../metrics/comparison.ts';
import type {KnownPrices} from '../metrics/cost.ts';
import type {Condition} from '../metrics/filter.ts';
import type {Findings} from '../metrics/findings.ts';
import type {Node} from '../metrics/node.ts';
import type {Snapshot} from '../metrics/snapshot.ts';
import type {Thresholds} from '../metrics/thresholds.ts';
import {defaultWindow, type Window} from '../metrics/windows.ts';
import type {Component, Components, PerComponent} from './component.ts';
import type {TypedFilter} from './filter-input.ts';
import type {TypedTime} from './go-to.ts';
import type {Logs} from './logs.ts';
import type {OverviewSort} from './overview-list.ts';
import type {Reference} from './reference.ts';
import type {Replay} from './replay.ts';
import type {SamplerExtrasState} from './sampler-extras.ts';
import type {SamplerMetrics, SideFailure, SideRequestName} from './side-response.ts';
import type {LogErrors} from './timeline.ts';

/** The panes, in the order of their digits. */
export const panes = ['requests', 'latency', 'status', 'gpus', 'nodes'] as const;

export type PaneName = (typeof panes)[number];

/** The pane `by` places further on, round and round. */
export function paneAfter(pane: PaneName, by: number): PaneName {
	const index = (panes.indexOf(pane) + by + panes.length) % panes.length;
	return panes[index] ?? pane;
}

/** The state of the connection. Times are epoch milliseconds of the local clock. */
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
			readonly answeredMs: number | undefined;
	  }
	/** The server refuses the request, and a retry can't fix that. */
	| {
			readonly kind: 'refused';
			readonly failure: Failure;
			readonly sinceMs: number;
			readonly answeredMs: number | undefined;
	  };

/** Returns the time of the last response, whatever came since; undefined if there was none. */
export function answeredMs(link: Link): number | undefined {
	switch (link.kind) {
		case 'connecting':
			return undefined;
		case 'ok':
		case 'no-metrics':
			return link.atMs;
		case 'failing':
		case 'refused':
			return link.answeredMs;
	}
}

/** The deployment changes rarely: it is requested at startup, and then this long after, right after metrics. */
export const deploymentEveryMs = 60_000;

/** What is known besides metrics. `nowMs` is the local time of the newest event, from which ages are counted. */
export type Live = {
	readonly deployment: Deployment | undefined;
	/** When the server described it last, in epoch milliseconds. */
	readonly describedMs: number | undefined;
	/** Whether the deployment was requested, and could not be had. */
	readonly isUndescribed: boolean;
	/** Whether the description was old when the newest metrics came, and none came since. */
	readonly isDescriptionDue: boolean;
	/** The connection of each component's metrics. */
	readonly links: PerComponent<Link>;
	readonly nowMs: number;
};

/** Which time is shown: the newest data, a paused copy of it, or an earlier range that ends at `endMs`. */
export type Mode =
	| {readonly kind: 'live'}
	| {readonly kind: 'paused'; readonly live: Live; readonly components: Components}
	| {readonly kind: 'past'; readonly endMs: number};

/** What the screen shows of one component, derived from the rest of the state. */
export type ViewModel = Pick<Live, 'deployment' | 'nowMs'> & {
	readonly link: Link;
	readonly window: Window;
	readonly snapshot: Snapshot;
	/** The nodes that match the filter, in the chosen order. */
	readonly nodes: readonly Node[];
	/** The trainer's findings: up to now, or in the earlier range on the screen. */
	readonly findings: Findings;
};

/** What the map of all GPUs shows. */
export type Heat = 'utilization' | 'memory';

/** How latency is drawn: by the values, or as the user chose. */
export type Scale = 'auto' | 'linear' | 'logarithmic';

/** How near one looks: at all panes, at one, or at one row of it, a GPU or a node. */
export type Zoom = 'overview' | 'full' | 'detail';

/** What covers the panes. */
export type Overlay =
	| {readonly kind: 'none'}
	/** How far the help is scrolled, the text that is searched for in it, and what it was opened over. */
	| {readonly kind: 'help'; readonly scroll: number; readonly filter: string; readonly over?: 'deployments'}
	/** Which of the run's checkpoints is selected, by its place in the list. */
	| {readonly kind: 'run'; readonly selected: number}
	/** Which of the findings is selected, by `listKey`; the first by default. */
	| {readonly kind: 'findings'; readonly selected: string | undefined}
	/** All deployments, of which one can be chosen. */
	| {readonly kind: 'deployments'};

/**
 * What is known of the deployments that aren't watched, and how they are listed. It stays as it is while another view is
 * open.
 */
export type Overview = {
	/** Whether all live deployments are polled for as long as the program runs (--all). */
	readonly isAlways: boolean;
	/** Whether a deployment was opened from the overview, or nothing else was there at the start: esc returns to it. */
	readonly isHome: boolean;
	/** What is known of each by itself, by its id: its deployment, the last hour, its findings. */
	readonly members: ReadonlyMap<string, State>;
	/** The selected deployment, by its id. */
	readonly selected: string | undefined;
	/** The words that a row must contain, in lower case. */
	readonly filter: TypedFilter<string>;
	readonly sort: OverviewSort;
};

/** Whether responses are recorded; `why` the recording stopped is a clause. */
export type Recording =
	| {readonly kind: 'off'}
	| {readonly kind: 'on'}
	| {readonly kind: 'stopped'; readonly why: string; readonly isSeen: boolean};

/** The deployments to choose from; undefined until they are loaded. */
type Deployments = {
	readonly scope: Scope;
	readonly list: readonly Deployment[] | undefined;
	/** Whether the start's own list came, or another one was requested: only that one may open a deployment by itself. */
	readonly isAfterStart: boolean;
};

/** The checkpoints of a run, the newest first, and when they were received, in epoch milliseconds. */
type RunCheckpoints = {readonly runId: string; readonly list: readonly Checkpoint[]; readonly atMs: number};

/**
 * What other outputs than the screen have of the sampler, which is requested even if it isn't seen: nothing, its values up
 * to now, or those of the time range that is shown.
 */
export type SamplerOutput = 'none' | 'now' | 'shown';

export type State = {
	readonly target: Target;
	readonly host: string;
	readonly thresholds: Thresholds;
	readonly live: Live;
	/** The window that was requested at startup, and the time, in epoch milliseconds; undefined if none was. */
	readonly askedWindow: Window;
	readonly askedTimeMs: number | undefined;
	/** The active component. Window, mode and cursor apply to both. */
	readonly component: Component;
	readonly components: Components;
	readonly mode: Mode;
	/** The time at which all panes read their values; undefined is the newest. */
	readonly cursorMs: number | undefined;
	readonly samplerMetrics: SamplerMetrics;
	readonly samplerExtras: SamplerExtrasState;
	readonly samplerOutput: SamplerOutput;
	readonly findings: Findings;
	readonly deployments: Deployments;
	readonly overview: Overview;
	readonly prices: KnownPrices;
	/** The run of the deployment, and its checkpoints, the newest first; undefined until they were received. */
	readonly run: {readonly run: Run; readonly atMs: number} | undefined;
	readonly checkpoints: RunCheckpoints | undefined;
	/** The failures of side requests. */
	readonly sideFailures: Readonly<Partial<Record<SideRequestName, SideFailure>>>;
	readonly recording: Recording;
	/** The replay, if data comes from a recording. */
	readonly replay: Replay | undefined;
	readonly intervalMs: number;
	/** Counts manual refreshes: a change cuts a wait short. */
	readonly refreshCount: number;
	readonly sort: Sort;
	/** Of the nodes. */
	readonly filter: TypedFilter<Condition>;
	/** The logs of the active component, and those of the other one. */
	readonly logs: Logs;
	readonly otherLogs: Logs;
	readonly focus: PaneName;
	readonly zoom: Zoom;
	readonly scale: Scale;
	readonly heat: Heat;
	readonly overlay: Overlay;
	/** What the view is compared with, and what is known of that. */
	readonly comparison: Comparison;
	readonly reference: Reference | undefined;
	/** The errors in the trainer's logs within the time range for which the timeline was open. */
	readonly logErrors: LogErrors | undefined;
	/** The time that is being typed, to go to; undefined if none is. */
	readonly typedTime: TypedTime | undefined;
	/** The message about the last key. */
	readonly message: string | undefined;
	readonly views: PerComponent<ViewModel>;
};

/** The window by which findings are made, whichever is shown: it is kept up to date, and never forgotten. */
export const findingsWindow = defaultWindow;
