import type {Failure} from '../api/failure.ts';
import type {Checkpoint} from '../api/run.ts';
import type {RequestPoints} from '../api/series-table.ts';
import {type GpuRow, gpuRows} from '../metrics/arrange.ts';
import {
	type Activity,
	activityOf,
	hourlyCost,
	type NodePrice,
	nodePriceOf,
	replicaPriceOf,
	type WindowCost,
	windowCost,
} from '../metrics/cost.ts';
import {type Finding, nodeOf} from '../metrics/findings.ts';
import {hasEndedRun} from '../metrics/rules/status.ts';
import {statistics} from '../metrics/series.ts';
import type {Window} from '../metrics/windows.ts';
import {idleCostWords} from '../text/cost-text.ts';
import type {SideFailure} from './actions.ts';
import type {Choices, Scale} from './choices.ts';
import type {Component, ComponentState} from './component.ts';
import type {State, ViewModel} from './state.ts';

/** Returns the trainer's activity at the time on the screen; undefined if the trainer isn't known to be running. */
export function shownActivity({views, run}: Pick<State, 'views' | 'run'>): Activity | undefined {
	const {deployment, snapshot} = views.trainer;
	return deployment?.status === 'RUNNING' && !hasEndedRun(deployment, run?.run) ? activityOf(snapshot) : undefined;
}

/** The estimated cost of a component, in US dollars. */
export type ShownCost = {
	readonly price: NodePrice;
	/**
	 * The cost per hour. For the trainer, this is the current cost (undefined if the trainer isn't running); for the
	 * sampler, it is the cost of the replicas that were active at the time on the screen. Undefined if the number of
	 * nodes or replicas is unknown.
	 */
	readonly perHour: number | undefined;
	/** The cost of the window on the screen. */
	readonly window: WindowCost | undefined;
};

/** Returns the cost of the active component, based on its view model; undefined without a price. */
export function shownCost({
	prices,
	component,
	views,
}: Pick<State, 'prices' | 'component' | 'views'>): ShownCost | undefined {
	return costOf({prices}, component, views[component]);
}

/** Returns the known cost of a component, based on a view model of it; undefined without a price. */
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

/** The ratio of p99 to p50 above which p50 would be at the very bottom of a linear axis. */
const logarithmicRatio = 10;

/**
 * Returns whether latencies need a logarithmic axis: the highest p99 of the window is more than ten times its mean p50.
 */
function wantsLogarithmicAxis(latency: RequestPoints['latency']): boolean {
	const {peak} = statistics(latency.p99);
	const {mean} = statistics(latency.p50);
	return peak !== undefined && mean !== undefined && mean > 0 && peak > logarithmicRatio * mean;
}

/** Returns the active component. */
export function activeComponent({component, components}: State): ComponentState {
	return components[component];
}

/** Returns the state with changes to the data of the active component. */
export function withActiveComponent(state: State, change: Partial<ComponentState>): State {
	const {component, components} = state;
	return {...state, components: {...components, [component]: {...components[component], ...change}}};
}

/** Returns the window on the screen. */
export function selectedWindow(state: State): Window {
	return activeComponent(state).histories[0].window;
}

/** Returns the view model of the active component. */
export function activeView({views, component}: State): ViewModel {
	return views[component];
}

/** Returns the scale of the latency axis of a view: the user's choice, or the one that suits the values. */
export function effectiveScale({scale}: Choices, {snapshot}: ViewModel): Exclude<Scale, 'auto'> {
	if (scale !== 'auto') {
		return scale;
	}

	return wantsLogarithmicAxis(snapshot.requests.series.latency) ? 'logarithmic' : 'linear';
}

/** Returns the position of the selected node among the visible ones; 0 if it isn't among them. */
export function selectedPosition(state: State): number {
	const {selected} = activeComponent(state);
	return Math.max(
		0,
		activeView(state).nodes.findIndex(({id}) => id === selected),
	);
}

/**
 * Returns the GPUs that match the filter, among those of all visible nodes. If the trainer's nodes are sorted by name,
 * the GPUs of nodes with current findings come first.
 */
export function visibleGpus(state: State): readonly GpuRow[] {
	const {nodes, findings} = activeView(state);
	const {choices, component} = state;
	const {sort, filter} = choices;
	const isByName = sort.column === 'name' && !sort.reversed;
	const found = new Set(component === 'trainer' && isByName ? findings.current.map(nodeOf) : []);
	const first = nodes.filter(({id}) => found.has(id));
	return gpuRows([...first, ...nodes.filter(({id}) => !found.has(id))], filter.conditions);
}

