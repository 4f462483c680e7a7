import type {Deployment} from '../api/deployment.ts';
import type {Failure} from '../api/failure.ts';
import {emptyHistory, type History} from '../metrics/history.ts';
import {wantsLogarithmicAxis} from '../metrics/latency-scale.ts';
import {type Snapshot, takeSnapshot} from '../metrics/snapshot.ts';
import type {Window} from '../metrics/windows.ts';
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
			/** Whether there was any answer before the fault. */
			readonly answered: boolean;
	  };

/** All that the screen shows of the deployment. Pausing keeps a copy of it. */
export type Picture = {
	readonly window: Window;
	readonly snapshot: Snapshot;
	readonly deployment: Deployment | undefined;
	readonly link: Link;
	/** The local time of the newest event: what ages are counted from. */
	readonly nowMs: number;
};

/** How latency is drawn: by what the numbers are like, or as the user said. */
export type Scale = 'auto' | 'linear' | 'logarithmic';

export type State = {
	readonly deploymentId: string;
	readonly host: string;
	readonly live: Picture;
	/** The picture at which the user paused; polling goes on behind it. */
	readonly paused: Picture | undefined;
	/** What is known of the windows that were looked at last, newest first; the first is the one that is shown. */
	readonly histories: readonly [History, ...(readonly History[])];
	readonly intervalMs: number;
	/** How often the user asked for an answer now. */
	readonly asked: number;
	/** The selected node's name, once the user chose one. */
	readonly selected: string | undefined;
	readonly focus: PaneName;
	readonly fullScreen: boolean;
	readonly scale: Scale;
	/** How far the help is scrolled; undefined when it is closed. */
	readonly help: number | undefined;
};

/** What is known at the start. */
export type Beginning = {
	readonly deploymentId: string;
	readonly host: string;
	readonly window: Window;
	readonly intervalMs: number;
	readonly nowMs: number;
};

export function initialState({deploymentId, host, window, intervalMs, nowMs}: Beginning): State {
	const history = emptyHistory(window);
	return {
		deploymentId,
		host,
		live: {
			window,
			snapshot: takeSnapshot(history, undefined),
			deployment: undefined,
			link: {kind: 'connecting'},
			nowMs,
		},
		paused: undefined,
		histories: [history],
		intervalMs,
		asked: 0,
		selected: undefined,
		focus: 'nodes',
		fullScreen: false,
		scale: 'auto',
		help: undefined,
	};
}

/** What is on the screen: the live picture, or the one at which the user paused. */
export function shownPicture(state: State): Picture {
	return state.paused ?? state.live;
}

/** How latency is drawn now. */
export function shownScale(state: State): Exclude<Scale, 'auto'> {
	if (state.scale !== 'auto') {
		return state.scale;
	}

	const {latency} = shownPicture(state).snapshot.requests.series;
	return wantsLogarithmicAxis(latency) ? 'logarithmic' : 'linear';
}

/** Position of the selected node among those shown: the first where none was chosen or the chosen one is gone. */
export function selectedPosition(state: State): number {
	const position = shownPicture(state).snapshot.nodes.findIndex(({id}) => id === state.selected);
	return Math.max(0, position);
}
