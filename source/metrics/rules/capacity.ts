import type {Points} from '../../api/points.ts';
import type {Evidence, Onset} from '../findings.ts';
import {newestKnownTime, statistics} from '../series.ts';
import {cutPoints} from '../windows.ts';
import {fullFrom, timeToFullMs} from './disk-growth.ts';
import {type FoundEpisode, findStreaks, type RuleInput, type RuleResult, samplesFor} from './rule.ts';

type Limits = {
	/** Shares of the total, 0–1: the finding begins at `onset` and ends below `clear`. */
	readonly onset: number;
	readonly clear: number;
	/** The total that corresponds to a share of 1, in the unit of the series. */
	readonly total: number;
	readonly samples: number;
};

/**
 * Returns the result for a usage series; undefined if no value is known. `describe` creates the evidence for a share.
 */
function evaluateUse(
	points: Points,
	{onset, clear, total, samples}: Limits,
	describe: (share: number) => Evidence,
	input: RuleInput,
): RuleResult | undefined {
	const {times, values} = points;
	const newestMs = newestKnownTime(points);
	const subject = describe(0);
	if (newestMs === undefined) {
		return undefined;
	}

	const at = (position: number): number => (values[position] ?? Number.NaN) / total;
	const rule = {
		onset: (position: number) => at(position) >= onset,
		clear: (position: number) => at(position) < clear,
		onsetSamples: samples,
		clearSamples: samples,
		gapMs: input.gapMs,
		mayBegin: (statistics(points).peak ?? Number.NaN) / total >= onset,
	};
	const episodes = findStreaks(times, values, rule, input.knownOnset(subject, times[0] ?? 0)).map(
		({last, ...episode}): FoundEpisode => ({...episode, evidence: last < 0 ? undefined : describe(at(last))}),
	);
	return {subject, newestMs, episodes};
}

/** How far below its threshold the usage of a disk must fall to end the finding, as a share 0–1. */
export const diskBand = 0.02;

/**
 * `disk`: the share of a node's ephemeral storage that is in use. Begins at the threshold (`--threshold disk`) or
 * above, with a worse stage at `fullFrom` or above, and ends more than `diskBand` below the threshold. One sample is
 * enough, because storage usage doesn't fluctuate, and a full disk leads to a crash.
 */
export function evaluateDisks(input: RuleInput): readonly RuleResult[] {
	const {disk} = input.thresholds;
	const limits = {onset: disk, clear: disk - diskBand, total: 1, samples: 1};
	return input.nodes.flatMap(({id, diskShare}) => {
		const describe = (value: number): Evidence => ({
			rule: 'disk',
			subject: {kind: 'node', node: id},
			value,
			isFull: value >= fullFrom,
		});
		return evaluateUse(diskShare, limits, describe, input) ?? [];
	});
}

/** How far below its threshold the usage of RAM must fall to end the finding, as a share 0–1. */
export const ramBand = 0.05;

/** The number of consecutive samples after which the finding about RAM begins or ends. */
export const ramSamples = 2;

/**
 * `ram`: the share of a node's RAM that is in use. Begins after `ramSamples` consecutive samples at the threshold
 * (`--threshold ram`) or above, and ends after the same number of consecutive samples more than `ramBand` below it:
 * page caches fluctuate near the limit, but a drop of this size means that memory was freed.
 */
export function evaluateRam(input: RuleInput): readonly RuleResult[] {
	const {ram} = input.thresholds;
	const total = input.ramBytes;
	if (total === undefined) {
		return [];
	}

	const limits = {onset: ram, clear: ram - ramBand, total, samples: ramSamples};
	return input.nodes.flatMap(({id, ram: used}) => {
		const describe = (value: number): Evidence => ({
			rule: 'ram',
			subject: {kind: 'node', node: id},
			value,
			fullInMs: value < ram ? undefined : growingInto(used, total),
		});
		return evaluateUse(used, limits, describe, input) ?? [];
	});
}

/** The length of the time range over which RAM usage must have grown steadily for a forecast, in milliseconds. */
export const ramGrowthMs = 1_800_000;

/**
 * Returns the time from the newest sample until the RAM is full, in milliseconds; undefined if its usage doesn't grow
 * steadily, or if it is full already.
 */
function growingInto(used: Points, total: number): number | undefined {
	const newestMs = used.times.at(-1) ?? 0;
	const {times, values} = cutPoints(used, newestMs - ramGrowthMs, newestMs);
	return timeToFullMs({times, values: values.map(value => value / total)});
}

/** How far below its threshold the usage of a GPU's memory must fall to end the finding, as a share 0–1. */
export const gpuMemoryBand = 0.1;

/** The number of consecutive samples after which the finding about a GPU's memory begins or ends. */
export const gpuMemorySamples = 2;

/**
 * `gpu-memory`: the share of a GPU's memory that is in use. Off unless a threshold is set (`--threshold gpu-memory`),
 * because allocators keep the memory that they have reserved, so a healthy GPU is always nearly full. Begins after
 * `gpuMemorySamples` consecutive samples at the threshold or above, and ends after the same number of consecutive
 * samples more than `gpuMemoryBand` below it.
 */
