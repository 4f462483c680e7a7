import type {Finding} from '../metrics/findings.ts';
import {selectDeployment} from './choose.ts';
import {activeView, selectedGpuPosition, selectedPosition, visibleGpus, withActiveComponent} from './selectors.ts';
import type {State} from './state.ts';
import {jumpTo} from './time-travel.ts';

function clamp(value: number, maximum: number): number {
	return Math.min(Math.max(value, 0), Math.max(maximum, 0));
}

/** The findings as they are listed: those that hold, then those that are over. */
export function listedFindings({findings}: State): readonly Finding[] {
	return [...findings.current, ...findings.ended];
}

/** Selects the node at a position of those that are shown. */
export function selectNodeAt(state: State, position: number): State {
	const {nodes} = activeView(state);
	const node = nodes[clamp(position, nodes.length - 1)];
	return node === undefined ? state : withActiveComponent(state, {selected: node.id, selectedRank: undefined});
}

function selectGpuAt(state: State, position: number): State {
	const rows = visibleGpus(state);
	const row = rows[clamp(position, rows.length - 1)];
	return row === undefined ? state : withActiveComponent(state, {selected: row.node.id, selectedRank: row.gpu.rank});
}

/** Where among what the keys move through the selection is, `by` further on. */
export function selectBy(state: State, by: number): State {
	const {overlay, zoom, focus} = state;
	if (overlay.kind === 'findings') {
		const selected = clamp(overlay.selected + by, listedFindings(state).length - 1);
		return {...state, overlay: {kind: 'findings', selected}};
	}

	if (overlay.kind === 'deployments') {
		return selectDeployment(state, by);
	}

	return zoom !== 'overview' && focus === 'gpus'
		? selectGpuAt(state, selectedGpuPosition(state, visibleGpus(state)) + by)
		: selectNodeAt(state, selectedPosition(state) + by);
}

/** Goes to what a finding of the list is about, which is of the trainer: its node and GPU, and the time at which it began. */
export function openFinding(state: State, index: number): State {
	const finding = listedFindings(state)[index];
	const closed: State = {...state, overlay: {kind: 'none'}};
	if (finding === undefined) {
		return closed;
	}

	const {subject, rule, sinceMs} = finding;
	const jumped = jumpTo({...closed, component: 'trainer', zoom: 'overview'}, sinceMs);
	switch (subject.kind) {
		case 'gpu':
			return withActiveComponent({...jumped, focus: 'gpus'}, {selected: subject.node, selectedRank: subject.rank});
		case 'node':
			return withActiveComponent({...jumped, focus: 'nodes'}, {selected: subject.node, selectedRank: undefined});
		case 'deployment':
			return {...jumped, focus: rule === 'server-errors' || rule === 'client-errors' ? 'status' : 'nodes'};
	}
}