/**
 * Returns the position of the selected GPU among these rows. If none of the selected node's GPUs is selected, returns
 * the position of its first GPU, or 0 if none of its GPUs is among the rows.
 */
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

/**
 * Returns the time on the screen, in epoch milliseconds: the cursor's, the end of an earlier range, the time of a
 * pause, or now.
 */
export function shownTimeMs(state: State): number {
	return activeView(state).snapshot.atMs ?? (state.mode.kind === 'past' ? state.mode.endMs : activeView(state).nowMs);
}

/** Returns the run's newest checkpoint as of the time on the screen; undefined if none is known. */
export function lastCheckpoint(state: State): Checkpoint | undefined {
	const timeMs = shownTimeMs(state);
	return state.checkpoints?.list.find(({createdAtMs}) => createdAtMs <= timeMs);
}

/**
 * The age, in milliseconds, above which the list of checkpoints is old: it is requested every two minutes, and two
 * requests can fail.
 */
const runIsOldMs = 330_000;

/**
 * Returns whether, at a given time (epoch milliseconds), there might be newer checkpoints than those in the last
 * response, because that response is old or has unreadable entries.
 */
export function canHaveNewerCheckpoints({checkpoints}: Pick<State, 'checkpoints'>, timeMs: number): boolean {
	return checkpoints !== undefined && (checkpoints.unreadable > 0 || timeMs - checkpoints.atMs > runIsOldMs);
}

/**
 * A part of the data, other than the trainer's metrics, whose last request failed, or a cost that is unknown because
 * the price list has no valid price for the instance type.
 */
export type MissingPart = {
	readonly part: 'cost' | 'run' | 'checkpoints' | 'extras';
	readonly failure: Failure | 'unlisted';
	/** When the data that is still shown was received, in epoch milliseconds; undefined if there is none. */
	readonly atMs: number | undefined;
};

/**
 * Returns whether a price list was received that lacks the deployment's instance type, and the user hasn't set a price.
 */
function isUnlisted({prices, live}: Pick<State, 'prices' | 'live'>): boolean {
	const id = live.deployment?.instance?.id;
	return prices.own === undefined && prices.list !== undefined && id !== undefined && !prices.list.has(id);
}

/** Returns the parts that are missing. Old values of extra metrics become unknown, so `extras` has no `atMs`. */
export function missingParts({sideFailures, prices, live, run, checkpoints}: State): readonly MissingPart[] {
	const {prices: priceFault, run: runFault, checkpoints: checkpointsFault, samplerExtras} = sideFailures;
	const missing = (part: MissingPart['part'], fault: SideFailure | undefined, atMs?: number): readonly MissingPart[] =>
		fault === undefined ? [] : [{part, failure: fault.failure, atMs}];
	return [
		...(isUnlisted({prices, live}) ? [{part: 'cost', failure: 'unlisted', atMs: undefined} as const] : []),
		...missing('cost', prices.own === undefined ? priceFault : undefined, prices.atMs),
		...missing('run', runFault, run?.atMs),
		...missing('checkpoints', checkpointsFault, checkpoints?.atMs),
		...missing('extras', samplerExtras),
	];
}

/** Returns the times of checkpoints within the range of the charts, in epoch milliseconds, newest first. */
export function checkpointTimes(state: State): readonly number[] {
	const {startMs, endMs} = activeView(state).snapshot;
	const list = state.checkpoints?.list ?? [];
	return list.flatMap(({createdAtMs}) => (createdAtMs >= startMs && createdAtMs <= endMs ? [createdAtMs] : []));
}

/**
 * Returns a clause with the cost of the current idle time and the command that ends the run, as far as they are known;
 * undefined if neither is known, or if there is no active `idle-deployment` finding.
 */
export function idleClause({findings, prices, views, live}: State): string | undefined {
	return idleCostWords(findings.current, {
		cost: costOf({prices}, 'trainer', views.trainer),
		runId: live.deployment?.runId,
		nowMs: live.nowMs,
	});
}

/** Returns the text after a finding's sentence: for an active `idle-deployment` finding, the cost and the command. */
export function idleSuffix({rule, state}: Finding, clause: string | undefined): string {
	return rule === 'idle-deployment' && state === 'active' && clause !== undefined ? `; ${clause}` : '';
}
