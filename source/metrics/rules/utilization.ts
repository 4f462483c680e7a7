import type {Points} from '../../api/points.ts';
import type {Steps} from '../../api/slices.ts';
import type {Evidence} from '../findings.ts';
import {newestKnownTime, valueNear} from '../series.ts';
import {idleBand} from './gpus.ts';
import {type FoundEpisode, findStreaks, type RuleInput, type RuleResult} from './rule.ts';

/** One GPU of the deployment: its node, its rank, and its utilization over time. */
export type GridGpu = {readonly node: string; readonly rank: string; readonly points: Points};

/**
 * The utilization of all GPUs (fractions 0–1) side by side. Nodes aren't sampled simultaneously, so each sample is
 * assigned to the nearest slot of `slotMs`.
 */
export type UtilizationGrid = {
	readonly gpus: readonly GridGpu[];
	readonly slots: number;
	/**
	 * Returns the slot of a time in epoch milliseconds; the first or the last slot if the time is outside of the range.
	 */
	readonly slotOf: (timeMs: number) => number;
	/** Returns the time of the middle of a slot, in epoch milliseconds. */
	readonly timeOf: (slot: number) => number;
	/**
	 * The number of GPUs with a known utilization near each slot, and the highest utilization (NaN if none is known).
	 */
	readonly known: Uint16Array;
	readonly highest: Float64Array;
	/**
	 * The k-th highest utilization near each slot, where k is `busiestPart` of the number of known GPUs, at least 1;
	 * NaN if none is known.
	 */
	readonly busy: Float64Array;
	/** The highest of all medians that `medianOfOthers` returns; −∞ if it returns none. */
	readonly highestMedian: number;
	/**
	 * Returns the median near a slot, excluding one GPU with this value; of two middle values, it's the higher one. NaN
	 * if there is no other GPU.
	 */
	readonly medianOfOthers: (slot: number, value: number) => number;
	/**
	 * Returns the median of the GPUs that are at or above `least` near a slot; of two middle values, it's the higher
	 * one. NaN if there is no such GPU.
	 */
	readonly medianFrom: (slot: number, least: number) => number;
};

/** The fraction of the GPUs that must be busy for the deployment to have work. */
export const busiestPart = 1 / 8;

/** The number of cells sorted in one slice, which takes less than a millisecond. */
const cellsAtOnce = 8192;

/** Arranges the series of all GPUs side by side. Yields before the series of each node, and then every few slots. */
export function* layOutUtilization({nodes, startMs, endMs, slotMs}: RuleInput): Steps<UtilizationGrid> {
	const gpus = nodes.flatMap(({id, gpus: ranks}) =>
		[...ranks].map(([rank, {utilization}]): GridGpu => ({node: id, rank, points: utilization})),
	);
	const slots = Math.max(1, Math.floor((endMs - startMs) / slotMs) + 2);
	const slotOf = (timeMs: number): number => Math.min(Math.max(Math.round((timeMs - startMs) / slotMs), 0), slots - 1);
	const cells = new Float64Array(gpus.length * slots).fill(Number.NaN);
	// The GPUs of a node usually have their samples at the same times, so the rows of the previous GPU are reused.
	let lastTimes: Float64Array | undefined;
	let rows = new Uint32Array(0);
	for (const [index, {node, points}] of gpus.entries()) {
		if (node !== gpus[index - 1]?.node) {
			yield;
		}

		const {times, values} = points;
		rows = lastTimes === times ? rows : Uint32Array.from(times, timeMs => slotOf(timeMs) * gpus.length);
		lastTimes = times;
		scatter(values, rows, cells.subarray(index));
	}

	const known = new Uint16Array(slots);
	const highest = new Float64Array(slots).fill(Number.NaN);
	const busy = new Float64Array(slots).fill(Number.NaN);
	// The median of any n − 1 of n sorted values is one of these two.
	const lower = new Float64Array(slots).fill(Number.NaN);
	const upper = new Float64Array(slots).fill(Number.NaN);
	let highestMedian = Number.NEGATIVE_INFINITY;
	const column = new Float64Array(gpus.length);
	const slotsAtOnce = Math.max(1, Math.floor(cellsAtOnce / gpus.length));
	for (let slot = 0; slot < slots; slot++) {
		if (slot % slotsAtOnce === 0) {
			yield;
		}

		column.set(cells.subarray(slot * gpus.length, (slot + 1) * gpus.length));
		// Unknown values come last.
		column.sort();
		const isComplete = !Number.isNaN(column.at(-1));
		const count = isComplete ? column.length : gather(cells, column, slot, slots);
		const sorted = isComplete ? column : column.subarray(0, count).sort();
		known[slot] = count;
		if (count > 0) {
			highest[slot] = sorted[count - 1] ?? Number.NaN;
			busy[slot] = sorted[count - Math.max(1, Math.floor(count * busiestPart))] ?? Number.NaN;
		}

		if (count > 1) {
			const middle = (count - 1) >> 1;
			lower[slot] = sorted[middle] ?? Number.NaN;
			upper[slot] = sorted[middle + 1] ?? Number.NaN;
			highestMedian = Math.max(highestMedian, sorted[middle + 1] ?? highestMedian);
		}
	}

	return {
		gpus,
		slots,
		slotOf,
		timeOf: slot => startMs + slot * slotMs,
		known,
		highest,
		busy,
		highestMedian,
		medianFrom(slot, least) {
			const sorted = column.subarray(0, gather(cells, column, slot, slots)).sort();
			const busy = sorted.subarray(sorted.findIndex(value => value >= least));
			return (busy.at(-1) ?? Number.NaN) >= least ? (busy[busy.length >> 1] ?? Number.NaN) : Number.NaN;
		},
		medianOfOthers: (slot, value) => (value <= (lower[slot] ?? Number.NaN) ? upper[slot] : lower[slot]) ?? Number.NaN,
	};
}

