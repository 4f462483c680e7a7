import type {Deployment} from '../../api/deployment.ts';
import {newestCheckpoint, type Run} from '../../api/run.ts';
import type {Evidence, Findings, Onset} from '../findings.ts';
import {type LastSeen, newestCompute, type SeenStatus} from '../last-seen.ts';
import {clockSlackMs, type EvaluationContext, type FoundEpisode, type RuleResult} from './rule.ts';

const subject = {kind: 'deployment'} as const;

/** The statuses of a trainer that has ended. Its samples end with it, so they show approximately when it ended. */
const ended: ReadonlySet<string> = new Set(['FAILED', 'STOPPED', 'SCALED_TO_ZERO', 'PREEMPTED', 'INACTIVE']);

/** The status of a run that has ended. */
const endedRun = 'INACTIVE';

/** Returns whether a deployment is RUNNING although its run has ended, so that nothing is trained on it. */
export function hasEndedRun(deployment: Deployment | undefined, run: Run | undefined): boolean {
	return (
		deployment?.status === 'RUNNING' && run !== undefined && run.id === deployment.runId && run.status === endedRun
	);
}

/**
 * `status`: the deployment isn't RUNNING, or its run has ended. The server doesn't report when a status began. A status
 * with which a trainer ended is assumed to have begun at the last sample, unless a different status was seen more than
 * `clockSlackMs` after that. Any other status began when it was first seen, or possibly earlier, unless a different one
 * was seen at most `clockSlackMs` before that. Ends when the deployment has another status or another run.
 */
export function evaluateStatus({current}: Findings, lastSeen: LastSeen): readonly RuleResult[] {
	const {status} = lastSeen;
	if (status === undefined) {
		return [];
	}

	const found = status.name === 'RUNNING' ? evaluateRun(lastSeen) : evaluateDeployment(status, lastSeen);
	// The statuses that were found earlier and no longer apply.
	const others = current.filter(
		finding =>
			finding.rule === 'status' &&
			!found.some(
				({subject: other}) =>
					other.rule === 'status' && other.status === finding.status && other.ofRun === finding.ofRun,
			),
	);
	return [
		...found,
		...others.map(other => ({
			subject: other,
			newestMs: Math.max(status.name === 'RUNNING' ? status.lastMs : status.firstMs, other.sinceMs + 1),
			episodes: [],
		})),
	];
}

function evaluateRun({run}: LastSeen): readonly RuleResult[] {
	if (run?.name !== endedRun) {
		return [];
	}

	return [resultOf({rule: 'status', subject, status: endedRun, ofRun: true}, run)];
}

/** Returns the time at which a status was first seen, and whether it might have begun earlier. */
function firstSeen({firstMs, otherUntilMs}: SeenStatus): Onset {
	return {sinceMs: firstMs, sinceIsLowerBound: otherUntilMs === undefined || firstMs - otherUntilMs > clockSlackMs};
}

/** Returns the result for a current status, which by default begins when it was first seen. */
function resultOf(evidence: Evidence, seen: SeenStatus, onset = firstSeen(seen)): RuleResult {
	return {subject: evidence, newestMs: seen.lastMs, episodes: [{...onset, untilMs: undefined, evidence}]};
}

function evaluateDeployment(status: SeenStatus, lastSeen: LastSeen): readonly RuleResult[] {
	const {name, firstMs, otherUntilMs} = status;
	const evidence: Evidence = {rule: 'status', subject, status: name, ofRun: false};
	const samples = [lastSeen.requests.newestMs, newestCompute(lastSeen)].filter(timeMs => timeMs !== undefined);
	const newestMs = ended.has(name) && samples.length > 0 ? Math.max(...samples) : undefined;
	const isSince = newestMs !== undefined && newestMs >= (otherUntilMs ?? newestMs) - clockSlackMs;
	const onset = isSince ? {sinceMs: Math.min(newestMs, firstMs), sinceIsLowerBound: false} : firstSeen(status);
	return [resultOf(evidence, status, onset)];
}

/** The statuses of a sampler that has failed or is unhealthy. */
const failedSampler: ReadonlySet<string> = new Set(['FAILED', 'DEPLOY_FAILED', 'BUILD_FAILED', 'UNHEALTHY']);

/**
 * `sampler-status`: the sampler of a RUNNING deployment has failed, or is unhealthy. Begins when that status was first
 * seen (or possibly earlier, as for `status`), and ends with any other status. There is no result if the deployment
 * isn't RUNNING, or has no sampler.
 */
export function evaluateSamplerStatus({current}: Findings, {status, sampler}: LastSeen): readonly RuleResult[] {
	if (sampler === undefined || status?.name !== 'RUNNING') {
		return [];
	}

	const {name, firstMs} = sampler;
	const others = current.filter(finding => finding.rule === 'sampler-status' && finding.status !== name);
	return [
		...(failedSampler.has(name) ? [resultOf({rule: 'sampler-status', subject, status: name}, sampler)] : []),
		...others.map(other => ({subject: other, newestMs: Math.max(firstMs, other.sinceMs + 1), episodes: []})),
	];
}

function describe(ageMs: number, limitMs: number, hasCheckpoint: boolean): Evidence {
	const value = Math.round(ageMs / 1000);
	return {rule: 'checkpoint-age', subject, value, reference: limitMs / 1000, hasCheckpoint};
}

/** The interval between requests for the checkpoints, in milliseconds. A response applies until the next one is due. */
const requestedMs = 120_000;

/**
 * `checkpoint-age`: the newest checkpoint of a run in progress is older than the threshold, or, if there is no
 * checkpoint, the run itself is. Off unless a threshold is set (`--threshold checkpoint-age`). Begins when the
 * checkpoint, or the run, reaches that age. Ends with a newer checkpoint, or when nothing is running anymore. There is
 * no result if the checkpoints are unknown, or if there are none and the age of the run is unknown. No finding begins
 * if any checkpoint is unreadable, because that checkpoint might be newer. A checkpoint more than `clockSlackMs` in the
 * future is ignored.
 */
export function evaluateCheckpointAge({current}: Findings, context: EvaluationContext): readonly RuleResult[] {
	const {deployment, run: known, checkpoints, nowMs, thresholds} = context;
	const {checkpointAgeMs: limitMs} = thresholds;
	const run = known?.run;
	if (limitMs === undefined || checkpoints === undefined || run?.id !== checkpoints.runId) {
		return [];
	}

	const before = current.find(({rule}) => rule === 'checkpoint-age');
	const last = newestCheckpoint(checkpoints, nowMs + clockSlackMs);
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
 * Finds the `checkpoint-age` episodes of an earlier range, based on the times of the run's checkpoints; none if any
 * checkpoint is unreadable. An episode without a later checkpoint in the range lasts as long as nodes reported, because
 * it is unknown whether the run ended after that.
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
