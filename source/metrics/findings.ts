import {type LastSeen, nothingSeen} from './last-seen.ts';

/** The names of the rules, most urgent first: the same on the screen and in JSON, options, settings, and Prometheus. */
export const rules = [
	'status',
	'stale',
	'missing-node',
	'missing-gpu',
	'sampler-status',
	'stalled',
	'sampler-stalled',
	'5xx',
	'sampler-5xx',
	'disk',
	'ram',
	'restarted',
	'idle-gpus',
	'straggler',
	'disk-growth',
	'idle-deployment',
	'checkpoint-age',
	'gpu-memory',
	'4xx',
] as const;

/** The name of a rule. */
export type RuleName = (typeof rules)[number];

type DeploymentSubject = {readonly kind: 'deployment'};

/** A finding's subject: a node. */
export type NodeSubject = {readonly kind: 'node'; readonly node: string};

type GpuSubject = {readonly kind: 'gpu'; readonly node: string; readonly rank: string};

/** One or more GPUs of one node, in the natural order of their ranks. */
type GpusSubject = {readonly kind: 'gpus'; readonly node: string; readonly ranks: readonly string[]};

/** A group of series that come from one collector, which can stop independently of the others. */
export type SampleGroup = 'requests' | 'compute';

/**
 * The problem that a rule found, with its numbers. Shares and utilizations are fractions 0–1, sizes are in bytes, and
 * times in milliseconds, unless stated otherwise. `reference` is what `value` is compared with.
 */
export type Evidence =
	/**
	 * The deployment's status, as the server reports it, if it isn't RUNNING; if `ofRun` is true, the status of a run
	 * that is INACTIVE although the deployment is RUNNING.
	 */
	| {readonly rule: 'status'; readonly subject: DeploymentSubject; readonly status: string; readonly ofRun: boolean}
	/** The status of a sampler that has failed or is unhealthy. */
	| {readonly rule: 'sampler-status'; readonly subject: DeploymentSubject; readonly status: string}
	/** The groups that have no new samples although the server responds. */
	| {readonly rule: 'stale'; readonly subject: DeploymentSubject; readonly groups: readonly SampleGroup[]}
	/**
	 * The number of nodes that report, and the expected number. The subject is the deployment if missing nodes never
	 * reported, or if none of several nodes reports.
	 */
	| {
			readonly rule: 'missing-node';
			readonly subject: NodeSubject | DeploymentSubject;
			readonly value: number;
			readonly reference: number;
	  }
	/**
	 * The number of the node's GPUs that report, and the expected number. The subject is the node if the missing GPUs
	 * never reported.
	 */
	| {
			readonly rule: 'missing-gpu';
			readonly subject: GpusSubject | NodeSubject;
			readonly value: number;
			readonly reference: number;
	  }
	/**
	 * The highest utilization of the idle GPUs, the median of those that aren't idle, and the time range in which each
	 * rank was idle. `rankSpans` includes ranks that stopped reporting, which aren't in the subject while another rank
	 * is known to be idle.
	 */
	| {
			readonly rule: 'idle-gpus';
			readonly subject: GpusSubject;
			readonly value: number;
			readonly reference: number;
			readonly rankSpans: ReadonlyMap<string, Span>;
	  }
	/** The GPU's utilization, and the median utilization of the others. */
	| {readonly rule: 'straggler'; readonly subject: GpuSubject; readonly value: number; readonly reference: number}
	/** The number of idle GPUs. */
	| {readonly rule: 'idle-deployment'; readonly subject: DeploymentSubject; readonly value: number}
	/** The number of requests in progress. */
	| {readonly rule: StalledRule; readonly subject: DeploymentSubject; readonly value: number}
	/** The share in use and, if it has reached the threshold and grows steadily, the time until all RAM is in use. */
	| {
			readonly rule: 'ram';
			readonly subject: NodeSubject;
			readonly value: number;
			readonly fullInMs?: number | undefined;
	  }
	/** The RAM in use after and before it fell, in bytes, and the time of the last fall, in epoch milliseconds. */
	| {
			readonly rule: 'restarted';
			readonly subject: NodeSubject;
			readonly value: number;
			readonly reference: number;
			readonly lastMs: number;
	  }
	/** The share in use, and whether the disk is full. */
	| {readonly rule: 'disk'; readonly subject: NodeSubject; readonly value: number; readonly isFull: boolean}
	/** The share in use, and the time until the disk is full at the growth rate of the last hour. */
	| {readonly rule: 'disk-growth'; readonly subject: NodeSubject; readonly value: number; readonly fullInMs: number}
	| {readonly rule: 'gpu-memory'; readonly subject: GpuSubject; readonly value: number}
	/** The age of the newest checkpoint, or of the run if it has none, and the threshold, both in seconds. */
	| {
			readonly rule: 'checkpoint-age';
			readonly subject: DeploymentSubject;
			readonly value: number;
			readonly reference: number;
			readonly hasCheckpoint: boolean;
	  }
	/** The share of requests that failed in the last `errorsMs` milliseconds, and the number of failed requests. */
	| {
			readonly rule: ErrorRule;
			readonly subject: DeploymentSubject;
			readonly value: number;
			readonly failed: number;
	  };

