import {type GpuRow, gpuRows} from '../metrics/arrange.ts';
import {wantsLogarithmicAxis} from '../metrics/latency-scale.ts';
import type {Window} from '../metrics/windows.ts';
import type {ComponentState} from './component.ts';
import type {Scale, State, ViewModel} from './state.ts';

/** Returns the active component. */
export function activeComponent({component, components}: State): ComponentState {
	return components[component];
}

/** The state with something else known of the component that is looked at. */
export function withActiveComponent(state: State, change: Partial<ComponentState>): State {
	const {component, components} = state;
	return {...state, components: {...components, [component]: {...components[component], ...change}}};
}

/** The window that is looked at. */
export function selectedWindow(state: State): Window {
	return activeComponent(state).histories[0].window;
}

/** Returns the visible view model. */
export function activeView({views, component}: State): ViewModel {
	return views[component];
}

/** How latency is drawn now. */
export function effectiveScale(state: State): Exclude<Scale, 'auto'> {
	if (state.scale !== 'auto') {
		return state.scale;
	}

	const {latency} = activeView(state).snapshot.requests.series;
	return wantsLogarithmicAxis(latency) ? 'logarithmic' : 'linear';
}

/**
 * Returns the position of the selected node among the visible ones: the first one if the chosen one is gone or filtered
 * out.
 */
export function selectedPosition(state: State): number {
	const {selected} = activeComponent(state);
	return Math.max(
		0,
		activeView(state).nodes.findIndex(({id}) => id === selected),
	);
}

/** Returns the GPUs of all visible nodes that match the filter. */
export function visibleGpus(state: State): readonly GpuRow[] {
	return gpuRows(activeView(state).nodes, state.filter.conditions);
}

/** Returns the position of the selected GPU among these rows: the node's first one if none of its own was chosen. */
export function selectedGpuPosition(state: State, rows: readonly GpuRow[]): number {
	const node = activeView(state).nodes[selectedPosition(state)]?.id;
	const {selectedRank} = activeComponent(state);
	const exact = rows.findIndex(row => row.node.id === node && row.gpu.rank === selectedRank);
	return exact >= 0
		? exact
		: Math.max(
				0,
				rows.findIndex(row => row.node.id === node),
			);
}
