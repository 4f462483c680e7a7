import type {Points} from '../../api/points.ts';
import type {Evidence} from '../findings.ts';
import {SeriesMemo} from '../series.ts';
import type {FoundEpisode, RuleInput, RuleResult} from './rule.ts';

/**
 * The minimum share at which a disk counts as full, because nothing useful fits anymore: writing a checkpoint fails.
 */
export const fullFrom = 0.99;

/** The minimum part of the samples' variation (R²) that a line must explain for growth to count as steady. */
export const steadyFrom = 0.9;

/** The minimum number of known samples for growth to count as steady. */
export const minSteadySamples = 10;

/** How far below the highest sample the newest one can be if growth is steady, as a share 0–1. */
export const steadyBand = 0.01;

const timesToFull = new SeriesMemo<number | undefined>();

/**
 * Returns the time from the newest sample until a share (0–1) reaches 1, in milliseconds, if the share grows
 * steadily: by ordinary least squares over at least `minSteadySamples` known samples, with an R² of at least
 * `steadyFrom`, and with the newest sample at most `steadyBand` below the highest. Undefined if the share doesn't grow
 * steadily, or has reached 1 already.
 */
export function timeToFullMs(points: Points): number | undefined {
	return timesToFull.get(points, [], () => timeToFullWithin(points, 0, points.values.length - 1));
}

/**
 * Returns the result of `timeToFullMs` for the samples from one position to another, both inclusive. Creates no arrays
 * of pairs, because they would account for most of the cost.
 */
function timeToFullWithin({times, values}: Points, from: number, to: number): number | undefined {
	let lastMs = 0;
	let last = Number.NaN;
	let count = 0;
	for (let index = from; index <= to; index++) {
		const value = values[index] ?? Number.NaN;
		if (!Number.isNaN(value)) {
			lastMs = times[index] ?? 0;
			last = value;
			count++;
		}
	}

	if (count < minSteadySamples) {
		return undefined;
	}

	let timeSum = 0;
	let sum = 0;
	for (let index = from; index <= to; index++) {
		const value = values[index] ?? Number.NaN;
		if (!Number.isNaN(value)) {
			timeSum = timeSum + (times[index] ?? 0) - lastMs;
			sum += value;
		}
	}

	const meanTime = timeSum / count;
	const mean = sum / count;
	let timeSquares = 0;
	let squares = 0;
	let products = 0;
	let peak = 0;
	for (let index = from; index <= to; index++) {
		const value = values[index] ?? Number.NaN;
		if (!Number.isNaN(value)) {
			const dt = (times[index] ?? 0) - lastMs - meanTime;
			timeSquares += dt * dt;
			squares += (value - mean) ** 2;
			products += dt * (value - mean);
			peak = Math.max(peak, value);
		}
	}

	const slope = products / timeSquares;
	const explained = (products * products) / (timeSquares * squares);
	const isSteady = slope > 0 && explained >= steadyFrom && last >= peak - steadyBand;
	return isSteady && last < 1 ? (1 - last) / slope : undefined;
}

const hourMs = 3_600_000;

/** The minimum part of the hour that must be known to calculate a rate, in milliseconds. */
const minKnownMs = 900_000;

/** The minimum growth of the share within an hour, 0–1; logs grow more slowly. */
export const minGrowth = 0.03;

/**
 * The factor by which the limits on growth are relaxed while a finding is active, so that a jump that is no longer
 * within the hour doesn't end a finding that would soon begin again.
 */
export const growthEasing = 0.75;

/** The minimum fall that counts as freed storage, 0–1; storage used after that is expected to be freed, too. */
export const freed = 0.01;

type Growth = {readonly growth: number; readonly fullInMs: number; readonly share: number};

/**
 * Returns the growth over the hour up to a sample; undefined if less than `minKnownMs` of it is known, or if the
 * sample's value is unknown.
 *
 * If storage was freed within that hour, growth is measured from the highest usage before it was freed. If less than an
 * hour is known, steady growth is extrapolated, and a single step, such as a checkpoint, counts as the growth of a
 * whole hour.
 */
