import {emptyHistory, type History} from '../metrics/history.ts';
import type {Window} from '../metrics/windows.ts';

/** A Loops deployment has two: the trainer, and the sampler, which generates with the model as it is trained. */
export const components = ['trainer', 'sampler'] as const;
export type Component = (typeof components)[number];

/** The other one of the two. */
export function otherComponent(component: Component): Component {
	return component === 'trainer' ? 'sampler' : 'trainer';
}

/** The data of one component, and what is selected in it. */
export type ComponentState = {
	/** The most recently shown windows, newest first; the first one is shown, and is the same for both components. */
	readonly histories: readonly [History, ...(readonly History[])];
	/** Earlier stretches that were looked at, newest first. */
	readonly pasts: readonly History[];
	/** The selected node's name, and the rank of the selected GPU of it. */
	readonly selected: string | undefined;
	readonly selectedRank: string | undefined;
};

/** Something for each component. */
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
