import type {Deployment} from '../../api/deployment.ts';
import type {Run} from '../../api/run.ts';
import type {Evidence, Findings} from '../findings.ts';
import {type LastSeen, newestCompute, type SeenStatus} from '../last-seen.ts';
import type {RuleResult} from './rule.ts';

const subject = {kind: 'deployment'} as const;

/** With these statuses, the trainer has ended. Its samples end with it, so they show approximately when. */
const ended: ReadonlySet<string> = new Set(['FAILED', 'STOPPED', 'SCALED_TO_ZERO', 'PREEMPTED', 'INACTIVE']);

/** The maximum time between the last samples and a status that says that the trainer has ended. */
const slackMs = 300_000;

/** The status of a run that has ended. */
const endedRun = 'INACTIVE';

/** Returns whether a deployment is RUNNING although its run has ended, so that nothing is trained on it. */
export function hasEndedRun(deployment: Deployment | undefined, run: Run | undefined): boolean {
	return (
		deployment?.status === 'RUNNING' && run !== undefined && run.id === deployment.runId && run.status === endedRun
	);
}

/**
 * `status`: the deployment isn't RUNNING, or its run has ended. The server doesn't report since when. A status that
 * ends a trainer began at about the last sample, and after a different status was last seen. Any other status began
 * when it was first seen, or possibly earlier if a different one was last seen more than 5 min before. Ends with
 * RUNNING, or with another run.
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

	const {firstMs: sinceMs, lastMs: newestMs, otherUntilMs} = run;
	const evidence: Evidence = {rule: 'status', subject, status: endedRun, ofRun: true};
	const sinceIsLowerBound = otherUntilMs === undefined || sinceMs - otherUntilMs > slackMs;
	return [{subject: evidence, newestMs, episodes: [{sinceMs, sinceIsLowerBound, untilMs: undefined, evidence}]}];
}

function evaluateDeployment(
	{name, firstMs, lastMs, otherUntilMs}: SeenStatus,
	lastSeen: LastSeen,
): readonly RuleResult[] {
	const evidence: Evidence = {rule: 'status', subject, status: name, ofRun: false};
	const samples = [lastSeen.requests.newestMs, newestCompute(lastSeen)].filter(timeMs => timeMs !== undefined);
	const newestMs = ended.has(name) && samples.length > 0 ? Math.max(...samples) : undefined;
	const isSince = newestMs !== undefined && newestMs >= (otherUntilMs ?? newestMs) - slackMs;
	const onset = isSince
		? {sinceMs: Math.min(newestMs, firstMs), sinceIsLowerBound: false}
		: {sinceMs: firstMs, sinceIsLowerBound: otherUntilMs === undefined || firstMs - otherUntilMs > slackMs};
	return [{subject: evidence, newestMs: lastMs, episodes: [{...onset, untilMs: undefined, evidence}]}];
}