/** The rules about requests that don't complete, for the trainer and for the sampler. */
export type StalledRule = 'stalled' | 'sampler-stalled';
/** The rules about failed requests, for the trainer and for the sampler. */
export type ErrorRule = '5xx' | '4xx' | 'sampler-5xx';

/** The rules about the sampler. */
export const samplerRules: ReadonlySet<RuleName> = new Set<RuleName>([
	'sampler-status',
	'sampler-stalled',
	'sampler-5xx',
]);

/** A time range in epoch milliseconds; without an end, it is ongoing, or its end is unknown. */
export type Span = {readonly sinceMs: number; readonly untilMs?: number | undefined};

/**
 * The time at which a finding began, in epoch milliseconds. If `sinceIsLowerBound` is true, it might have begun
 * earlier, for example because its first sample is the first known one.
 */
export type Onset = {readonly sinceMs: number; readonly sinceIsLowerBound: boolean};

/**
 * The onset of a known finding; for the rule `restarted`, also the time of the last fall in RAM, which might no longer
 * be in the range.
 */
export type KnownOnset = Onset & {readonly lastMs?: number};

/** A finding that is active according to current data. */
export type ActiveFinding = Evidence & Onset & {readonly state: 'active'};

/** A finding whose subject has no current data: it was active at `lastKnownMs`, and might have ended since. */
export type UnknownFinding = Evidence & Onset & {readonly state: 'unknown'; readonly lastKnownMs: number};

/**
 * A finding that ended at `untilMs` according to data. `ending` is `cleared` if its condition no longer applies, `gone`
 * if other subjects make up the expected number or the deployment has no sampler, and `stopped` if the deployment isn't
 * running, so that no samples are expected.
 */
export type ResolvedFinding = Evidence &
	Onset & {readonly state: 'resolved'; readonly untilMs: number; readonly ending: 'cleared' | 'gone' | 'stopped'};

/** A finding that is active or unknown. */
export type CurrentFinding = ActiveFinding | UnknownFinding;

/** A finding in any state. */
export type Finding = CurrentFinding | ResolvedFinding;

/** Returns the node that a finding is about, or undefined if it is about the deployment. */
export function nodeOf({subject}: Pick<Finding, 'subject'>): string | undefined {
	return subject.kind === 'deployment' ? undefined : subject.node;
}

/**
 * Returns the ranks of the GPUs that a finding is about, on the node returned by `nodeOf`; none if it isn't about GPUs.
 */
export function ranksOf({subject}: Pick<Finding, 'subject'>): readonly string[] {
	switch (subject.kind) {
		case 'gpu':
			return [subject.rank];
		case 'gpus':
			return subject.ranks;
		default:
			return [];
	}
}

/**
 * Returns the identity of a finding over time: its rule, its node and GPU (if any), and its status (if it has one), as
 * in `straggler/loops-trainer-2/5`, `status/FAILED`, and `status/run/INACTIVE`. Within a name, `/` and `%` are written
 * as `%2F` and `%25`. A finding stays the same even if the node's set of idle or missing ranks changes.
 */
export function findingKey(finding: Evidence): string {
	const {subject} = finding;
	const node = subject.kind === 'deployment' ? '' : `/${escapePart(subject.node)}`;
	const rank = subject.kind === 'gpu' ? `/${escapePart(subject.rank)}` : '';
	const run = finding.rule === 'status' && finding.ofRun ? '/run' : '';
	const status = 'status' in finding ? `/${escapePart(finding.status)}` : '';
	return finding.rule + node + rank + run + status;
}

function escapePart(part: string): string {
	return part.replaceAll('%', '%25').replaceAll('/', '%2F');
}

/** All findings, and what is remembered for the next evaluation. */
export type Findings = {
	/** The active findings, most urgent first, followed by the unknown ones. */
	readonly current: readonly CurrentFinding[];
	/** At most 50 resolved findings, most recent first. */
	readonly resolved: readonly ResolvedFinding[];
	/**
	 * False until the first evaluation, which waits for the metrics and the deployment; for an earlier range, until its
	 * response is received.
	 */
	readonly isEvaluated: boolean;
	/** The time of the newest evaluation, in epoch milliseconds. */
	readonly evaluatedMs: number;
	readonly lastSeen: LastSeen;
	/**
	 * The `nodeKey` and `gpuKey` of subjects that neither report nor are missing, as of the newest evaluation that
	 * could determine this.
	 */
	readonly gone: ReadonlySet<string>;
};

/** The findings before the first evaluation. */
export const noFindings: Findings = {
	current: [],
	resolved: [],
	isEvaluated: false,
	evaluatedMs: 0,
	lastSeen: nothingSeen,
	gone: new Set(),
};

/** Returns the active findings. */
export function activeFindings({current}: Findings): readonly ActiveFinding[] {
	return current.filter(finding => finding.state === 'active');
}
