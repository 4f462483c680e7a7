import type {Steps} from '../../api/slices.ts';
import type {Evidence, Onset} from '../findings.ts';
import {compareNames} from '../node.ts';
import {newestKnownTime, statistics} from '../series.ts';
import {type FoundEpisode, findStreaks, type RuleInput, type RuleResult, type Streak, samplesFor} from './rule.ts';
import type {GridGpu, UtilizationGrid} from './utilization.ts';

/** The multiple of the threshold below which an idle GPU stays idle. */
export const idleBand = 1.5;

/** The number of consecutive samples after which a GPU is idle. */
export const idleSamples = 6;

/** The number of consecutive samples after which a GPU is no longer idle. */
export const idleClearSamples = 3;

/** The utilization of the k-th busiest GPU above which the deployment has work. */
export const workFrom = 0.5;

/** The utilization of the k-th busiest GPU below which the deployment has no work. */
export const workUntil = 0.4;

type GpuStreaks = {readonly gpu: GridGpu; readonly streaks: readonly Streak[]};

/**
 * Returns evidence about one rank of a node, with which to look up what an earlier evaluation found about that rank.
 * The rank is empty if only the node matters.
 */
function idleRank(node: string, rank: string): Evidence {
	return {
		rule: 'idle-gpus',
		subject: {kind: 'gpus', node, ranks: [rank]},
		value: 0,
		reference: 0,
		rankSpans: new Map(),
	};
}

/**
 * `idle-gpus`: GPUs that do nothing while others work: under the threshold (`--threshold idle-gpus`) in `idleSamples`
 * consecutive samples while the k-th busiest GPU of the deployment (`UtilizationGrid.busy`) is over `workFrom`. A GPU
 * stops being idle after `idleClearSamples` consecutive samples in which it is at `idleBand` times the threshold or
 * more, or in which the k-th busiest GPU is under `workUntil`: the deployment then has no work, so RL training that
 * alternates between full load and none isn't a finding. At longer steps, fewer samples are enough (`samplesFor`). One
 * finding per node lists its idle ranks; `reference` is the median of the GPUs that aren't idle. Yields before each
 * node.
 */
export function* evaluateIdleGpus(input: RuleInput, grid: UtilizationGrid): Steps<readonly RuleResult[]> {
	const {idleGpus: idle} = input.thresholds;
	const byNode = new Map<string, GpuStreaks[]>();
	for (const [index, gpu] of grid.gpus.entries()) {
		if (gpu.node !== grid.gpus[index - 1]?.node) {
			yield;
		}

		const {times, values} = gpu.points;
		if (newestKnownTime(gpu.points) === undefined) {
			continue;
		}

		const busy = (position: number): number => grid.busy[grid.slotOf(times[position] ?? 0)] ?? Number.NaN;
		const value = (position: number): number => values[position] ?? Number.NaN;
		const rule = {
			onset: (position: number) => value(position) < idle && busy(position) > workFrom,
			clear: (position: number) => value(position) >= idleBand * idle || busy(position) < workUntil,
			onsetSamples: samplesFor(idleSamples, input),
			clearSamples: samplesFor(idleClearSamples, input),
			gapMs: input.gapMs,
			mayBegin: (statistics(gpu.points).lowest ?? idle) < idle,
		};
		const knownOnset = input.knownOnset(idleRank(gpu.node, gpu.rank), times[0] ?? 0);
		const streaks = findStreaks(times, values, rule, knownOnset);
		byNode.set(gpu.node, [...(byNode.get(gpu.node) ?? []), {gpu, streaks}]);
	}

	const silentMs = Math.max(input.thresholds.staleMs, input.gapMs);
	const results: RuleResult[] = [];
	for (const [node, gpus] of byNode) {
		yield;
		results.push(joinRanks(node, gpus, grid, {silentMs, idle}));
	}

	return results;
}

/** The time after which a silent GPU is no longer listed, in milliseconds, and the value below which a GPU is idle. */
type IdleLimits = {readonly silentMs: number; readonly idle: number};

/**
 * Joins the episodes of a node's GPUs. There is at least one GPU, and each has a known value. A joined episode lasts
 * as long as any of the GPUs is idle. A GPU whose newest sample is more than `silentMs` older than that of another idle
 * GPU isn't listed, because its state at the time of that other sample is unknown.
 */
function joinRanks(node: string, gpus: readonly GpuStreaks[], grid: UtilizationGrid, limits: IdleLimits): RuleResult {
	const all = gpus
		.flatMap(({gpu, streaks}) => streaks.map(streak => ({gpu, streak})))
		.sort((a, b) => a.streak.sinceMs - b.streak.sinceMs);
	const groups: {gpu: GridGpu; streak: Streak}[][] = [];
	let untilMs = Number.NEGATIVE_INFINITY;
	for (const one of all) {
		if (one.streak.sinceMs > untilMs) {
			groups.push([]);
		}

		groups.at(-1)?.push(one);
		untilMs = Math.max(untilMs, one.streak.untilMs ?? Number.POSITIVE_INFINITY);
	}

	const episodes = groups.map(group => joinGroup(node, group, grid, limits));
	const idle = gpus.filter(({streaks}) => streaks.at(-1)?.untilMs === undefined && streaks.length > 0);
	// The finding is as current as the newest sample of its subject.
	const current = (idle.length > 0 ? idle : gpus).flatMap(({gpu}) => newestKnownTime(gpu.points) ?? []);
	const ranks = gpus.map(({gpu}) => gpu.rank);
	return {subject: idleRank(node, ''), newestMs: Math.max(...current), ranks, episodes};
}

