import {emptyHistory, type History} from '../metrics/history.ts';
import type {Window} from '../metrics/windows.ts';

/** A Loops deployment has two: the trainer, and the sampler, which generates with the model as it is trained. */
export const components = ['trainer', 'sampler'] as const;
export type Component = (typeof components)[number];

/** The other one of the two. */
export function otherComponent(component: Component): Component {
	return component === 'trainer' ? 'sampler' : 'trainer';
}

/** What is known of one component, and what is selected in it. */
export type ComponentState = {
	/** The windows that were looked at last, newest first; the first is the one that is shown, the same one of both components. */
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

/** A component of which nothing is known yet. */
export function emptyComponent(window: Window, ...others: readonly Window[]): ComponentState {
	return {
		histories: [emptyHistory(window), ...others.map(emptyHistory)],
		pasts: [],
		selected: undefined,
		selectedRank: undefined,
	};
}

/** What `change` makes of each component. */
export function mapComponents<From, To>(
	all: PerComponent<From>,
	change: (one: From, component: Component) => To,
): PerComponent<To> {
	return {trainer: change(all.trainer, 'trainer'), sampler: change(all.sampler, 'sampler')};
}
