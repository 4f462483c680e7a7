import type {NodeSeries} from '../api/metrics-response.ts';
import {typedKeys} from '../api/points.ts';
import {samplerNodeMetrics} from '../api/sampler-response.ts';
import {Memo, type Steps} from '../api/slices.ts';
import type {Findings} from '../metrics/findings.ts';
import {emptyHistory, type History} from '../metrics/history.ts';
import {addMetricsInSteps} from '../metrics/merge-history.ts';
import type {Snapshot} from '../metrics/snapshot.ts';
import type {Window} from '../metrics/windows.ts';
import type {MetricsUpdate} from './actions.ts';
import type {State} from './state.ts';

/**
 * The components of a Loops deployment: the trainer, and the sampler, which generates text with the model during
 * training.
 */
export const components = ['trainer', 'sampler'] as const;
/** The name of a component. */
export type Component = (typeof components)[number];

/** Returns the other of the two components. */
export function otherComponent(component: Component): Component {
	return component === 'trainer' ? 'sampler' : 'trainer';
}

/** Returns the names of the series that the nodes of a component have. The API doesn't report the storage of replicas. */
export function nodeSeriesOf(component: Component): readonly NodeSeries[] {
	const names = typedKeys(samplerNodeMetrics);
	return component === 'trainer' ? names : names.filter(name => samplerNodeMetrics[name] !== undefined);
}

/** The data of one component, and its selection. */
export type ComponentState = {
	/**
	 * The most recently shown windows, newest first; the first one is on the screen, and is the same for both
	 * components.
	 */
	readonly histories: readonly [History, ...(readonly History[])];
	/** The earlier ranges that were viewed, newest first. */
	readonly pasts: readonly History[];
	/** The name of the selected node, and the rank of its selected GPU. */
	readonly selected: string | undefined;
	readonly selectedRank: string | undefined;
};

/** A value for each component. */
export type PerComponent<Value> = Readonly<Record<Component, Value>>;
/** The data and selection of each component. */
export type Components = PerComponent<ComponentState>;

/** Returns a component without data. */
export function emptyComponent(window: Window, ...others: readonly Window[]): ComponentState {
	return {
		histories: [emptyHistory(window), ...others.map(emptyHistory)],
		pasts: [],
		selected: undefined,
		selectedRank: undefined,
	};
}

/** Returns the result of `change` for the value of each component. */
export function mapComponents<From, To>(
	all: PerComponent<From>,
	change: (one: From, component: Component) => To,
): PerComponent<To> {
	return {trainer: change(all.trainer, 'trainer'), sampler: change(all.sampler, 'sampler')};
}

/**
 * The parts of an action's result that take long to compute with many nodes. If they are computed in slices before the
 * action is dispatched, the reducer finds them here, unless the state that they depend on has changed.
 */
export class Precomputed {
	readonly histories = new Memo<History>();
	readonly findings = new Memo<Findings>();
	readonly snapshots = new Memo<Snapshot>();
}

function* addTo(component: ComponentState, update: MetricsUpdate, {histories}: Precomputed): Steps<ComponentState> {
	const {window, response, range} = update;
	const isLive = update.kind === 'live';
	const isFinal = !isLive && update.isFinal;
	const added: History[] = [];
	for (const known of isLive ? component.histories : component.pasts) {
		const isAbout = known.window.name === window && (isLive || known.endMs === range.endMs);
		const add = function* (): Steps<History> {
			return {...(yield* addMetricsInSteps(known, response, range)), isFinal};
		};
		added.push(isAbout ? yield* histories.recall([known, response, range], add) : known);
	}

	if (!isLive) {
		return {...component, pasts: added};
	}

	const [shown = component.histories[0], ...others] = added;
	return {...component, histories: [shown, ...others]};
}

/**
 * Returns the state with a response added to a component. A view that was paused before there was any data shows it
 * too, because it has nothing else to show.
 */
export function* addToComponent(
	state: State,
	component: Component,
	{update, prepared}: {readonly update: MetricsUpdate; readonly prepared: Precomputed},
): Steps<State> {
	const {components, mode, live} = state;
	const added = {...components, [component]: yield* addTo(components[component], update, prepared)};
	if (mode.kind !== 'paused' || mode.components[component].histories[0].complete) {
		return {...state, components: added};
	}

	const links = {...mode.live.links, [component]: live.links[component]};
	const stopped = {...mode.components, [component]: yield* addTo(mode.components[component], update, prepared)};
	return {...state, components: added, mode: {...mode, live: {...mode.live, links}, components: stopped}};
}
