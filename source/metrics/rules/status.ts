import type {Evidence} from '../findings.ts';
import {type Memory, newestCompute} from '../memory.ts';
import type {Verdict} from './rule.ts';

/** With these the trainer has ended: its samples end with it, so that they say about when. */
const ended: ReadonlySet<string> = new Set(['FAILED', 'STOPPED', 'SCALED_TO_ZERO', 'PREEMPTED', 'INACTIVE']);

/** The last samples come this long before the status says that the trainer has ended, at most. */
const slackMs = 300_000;

/**
 * `status`: the deployment is not RUNNING. The server doesn't say since when: a status that ends a trainer began at about
 * the last sample, and after another status was last seen; any other one when it was first seen, or
 * possibly earlier if the other one was last seen more than 5 min before. Ends with RUNNING.
 */
export function judgeStatus(memory: Memory): readonly Verdict[] {
	const {status} = memory;
	if (status === undefined) {
		return [];
	}

	const {name, firstMs, lastMs, otherUntilMs} = status;
	const evidence: Evidence = {rule: 'status', subject: {kind: 'deployment'}, status: name};
	if (name === 'RUNNING') {
		return [{subject: evidence, newestMs: lastMs, episodes: []}];
	}

	const samples = [memory.requests.newestMs, newestCompute(memory)].filter(timeMs => timeMs !== undefined);
	const newestMs = ended.has(name) && samples.length > 0 ? Math.max(...samples) : undefined;
	const isSince = newestMs !== undefined && newestMs >= (otherUntilMs ?? newestMs) - slackMs;
	const onset = isSince
		? {sinceMs: Math.min(newestMs, firstMs), sinceIsLowerBound: false}
		: {sinceMs: firstMs, sinceIsLowerBound: otherUntilMs === undefined || firstMs - otherUntilMs > slackMs};
	return [{subject: evidence, newestMs: lastMs, episodes: [{...onset, untilMs: undefined, evidence}]}];
}
