import {type Finding, findingKey, type RuleName} from '../metrics/findings.ts';
import {selectDeployment} from './choose.ts';
import type {PaneName} from './panes.ts';
import {activeView, selectedGpuPosition, selectedPosition, visibleGpus, withActiveComponent} from './selectors.ts';
import type {State} from './state.ts';
import {jumpTo} from './time-travel.ts';

function clamp(value: number, maximum: number): number {
	return Math.min(Math.max(value, 0), Math.max(maximum, 0));
}

/** A finding of the list, with a key by which it is found again when the list changes. */
export type ListedFinding = {readonly finding: Finding; readonly key: string};

/** Returns the findings in the order of the list: active, unknown, resolved. */
export function listedFindings(state: State): readonly ListedFinding[] {
	const {current, resolved} = activeView(state).findings;
	return [
		...current.map(finding => ({finding, key: findingKey(finding)})),
		...resolved.map(finding => ({finding, key: `${findingKey(finding)} ${finding.sinceMs}`})),
	];
}

/** Returns the position of the selected finding in the list. If it was resolved since, it is selected among those. */
export function selectedFindingPosition(state: State): number {
	const listed = listedFindings(state);
	const selected = state.overlay.kind === 'findings' ? state.overlay.selected : undefined;
	const exact = listed.findIndex(({key}) => key === selected);
	const ended = selected === undefined ? -1 : listed.findIndex(({key}) => key.startsWith(`${selected} `));
	return Math.max(exact >= 0 ? exact : ended, 0);
}

/** The selected finding of the list; undefined if that is empty. */
export function selectedFinding(state: State): ListedFinding | undefined {
	return listedFindings(state)[selectedFindingPosition(state)];
}

/** Selects the node at a position among the visible ones. */
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

/** Returns the position that is `by` further than the selection. */
export function selectBy(state: State, by: number): State {
	const {overlay, zoom, focus} = state;
	if (overlay.kind === 'findings') {
		const listed = listedFindings(state);
		const position = clamp(selectedFindingPosition(state) + by, listed.length - 1);
		return {...state, overlay: {kind: 'findings', selected: listed[position]?.key}};
	}

	if (overlay.kind === 'run') {
		const last = (state.checkpoints?.list.length ?? 0) - 1;
		return {...state, overlay: {kind: 'run', selected: clamp(overlay.selected + by, last)}};
	}

	if (overlay.kind === 'deployments') {
		return selectDeployment(state, by);
	}

	return zoom !== 'overview' && focus === 'gpus'
		? selectGpuAt(state, selectedGpuPosition(state, visibleGpus(state)) + by)
		: selectNodeAt(state, selectedPosition(state) + by);
}

/**
 * Goes to the subject of a finding in the list, always the trainer's: its node and GPU, and the time at which it began.
 */
export function openFinding(state: State, key: string | undefined): State {
	const finding = listedFindings(state).find(listed => listed.key === key)?.finding;
	const closed: State = {...state, overlay: {kind: 'none'}};
	if (finding === undefined) {
		return closed;
	}

	const {subject, rule, sinceMs} = finding;
	const jumped = jumpTo({...closed, component: 'trainer', zoom: 'overview'}, sinceMs);
	switch (subject.kind) {
		case 'gpu':
			return withActiveComponent({...jumped, focus: 'gpus'}, {selected: subject.node, selectedRank: subject.rank});
		case 'gpus':
			return withActiveComponent({...jumped, focus: 'gpus'}, {selected: subject.node, selectedRank: subject.ranks[0]});
		case 'node':
			return withActiveComponent({...jumped, focus: 'nodes'}, {selected: subject.node, selectedRank: undefined});
		case 'deployment':
			return {...jumped, focus: paneOf(rule)};
	}
}

/** The pane that shows a finding about the deployment. */
function paneOf(rule: RuleName): PaneName {
	switch (rule) {
		case '5xx':
		case '4xx':
			return 'status';
		case 'stalled':
			return 'requests';
		default:
			return 'nodes';
	}
}
