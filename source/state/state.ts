import type {Scope} from '../api/client.ts';
import type {Deployment} from '../api/deployment.ts';
import type {Failure} from '../api/failure.ts';
import type {Watched} from '../api/watched.ts';
import {type GpuRow, gpuRows, type Sort} from '../metrics/arrange.ts';
import type {Condition} from '../metrics/filter.ts';
import {type Findings, noFindings} from '../metrics/findings.ts';
import {emptyHistory, type History} from '../metrics/history.ts';
import {wantsLogarithmicAxis} from '../metrics/latency-scale.ts';
import {type Node, type Snapshot, takeSnapshot} from '../metrics/snapshot.ts';
import {defaultThresholds, type Thresholds} from '../metrics/thresholds.ts';
import {defaultWindow, type Window} from '../metrics/windows.ts';
import type {ErrandFault, ErrandName} from './errand-news.ts';
import type {PaneName} from './panes.ts';

/** How it stands with the server; times are epoch milliseconds of the local clock. */
export type Link =
	| {readonly kind: 'connecting'}
	| {readonly kind: 'ok'; readonly atMs: number; readonly tookMs: number}
	/** The server answers, but has no metrics of this deployment now. */
	| {readonly kind: 'no-metrics'; readonly atMs: number; readonly tookMs: number}
	| {
			readonly kind: 'failing';
			readonly failure: Failure;
			readonly sinceMs: number;
			readonly nextAtMs: number;
			/** When the last answer before the fault came; undefined where there was none. */
			readonly answeredMs: number | undefined;
	  };

/** When the last answer came, whatever came since; undefined where there was none. */
export function answeredMs(link: Link): number | undefined {
	switch (link.kind) {
		case 'connecting':
			return undefined;
		case 'ok':
		case 'no-metrics':
			return link.atMs;
		case 'failing':
			return link.answeredMs;
	}
}

/** What is known beside the metrics. `nowMs` is the local time of the newest event: what ages are counted from. */
export type Live = {
	readonly deployment: Deployment | undefined;
	readonly link: Link;
	readonly nowMs: number;
};

/** At which time one looks: at the newest, at a copy of what was the newest, or at an earlier stretch that ends at `endMs`. */
export type Mode =
	| {readonly kind: 'live'}
	| {readonly kind: 'paused'; readonly live: Live; readonly history: History}
	| {readonly kind: 'past'; readonly endMs: number};

/** All that the screen shows of the deployment. It follows from the rest of the state. */
export type Picture = Live & {
	readonly window: Window;
	readonly snapshot: Snapshot;
	/** The nodes that fit the filter, in the order that was asked for. */
	readonly nodes: readonly Node[];
};

/** How latency is drawn: by what the numbers are like, or as the user said. */
export type Scale = 'auto' | 'linear' | 'logarithmic';

/** How near one looks: at all panes, at one, or at one row of it, a GPU or a node. */
export type Zoom = 'overview' | 'full' | 'detail';

/** What lies over the panes. */
export type Overlay =
	| {readonly kind: 'none'}
	/** How far the help is scrolled. */
	| {readonly kind: 'help'; readonly scroll: number}
	/** Which of the findings is selected. */
	| {readonly kind: 'findings'; readonly selected: number}
	/** Which of the deployments is selected, by its id, and the text that filters them. */
	| {readonly kind: 'deployments'; readonly selected: string | undefined; readonly filter: string};

/** Whether what is answered is kept in a file; `why` it stopped is a clause. */
export type Recording =
	| {readonly kind: 'off'}
	| {readonly kind: 'on'}
	| {readonly kind: 'stopped'; readonly why: string; readonly isSeen: boolean};

/** The list of deployments to choose from; undefined until it was told. */
export type Deployments = {readonly scope: Scope; readonly list: readonly Deployment[] | undefined};

/** `text` is as it was typed; `conditions` are the last that could be read. `before` is what to return to while editing. */
export type Filter = {
	readonly text: string;
	readonly conditions: readonly Condition[];
	readonly editing: {readonly before: string} | undefined;
};