function growthAt({times, values}: Points, position: number): Growth | undefined {
	const timeMs = times[position] ?? 0;
	const share = values[position] ?? Number.NaN;
	let first = position;
	let base = position;
	let lowest = Number.POSITIVE_INFINITY;
	let peak = Number.NEGATIVE_INFINITY;
	for (let at = position; at >= 0 && (times[at] ?? 0) >= timeMs - hourMs; at--) {
		const value = values[at] ?? Number.NaN;
		if (Number.isNaN(value)) {
			continue;
		}

		first = at;
		lowest = Math.min(lowest, value);
		if (value > lowest + freed && value > peak) {
			peak = value;
			base = at;
		}
	}

	if (Number.isNaN(share) || timeMs - (times[first] ?? 0) < minKnownMs) {
		return undefined;
	}

	const from = peak > 0 ? base : first;
	const growth = share - (values[from] ?? 0);
	if (growth <= 0) {
		return {growth, share, fullInMs: Number.POSITIVE_INFINITY};
	}

	const knownMs = timeMs - (times[from] ?? 0);
	const isSteady = (): boolean => timeToFullWithin({times, values}, from, position) !== undefined;
	const isWhole = knownMs >= hourMs || growth < minGrowth * growthEasing || isSteady();
	return {growth, share, fullInMs: ((1 - share) / growth) * (isWhole ? Math.max(knownMs, 1) : hourMs)};
}

/**
 * Returns whether usage grows fast enough for a finding to begin or, if `isHeld`, to continue. Always false if the disk
 * is full (`fullFrom`).
 */
function holds({growth, fullInMs, share}: Growth, horizonMs: number, isHeld: boolean): boolean {
	const ease = isHeld ? growthEasing : 1;
	return share < fullFrom && growth >= minGrowth * ease && fullInMs <= horizonMs / ease;
}

function newestKnown({values}: Points): number {
	return values.findLastIndex(value => !Number.isNaN(value));
}

/**
 * `disk-growth`: the usage of a disk grew by `minGrowth` or more in the last hour, of which at least `minKnownMs` is
 * known, and at that rate, the disk will be full within the threshold (`--threshold disk-growth`). Checkpoints that are
 * repeatedly deleted don't count. Ends when either condition is no longer met, even with some margin (`growthEasing`),
 * or when the disk is full (`fullFrom`).
 *
 * Evaluated only at the newest sample, because the evaluation of a sample requires the hour before it. The finding
 * begins with the first sample since which both conditions have held continuously.
 */
export function evaluateDiskGrowth(input: RuleInput): readonly RuleResult[] {
	const horizonMs = input.thresholds.diskGrowthMs;
	return input.nodes.flatMap(({id, diskShare}): readonly RuleResult[] => {
		const describe = (value: number, fullInMs: number): Evidence => ({
			rule: 'disk-growth',
			subject: {kind: 'node', node: id},
			value,
			fullInMs,
		});
		const subject = describe(0, 0);
		const newest = newestKnown(diskShare);
		const newestMs = diskShare.times[newest];
		const growth = growthAt(diskShare, newest);
		if (newestMs === undefined || growth === undefined) {
			return [];
		}

		const knownOnset = input.knownOnset(subject, newestMs);
		if (!holds(growth, horizonMs, knownOnset !== undefined)) {
			return [{subject, newestMs, episodes: []}];
		}

		const evidence = describe(growth.share, growth.fullInMs);
		const onset = knownOnset ?? onsetOf(diskShare, newest, horizonMs);
		const episode: FoundEpisode = {...onset, untilMs: undefined, evidence};
		return [{subject, newestMs, episodes: [episode]}];
	});
}

function onsetOf(
	points: Points,
	newest: number,
	horizonMs: number,
): {readonly sinceMs: number; readonly sinceIsLowerBound: boolean} {
	let since = newest;
	for (let at = newest; at >= 0; at--) {
		const growth = growthAt(points, at);
		if (growth === undefined) {
			if (Number.isNaN(points.values[at])) {
				continue;
			}

			// The conditions held as far back as they can be evaluated.
			return {sinceMs: points.times[since] ?? 0, sinceIsLowerBound: true};
		}

		if (!holds(growth, horizonMs, false)) {
			break;
		}

		since = at;
	}

	return {sinceMs: points.times[since] ?? 0, sinceIsLowerBound: false};
}
