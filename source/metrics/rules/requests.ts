import type {Points} from '../../api/points.ts';
import type {ErrorRule, Evidence, StalledRule} from '../findings.ts';
import {newestKnownTime, statistics, valueNear} from '../series.ts';
import {type FoundEpisode, findStreaks, type RuleInput, type RuleResult} from './rule.ts';

/** The length of the time range over which errors are counted, in milliseconds. */
export const errorsMs = 600_000;

/** The minimum number of failed requests for a finding, regardless of their share. */
export const minFailed = 5;

/** The fraction of `minFailed`, and of the threshold, below which a finding about errors ends. */
export const errorEasing = 0.8;

/** The number of requests in the `errorsMs` up to each sample, and how many of them failed. */
type Counts = {
	readonly times: Float64Array;
	readonly failed: Float64Array;
	readonly all: Float64Array;
	/** The rate of failed requests at each sample; NaN if the rate of any class is unknown. */
	readonly known: Float64Array;
	/** The rate of all requests at each sample; NaN if the rate of any class is unknown. */
	readonly total: Float64Array;
};

/**
 * Counts requests based on rates per second. A sample covers the time since the previous one, or, if it is the first or
 * follows a gap, one slot (`slotMs`).
 */
function countRequests(input: RuleInput, failedRate: Points): Counts {
	const {status_2xx: ok, status_4xx: client, status_5xx: server} = input.requests.status;
	const {times} = failedRate;
	const failedSums = new Float64Array(times.length + 1);
	const allSums = new Float64Array(times.length + 1);
	const known = failedRate.values.slice();
	const total = failedRate.values.slice();
	for (let position = 0; position < times.length; position++) {
		const sinceMs = (times[position] ?? 0) - (times[position - 1] ?? Number.NEGATIVE_INFINITY);
		const seconds = (sinceMs > input.gapMs ? input.slotMs : sinceMs) / 1000;
		const all = (ok.values[position] ?? 0) + (client.values[position] ?? 0) + (server.values[position] ?? 0);
		const isKnown = !Number.isNaN(all);
		total[position] = all;
		known[position] = isKnown ? (failedRate.values[position] ?? 0) : Number.NaN;
		failedSums[position + 1] = (failedSums[position] ?? 0) + (isKnown ? (known[position] ?? 0) * seconds : 0);
		allSums[position + 1] = (allSums[position] ?? 0) + (isKnown ? all * seconds : 0);
	}

	const failed = new Float64Array(times.length);
	const all = new Float64Array(times.length);
	let first = 0;
	for (let position = 0; position < times.length; position++) {
		while ((times[first] ?? 0) <= (times[position] ?? 0) - errorsMs) {
			first++;
		}

		failed[position] = (failedSums[position + 1] ?? 0) - (failedSums[first] ?? 0);
		all[position] = (allSums[position + 1] ?? 0) - (allSums[first] ?? 0);
	}

	return {times, failed, all, known, total};
}

/**
 * `5xx` and `4xx`: at least `minFailed` requests failed in the last `errorsMs` milliseconds, and their share of all
 * requests in that time is at least the threshold (`--threshold 5xx`, `4xx`). Ends when the number or the share is below
 * `errorEasing` times its limit, and the share at the newest sample alone is below the threshold. A single failure in a
 * quiet hour isn't a finding. The share is based on requests, not on time.
 */
export function evaluateErrors(input: RuleInput): readonly RuleResult[] {
	const {status} = input.requests;
	const {status5xx, status4xx} = input.thresholds;
	return [
		...evaluateClass('5xx', status.status_5xx, status5xx, input),
		...evaluateClass('4xx', status.status_4xx, status4xx, input),
	];
}

/**
 * `sampler-5xx` and `sampler-stalled`: like `5xx` and `stalled`, with the same thresholds, but for the sampler's
 * requests. The sampler has no rule for 4xx, because it refuses requests (429) whenever its queue is full.
 */
export function evaluateSamplerRequests(input: RuleInput): readonly RuleResult[] {
	const {requests, thresholds} = input;
	return [
		...evaluateClass('sampler-5xx', requests.status.status_5xx, thresholds.status5xx, input),
		...evaluateStalled(input, 'sampler-stalled'),
	];
}