export type State = {
	readonly watched: Watched;
	readonly host: string;
	readonly thresholds: Thresholds;
	readonly live: Live;
	/** What is known of the windows that were looked at last, newest first; the first is the one that is shown. */
	readonly histories: readonly [History, ...(readonly History[])];
	/** What is known of earlier stretches that were looked at, newest first. */
	readonly pasts: readonly History[];
	readonly mode: Mode;
	/** The time at which all panes read their values; undefined is the newest. */
	readonly cursorMs: number | undefined;
	readonly findings: Findings;
	readonly deployments: Deployments;
	/** What is wrong with that which is asked for beside the metrics. */
	readonly errandFaults: Readonly<Partial<Record<ErrandName, ErrandFault>>>;
	readonly recording: Recording;
	readonly intervalMs: number;
	/** How often the user asked for an answer now. */
	readonly asked: number;
	/** The selected node's name, and the rank of the selected GPU of it. */
	readonly selected: string | undefined;
	readonly selectedRank: string | undefined;
	readonly sort: Sort;
	readonly filter: Filter;
	readonly focus: PaneName;
	readonly zoom: Zoom;
	readonly scale: Scale;
	readonly overlay: Overlay;
	/** What the last key did beside the state, in words. */
	readonly said: string | undefined;
	readonly shown: Picture;
};

/** The list of deployments as it opens. */
export const noChoice: Overlay = {kind: 'deployments', selected: undefined, filter: ''};

/** What is known at the start. */
export type Beginning = {
	readonly watched: Watched;
	readonly host: string;
	readonly window: Window;
	readonly intervalMs: number;
	readonly nowMs: number;
	readonly thresholds?: Thresholds;
	/** Whose deployments there are to choose from; the user's own by default. */
	readonly scope?: Scope;
	/** Off by default. */
	readonly recording?: Recording;
};

/** The window by which findings are made, whichever is shown: it is kept up to date, and never forgotten. */
export const watchWindow = defaultWindow;

export function initialState(beginning: Beginning): State {
	const {watched, host, window, intervalMs, nowMs} = beginning;
	const {thresholds = defaultThresholds, scope = 'own', recording = {kind: 'off'}} = beginning;
	const history = emptyHistory(window);
	const live: Live = {deployment: undefined, link: {kind: 'connecting'}, nowMs};
	return {
		watched,
		host,
		thresholds,
		live,
		histories: window.name === watchWindow.name ? [history] : [history, emptyHistory(watchWindow)],
		pasts: [],
		mode: {kind: 'live'},
		cursorMs: undefined,
		findings: noFindings,
		deployments: {scope, list: undefined},
		errandFaults: {},
		recording,
		intervalMs,
		asked: 0,
		selected: undefined,
		selectedRank: undefined,
		sort: {column: 'name', reversed: false},
		filter: {text: '', conditions: [], editing: undefined},
		focus: 'nodes',
		zoom: 'overview',
		scale: 'auto',
		overlay: watched.kind === 'unchosen' ? noChoice : {kind: 'none'},
		said: undefined,
		shown: {...live, window, snapshot: takeSnapshot(history, undefined, undefined), nodes: []},
	};
}

/** What is on the screen. */
export function shownPicture(state: State): Picture {
	return state.shown;
}

/** How latency is drawn now. */
export function shownScale(state: State): Exclude<Scale, 'auto'> {
	if (state.scale !== 'auto') {
		return state.scale;
	}

	const {latency} = state.shown.snapshot.requests.series;
	return wantsLogarithmicAxis(latency) ? 'logarithmic' : 'linear';
}

/** Position of the selected node among those shown: the first where the chosen one is gone or filtered out. */
export function selectedPosition({shown, selected}: State): number {
	return Math.max(
		0,
		shown.nodes.findIndex(({id}) => id === selected),
	);
}

/** The GPUs of all shown nodes, those that fit the filter. */
export function shownGpus({shown, filter}: State): readonly GpuRow[] {
	return gpuRows(shown.nodes, filter.conditions);
}

/** Position of the selected GPU among those rows: the node's first one where none of its own was chosen. */
export function selectedGpuPosition(state: State, rows: readonly GpuRow[]): number {
	const node = state.shown.nodes[selectedPosition(state)]?.id;
	const exact = rows.findIndex(row => row.node.id === node && row.gpu.rank === state.selectedRank);
	return exact >= 0
		? exact
		: Math.max(
				0,
				rows.findIndex(row => row.node.id === node),
			);
}