export function evaluateGpuMemory(input: RuleInput): readonly RuleResult[] {
	const {gpuMemory} = input.thresholds;
	const total = input.gpuMemoryBytes;
	if (total === undefined || gpuMemory === undefined) {
		return [];
	}

	const limits = {
		onset: gpuMemory,
		clear: gpuMemory - gpuMemoryBand,
		total,
		samples: samplesFor(gpuMemorySamples, input),
	};
	return input.nodes.flatMap(({id, gpus}) =>
		[...gpus].flatMap(([rank, {memory}]) => {
			const describe = (value: number): Evidence => ({
				rule: 'gpu-memory',
				subject: {kind: 'gpu', node: id, rank},
				value,
			});
			return evaluateUse(memory, limits, describe, input) ?? [];
		}),
	);
}

/** The maximum duration of a fall in RAM usage, in milliseconds. */
export const fallMs = 180_000;

/** The minimum earlier usage, as a share of the node's RAM, 0–1; changes below it are normal. */
export const minRamShare = 0.2;

/** The fraction of the earlier usage below which RAM usage must fall. */
export const fallenPart = 0.5;

/** The time after which a restart is no longer reported, in milliseconds. */
export const restartLastsMs = 1_800_000;

/**
 * Returns the highest RAM usage, in bytes, in the `fallMs` before a sample at which usage is found to have fallen;
 * undefined if it didn't fall, or if it had already fallen at the previous known sample.
 */
function fallenFrom({times, values}: Points, position: number, totalBytes: number): number | undefined {
	const value = values[position] ?? Number.NaN;
	const timeMs = times[position] ?? 0;
	let before = 0;
	let previous = Number.NaN;
	for (let at = position - 1; at >= 0 && (times[at] ?? 0) >= timeMs - fallMs; at--) {
		before = Math.max(before, values[at] ?? 0) || before;
		previous = Number.isNaN(previous) ? (values[at] ?? Number.NaN) : previous;
	}

	const isFallen = before >= minRamShare * totalBytes && value < fallenPart * before;
	return isFallen && previous >= fallenPart * before ? before : undefined;
}

/**
 * `restarted`: within `fallMs`, a node's RAM usage falls from at least `minRamShare` of the total to less than
 * `fallenPart` of its earlier value, because the node's processes ended or were killed. Ends `restartLastsMs` after the
 * last fall. A node that was silent for longer than `fallMs` is covered by `missing-node` instead.
 */
export function evaluateRestarts(input: RuleInput): readonly RuleResult[] {
	const total = input.ramBytes;
	return total === undefined ? [] : input.nodes.flatMap(({id, ram}) => evaluateRestartsOf(id, ram, total, input));
}

function evaluateRestartsOf(node: string, ram: Points, total: number, input: RuleInput): readonly RuleResult[] {
	const describe = (value: number, reference: number, lastMs: number): Evidence => ({
		rule: 'restarted',
		subject: {kind: 'node', node},
		value,
		reference,
		lastMs,
	});
	const subject = describe(0, 0, 0);
	const newestMs = newestKnownTime(ram);
	if (newestMs === undefined) {
		return [];
	}

	const episodes: FoundEpisode[] = [];
	let open: (Onset & {readonly endMs: number; readonly evidence: Evidence | undefined}) | undefined;
	const knownOnset = input.knownOnset(subject, ram.times[0] ?? 0);
	if (knownOnset !== undefined) {
		open = {...knownOnset, endMs: (knownOnset.lastMs ?? knownOnset.sinceMs) + restartLastsMs, evidence: undefined};
	}

	const close = (timeMs: number): void => {
		if (open !== undefined && timeMs >= open.endMs) {
			const {sinceMs, sinceIsLowerBound, endMs, evidence} = open;
			episodes.push({sinceMs, sinceIsLowerBound, untilMs: endMs, evidence});
			open = undefined;
		}
	};
	const {lowest = 0, peak = 0} = statistics(ram);
	const mayFall = lowest < fallenPart * peak;
	for (let position = 0; position < ram.times.length; position++) {
		if (Number.isNaN(ram.values[position])) {
			continue;
		}

		const timeMs = ram.times[position] ?? 0;
		close(timeMs);
		const before = mayFall ? fallenFrom(ram, position, total) : undefined;
		if (before !== undefined) {
			const onset = open ?? {sinceMs: timeMs, sinceIsLowerBound: false};
			const {sinceMs, sinceIsLowerBound} = onset;
			const evidence = describe(ram.values[position] ?? 0, before, timeMs);
			open = {sinceMs, sinceIsLowerBound, endMs: timeMs + restartLastsMs, evidence};
		}
	}

	if (open !== undefined) {
		const {sinceMs, sinceIsLowerBound, evidence} = open;
		episodes.push({sinceMs, sinceIsLowerBound, untilMs: undefined, evidence});
	}

	return [{subject, newestMs, episodes}];
}
