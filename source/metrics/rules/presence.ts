import type {Evidence, NodeSubject, Onset, SampleGroup} from '../findings.ts';
import {type LastSeen, newestCompute, type SeenNode} from '../last-seen.ts';
import {compareNames} from '../node.ts';
import {
	type EvaluationContext,
	type FoundEpisode,
	isBeforeStart,
	isRunning,
	isStarting,
	onsetOfNeverSeen,
	type RuleResult,
	startupMs,
} from './rule.ts';

/** Returns an open episode of a subject that has been absent since its last sample, or that never had one. */
function absence(evidence: Evidence, lastMs: number | undefined, never: Onset): FoundEpisode {
	const onset = lastMs === undefined ? never : {sinceMs: lastMs, sinceIsLowerBound: false};
	return {...onset, untilMs: undefined, evidence};
}

const deployment = {kind: 'deployment'} as const;

/**
 * `stale`: a group of series (requests, or nodes and GPUs) has no sample within the stale limit (`--threshold stale`)
 * although the server responds and the deployment is running. Begins at the last sample of the group or, if both groups
 * are stale, at the earlier of their last samples. A group that never had a sample counts as stale if no group has had
 * any, or if it is the group of nodes and there are several nodes. Neither applies while the deployment is starting, or
 * if the newest response had unreadable points. Ends with a newer sample.
 */
export function evaluateStale(
	lastSeen: LastSeen,
	context: EvaluationContext,
	knownFromMs: number,
): readonly RuleResult[] {
	const {isResponding, nowMs, thresholds, hasUnreadable} = context;
	if (!isResponding || !isRunning(context)) {
		return [];
	}

	const newest = {requests: lastSeen.requests.newestMs, compute: newestCompute(lastSeen)};
	const isNever = newest.requests === undefined && newest.compute === undefined;
	const isAwaited = hasUnreadable || isStarting(lastSeen, context);
	if (isNever && isAwaited) {
		return [];
	}

	const hasSeveral = (context.deployment?.nodeCount ?? 1) > 1;
	const isOld = (group: SampleGroup): boolean => {
		const newestMs = newest[group];
		return newestMs === undefined
			? isNever || (group === 'compute' && hasSeveral && !isAwaited)
			: nowMs - newestMs > thresholds.staleMs && !isBeforeStart(newestMs, lastSeen, context);
	};
	const groups = (['requests', 'compute'] as const).filter(isOld);
	const describe = (names: readonly SampleGroup[]): Evidence => ({rule: 'stale', subject: deployment, groups: names});
	const known = groups.flatMap(group => newest[group] ?? []);
	const lastMs = known.length === 0 ? undefined : Math.min(...known);
	const newestMs = Math.max(newest.requests ?? 0, newest.compute ?? 0);
	const episodes =
		groups.length === 0 ? [] : [absence(describe(groups), lastMs, onsetOfNeverSeen(lastSeen, context, knownFromMs))];
	return [{subject: describe([]), newestMs, episodes}];
}

/** The results of a rule about missing subjects, and the presence of each subject. */
type Presence = {
	readonly results: readonly RuleResult[];
	/** By `nodeKey` and `gpuKey`: subjects that don't report, but aren't missing either. */
	readonly gone: ReadonlySet<string>;
	/** By the same keys: the subjects whose presence is known. The others are unchanged. */
	readonly evaluated: ReadonlySet<string>;
};

/** Returns the key of a node, which never equals that of a GPU. */
export function nodeKey(node: string): string {
	return JSON.stringify([node]);
}

/** Returns the key of a GPU. */
export function gpuKey(node: string, rank: string): string {
	return JSON.stringify([node, rank]);
}

/**
 * Returns the subjects that are gone: those found now, and those found earlier that are still remembered and whose
 * presence wasn't evaluated now.
 */
