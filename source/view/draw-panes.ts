import {typedKeys} from '../api/points.ts';
import {differInTimeOnly, hasNoAge} from '../metrics/same-parts.ts';
import type {Component} from '../state/component.ts';
import {referenceOf} from '../state/reference.ts';
import {extrasAt} from '../state/sampler-extras.ts';
import {
	activeView,
	canHaveNewerCheckpoints,
	checkpointTimes,
	lastCheckpoint,
	selectedGpuPosition,
	selectedPosition,
	shownCost,
	shownTimeMs,
	visibleGpus,
} from '../state/selectors.ts';
import {type PaneName, panes, type State, type ViewModel} from '../state/state.ts';
import type {Zone} from '../text/clock-time.ts';
import {windowCostWords} from '../text/cost-text.ts';
import {describeFailure} from '../text/failure-text.ts';
import {lastCheckpointParts} from '../text/status-text.ts';
import type {SymbolSet} from '../theme/theme.ts';
import {shownReference} from './difference.ts';
import {type FindingMarkers, markersWithin, noMarkers} from './finding-markers.ts';
import {lastErrorWords} from './findings-list.ts';
import type {PanePlace, Rect} from './layout.ts';
import {fitLines} from './line.ts';
import type {PaneContent, PaneInput} from './pane-content.ts';
import {gpusPane} from './panes/gpus.ts';
import {latencyPane} from './panes/latency.ts';
import {nodesPane, replicasPane} from './panes/nodes.ts';
import {requestsPane} from './panes/requests.ts';
import {statusPane} from './panes/status.ts';
import {frameTitle, inside, type Region} from './region.ts';

type Panes = Readonly<Record<PaneName, (input: PaneInput) => PaneContent>>;

const trainerPanes: Panes = {
	requests: requestsPane,
	latency: latencyPane,
	status: statusPane,
	gpus: gpusPane,
	nodes: nodesPane,
};

/** The panes of each component: the sampler has replicas instead of nodes. */
const panesOf: Readonly<Record<Component, Panes>> = {
	trainer: trainerPanes,
	sampler: {...trainerPanes, nodes: replicasPane},
};

function costWords(state: State): string {
	const cost = shownCost(state);
	return cost?.window === undefined ? '' : windowCostWords(activeView(state).window, cost.window, cost.price.source);
}

function checkpointWords(state: State): readonly string[] {
	const last = lastCheckpoint(state);
	const timeMs = shownTimeMs(state);
	const isPast = timeMs < activeView(state).nowMs;
	return last === undefined ? [] : lastCheckpointParts(last, timeMs, canHaveNewerCheckpoints(state, timeMs), isPast);
}

/**
 * Returns the markers at the cursor, in the whole earlier range on the screen, or now. Only the trainer has markers.
 */
function visibleMarkers(state: State): FindingMarkers {
	const {component, mode, live} = state;
	const {snapshot, findings} = activeView(state);
	const {atMs, startMs, endMs} = snapshot;
	if (component !== 'trainer') {
		return noMarkers;
	}

	if (atMs !== undefined) {
		return markersWithin(findings, atMs, atMs);
	}

	return mode.kind === 'past'
		? markersWithin(findings, startMs, endMs)
		: markersWithin(findings, live.nowMs, live.nowMs);
}

