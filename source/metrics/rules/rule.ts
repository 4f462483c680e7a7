import type {Deployment} from '../../api/deployment.ts';
import type {Checkpoints, Run} from '../../api/run.ts';
import type {NodePoints, RequestPoints} from '../../api/series-table.ts';
import type {Evidence, KnownOnset, Onset} from '../findings.ts';
import type {History} from '../history.ts';
import type {LastSeen} from '../last-seen.ts';
import type {Thresholds} from '../thresholds.ts';

/** Facts other than the trainer's samples. They distinguish a silent deployment from one that isn't up yet. */
export type EvaluationContext = {
	readonly deployment: Deployment | undefined;
	/** The time at which the server described the deployment, in epoch milliseconds; now by default. */
	readonly describedMs?: number | undefined;
	/** The run that was last received, and the time at which it was received, in epoch milliseconds. */
	readonly run?: {readonly run: Run; readonly atMs: number} | undefined;
	/** The checkpoints of a run, newest first, and when they were received. */
	readonly checkpoints?: (Checkpoints & {readonly runId: string; readonly atMs: number}) | undefined;
	/** The sampler's samples from a window of an hour or less, if they are known. */
	readonly samplerHistory?: History | undefined;
	/**
	 * Whether the server responds, even if only to say that there are no metrics. During a failure, nothing is known to
	 * be old or missing.
	 */
	readonly isResponding: boolean;
	/** Whether the newest response had unreadable points; if so, missing samples say nothing about their subjects. */
	readonly hasUnreadable: boolean;
	/**
	 * The time of the evaluation: the time of the last response, or now if the server doesn't respond. In epoch
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

/** Returns whether the deployment is running; an unknown status counts as running. */
export function isRunning({deployment}: Pick<EvaluationContext, 'deployment'>): boolean {
	return deployment?.status === undefined || deployment.status === 'RUNNING';
}

/** The maximum difference at which two clocks count as equal, in milliseconds. */
export const clockSlackMs = 300_000;

/**
 * Returns the time at which the current status was first seen after a different one, or otherwise the time at which the
 * deployment was created; undefined if that time is unknown, or more than `clockSlackMs` in the future.
 */
function startedAt({status}: LastSeen, {deployment, nowMs}: EvaluationContext): number | undefined {
	const startedMs = status?.otherUntilMs === undefined ? deployment?.createdAtMs : status.firstMs;
	return startedMs !== undefined && startedMs > nowMs + clockSlackMs ? undefined : startedMs;
}

/**
 * Returns whether subjects that never reported aren't expected to report yet, because the deployment was created or
 * started less than `startupMs` ago.
 */
export function isStarting(lastSeen: LastSeen, context: EvaluationContext): boolean {
	const startedMs = startedAt(lastSeen, context);
	return startedMs !== undefined && context.nowMs - startedMs < startupMs;
}

/** Returns whether samples that ended before the deployment started aren't expected to continue yet. */
export function isBeforeStart(newestMs: number, lastSeen: LastSeen, context: EvaluationContext): boolean {
	return isStarting(lastSeen, context) && newestMs < (startedAt(lastSeen, context) ?? 0);
}

/**
 * Returns the onset of the absence of a subject that never reported: the start of the deployment, if that is known and
 * not before `knownFromMs`; otherwise `knownFromMs`, or possibly earlier.
 */
export function onsetOfNeverSeen(lastSeen: LastSeen, context: EvaluationContext, knownFromMs: number): Onset {
	const startedMs = Math.min(startedAt(lastSeen, context) ?? 0, context.nowMs);
	return startedMs >= knownFromMs
		? {sinceMs: startedMs, sinceIsLowerBound: false}
		: {sinceMs: knownFromMs, sinceIsLowerBound: true};
}

/**
 * The spacing at which the rules count samples, in milliseconds: even if a shorter step is requested, samples are about
 * this far apart.
 */
export const sampleMs = 30_000;

/** The number of slots after which there is a gap between two samples. */
export const gapSlots = 3;

/** The input of a rule: the samples of a time range, and other known facts. */
export type RuleInput = {
	readonly nodes: readonly NodePoints[];
	readonly requests: RequestPoints;
	/** The range of the samples, in epoch milliseconds. */
	readonly startMs: number;
	readonly endMs: number;
	/** The spacing of the samples that the rules count, in milliseconds: the step, but at least `sampleMs`. */
	readonly slotMs: number;
	/** Samples farther apart than this, in milliseconds, have a gap between them, which no streak spans. */
	readonly gapMs: number;
	/** The RAM of a node and the memory of a GPU, if they are known, in bytes. */
	readonly ramBytes: number | undefined;
	readonly gpuMemoryBytes: number | undefined;
	readonly thresholds: Thresholds;
	/**
	 * Returns the start of a finding that was active at `atMs` according to an earlier evaluation; undefined if none
	 * was.
	 */
	readonly knownOnset: (subject: Evidence, atMs: number) => KnownOnset | undefined;
	/** Whether an earlier evaluation covered the beginning of the range. */
	readonly isContinued: boolean;
};

/**
 * A time range during which a finding was active: until `untilMs` (usually the time of the first sample after it) or,
 * if that is undefined, up to the newest sample.
 */
type Episode = Onset & {readonly untilMs: number | undefined};

/**
 * An episode, with the evidence from its last sample. The evidence is undefined if that sample is older than the range.
 */
export type FoundEpisode = Episode & {readonly evidence: Evidence | undefined};

/**
 * A rule's result for one subject: its episodes, oldest first, and the time up to which its samples were evaluated.
 * For a subject without samples, a rule returns no result, which means that nothing is known about the subject.
 */
export type RuleResult = {
	/** Any evidence about the subject, which identifies it. */
	readonly subject: Evidence;
	readonly newestMs: number;
	/** The ranks whose samples were evaluated, if the subject is several GPUs of a node. */
	readonly ranks?: readonly string[];
	readonly episodes: readonly FoundEpisode[];
};

/** The minimum number of samples of a streak at steps longer than `sampleMs`. */
export const fewestSamples = 2;

/**
 * Returns the number of samples of a series that correspond to `samples` (two or more) at intervals of `sampleMs`:
 * fewer if the samples of the series are farther apart, but at least `fewestSamples`.
 */
export function samplesFor(samples: number, {slotMs}: RuleInput): number {
	return Math.min(samples, Math.max(fewestSamples, Math.ceil((samples * sampleMs) / slotMs)));
}

/**
 * The conditions under which an episode begins and ends, with hysteresis: values between the two change nothing. Both
 * are called with the position of a sample.
 */
type Hysteresis = {
	readonly onset: (position: number) => boolean;
	readonly clear: (position: number) => boolean;
	/** The number of consecutive samples after which an episode begins or ends. */
	readonly onsetSamples: number;
	readonly clearSamples: number;
	/**
	 * The minimum duration of a streak, from its first sample to its last, for an episode to begin, in milliseconds; 0
	 * by default.
	 */
	readonly onsetMs?: number;
	/** Samples farther apart than this, in milliseconds, have a gap between them, which no streak spans. */
	readonly gapMs: number;
	/**
	 * Whether any sample can meet `onset`, as far as the extremes of the series show; true by default. Most series
	 * never come close.
	 */
	readonly mayBegin?: boolean;
};

/** An episode, with the position of its last sample; −1 if that sample is older than the series. */
export type Streak = Episode & {readonly last: number};

/**
 * Returns the episodes of a series, oldest first; only the last can be open.
 *
 * A streak of samples that meet `onset` begins an episode at the first of them, and a streak of samples that meet
 * `clear` ends it at the first of them. A gap ends a streak but not an episode, because nothing is known without
 * samples. NaN samples are skipped. `knownOnset` is the start of an episode that is known to include the first sample.
 * An episode that begins with the first sample might have begun earlier. `times` are epoch milliseconds, ascending.
 */
export function findStreaks(
	times: Float64Array,
	values: Float64Array,
	rule: Hysteresis,
	knownOnset?: Onset | undefined,
): readonly Streak[] {
	const {onset, clear, onsetSamples, clearSamples, onsetMs = 0, gapMs, mayBegin = true} = rule;
	if (knownOnset === undefined && !mayBegin) {
		return [];
	}

	const streaks: Streak[] = [];
	let open: Onset | undefined = knownOnset;
	let isFirst = true;
	let lastHeld = -1;
	let previousMs = Number.NEGATIVE_INFINITY;
	let count = 0;
	let beganMs = 0;
	let beganFirst = false;
	for (let position = 0; position < times.length; position++) {
		if (Number.isNaN(values[position])) {
			continue;
		}

		const timeMs = times[position] ?? 0;
		if (timeMs - previousMs > gapMs) {
			count = 0;
		}

		previousMs = timeMs;
		if (open === undefined ? onset(position) : clear(position)) {
			if (count === 0) {
				beganMs = timeMs;
				beganFirst = isFirst;
			}

			count++;
		} else {
			count = 0;
		}

		isFirst = false;
		if (open === undefined) {
			if (count >= onsetSamples && timeMs - beganMs >= onsetMs) {
				open = {sinceMs: beganMs, sinceIsLowerBound: beganFirst};
				lastHeld = position;
				count = 0;
			}
		} else if (count >= clearSamples) {
			streaks.push({...open, untilMs: beganMs, last: lastHeld});
			open = undefined;
			count = 0;
		} else if (count === 0) {
			lastHeld = position;
		}
	}

	return open === undefined ? streaks : [...streaks, {...open, untilMs: undefined, last: lastHeld}];
}
