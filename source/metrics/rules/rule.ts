import type {Deployment} from '../../api/deployment.ts';
import type {NodePoints, RequestPoints} from '../../api/metrics-response.ts';
import type {Evidence, Onset} from '../findings.ts';
import type {Thresholds} from '../thresholds.ts';

/** Samples come about every 30 s, whatever step is asked for: the rules count their samples in these. */
export const sampleMs = 30_000;

/** What a rule is applied to: the samples of a range of time, and what is known besides. */
export type RuleInput = {
	readonly nodes: readonly NodePoints[];
	readonly requests: RequestPoints;
	/** The range of the samples, in epoch milliseconds. */
	readonly startMs: number;
	readonly endMs: number;
	/** The distance of samples that the rules count in: the step, and at least 30 s. */
	readonly slotMs: number;
	/** Samples further apart than this have a gap between them, which no streak spans. */
	readonly gapMs: number;
	readonly deployment: Deployment | undefined;
	readonly thresholds: Thresholds;
	/** Returns since when a finding was known to hold at a time, by an earlier judgment; undefined if it wasn't. */
	readonly held: (subject: Evidence, atMs: number) => Onset | undefined;
	/** Whether an earlier judgment covered the beginning of the range. */
	readonly isContinued: boolean;
};

/** A stretch of time for which a finding held: until its end (the first sample after it), or still at the newest sample. */
export type Episode = Onset & {readonly untilMs: number | undefined};

/** An episode with the numbers of the last sample at which it held; undefined if that is older than the range. */
export type FoundEpisode = Episode & {readonly evidence: Evidence | undefined};

/**
 * What a rule says of one subject: its episodes, oldest first, and up to when its samples were judged. Without samples a
 * rule gives no verdict: then nothing is known of the subject.
 */
export type Verdict = {
	/** Any evidence of the subject: what identifies it. */
	readonly subject: Evidence;
	readonly newestMs: number;
	/** The ranks whose samples were judged, if the subject is several GPUs of a node. */
	readonly ranks?: readonly string[];
	readonly episodes: readonly FoundEpisode[];
};

/** How many samples of a series make up this many of those 30 s apart: fewer if they are further apart, at least two. */
export function samplesFor(samples: number, {slotMs}: RuleInput): number {
	return Math.min(samples, Math.max(2, Math.ceil((samples * sampleMs) / slotMs)));
}