export function goneAfter(
	before: ReadonlySet<string>,
	{nodes}: LastSeen,
	presences: readonly Presence[],
): ReadonlySet<string> {
	const isRemembered = (key: string): boolean => nodes.has((JSON.parse(key) as readonly [string])[0]);
	const left = [...before].filter(key => !presences.some(({evaluated}) => evaluated.has(key)) && isRemembered(key));
	return new Set([...presences.flatMap(({gone}) => [...gone]), ...left]);
}

const nothing: Presence = {results: [], gone: new Set(), evaluated: new Set()};

function isFresh(newestMs: number | undefined, {nowMs, thresholds}: EvaluationContext): boolean {
	return newestMs !== undefined && nowMs - newestMs <= thresholds.staleMs;
}

type Named = readonly [name: string, seen: {readonly newestMs: number | undefined}];

/** Compares subjects for sorting: those that reported most recently come first. */
function byLastSeen([nameA, a]: Named, [nameB, b]: Named): number {
	return (b.newestMs ?? 0) - (a.newestMs ?? 0) || compareNames(nameA, nameB);
}

/**
 * `missing-node`: N fewer nodes report than the deployment has. Of the other known nodes, the N that reported most
 * recently count as missing: one finding for each, which begins at its last sample. If there are fewer than N, the rest
 * is one finding about the deployment, except while the deployment is starting.
 * If the number of nodes is unknown, every node that stopped reporting is missing. If none of several nodes reports,
 * that is one finding about the deployment, in addition to those about nodes that stopped more than the stale limit
 * before the last one; for a single node, `stale` is sufficient. A node without readable times isn't missing. Ends when
 * the node reports, or when the expected number of other nodes does.
 */
export function evaluateNodes(lastSeen: LastSeen, context: EvaluationContext, knownFromMs: number): Presence {
	const expectedNodes = context.deployment?.nodeCount;
	const nodes = [...lastSeen.nodes];
	const reporting = nodes.filter(([, {newestMs}]) => isFresh(newestMs, context));
	const hasSamples = lastSeen.requests.newestMs !== undefined || newestCompute(lastSeen) !== undefined;
	// A single node doesn't have to be distinguished from others, and might not have samples of its own.
	const isCounted = reporting.length > 0 || (expectedNodes ?? 1) > 1;
	const isUnreadable = !hasSamples && context.hasUnreadable;
	if (!context.isResponding || !isRunning(context) || !isCounted || isUnreadable) {
		return nothing;
	}

	const lastMs = newestCompute(lastSeen);
	if (nodes.every(([name]) => name === 'leader') && (expectedNodes ?? 1) > 1 && lastMs !== undefined) {
		// The server doesn't distinguish nodes.
		return nothing;
	}

	const silent = nodes.filter(([, {newestMs}]) => !isFresh(newestMs, context)).sort(byLastSeen);
	const isAwaited = isStarting(lastSeen, context);
	const unreadable = silent.filter(([, {isUnreadable}]) => isUnreadable).length;
	const isWithAll = ([, {newestMs}]: Named): boolean =>
		reporting.length === 0 && (lastMs ?? 0) - (newestMs ?? lastMs ?? 0) <= context.thresholds.staleMs;
	const together = silent.filter(node => !node[1].isUnreadable && isWithAll(node));
	const missed = silent.filter(
		node =>
			!node[1].isUnreadable &&
			!isWithAll(node) &&
			(node[1].newestMs === undefined
				? expectedNodes !== undefined && !isAwaited
				: !isBeforeStart(node[1].newestMs, lastSeen, context)),
	);
	const missing =
		expectedNodes === undefined ? missed.length : Math.max(0, expectedNodes - reporting.length - unreadable);
	const counts = {value: reporting.length, reference: reporting.length + missing};
	const describe = (subject: NodeSubject | typeof deployment): Evidence => ({
		rule: 'missing-node',
		subject,
		...counts,
	});
	const ofNode = (node: string): Evidence => describe({kind: 'node', node});
	const named = missed.slice(0, Math.max(0, missing - together.length));
	const gone = new Set(silent.map(([name]) => nodeKey(name)));
	for (const [name] of [...named, ...together]) {
		gone.delete(nodeKey(name));
	}

	const unnamed = named.length < missing && !isAwaited;
	const never = onsetOfNeverSeen(lastSeen, context, knownFromMs);
	return {
		gone: isAwaited ? new Set() : gone,
		evaluated: new Set((isAwaited ? reporting : nodes).map(([name]) => nodeKey(name))),
		results: [
			...reporting.map(([name, {newestMs = 0}]): RuleResult => ({subject: ofNode(name), newestMs, episodes: []})),
			...named.map(
				([name, {newestMs}]): RuleResult => ({
					subject: ofNode(name),
					newestMs: context.nowMs,
					episodes: [absence(ofNode(name), newestMs, never)],
				}),
			),
			{
				subject: describe(deployment),
				newestMs: context.nowMs,
				episodes: unnamed ? [absence(describe(deployment), together.length > 0 ? lastMs : undefined, never)] : [],
			},
		],
	};
}

