import type {Deployment} from '../api/deployment.ts';
import {arrangeNodes} from '../metrics/arrange.ts';
import {noFindings} from '../metrics/findings.ts';
import {emptyHistory, type History} from '../metrics/history.ts';
import {takeSnapshot} from '../metrics/snapshot.ts';
import {type Component, type ComponentState, type Components, components as componentNames} from './component.ts';
import {findingsOfStretch} from './past-findings.ts';
import {defaultSelection, hasGone} from './select-default.ts';
import type {Live, State, ViewModel} from './state.ts';

/** Returns what was known when the view was paused, or what is known now. */
function knownAt({mode, live, components}: State): {readonly live: Live; readonly components: Components} {
	return mode.kind === 'paused' ? mode : {live, components};
}

/** Returns the visible time range, as far as it is known of a component; of the active one by default. */
export function activeHistory(state: State, component: Component = state.component): History {
	const {mode} = state;
	const {histories, pasts} = knownAt(state).components[component];
	if (mode.kind !== 'past') {
		return histories[0];
	}

	const [{window}] = histories;
	const past = pasts.find(({endMs, window: {name}}) => endMs === mode.endMs && name === window.name);
	return past ?? emptyHistory(window);
}

/**
 * Returns a deployment as if the replicas of the sampler were its nodes, with the sizes of the sampler's instance type. None
 * if a replica isn't one instance, or if the server doesn't report replicas and GPUs separately.
 */
function samplerSizes(deployment: Deployment | undefined, {nodes}: History): Deployment | undefined {
	const {sampler} = deployment ?? {};
	const ranks = [...nodes.values()].map(({gpus}) => gpus.size);
	const gpusPerNode = sampler?.instance?.gpusPerNode ?? 0;
	const isEach = nodes.size > 0 && ranks.every(count => count === 0 || count === gpusPerNode);
	return deployment === undefined || sampler?.instance === undefined || (sampler.nodeCount ?? 1) !== 1 || !isEach
		? undefined
		: {...deployment, instance: sampler.instance, nodeCount: undefined};
}

/** Derives the view model of a component. What didn't change since `before` is reused. */
function deriveView(state: State, before: State, component: Component): ViewModel {
	const {cursorMs, sort, filter} = state;
	const {live} = knownAt(state);
	const {live: earlierLive} = knownAt(before);
	const history = activeHistory(state, component);
	const shown = state.views[component];
	// Ages are counted from now, or from the end of an earlier stretch.
	const nowMs = state.mode.kind === 'past' ? history.endMs : live.nowMs;
	const isSameSnapshot =
		history === activeHistory(before, component) &&
		live.deployment === earlierLive.deployment &&
		cursorMs === before.cursorMs &&
		nowMs >= shown.snapshot.nowMs &&
		nowMs <= shown.snapshot.validUntilMs;
	const deployment = component === 'trainer' ? live.deployment : samplerSizes(live.deployment, history);
	const isSameTime = nowMs === shown.snapshot.nowMs;
	const snapshot = isSameSnapshot
		? isSameTime
			? shown.snapshot
			: {...shown.snapshot, nowMs}
		: takeSnapshot(history, deployment, {atMs: cursorMs, nowMs, staleMs: state.thresholds.staleMs});
	const findings =
		state.mode.kind === 'past' ? findingsOfStretch(state, activeHistory(state, 'trainer')) : state.findings;
	const isSameOrder =
		snapshot.nodes === shown.snapshot.nodes && sort === before.sort && filter.conditions === before.filter.conditions;
	if (snapshot === shown.snapshot && isSameOrder && live === earlierLive && findings === shown.findings) {
		return shown;
	}

	const nodes = isSameOrder ? shown.nodes : arrangeNodes(snapshot.nodes, sort, filter.conditions);
	const {links} = live;
	const isAsked = component === 'trainer' || live.deployment?.sampler !== undefined;
	const link = isAsked ? links[component] : links.trainer;
	return {deployment: live.deployment, link, nowMs: live.nowMs, window: history.window, snapshot, nodes, findings};
}

/**
 * Returns the selection of a component. Nothing is selected until the trainer has data; a default selection then stays
 * by name until others replaced it.
 */
function selectionIn(
	state: State,
	component: Component,
	view: ViewModel,
): Pick<ComponentState, 'selected' | 'selectedRank'> {
	const {findings, components, views} = state;
	const {selected, selectedRank} = components[component];
	const isOpen =
		selected === undefined
			? component === 'sampler' || findings.hasLooked
			: hasGone(selected, views[component].snapshot.nodes, view.snapshot.nodes);
	return isOpen
		? defaultSelection(view.nodes, component === 'trainer' ? findings : noFindings)
		: {selected, selectedRank};
}

/** The state with the views that follow from it. */
export function deriveViews(state: State, before: State): State {
	let derived = state;
	for (const component of componentNames) {
		const view = deriveView(state, before, component);
		if (view !== state.views[component]) {
			const known = derived.components[component];
			derived = {
				...derived,
				components: {...derived.components, [component]: {...known, ...selectionIn(state, component, view)}},
				views: {...derived.views, [component]: view},
			};
		}
	}

	return derived;
}