/** Writes the known values of one GPU into its cells, each at the position that `rows` has for it. */
function scatter(values: Float64Array, rows: Uint32Array, cells: Float64Array): void {
	for (let position = 0; position < values.length; position++) {
		const value = values[position] ?? Number.NaN;
		if (!Number.isNaN(value)) {
			cells[rows[position] ?? 0] = value;
		}
	}
}

/**
 * Writes each GPU's value near a slot (in that slot or an adjacent one) into `column`, and returns the number of
 * values.
 */
function gather(cells: Float64Array, column: Float64Array, slot: number, slots: number): number {
	const gpus = column.length;
	let count = 0;
	for (let index = 0; index < gpus; index++) {
		let value = cells[slot * gpus + index] ?? Number.NaN;
		if (Number.isNaN(value) && slot > 0) {
			value = cells[(slot - 1) * gpus + index] ?? Number.NaN;
		}

		if (Number.isNaN(value) && slot + 1 < slots) {
			value = cells[(slot + 1) * gpus + index] ?? Number.NaN;
		}

		if (!Number.isNaN(value)) {
			column[count] = value;
			count++;
		}
	}

	return count;
}

/** The number of consecutive samples after which a deployment is in use again. */
export const inUseSamples = 2;

/**
 * `idle-deployment`: according to the samples, all GPUs have been idle (`--threshold idle-gpus`) and there have been no
 * requests for as long as the threshold (`--threshold idle-deployment`): nothing is computed, but the nodes are still
 * billed. Ends after `inUseSamples` consecutive samples with requests or with a GPU at or above `idleBand` times the
 * threshold for idle GPUs.
 */
export function evaluateIdleDeployment(input: RuleInput, grid: UtilizationGrid): readonly RuleResult[] {
	const {requests, slotMs, gapMs, thresholds} = input;
	const newestMs = newestSample(input, grid);
	if (newestMs === undefined) {
		return [];
	}

	const newest = grid.slotOf(newestMs);
	const times = Float64Array.from({length: grid.slots}, (_, slot) => grid.timeOf(slot));
	const near = 1.5 * slotMs;
	const activity = times.map(timeMs => {
		const volume = valueNear(requests.volume, timeMs, near);
		return volume === undefined ? Number.NaN : volume + (valueNear(requests.inProgress, timeMs, near) ?? 0);
	});
	const known = grid.highest.map((highest, slot) =>
		slot > newest || Number.isNaN(activity[slot]) ? Number.NaN : highest,
	);
	const describe = (slot: number): Evidence => ({
		rule: 'idle-deployment',
		subject: {kind: 'deployment'},
		value: grid.known[slot] ?? 0,
	});
	const isIdle = (slot: number, limit: number): boolean => (known[slot] ?? 1) < limit && activity[slot] === 0;
	const hysteresis = {
		onset: (slot: number) => isIdle(slot, thresholds.idleGpus),
		clear: (slot: number) => !isIdle(slot, idleBand * thresholds.idleGpus),
		onsetSamples: 2,
		onsetMs: thresholds.idleDeploymentMs,
		clearSamples: inUseSamples,
		gapMs,
	};
	const first = times[known.findIndex(value => !Number.isNaN(value))] ?? 0;
	const subject = describe(-1);
	const episodes = findStreaks(times, known, hysteresis, input.knownOnset(subject, first)).map(
		({last, ...episode}): FoundEpisode => ({...episode, evidence: last < 0 ? undefined : describe(last)}),
	);
	return [{subject, newestMs, episodes}];
}

/**
 * Returns the time of the newest sample of requests or of the newest sample of any GPU, whichever is older, because the
 * finding is only as current as that sample; undefined if either has no samples.
 */
function newestSample({requests}: RuleInput, {gpus}: UtilizationGrid): number | undefined {
	const newest = gpus.reduce((most, {points}) => Math.max(most, newestKnownTime(points) ?? 0), 0);
	const requestsMs = newestKnownTime(requests.volume);
	return requestsMs === undefined || newest === 0 ? undefined : Math.min(requestsMs, newest);
}
