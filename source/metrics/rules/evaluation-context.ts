import type {Deployment} from '../../api/deployment.ts';
import type {Checkpoints, Run} from '../../api/run.ts';
import type {Onset} from '../findings.ts';
import type {LastSeen} from '../last-seen.ts';
import type {Thresholds} from '../thresholds.ts';

/** Facts about the present other than samples, which distinguish silence from a deployment that isn't up yet. */
export type EvaluationContext = {
	readonly deployment: Deployment | undefined;
	/** When the server described the deployment, in epoch milliseconds; now by default. */
	readonly describedMs?: number | undefined;
	/** The run that was last received, and when, in epoch milliseconds. */
	readonly run?: {readonly run: Run; readonly atMs: number} | undefined;
	/** The checkpoints of a run, newest first, and when they were received. */
	readonly checkpoints?: (Checkpoints & {readonly runId: string; readonly atMs: number}) | undefined;
	/**
	 * Whether the server responds, even if only to say that there are no metrics. During a failure, nothing is known to
	 * be old or missing.
	 */
	readonly isResponding: boolean;
	/** Whether the newest response had unreadable points; if so, missing samples say nothing. */
	readonly hasUnreadable: boolean;
	/**
	 * The time of the evaluation: that of the last response, or now if the server doesn't respond. In epoch
	 * milliseconds.
	 */
	readonly nowMs: number;
	readonly thresholds: Thresholds;
};

/**
 * The time after which a trainer's first samples are overdue, in milliseconds: its pods are up about five minutes after
 * it was created or started.
 */
export const startupMs = 600_000;

/** Whether the deployment is running, as far as is known. */
export function isRunning({deployment}: Pick<EvaluationContext, 'deployment'>): boolean {
	return deployment?.status === undefined || deployment.status === 'RUNNING';
}

/** The difference below which two clocks count as the same, in milliseconds. */
const slackMs = 300_000;

/**
 * Returns when the deployment was created, or was seen to run after a different status; undefined if neither is known,
 * or if the time is in the future.
 */
function startedAt({status}: LastSeen, {deployment, nowMs}: EvaluationContext): number | undefined {
	const startedMs = status?.otherUntilMs === undefined ? deployment?.createdAtMs : status.firstMs;
	return startedMs !== undefined && startedMs > nowMs + slackMs ? undefined : startedMs;
}

/** Whether subjects that never reported aren't expected to yet: the deployment is new, or was started a moment ago. */
export function isStarting(lastSeen: LastSeen, context: EvaluationContext): boolean {
	const startedMs = startedAt(lastSeen, context);
	return startedMs !== undefined && context.nowMs - startedMs < startupMs;
}

/** Whether samples that ended before the deployment started aren't expected to continue yet. */
export function isBeforeStart(newestMs: number, lastSeen: LastSeen, context: EvaluationContext): boolean {
	return isStarting(lastSeen, context) && newestMs < (startedAt(lastSeen, context) ?? 0);
}

/**
 * Returns since when a subject that never reported has been absent: since the deployment started, or since before the
 * known samples.
 */
export function onsetOfNeverSeen(lastSeen: LastSeen, context: EvaluationContext, knownFromMs: number): Onset {
	const startedMs = Math.min(startedAt(lastSeen, context) ?? 0, context.nowMs);
	return startedMs >= knownFromMs
		? {sinceMs: startedMs, sinceIsLowerBound: false}
		: {sinceMs: knownFromMs, sinceIsLowerBound: true};
}
