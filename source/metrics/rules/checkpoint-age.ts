import type {Evidence, Findings} from '../findings.ts';
import type {Circumstances} from './presence.ts';
import type {Verdict} from './rule.ts';
import {hasEndedRun} from './status.ts';

/** The checkpoints are requested this often: until then, what was received last holds. */
const requestedMs = 120_000;

const subject = {kind: 'deployment'} as const;

/**
 * `checkpoint-age`: the newest checkpoint of a running run is older than the threshold; if it has none, the run is. Off
 * unless a threshold is given. Began when the checkpoint, or the run, became that old. Ends with a newer checkpoint, or when
 * nothing runs any more. No verdict if the checkpoints, or the run's age, aren't known.
 */
export function judgeCheckpointAge({current}: Findings, circumstances: Circumstances): readonly Verdict[] {
	const {deployment, run: known, checkpoints, nowMs, thresholds} = circumstances;
	const {checkpointAgeMs: limitMs} = thresholds;
	const run = known?.run;
	if (limitMs === undefined || checkpoints === undefined || run?.id !== checkpoints.runId) {
		return [];
	}

	const before = current.find(({rule}) => rule === 'checkpoint-age');
	const [last] = checkpoints.list;
	const fromMs = last?.createdAtMs ?? run.createdAtMs;
	const evidenceAt = (ageMs: number): Evidence => ({
		rule: 'checkpoint-age',
		subject,
		value: Math.round(ageMs / 1000),
		reference: limitMs / 1000,
		hasCheckpoint: last !== undefined,
	});
	const knownMs = Math.min(nowMs, checkpoints.atMs + requestedMs);
	const over = (untilMs: number): readonly Verdict[] => [
		{subject: evidenceAt(0), newestMs: Math.max(untilMs, (before?.sinceMs ?? 0) + 1), episodes: []},
	];
	if (deployment?.status !== 'RUNNING' || hasEndedRun(deployment, run)) {
		return over(knownMs);
	}

	if (fromMs === undefined) {
		return [];
	}

	const evidence = evidenceAt(nowMs - fromMs);
	return nowMs - fromMs <= limitMs
		? over(Math.min(fromMs, nowMs))
		: [
				{
					subject: evidence,
					newestMs: knownMs,
					episodes: [{sinceMs: fromMs + limitMs, sinceIsLowerBound: false, untilMs: undefined, evidence}],
				},
			];
}
