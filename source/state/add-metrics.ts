import {addMetrics, type History} from '../metrics/history.ts';
import type {Component, ComponentState} from './component.ts';
import type {MetricsUpdate} from './metrics-update.ts';
import type {State} from './state.ts';

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
 * Returns the state with a response added to a component. A view that was paused before there was any data takes it
 * too, since it has nothing else to show.
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