/**
 * `missing-gpu`: on a node that reports, fewer GPUs report than its instance type has or, if that number is unknown,
 * than have ever reported. One finding per node lists the missing ranks that reported earlier. If there are none, the
 * finding is about the node, and is delayed until `startupMs` after the node's first sample. Not evaluated until a GPU
 * of the deployment has reported. Ends once as many GPUs report as are expected.
 */
export function evaluateMissingGpus(lastSeen: LastSeen, context: EvaluationContext): Presence {
	const nodes = [...lastSeen.nodes];
	const hasGpus = nodes.some(([, {gpus}]) => [...gpus.values()].some(({newestMs}) => newestMs !== undefined));
	if (!context.isResponding || !isRunning(context) || !hasGpus) {
		return nothing;
	}

	const evaluated = nodes
		.filter(([, {newestMs}]) => isFresh(newestMs, context))
		.map(([name, node]) => evaluateGpusOf(name, node, context));
	return {
		results: evaluated.map(({result}) => result),
		gone: new Set(evaluated.flatMap(({gone}) => gone)),
		evaluated: new Set(evaluated.flatMap(({ranks}) => ranks)),
	};
}

function evaluateGpusOf(
	node: string,
	{firstMs = 0, newestMs = 0, gpus}: SeenNode,
	context: EvaluationContext,
): {readonly result: RuleResult; readonly gone: readonly string[]; readonly ranks: readonly string[]} {
	const {nowMs} = context;
	const expected = context.deployment?.instance?.gpusPerNode;
	const known = [...gpus].filter(([, seen]) => seen.newestMs !== undefined);
	const reporting = known.filter(([, seen]) => isFresh(seen.newestMs, context));
	const silent = known.filter(([, seen]) => !isFresh(seen.newestMs, context)).sort(byLastSeen);
	const missing = Math.max(0, (expected ?? known.length) - reporting.length);
	const named = silent.slice(0, missing);
	const isAwaited = nowMs - firstMs < startupMs;
	const never = {sinceMs: firstMs, sinceIsLowerBound: true};
	const counts = {value: reporting.length, reference: reporting.length + missing};
	const describe = (ranks: readonly string[]): Evidence => ({
		rule: 'missing-gpu',
		subject: ranks.length === 0 ? {kind: 'node', node} : {kind: 'gpus', node, ranks},
		...counts,
	});
	const result = {subject: describe([]), newestMs};
	const gone = silent.slice(missing).map(([rank]) => gpuKey(node, rank));
	const ranks = known.map(([rank]) => gpuKey(node, rank));
	if (named.length > 0) {
		const missed = named.map(([rank]) => rank).sort(compareNames);
		const lastMs = Math.min(...named.map(([, seen]) => seen.newestMs ?? firstMs));
		return {result: {...result, episodes: [absence(describe(missed), lastMs, never)]}, gone, ranks};
	}

	const episodes = missing > 0 && !isAwaited ? [absence(describe([]), undefined, never)] : [];
	return {result: {...result, episodes}, gone, ranks};
}
