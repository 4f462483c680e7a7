import type {Evidence} from '../findings.ts';
import {newestKnownTime, valueNear} from '../series.ts';
import {idleBand} from './gpus.ts';
import {type FoundEpisode, findStreaks, type RuleInput, type RuleResult} from './rule.ts';
import type {UtilizationGrid} from './utilization.ts';

/**
 * `idle-deployment`: all GPUs are under 10% (`--threshold idle-gpus`) and there have been no requests for 15 min
 * (`--threshold idle-deployment`), both according to samples: nothing is computed, but the nodes are still billed. Ends
 * with two samples with requests, or with a working GPU.
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
		clearSamples: 2,
		gapMs,
	};
	const first = times[known.findIndex(value => !Number.isNaN(value))] ?? 0;
	const subject = describe(-1);
	const episodes = findStreaks(times, known, hysteresis, input.knownOnset(subject, first)).map(
		({last, ...episode}): FoundEpisode => ({...episode, evidence: last < 0 ? undefined : describe(last)}),
	);
	return [{subject, newestMs, episodes}];
}

/** Returns the older of the newest samples of requests and of GPUs: the finding isn't more current than that one. */
function newestSample({requests}: RuleInput, {gpus}: UtilizationGrid): number | undefined {
	const newest = gpus.reduce((most, {points}) => Math.max(most, newestKnownTime(points) ?? 0), 0);
	const requestsMs = newestKnownTime(requests.volume);
	return requestsMs === undefined || newest === 0 ? undefined : Math.min(requestsMs, newest);
}