/** Joins overlapping episodes: those of the GPUs that are still idle, or of all GPUs if none is. */
function joinGroup(
	node: string,
	group: ReadonlyArray<{readonly gpu: GridGpu; readonly streak: Streak}>,
	grid: UtilizationGrid,
	{silentMs, idle}: IdleLimits,
): FoundEpisode {
	const lastMs = ({gpu}: {readonly gpu: GridGpu}): number => gpu.points.times.at(-1) ?? 0;
	const unended = group.filter(({streak}) => streak.untilMs === undefined);
	const newestMs = Math.max(...unended.map(lastMs));
	const open = unended.filter(one => newestMs - lastMs(one) <= silentMs);
	const members = (open.length > 0 ? open : group)
		.filter(({gpu}, index, list) => list.findIndex(other => other.gpu === gpu) === index)
		.sort((a, b) => compareNames(a.gpu.rank, b.gpu.rank));
	const [first, ...others] = members;
	const earliest: Onset = others.reduce<Onset>(
		(a, {streak: b}) => (b.sinceMs < a.sinceMs ? b : a),
		first?.streak ?? {sinceMs: 0, sinceIsLowerBound: false},
	);
	const lasts = members.flatMap(({gpu, streak: {last}}) => {
		const value = gpu.points.values[last];
		const slot = grid.slotOf(gpu.points.times[last] ?? 0);
		return value === undefined ? [] : [{value, reference: grid.medianFrom(slot, idle)}];
	});
	const evidence: Evidence = {
		rule: 'idle-gpus',
		subject: {kind: 'gpus', node, ranks: members.map(({gpu}) => gpu.rank)},
		value: lasts.reduce((most, {value}) => Math.max(most, value), 0),
		reference: lasts.reduce((most, {reference}) => Math.max(most, reference || 0), 0),
		rankSpans: new Map(
			(open.length > 0 ? unended : group).map(({gpu, streak: {sinceMs, untilMs}}) => [gpu.rank, {sinceMs, untilMs}]),
		),
	};
	return {
		sinceMs: earliest.sinceMs,
		sinceIsLowerBound: earliest.sinceIsLowerBound,
		untilMs: open.length > 0 ? undefined : Math.max(...group.map(({streak}) => streak.untilMs ?? 0)),
		evidence,
	};
}

/** The number of consecutive samples after which a GPU is a straggler. */
export const stragglerSamples = 6;

/** The number of consecutive samples after which a GPU is no longer a straggler. */
export const stragglerClearSamples = 6;

/** The minimum median utilization at which the other GPUs count as working. */
export const medianFrom = 0.7;

/** The median utilization below which the other GPUs no longer count as working. */
export const medianUntil = 0.5;

/** The minimum fraction of the others' median at which a GPU is no longer a straggler. */
export const caughtUp = 0.8;

/**
 * `straggler`: a GPU that works less than the others, which have to wait for it: in `stragglerSamples` consecutive
 * samples, it isn't idle (`--threshold idle-gpus`), but is under a fraction (`--threshold straggler`) of the others'
 * median, which is at least `medianFrom`. Ends after `stragglerClearSamples` consecutive samples in which the GPU is
 * at `caughtUp` times that median or more, the median is under `medianUntil`, or the GPU is idle. At longer steps,
 * fewer samples are enough (`samplesFor`). Yields before each node.
 */
export function* evaluateStragglers(input: RuleInput, grid: UtilizationGrid): Steps<readonly RuleResult[]> {
	const {idleGpus: idle, straggler: part} = input.thresholds;
	const results: RuleResult[] = [];
	for (const [index, {node, rank, points}] of grid.gpus.entries()) {
		if (node !== grid.gpus[index - 1]?.node) {
			yield;
		}

		const {times, values} = points;
		const newestMs = newestKnownTime(points);
		if (newestMs === undefined) {
			continue;
		}

		const value = (position: number): number => values[position] ?? Number.NaN;
		const others = (position: number): number =>
			grid.medianOfOthers(grid.slotOf(times[position] ?? 0), value(position));
		const rule = {
			onset: (position: number) => {
				const median = others(position);
				return value(position) >= idle && median >= medianFrom && value(position) < part * median;
			},
			clear: (position: number) => {
				const median = others(position);
				return value(position) < idle || median < medianUntil || value(position) >= caughtUp * median;
			},
			onsetSamples: samplesFor(stragglerSamples, input),
			clearSamples: samplesFor(stragglerClearSamples, input),
			gapMs: input.gapMs,
			mayBegin: grid.highestMedian >= medianFrom && (statistics(points).lowest ?? 1) < part * grid.highestMedian,
		};
		const describe = (position: number): Evidence => ({
			rule: 'straggler',
			subject: {kind: 'gpu', node, rank},
			value: value(position),
			reference: others(position),
		});
		const subject = describe(-1);
		const episodes = findStreaks(times, values, rule, input.knownOnset(subject, times[0] ?? 0)).map(
			({last, ...episode}): FoundEpisode => ({...episode, evidence: last < 0 ? undefined : describe(last)}),
		);
		results.push({subject, newestMs, episodes});
	}

	return results;
}
