import {hourlyCost, type NodePrice, nodePriceOf, replicaPriceOf, type WindowCost, windowCost} from '../metrics/cost.ts';
import type {Component} from './component.ts';
import type {State, ViewModel} from './state.ts';

/** The known cost of a component, in US dollars, by a price that isn't a bill. */
export type ShownCost = {
	readonly price: NodePrice;
	/** Of an hour as it is now; undefined if it isn't running, or if it's not known how many nodes or replicas there are. */
	readonly perHour: number | undefined;
	/** Of the window that is shown. */
	readonly window: WindowCost | undefined;
};

/** Returns the cost of a component, by its view model; undefined without a price. */
export function shownCost({
	prices,
	component,
	views,
}: Pick<State, 'prices' | 'component' | 'views'>): ShownCost | undefined {
	return costOf({prices}, component, views[component]);
}

/** Returns the known cost of a component, by a view model of it; undefined without a price. */
export function costOf({prices}: Pick<State, 'prices'>, component: Component, view: ViewModel): ShownCost | undefined {
	const {deployment, snapshot} = view;
	const price = component === 'trainer' ? nodePriceOf(deployment, prices) : replicaPriceOf(deployment, prices);
	if (price === undefined) {
		return undefined;
	}

	const {active} = snapshot.replicas;
	const perReplicas = active === undefined ? undefined : active * price.perHour;
	const perHour = component === 'trainer' ? hourlyCost(deployment, price) : perReplicas;
	return {price, perHour, window: windowCost(snapshot, price)};
}
