import {emptyHistory, type History} from '../metrics/history.ts';
import {addMetrics} from '../metrics/merge-history.ts';
import type {Window} from '../metrics/windows.ts';
import type {MetricsUpdate} from './side-response.ts';
import type {State} from './state.ts';

/** A Loops deployment has two components: the trainer, and the sampler, which generates with the model during training. */
export const components = ['trainer', 'sampler'] as const;
export type Component = (typeof components)[number];

/** The other of the two components. */
export function otherComponent(component: Component): Component {
	return component === 'trainer' ? 'sampler' : 'trainer';
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

/** Returns each component changed by `change`. */
export function mapComponents<From, To>(
	all: PerComponent<From>,
	change: (one: From, component: Component) => To,
): PerComponent<To> {
	return {trainer: change(all.trainer, 'trainer'), sampler: change(all.sampler, 'sampler')};
}

function addTo(component: ComponentState, update: MetricsUpdate): ComponentState {
	const {window, response, range} = update;
	if (update.kind === 'live') {
		const add = (history: History): History =>
			history.window.name === window ? addMetrics(history, response, range) : history;
		const [shown, ...others] = component.histories;
		return {...component, histories: [add(shown), ...others.map(add)]};
	}

	const {settled} = update;
	const pasts = component.pasts.map(past =>
		past.window.name === window && past.endMs === range.endMs ? {...addMetrics(past, response, range), settled} : past,
	);
	return {...component, pasts};
}

/**
 * Returns the state with a response added to a component. A view that was paused before there was any data also takes
 * it, because it has nothing else to show.
 */
export function addToComponent(state: State, component: Component, update: MetricsUpdate): State {
	const {components, mode, live} = state;
	const added = {...components, [component]: addTo(components[component], update)};
	if (mode.kind !== 'paused' || mode.components[component].histories[0].complete) {
		return {...state, components: added};
	}

	const links = {...mode.live.links, [component]: live.links[component]};
	const stopped = {...mode.components, [component]: addTo(mode.components[component], update)};
	return {...state, components: added, mode: {...mode, live: {...mode.live, links}, components: stopped}};
}
