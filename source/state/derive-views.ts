// Longer than 250 lines because the snapshot, the findings, and the selection of a view depend on each other.
import type {Deployment} from '../api/deployment.ts';
import {atOnce, Memo, type Steps} from '../api/slices.ts';
import {arrangeNodes} from '../metrics/arrange.ts';
import {evaluateRange} from '../metrics/evaluate.ts';
import {
	type CurrentFinding,
	type Finding,
	type Findings,
	findingKey,
	noFindings,
	type ResolvedFinding,
	ranksOf,
} from '../metrics/findings.ts';
import {emptyHistory, type History} from '../metrics/history.ts';
import type {Node} from '../metrics/node.ts';
import {withEqualParts} from '../metrics/same-parts.ts';
import {type Snapshot, takeSnapshotInSteps} from '../metrics/snapshot.ts';
import {type Component, type ComponentState, type Components, components as componentNames} from './component.ts';
import {findingsWindow, type Live, type State, type ViewModel} from './state.ts';

type Selection = Pick<ComponentState, 'selected' | 'selectedRank'>;

function selectionOf(finding: Finding): Selection {
	const {subject} = finding;
	return subject.kind === 'deployment'
		? {selected: undefined, selectedRank: undefined}
		: {selected: subject.node, selectedRank: ranksOf(finding)[0]};
}

/**
 * Returns the default selection: the node, and GPU, of the worst finding about a node, otherwise the first node. Nodes
 * that are gone are never selected by default.
 */
function defaultSelection(nodes: readonly Node[], {current}: Findings): Selection {
	const present = new Set(nodes.filter(({presence}) => presence !== 'gone').map(({id}) => id));
	const worst = current.map(selectionOf).find(({selected}) => selected !== undefined && present.has(selected));
	const [first] = present;
	return worst ?? {selected: first, selectedRank: undefined};
}

/** Returns whether the selected node is gone because others took its place since it was selected. */
function hasGone(selected: string, before: readonly Node[], now: readonly Node[]): boolean {
	const presenceIn = (nodes: readonly Node[]): Node['presence'] | undefined =>
		nodes.find(({id}) => id === selected)?.presence;
	const earlier = presenceIn(before);
	return earlier !== undefined && earlier !== 'gone' && presenceIn(now) === 'gone';
}

/** Returns the data that was known when the view was paused, or the current data. */
function knownAt({mode, live, components}: State): {readonly live: Live; readonly components: Components} {
	return mode.kind === 'paused' ? mode : {live, components};
}

/** Returns the known data of the visible time range for a component, by default the active one. */
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
 * Returns a deployment as if the replicas of the sampler were its nodes, with the sizes of the sampler's instance type.
 * Undefined if the sizes are unknown or don't apply, because a replica isn't a single instance, or because the server
 * doesn't report replicas and GPUs separately.
 */
export function samplerSizes(deployment: Deployment | undefined, {nodes}: History): Deployment | undefined {
	const {sampler} = deployment ?? {};
	const ranks = [...nodes.values()].map(({gpus}) => gpus.size);
	const gpusPerNode = sampler?.instance?.gpusPerNode ?? 0;
	const isEach = nodes.size > 0 && ranks.every(count => count === 0 || count === gpusPerNode);
	return deployment === undefined || sampler?.instance === undefined || (sampler.nodeCount ?? 1) !== 1 || !isEach
		? undefined
		: {...deployment, instance: sampler.instance, nodeCount: undefined};
}

/**
 * Returns the trainer's history of the findings' window if it is known and the window on the screen is coarser and
 * extends up to now; otherwise undefined.
 */
function recentHistory(state: State, component: Component): History | undefined {
	const {histories} = knownAt(state).components.trainer;
	const recent = histories.find(({window}) => window.name === findingsWindow.name);
	const isCoarser = histories[0].window.stepMs > findingsWindow.stepMs;
	return component === 'trainer' && state.mode.kind !== 'past' && isCoarser && recent?.complete === true
		? recent
		: undefined;
}

