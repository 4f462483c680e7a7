import {type Finding, type RuleName, samplerRules} from '../metrics/findings.ts';
import {asSeenFrom} from './derive-logs.ts';
import {nodeFilterInput, overviewFilterInput} from './filter-input.ts';
import {chosenDeployment, selectDeployment, watchDeployment, withOverview} from './overview-list.ts';
import {openLogs} from './reduce-logs.ts';
import {activeView, selectedGpuPosition, selectedPosition, visibleGpus, withActiveComponent} from './selectors.ts';
import type {Overlay, PaneName, State} from './state.ts';
import {jumpTo} from './time-travel.ts';
import {listed, listedPosition, selectedRow} from './timeline.ts';

function clamp(value: number, maximum: number): number {
	return Math.min(Math.max(value, 0), Math.max(maximum, 0));
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

/** Moves the selection `by` rows further down in the open list, or in the focused pane. */
export function selectBy(state: State, by: number): State {
	const {overlay, zoom, focus} = state;
	if (overlay.kind === 'findings') {
		const rows = listed(state);
		const position = clamp(listedPosition(state) + by, rows.length - 1);
		return {...state, overlay: {kind: 'findings', selected: rows[position]?.key}};
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
 * Opens a row of the list: goes to the time of the event and, for a finding, selects its subject (the trainer's node
 * and GPU, or the sampler). An error in the logs is shown in the logs.
 */
export function openListed(state: State, key: string | undefined): State {
	const row = listed(state).find(other => other.key === key);
	const closed: State = {...state, overlay: {kind: 'none'}};
	switch (row?.kind) {
		case undefined:
			return closed;
		case 'finding':
			return openFinding(closed, row.finding, row.finding.sinceMs);
		case 'began':
		case 'ended':
			return openFinding(closed, row.finding, row.atMs);
		case 'checkpoint':
			return jumpTo({...closed, zoom: 'overview'}, row.atMs);
		case 'error':
			return openLogs(jumpTo({...asSeenFrom(closed, 'trainer'), zoom: 'overview'}, row.atMs));
	}
}

function openFinding(closed: State, finding: Finding, atMs: number): State {
	const {subject, rule} = finding;
	const component = samplerRules.has(rule) ? 'sampler' : 'trainer';
	const jumped = jumpTo({...asSeenFrom(closed, component), zoom: 'overview'}, atMs);
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

/** Returns the pane that shows a finding about the deployment. */
function paneOf(rule: RuleName): PaneName {
	switch (rule) {
		case '5xx':
		case '4xx':
		case 'sampler-5xx':
			return 'status';
		case 'stalled':
		case 'sampler-stalled':
			return 'requests';
		default:
			return 'nodes';
	}
}

/** Returns the initial state of the help. */
export function openedHelp({kind}: Overlay): Extract<Overlay, {kind: 'help'}> {
	return {kind: 'help', scroll: 0, filter: '', ...(kind === 'deployments' ? {over: kind} : {})};
}

/** Returns the overlay that is shown once this one is closed: the one over which the help was opened, or none. */
export function overlayBelow(overlay: Overlay): Overlay {
	return {kind: overlay.kind === 'help' ? (overlay.over ?? 'none') : 'none'};
}

/**
 * Opens the selected row of a list, or drills down in the focused pane, in which only rows of GPUs and nodes have a
 * detailed view.
 */
export function enter(state: State): State {
	if (state.overlay.kind === 'findings') {
		return openListed(state, selectedRow(state)?.key);
	}

	if (state.overlay.kind === 'deployments') {
		const chosen = chosenDeployment(state);
		return chosen === undefined ? state : watchDeployment(state, chosen.id);
	}

	const hasRows = state.focus === 'gpus' || state.focus === 'nodes';
	switch (state.zoom) {
		case 'overview':
			return {...state, zoom: 'full'};
		case 'full':
			return {...state, zoom: hasRows ? 'detail' : 'overview'};
		case 'detail':
			return {...state, zoom: 'full'};
	}
}

/**
 * Closes the topmost open view, one per call; if nothing is open, returns to live, and then to the overview if the
 * deployment was opened from there. Never quits.
 */
export function close(state: State): State {
	const {overlay, zoom, cursorMs, choices, mode, overview, target, recording, typedTime} = state;
	if (typedTime !== undefined) {
		return {...state, typedTime: undefined};
	}

	if (recording.kind === 'stopped' && !recording.isSeen) {
		return {...state, recording: {...recording, isSeen: true}};
	}

	if (overlay.kind === 'deployments' && overview.filter.text !== '') {
		return withOverview(state, {filter: overviewFilterInput.empty});
	}

	if (overlay.kind === 'deployments' && (overview.isHome || target.kind === 'unchosen')) {
		return state;
	}

	if (overlay.kind === 'help' && overlay.filter !== '') {
		return {...state, overlay: {...overlay, scroll: 0, filter: ''}};
	}

	if (overlay.kind !== 'none') {
		return {...state, overlay: overlayBelow(overlay)};
	}

	if (zoom !== 'overview') {
		return {...state, zoom: zoom === 'detail' ? 'full' : 'overview'};
	}

	if (cursorMs !== undefined) {
		return {...state, cursorMs: undefined};
	}

	if (choices.filter.text !== '' && mode.kind === 'live') {
		return {...state, choices: {...choices, filter: nodeFilterInput.withText(choices.filter, '')}};
	}

	return mode.kind === 'live' && overview.isHome ? toggleDeployments(state) : {...state, mode: {kind: 'live'}};
}

/**
 * Opens the list of deployments, or closes it if there is a view to return to. When it opens, the watched deployment is
 * selected.
 */
export function toggleDeployments(state: State): State {
	const {overlay, target} = state;
	const selected = target.kind === 'deployment' ? target.id : state.overview.selected;
	return overlay.kind === 'deployments'
		? {...state, overlay: {kind: target.kind === 'unchosen' ? 'deployments' : 'none'}}
		: {...withOverview(state, {selected}), overlay: {kind: 'deployments'}};
}

/** Switches between the user's deployments and those of the whole organization. */
export function toggleScope(state: State): State {
	const scope = state.deployments.scope === 'own' ? 'org' : 'own';
	return {...state, deployments: {scope, list: undefined, isAfterStart: true}};
}