/** Draws the panes into their places. A pane whose drawing wouldn't change isn't drawn again. */
export function drawPanes(state: State, places: readonly PanePlace[], zone: Zone, set: SymbolSet): readonly Region[] {
	const {component, views, live, mode, zoom, choices, thresholds} = state;
	const {samplerExtras} = state.sideFailures;
	const view = activeView(state);
	const rows = visibleGpus(state);
	const reference = referenceOf(state);
	const common = {
		component,
		view,
		both: live.deployment?.sampler === undefined ? undefined : views,
		mode: mode.kind,
		isReplay: state.replay !== undefined,
		zoom,
		selected: selectedPosition(state),
		gpus: {rows, selected: selectedGpuPosition(state, rows)},
		choices,
		markers: visibleMarkers(state),
		thresholds,
		extras: extrasAt(state.samplerExtras, views.sampler.snapshot),
		extrasFault: samplerExtras === undefined ? '' : describeFailure(samplerExtras.failure),
		reference: reference && shownReference(reference),
		cost: costWords(state),
		lastError: lastErrorWords(state, zone),
		checkpoint: checkpointWords(state),
		checkpoints: checkpointTimes(state),
		symbols: set,
		zone,
	};
	return places.map(({pane, rect, variant}): Region => {
		const {width, height} = variant === 'bare' ? rect : inside(rect);
		const focused = state.focus === pane && !state.logs.isOpen;
		const input: PaneInput = {...common, width, height, variant, focused};
		const last = lastDrawn.get(pane);
		if (last !== undefined && isSameRect(last.region.rect, rect) && isDrawnAlike(last.input, input)) {
			return last.region;
		}

		const content = panesOf[component][pane](input);
		const number = String(panes.indexOf(pane) + 1);
		const frame =
			variant === 'bare' ? undefined : {title: frameTitle({...content, number, focused}, rect.width), focused};
		const lines = fitLines(content.body, width, height);
		const region = {name: pane, rect, frame, lines, targets: content.targets ?? []};
		lastDrawn.set(pane, {input, region});
		return region;
	});
}

/** The last input and drawing of each pane. Most responses change nothing in most panes. */
const lastDrawn = new Map<PaneName, {readonly input: PaneInput; readonly region: Region}>();

function isSameRect(a: Rect, b: Rect): boolean {
	return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}

/**
 * How to compare the fields of an input that are recreated for each frame: each function returns whether two values
 * produce the same drawing.
 */
const compared: {readonly [Key in keyof PaneInput]?: (a: PaneInput[Key], b: PaneInput[Key]) => boolean} = {
	view: isSameView,
	gpus: (a, b) =>
		a.selected === b.selected &&
		isSameList(a.rows, b.rows, (one, other) => one.node === other.node && one.gpu === other.gpu),
	checkpoint: isSameList,
	checkpoints: isSameList,
};

/**
 * Returns whether a pane is known to look the same with both inputs: all fields that it uses are the same except for
 * the time, and no visible age grows with time. False unless the view is live.
 */
function isDrawnAlike(a: PaneInput, b: PaneInput): boolean {
	const {component, mode, variant} = b;
	const isUsed = (key: keyof PaneInput): boolean =>
		key === 'both' ? variant === 'full' : key !== 'extras' || component === 'sampler';
	return (
		mode === 'live' &&
		typedKeys(b).every(key => !isUsed(key) || isSameInput(key, a, b)) &&
		hasNoAge(a.view.snapshot) &&
		hasNoAge(b.view.snapshot)
	);
}

function isSameInput<Key extends keyof PaneInput>(key: Key, a: PaneInput, b: PaneInput): boolean {
	return Object.is(a[key], b[key]) || compared[key]?.(a[key], b[key]) === true;
}

function isSameList<Item>(
	a: readonly Item[],
	b: readonly Item[],
	isSame: (one: Item, other: Item) => boolean = Object.is,
): boolean {
	return (
		a === b ||
		(a.length === b.length &&
			b.every((item, index) => {
				const other = a[index];
				return other !== undefined && isSame(other, item);
			}))
	);
}

/**
 * Returns whether a view still looks the same later. A view with current findings never does, because their ages grow.
 */
function isSameView(a: ViewModel, b: ViewModel): boolean {
	return (
		a.deployment === b.deployment &&
		a.window === b.window &&
		a.nodes === b.nodes &&
		a.link.kind === 'ok' &&
		b.link.kind === 'ok' &&
		a.findings.current.length === 0 &&
		b.findings.current.length === 0 &&
		isSameList(a.findings.resolved, b.findings.resolved) &&
		differInTimeOnly(a.snapshot, b.snapshot)
	);
}