function evaluateClass(rule: ErrorRule, rate: Points, limit: number, input: RuleInput): readonly RuleResult[] {
	const ratedMs = newestKnownTime(rate);
	if (ratedMs === undefined) {
		return [];
	}

	const subject: Evidence = {rule, subject: {kind: 'deployment'}, value: 0, failed: 0};
	// Too little is known about the first `errorsMs` to end a finding, so the result of an earlier evaluation applies.
	const fullFromMs = input.startMs + errorsMs;
	const knownOnset = input.knownOnset(subject, input.isContinued ? fullFromMs : (rate.times[0] ?? 0));
	if (knownOnset === undefined && (statistics(rate).peak ?? 0) === 0) {
		return [{subject, newestMs: ratedMs, episodes: []}];
	}

	const {times, failed, all, known, total} = countRequests(input, rate);
	const newestMs = newestKnownTime({times, values: known});
	if (newestMs === undefined) {
		return [];
	}

	const share = (position: number): number => {
		const total = all[position] ?? 0;
		return total > 0 ? (failed[position] ?? 0) / total : 0;
	};
	/** Returns whether the share of failed requests at a single sample reaches the threshold. */
	const isLarge = (position: number): boolean =>
		(known[position] ?? 0) > 0 && (known[position] ?? 0) >= limit * (total[position] ?? 0);
	const describe = (position: number): Evidence => ({
		rule,
		subject: {kind: 'deployment'},
		value: share(position),
		failed: Math.round(failed[position] ?? 0),
	});
	// Rates are rounded, so the computed number of failed requests can be slightly too low.
	const least = minFailed - 0.01;
	const hysteresis = {
		onset: (position: number) => (failed[position] ?? 0) >= least && share(position) >= limit,
		// While the share at single samples reaches the threshold, the share over `errorsMs` can still be growing.
		clear: (position: number) =>
			!isLarge(position) && ((failed[position] ?? 0) < errorEasing * least || share(position) < errorEasing * limit),
		onsetSamples: 1,
		clearSamples: 1,
		gapMs: input.gapMs,
	};
	const first = times.findIndex(timeMs => timeMs >= fullFromMs);
	const from = input.isContinued ? (first < 0 ? times.length : first) : 0;
	const cut = (column: Float64Array): Float64Array => column.subarray(from);
	const streaks = findStreaks(
		cut(times),
		cut(known),
		{
			...hysteresis,
			onset: position => hysteresis.onset(position + from),
			clear: position => (times[position + from] ?? 0) >= fullFromMs && hysteresis.clear(position + from),
		},
		knownOnset,
	);
	const episodes = streaks.map(({last, ...episode}, index): FoundEpisode => {
		const evidence = last < 0 ? undefined : describe(last + from);
		const sinceMs = episode.sinceMs === knownOnset?.sinceMs ? episode.sinceMs : failingSince(episode.sinceMs, index);
		return {...episode, sinceMs, evidence};
	});
	return [{subject, newestMs, episodes}];

	/**
	 * Returns the time at which the failures that led to a finding began: the time of the first of the consecutive
	 * samples before `foundMs`, within `errorsMs` and without a gap, at which the share reached the threshold;
	 * `foundMs` if there are none. Samples up to the end of the previous episode aren't included.
	 */
	function failingSince(foundMs: number, index: number): number {
		const earliestMs = Math.max(foundMs - errorsMs, streaks[index - 1]?.untilMs ?? Number.NEGATIVE_INFINITY);
		let sinceMs = foundMs;
		for (let position = times.indexOf(foundMs) - 1; position >= 0; position--) {
			const timeMs = times[position] ?? 0;
			if (timeMs <= earliestMs || sinceMs - timeMs > input.gapMs || !isLarge(position)) {
				break;
			}

			sinceMs = timeMs;
		}

		return sinceMs;
	}
}

/** Returns the number of requests completed per second near a given time; undefined if it is unknown. */
function completedNear({requests, slotMs}: RuleInput, timeMs: number): number | undefined {
	let sum = 0;
	for (const points of Object.values(requests.status)) {
		const value = valueNear(points, timeMs, slotMs);
		if (value === undefined) {
			// Completed requests might be in the class whose rate is unknown, so the rate of all requests is used.
			return valueNear(requests.volume, timeMs, slotMs);
		}

		sum += value;
	}

	return sum;
}

/**
 * `stalled`: requests are in progress, but none has completed for as long as the threshold (`--threshold stalled`).
 * Ends when one completes, or when none is in progress.
 */
export function evaluateStalled(input: RuleInput, rule: StalledRule = 'stalled'): readonly RuleResult[] {
	const {times, values} = input.requests.inProgress;
	const completed = Float64Array.from(times, timeMs => completedNear(input, timeMs) ?? Number.NaN);
	const known = values.map((value, position) => (Number.isNaN(completed[position]) ? Number.NaN : value));
	const newestMs = newestKnownTime({times, values: known});
	if (newestMs === undefined) {
		return [];
	}

	const isStalled = (position: number): boolean => (known[position] ?? 0) > 0 && completed[position] === 0;
	const describe = (position: number): Evidence => ({
		rule,
		subject: {kind: 'deployment'},
		value: known[position] ?? 0,
	});
	const hysteresis = {
		onset: isStalled,
		clear: (position: number) => !isStalled(position),
		onsetSamples: 2,
		onsetMs: input.thresholds.stalledMs,
		clearSamples: 1,
		gapMs: input.gapMs,
	};
	const subject = describe(-1);
	const episodes = findStreaks(times, known, hysteresis, input.knownOnset(subject, times[0] ?? 0)).map(
		({last, ...episode}): FoundEpisode => ({...episode, evidence: last < 0 ? undefined : describe(last)}),
	);
	return [{subject, newestMs, episodes}];
}
