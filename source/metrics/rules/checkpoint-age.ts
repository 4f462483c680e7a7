import {newestCheckpoint} from '../../api/run.ts';
import type {Evidence, Findings} from '../findings.ts';
import {type LastSeen, newestCompute} from '../last-seen.ts';
import type {EvaluationContext} from './evaluation-context.ts';
import type {FoundEpisode, RuleResult} from './rule.ts';
import {hasEndedRun} from './status.ts';

const subject = {kind: 'deployment'} as const;

/** Clocks that differ by less than this count as the same. A checkpoint further in the future is ignored. */
const slackMs = 300_000;

function describe(ageMs: number, limitMs: number, hasCheckpoint: boolean): Evidence {
	const value = Math.round(ageMs / 1000);
	return {rule: 'checkpoint-age', subject, value, reference: limitMs / 1000, hasCheckpoint};
}

/** The interval of requests for the checkpoints; until the next one, the last response applies. */
const requestedMs = 120_000;

/**
 * `checkpoint-age`: the newest checkpoint of a running run is older than the threshold, or the run itself is if it has
 * no checkpoint. Off unless a threshold is given. Begins when the checkpoint, or the run, reaches that age. Ends with a
 * newer checkpoint, or when nothing runs anymore. There is no result if the checkpoints, or the run's age, are unknown,
 * and no finding begins if any checkpoint is unreadable, because that checkpoint might be newer.
 */
export function evaluateCheckpointAge({current}: Findings, context: EvaluationContext): readonly RuleResult[] {
	const {deployment, run: known, checkpoints, nowMs, thresholds} = context;
	const {checkpointAgeMs: limitMs} = thresholds;
	const run = known?.run;
	if (limitMs === undefined || checkpoints === undefined || run?.id !== checkpoints.runId) {
		return [];
	}

	const before = current.find(({rule}) => rule === 'checkpoint-age');
	const last = newestCheckpoint(checkpoints, nowMs + slackMs);
	const isOlderUnknown = last === undefined && checkpoints.list.length > 0;
	const fromMs = isOlderUnknown ? undefined : (last?.createdAtMs ?? run.createdAtMs);
	const evidenceAt = (ageMs: number): Evidence => describe(ageMs, limitMs, last !== undefined);
	const knownMs = Math.min(nowMs, checkpoints.atMs + requestedMs);
	const over = (untilMs: number): readonly RuleResult[] => [
		{subject: evidenceAt(0), newestMs: Math.max(untilMs, (before?.sinceMs ?? 0) + 1), episodes: []},
	];
	if (deployment?.status !== 'RUNNING' || hasEndedRun(deployment, run)) {
		return over(knownMs);
	}

	if (fromMs !== undefined && nowMs - fromMs <= limitMs) {
		return over(Math.min(fromMs, nowMs));
	}

	if (fromMs === undefined || checkpoints.unreadable > 0) {
		return [];
	}

	const evidence = evidenceAt(nowMs - fromMs);
	const episode = {sinceMs: fromMs + limitMs, sinceIsLowerBound: false, untilMs: undefined, evidence};
	return [{subject: evidence, newestMs: knownMs, episodes: [episode]}];
}

/**
 * Finds the `checkpoint-age` episodes of an earlier range, based on the times of the run's checkpoints. An episode
 * without a later checkpoint in the range holds as long as nodes reported, because whether the run had ended by then is
 * unknown.
 */
export function evaluatePastCheckpoints(
	{run: known, checkpoints, thresholds, nowMs: endMs}: EvaluationContext,
	{startMs, lastSeen}: {readonly startMs: number; readonly lastSeen: LastSeen},
): readonly RuleResult[] {
	const {checkpointAgeMs: limitMs} = thresholds;
	const run = known?.run;
	const newestMs = newestCompute(lastSeen);
	if (limitMs === undefined || checkpoints === undefined || run?.id !== checkpoints.runId || newestMs === undefined) {
		return [];
	}

	if (checkpoints.unreadable > 0) {
		return [];
	}

	const times = checkpoints.list.map(({createdAtMs}) => createdAtMs).filter(timeMs => timeMs <= endMs);
	const made = [...times, ...(run.createdAtMs === undefined ? [] : [run.createdAtMs])];
	const episodes: FoundEpisode[] = [];
	for (let index = made.length - 1; index >= 0; index--) {
		const fromMs = made[index] ?? 0;
		const untilMs = made[index - 1];
		const sinceMs = fromMs + limitMs;
		const lastMs = Math.min(untilMs ?? newestMs, newestMs);
		if (sinceMs < lastMs && (untilMs ?? endMs) >= startMs) {
			const evidence = describe(lastMs - fromMs, limitMs, index < times.length);
			episodes.push({sinceMs, sinceIsLowerBound: false, untilMs, evidence});
		}
	}

	return episodes.length === 0 ? [] : [{subject: describe(0, limitMs, true), newestMs, episodes}];
}