/** Derives the view model of a component. Unchanged parts of `before` are reused. */
function* deriveView(state: State, before: State, component: Component, snapshots: Memo<Snapshot>): Steps<ViewModel> {
	const {cursorMs} = state;
	const {sort, filter} = state.choices;
	const {live} = knownAt(state);
	const {live: earlierLive} = knownAt(before);
	const history = activeHistory(state, component);
	const recent = recentHistory(state, component);
	const shown = state.views[component];
	// Ages are counted from now, or from the end of an earlier range.
	const nowMs = state.mode.kind === 'past' ? history.endMs : live.nowMs;
	const isSameSnapshot =
		history === activeHistory(before, component) &&
		recent === recentHistory(before, component) &&
		live.deployment === earlierLive.deployment &&
		cursorMs === before.cursorMs &&
		nowMs >= shown.snapshot.nowMs &&
		nowMs <= shown.snapshot.validUntilMs;
	const deployment = component === 'trainer' ? live.deployment : samplerSizes(live.deployment, history);
	const {staleMs} = state.thresholds;
	const isSameTime = nowMs === shown.snapshot.nowMs;
	const snapshot = isSameSnapshot
		? isSameTime
			? shown.snapshot
			: {...shown.snapshot, nowMs}
		: withEqualParts(
				shown.snapshot,
				yield* snapshots.recall([history, recent, deployment, cursorMs, nowMs, staleMs], () =>
					takeSnapshotInSteps(history, deployment, {atMs: cursorMs, nowMs, staleMs, recent}),
				),
			);
	const findings =
		state.mode.kind === 'past' ? yield* findingsOfRange(state, activeHistory(state, 'trainer')) : state.findings;
	const isSameOrder =
		snapshot.nodes === shown.snapshot.nodes &&
		sort === before.choices.sort &&
		filter.conditions === before.choices.filter.conditions;
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
 * Returns the selection of a component: the current one, or the default one if nothing is selected or if others have
 * taken the place of the selected node. In the trainer, nothing is selected until the findings are evaluated.
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
			? component === 'sampler' || findings.isEvaluated
			: hasGone(selected, views[component].snapshot.nodes, view.snapshot.nodes);
	return isOpen
		? defaultSelection(view.nodes, component === 'trainer' ? findings : noFindings)
		: {selected, selectedRank};
}

/** Returns the state with its derived views. */
export function deriveViews(state: State, before: State): State {
	return atOnce(deriveViewsInSteps(state, before, new Memo()));
}

/** Derives views as `deriveViews` does, in slices that take a few milliseconds even with a thousand nodes. */
export function* deriveViewsInSteps(state: State, before: State, snapshots: Memo<Snapshot>): Steps<State> {
	let derived = state;
	for (const component of componentNames) {
		const view = yield* deriveView(state, before, component, snapshots);
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

/** The evaluated time ranges. Histories never change, but their thresholds, run, and checkpoints can. */
const evaluated = new WeakMap<
	History,
	Pick<State, 'thresholds' | 'run' | 'checkpoints'> & {readonly findings: Findings}
>();

const joined = new WeakMap<Findings, {readonly live: Findings; readonly findings: Findings}>();

/**
 * Returns the findings of an earlier range, based on its samples and on the live findings that extend into it. Findings
 * that hadn't ended by the end of the range are current.
 */
function* findingsOfRange(
	{findings: live, live: {deployment, nowMs}, run, checkpoints, thresholds}: State,
	history: History,
): Steps<Findings> {
	const known = evaluated.get(history);
	// Without a threshold for checkpoints, the run and its checkpoints don't matter, although they are received again
	// every two minutes.
	const isSame =
		known?.thresholds === thresholds &&
		(thresholds.checkpointAgeMs === undefined || (known.run === run && known.checkpoints === checkpoints));
	const findings = isSame
		? known.findings
		: yield* evaluateRange(history, {deployment, run, checkpoints, thresholds, nowMs});
	evaluated.set(history, {thresholds, run, checkpoints, findings});
	const before = joined.get(findings);
	if (before?.live === live) {
		return before.findings;
	}

	const both = join(findings, live, history);
	joined.set(findings, {live, findings: both});
	return both;
}

function untilOf(finding: CurrentFinding | ResolvedFinding): number {
	return finding.state === 'resolved' ? finding.untilMs : Number.POSITIVE_INFINITY;
}

/** Adds live findings that extend into the range, if its samples don't show them. */
function join(found: Findings, live: Findings, {startMs, endMs}: History): Findings {
	const all = [...found.current, ...found.resolved];
	const added = [...live.current, ...live.resolved].filter(
		finding =>
			finding.sinceMs <= endMs &&
			untilOf(finding) >= startMs &&
			!all.some(
				other =>
					findingKey(other) === findingKey(finding) &&
					other.sinceMs <= untilOf(finding) &&
					finding.sinceMs <= untilOf(other),
			),
	);
	const current: CurrentFinding[] = [];
	const resolved: ResolvedFinding[] = [];
	for (const finding of added) {
		if (finding.state === 'resolved' && finding.untilMs <= endMs) {
			resolved.push(finding);
		} else if (finding.state === 'unknown' && finding.lastKnownMs < endMs) {
			current.push(finding);
		} else {
			current.push({...finding, state: 'active'});
		}
	}

	return {...found, current: [...found.current, ...current], resolved: [...found.resolved, ...resolved]};
}
