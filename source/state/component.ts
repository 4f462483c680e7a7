import {typedKeys} from '../api/points.ts';
import {samplerNodeMetrics, samplerRequestMetrics} from '../api/sampler-response.ts';
import {type NodeSeries, nodeSeriesPaths, type RequestSeries, requestSeriesPaths} from '../api/series-table.ts';
import {emptyHistory, type History} from '../metrics/history.ts';
import type {Window} from '../metrics/windows.ts';
import {findingsWindow} from './state.ts';

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
	const names = typedKeys(nodeSeriesPaths);
	return component === 'trainer' ? names : names.filter(name => samplerNodeMetrics[name] !== undefined);
}

/** Returns the names of a component's request series, other than latency and status. */
export function requestSeriesOf(component: Component): readonly RequestSeries[] {
	const names = typedKeys(requestSeriesPaths);
	return component === 'trainer' ? names : names.filter(name => samplerRequestMetrics[name] !== undefined);
}

/** The data of one component, and its selection. */
export type ComponentState = {
	/**
	 * The histories of the window on the screen, which is the same for both components, and of other windows that are
	 * kept: the most recently shown ones, and the findings' window if it is needed. The first one is that of the window
	 * on the screen.
	 */
	readonly histories: readonly [History, ...(readonly History[])];
	/** The earlier ranges that were viewed, the most recently viewed one first. */
	readonly pasts: readonly History[];
	/** The name of the selected node, and the rank of its selected GPU. */
	readonly selected: string | undefined;
	readonly selectedRank: string | undefined;
};

/** A value for each component. */
export type PerComponent<Value> = Readonly<Record<Component, Value>>;
/** The data and selection of each component. */
export type Components = PerComponent<ComponentState>;

/** Returns a component with these windows, the first of which is on the screen, but without data. */
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
 * Returns the sampler's newest complete history of an hour or less; undefined if there is none. Longer windows aren't
 * used, because their values are means over minutes or hours.
 */
export function recentSamplerHistory({components}: {readonly components: Components}): History | undefined {
	const [newest] = components.sampler.histories
		.filter(({complete, window}) => complete && window.lengthMs <= findingsWindow.lengthMs)
		.sort((a, b) => b.endMs - a.endMs);
	return newest;
}
