import type {Scope} from '../api/client.ts';
import {typedKeys} from '../api/points.ts';
import type {Target} from '../api/target.ts';
import {noFindings} from '../metrics/findings.ts';
import {takeSnapshot} from '../metrics/snapshot.ts';
import {defaultThresholds, type Thresholds} from '../metrics/thresholds.ts';
import type {Comparison, Window} from '../metrics/windows.ts';
import {firstChoices} from './choices.ts';
import {type Components, emptyComponent, mapComponents} from './component.ts';
import {overviewFilterInput} from './filter-input.ts';
import {noLogs} from './logs.ts';
import type {Replay} from './replay.ts';
import {untriedExtras} from './sampler-extras.ts';
import {findingsWindow, type Link, type Live, type Recording, type SamplerOutput, type State} from './state.ts';

/** The options of `initialState`: what is known at startup. */
export type InitialStateOptions = {
	readonly target: Target;
	readonly host: string;
	readonly window: Window;
	readonly intervalMs: number;
	readonly nowMs: number;
	readonly thresholds?: Thresholds;
	/** Whether the user's own deployments (the default) or those of the whole organization are listed. */
	readonly scope?: Scope;
	/** Whether all live deployments are polled while the program runs; false by default. */
	readonly isWatchingAll?: boolean;
	/** Off by default. */
	readonly recording?: Recording;
	readonly replay?: Replay | undefined;
	/** The user's own price for a node, in US dollars per hour; if it is set, no price is requested. */
	readonly price?: number | undefined;
	/** The range that the view is compared with; none by default. */
	readonly comparison?: Comparison;
	/** None by default. */
	readonly samplerOutput?: SamplerOutput;
	/** False by default. */
	readonly hasLogOutput?: boolean;
};

/** Returns the state before the first response. */
export function initialState(options: InitialStateOptions): State {
	const {target, host, window, intervalMs, nowMs} = options;
	const {
		thresholds = defaultThresholds,
		scope = 'own',
		recording = {kind: 'off'},
		replay,
		price,
		isWatchingAll = false,
		comparison = firstChoices.comparison,
		samplerOutput = 'none',
		hasLogOutput = false,
	} = options;
	const connecting: Link = {kind: 'connecting'};
	const live: Live = {
		deployment: undefined,
		describedMs: undefined,
		isUndescribed: false,
		isDescriptionDue: false,
		links: {trainer: connecting, sampler: connecting},
		nowMs,
	};
	const all: Components = {
		trainer: window.name === findingsWindow.name ? emptyComponent(window) : emptyComponent(window, findingsWindow),
		sampler:
			samplerOutput !== 'now' || window.name === findingsWindow.name
				? emptyComponent(window)
				: emptyComponent(window, findingsWindow),
	};
	return {
		target,
		host,
		thresholds,
		live,
		requestedWindow: window,
		requestedTimeMs: undefined,
		component: 'trainer',
		components: all,
		mode: {kind: 'live'},
		cursorMs: undefined,
		samplerMetrics: 'all',
		samplerExtras: untriedExtras,
		samplerOutput,
		hasLogOutput,
		findings: noFindings,
		deployments: {scope, list: undefined, isAfterStart: false},
		overview: {
			isAlways: isWatchingAll,
			isHome: target.kind === 'unchosen',
			members: new Map(),
			selected: undefined,
			filter: overviewFilterInput.empty,
			sort: {column: 'status', reversed: false},
		},
		run: undefined,
		checkpoints: undefined,
		prices: {list: undefined, atMs: undefined, own: price},
		sideFailures: {},
		recording,
		replay,
		intervalMs,
		refreshCount: 0,
		choices: {...firstChoices, comparison},
		logs: noLogs,
		otherLogs: noLogs,
		focus: 'nodes',
		zoom: 'overview',
		overlay: {kind: target.kind === 'unchosen' ? 'deployments' : 'none'},
		reference: undefined,
		logErrors: undefined,
		typedTime: undefined,
		message: undefined,
		views: mapComponents(all, ({histories: [history]}) => {
			const snapshot = takeSnapshot(history, undefined, {nowMs, staleMs: thresholds.staleMs});
			return {deployment: undefined, link: connecting, nowMs, window, snapshot, nodes: [], findings: noFindings};
		}),
	};
}

/**
 * The state resets in which each field keeps its value: `deployment` (another deployment is watched), `seek`,
 * `both`, or `never`. `never` also applies to fields that the caller of `keptBy` sets.
 */
const keptFields: Readonly<Record<keyof State, 'deployment' | 'seek' | 'both' | 'never'>> = {
	target: 'never',
	host: 'never',
	thresholds: 'never',
	live: 'never',
	requestedWindow: 'both',
	requestedTimeMs: 'both',
	component: 'seek',
	components: 'never',
	mode: 'never',
	cursorMs: 'never',
	samplerMetrics: 'never',
	samplerExtras: 'never',
	samplerOutput: 'both',
	hasLogOutput: 'both',
	findings: 'never',
	deployments: 'deployment',
	overview: 'never',
	prices: 'deployment',
	run: 'never',
	checkpoints: 'never',
	sideFailures: 'never',
	recording: 'deployment',
	replay: 'both',
	intervalMs: 'never',
	refreshCount: 'deployment',
	choices: 'both',
	logs: 'never',
	otherLogs: 'never',
	focus: 'both',
	zoom: 'both',
	overlay: 'seek',
	reference: 'never',
	logErrors: 'never',
	typedTime: 'seek',
	message: 'never',
	views: 'never',
};

/** Sets a field to its value in another state. */
function copyField<Name extends keyof State>(
	to: {-readonly [Key in keyof State]?: State[Key]},
	from: State,
	name: Name,
): void {
	to[name] = from[name];
}

/**
 * Returns the fields, such as the user's choices, that are kept when the state is reset for another deployment or a
 * seek.
 */
export function keptBy(reset: 'deployment' | 'seek', state: State): Partial<State> {
	const kept: Partial<State> = {};
	for (const name of typedKeys(keptFields)) {
		if (keptFields[name] === reset || keptFields[name] === 'both') {
			copyField(kept, state, name);
		}
	}

	return kept;
}
