import {type Finding, type RuleName, samplerRules} from '../metrics/findings.ts';
import {asSeenFrom} from './derive-logs.ts';
import {nodeFilterInput, overviewFilterInput} from './filter-input.ts';
import {chosenDeployment, selectDeployment, watchDeployment, withOverview} from './overview-list.ts';
import {openLogs} from './reduce-logs.ts';
import {activeView, selectedGpuPosition, selectedPosition, visibleGpus, withActiveComponent} from './selectors.ts';
import type {PaneName, State} from './state.ts';
import {jumpTo} from './time-travel.ts';
import {listed, listedPosition, selectedRow} from './timeline.ts';

/** The overlay that covers the panes. */
export type Overlay =
	| {readonly kind: 'none'}
	/** The scroll position of the help, its search text, and the view over which the help was opened. */
	| {readonly kind: 'help'; readonly scroll: number; readonly filter: string; readonly over?: 'deployments'}
	/** The position of the run's selected checkpoint in the list. */
	| {readonly kind: 'run'; readonly selected: number}
	/** The selected row, by its key in the list; the first row by default. */
	| {readonly kind: 'findings'; readonly selected: string | undefined}
	/** All deployments, one of which can be chosen. */
	| {readonly kind: 'deployments'};

/** The name of an overlay. */
export type OverlayName = Exclude<Overlay['kind'], 'none'>;

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

/**
 * Moves the selection `by` rows further down in the open list. If no list is open, moves it among the GPUs if theirs is
 * the only visible pane, and otherwise among the nodes.
 */
export function selectBy(state: State, by: number): State {
	const {overlay, zoom, focus} = state;
	switch (overlay.kind) {
		case 'findings': {
			const rows = listed(state);
			const position = clamp(listedPosition(state) + by, rows.length - 1);
			return {...state, overlay: {kind: 'findings', selected: rows[position]?.key}};
		}

		case 'run': {
			const last = (state.checkpoints?.list.length ?? 0) - 1;
			return {...state, overlay: {kind: 'run', selected: clamp(overlay.selected + by, last)}};
		}

		case 'deployments':
			return selectDeployment(state, by);
		case 'help':
		case 'none':
			return zoom !== 'overview' && focus === 'gpus'
				? selectGpuAt(state, selectedGpuPosition(state, visibleGpus(state)) + by)
				: selectNodeAt(state, selectedPosition(state) + by);
	}
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

/** Opens an overlay, or closes it if it is open and there is something below it. */
export function toggleOverlay(state: State, name: OverlayName): State {
	return state.overlay.kind === name ? {...state, overlay: overlayBelow(state)} : openOverlay(state, name);
}

/** Opens an overlay. In the list of deployments, the watched one is selected. */
function openOverlay(state: State, name: OverlayName): State {
	switch (name) {
		case 'help':
			return {...state, overlay: openedHelp(state.overlay)};
		case 'run':
			return {...state, overlay: {kind: 'run', selected: 0}};
		case 'findings':
			return {...state, overlay: {kind: 'findings', selected: undefined}};
		case 'deployments': {
			const {target, overview} = state;
			const selected = target.kind === 'deployment' ? target.id : overview.selected;
			return {...withOverview(state, {selected}), overlay: {kind: 'deployments'}};
		}
	}
}

/** Returns the initial state of the help. */
export function openedHelp({kind}: Overlay): Extract<Overlay, {kind: 'help'}> {
	return {kind: 'help', scroll: 0, filter: '', ...(kind === 'deployments' ? {over: kind} : {})};
}

/**
 * Returns the overlay that is shown once the open one is closed: the one over which the help was opened, the list of
 * deployments until one is chosen, or none.
 */
function overlayBelow({overlay, target}: State): Overlay {
	switch (overlay.kind) {
		case 'help':
			return {kind: overlay.over ?? 'none'};
		case 'deployments':
			return {kind: target.kind === 'unchosen' ? 'deployments' : 'none'};
		default:
			return {kind: 'none'};
	}
}

/**
 * Opens the selected row of the findings or of the deployments; otherwise, drills down in the focused pane. Only rows
 * of GPUs and nodes have a detailed view.
 */
export function enter(state: State): State {
	switch (state.overlay.kind) {
		case 'findings':
			return openListed(state, selectedRow(state)?.key);
		case 'deployments': {
			const chosen = chosenDeployment(state);
			return chosen === undefined ? state : watchDeployment(state, chosen.id);
		}

		case 'help':
		case 'run':
		case 'none':
			return drillDown(state);
	}
}

function drillDown(state: State): State {
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
 * Closes or undoes one thing per call, in this order: the line for typing a time, the message that the recording
 * stopped, the filter of an overlay, the overlay, a detailed view or full screen, the cursor, an earlier range or a
 * pause, and the filter of the nodes. After that, returns to the overview if the deployment was opened from there.
 * Never quits.
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
		return {...state, overlay: overlayBelow(state)};
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

	return mode.kind === 'live' && overview.isHome ? openOverlay(state, 'deployments') : {...state, mode: {kind: 'live'}};
}

/** Switches between the user's deployments and those of the whole organization. */
export function toggleScope(state: State): State {
	const scope = state.deployments.scope === 'own' ? 'org' : 'own';
	return {...state, deployments: {scope, list: undefined, isAfterStart: true}};
}
