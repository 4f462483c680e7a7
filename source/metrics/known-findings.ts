// Longer than 250 lines because it keeps, orders, and compares the findings of earlier evaluations.

import {
	type ActiveFinding,
	type CurrentFinding,
	type Evidence,
	type Finding,
	type Findings,
	findingKey,
	type KnownOnset,
	nodeOf,
	type ResolvedFinding,
	type RuleName,
	ranksOf,
	rules,
	type Span,
	samplerRules,
	type UnknownFinding,
} from './findings.ts';
import type {LastSeen} from './last-seen.ts';
import {errorsMs} from './rules/requests.ts';
import type {FoundEpisode} from './rules/rule.ts';

/** The maximum number of resolved findings. */
const maxResolved = 50;

/** Groups findings by their key. */
export function byKey<Some extends CurrentFinding | ResolvedFinding>(
	findings: readonly Some[],
): ReadonlyMap<string, readonly Some[]> {
	const known = new Map<string, Some[]>();
	for (const finding of findings) {
		const key = findingKey(finding);
		const same = known.get(key);
		if (same === undefined) {
			known.set(key, [finding]);
		} else {
			same.push(finding);
		}
	}

	return known;
}

/** Earlier findings by their key, current ones before resolved ones. */
export type KnownFindings = ReadonlyMap<string, ReadonlyArray<CurrentFinding | ResolvedFinding>>;

/**
 * Returns whether a finding hadn't ended at `atMs`. A finding that is cleared ends at the first sample that clears it,
 * and one whose subject is gone ends right after its last sample.
 */
function isBefore(atMs: number, finding: CurrentFinding | ResolvedFinding): boolean {
	return (
		finding.state !== 'resolved' || atMs < finding.untilMs || (atMs === finding.untilMs && finding.ending === 'gone')
	);
}

/**
 * Returns the start of a finding that is known to have been active at `atMs`; undefined if there is none. For a finding
 * about several ranks, pass evidence about one of them.
 */
export function knownOnsetAt(known: KnownFindings, subject: Evidence, atMs: number): KnownOnset | undefined {
	if (known.size === 0) {
		return undefined;
	}

	const [rank = ''] = subject.subject.kind === 'gpus' ? subject.subject.ranks : [];
	const spanOf = (finding: Finding): Span | undefined =>
		finding.rule === 'idle-gpus' ? finding.rankSpans.get(rank) : {sinceMs: finding.sinceMs};
	for (const finding of known.get(findingKey(subject)) ?? []) {
		const {sinceMs = Number.POSITIVE_INFINITY, untilMs = Number.POSITIVE_INFINITY} = spanOf(finding) ?? {};
		if (sinceMs <= atMs && atMs < untilMs && isBefore(atMs, finding)) {
			const onset = {sinceMs, sinceIsLowerBound: finding.sinceIsLowerBound && sinceMs === finding.sinceMs};
			return finding.rule === 'restarted' ? {...onset, lastMs: finding.lastMs} : onset;
		}
	}

	return undefined;
}

/** The rules that are evaluated only for the present: their resolved findings can't be found again in the samples. */
export const presentOnlyRules: ReadonlySet<RuleName> = new Set<RuleName>([
	'status',
	'stale',
	'missing-node',
	'missing-gpu',
	'disk-growth',
	'checkpoint-age',
	'sampler-status',
]);

/**
 * The maximum amount, in milliseconds, by which an episode can appear to begin earlier once the samples before it are
 * no longer known.
 */
const edgeMs = 90_000;

/**
 * Corrects the beginning of an episode that begins with the first known sample: if an earlier evaluation, which had
 * older samples, found a beginning up to `edgeMs` later, that one applies. Any other episode is returned unchanged.
 */
export function withKnownOnset(
	episode: FoundEpisode,
	earlier: ReadonlyArray<CurrentFinding | ResolvedFinding> | undefined,
): FoundEpisode {
	const {sinceMs, sinceIsLowerBound, evidence} = episode;
	const same = earlier?.find(finding => finding.sinceMs >= sinceMs && finding.sinceMs <= sinceMs + edgeMs);
	if (!sinceIsLowerBound || same === undefined || same.sinceMs >= (episode.untilMs ?? Number.POSITIVE_INFINITY)) {
		return episode;
	}

	const spans = (known: ReadonlyMap<string, Span>): ReadonlyMap<string, Span> =>
		new Map([...known].map(([rank, span]) => [rank, {...span, sinceMs: Math.max(span.sinceMs, same.sinceMs)}]));
	return {
		...episode,
		sinceMs: same.sinceMs,
		sinceIsLowerBound: same.sinceIsLowerBound,
		evidence: evidence?.rule === 'idle-gpus' ? {...evidence, rankSpans: spans(evidence.rankSpans)} : evidence,
	};
}

/**
 * If an episode might have begun earlier, replaces its beginning with the one that the earlier evaluation found, unless
 * that one is later. This preserves knowledge of the past. Any other episode is returned unchanged.
 */
export function withEarlierOnset(episode: FoundEpisode, before: CurrentFinding | undefined): FoundEpisode {
	const {sinceMs, sinceIsLowerBound} = before ?? episode;
	return episode.sinceIsLowerBound && sinceMs <= episode.sinceMs ? {...episode, sinceMs, sinceIsLowerBound} : episode;
}

/**
 * Returns the time range in which each rank of an earlier `idle-gpus` finding was idle, for the ranks that weren't
 * evaluated now; empty for other findings.
 */
export function unevaluatedRanks(
	before: CurrentFinding | undefined,
	evaluated: readonly string[] | undefined,
): ReadonlyMap<string, Span> {
	return before?.rule === 'idle-gpus' && evaluated !== undefined
		? new Map([...before.rankSpans].filter(([rank]) => !evaluated.includes(rank)))
		: new Map();
}

/**
 * Returns the findings that ended now or earlier, at most 50, most recent first. An earlier one is dropped if a current
 * or newly ended one with the same key overlaps it in time, or if it would have been found again because the window
 * still contains its samples.
 */
export function mergeResolved(
	before: readonly ResolvedFinding[],
	{
		ended,
		current,
		windowStartMs,
	}: {
		readonly ended: readonly ResolvedFinding[];
		readonly current: readonly CurrentFinding[];
		readonly windowStartMs: number;
	},
): readonly ResolvedFinding[] {
	const again = byKey<CurrentFinding | ResolvedFinding>([...ended, ...current]);
	const kept = before.filter(finding => {
		const isShown = (again.get(findingKey(finding)) ?? []).some(
			other => other.sinceMs < finding.untilMs && (other.state !== 'resolved' || other.untilMs > finding.sinceMs),
		);
		const canBeFound = !presentOnlyRules.has(finding.rule) && finding.ending === 'cleared';
		const isError = 'failed' in finding;
		return !isShown && !(canBeFound && finding.sinceMs >= windowStartMs + (isError ? errorsMs : 0));
	});
	return [...ended, ...kept].sort((a, b) => b.untilMs - a.untilMs).slice(0, maxResolved);
}

/**
 * Returns the time of the newest sample of a value-based finding's subject; undefined for findings about the sampler,
 * and for those of `presentOnlyRules` other than `disk-growth`.
 */
export function newestSampleOf(lastSeen: LastSeen, finding: CurrentFinding): number | undefined {
	const node = nodeOf(finding);
	const isOfPresent = presentOnlyRules.has(finding.rule) && finding.rule !== 'disk-growth';
	if (isOfPresent || samplerRules.has(finding.rule)) {
		return undefined;
	}

	if (node === undefined) {
		return lastSeen.requests.newestMs;
	}

	const known = lastSeen.nodes.get(node);
	const ranks = ranksOf(finding).flatMap(rank => known?.gpus.get(rank)?.newestMs ?? []);
	return ranks.length > 0 ? Math.max(...ranks) : known?.newestMs;
}

/** The rules about missing samples. */
export const absenceRules: ReadonlySet<RuleName> = new Set<RuleName>(['stale', 'missing-node', 'missing-gpu']);

/**
 * A disk, or RAM, that will be full within this time, in milliseconds, is more urgent than a disk that is nearly full.
 */
const fullSoonMs = 3_600_000;

/**
 * Returns the rank of a finding by urgency, lowest first: the rank of its rule, except that full disks precede disks
 * and RAM that will be full within an hour (the soonest first), which in turn precede disks that are nearly full.
 */
export function urgencyRank(finding: CurrentFinding): number {
	const disk = rules.indexOf('disk');
	if (finding.rule === 'disk' && finding.isFull) {
		return disk - 0.5;
	}

	const {fullInMs = fullSoonMs + 1} = 'fullInMs' in finding ? finding : {};
	return fullInMs <= fullSoonMs ? disk - 0.45 + (0.2 * fullInMs) / fullSoonMs : rules.indexOf(finding.rule);
}

/** Orders findings: active ones before unknown ones, then by urgency, and oldest first. */
export function compareFindings(a: CurrentFinding, b: CurrentFinding): number {
	return (
		Number(a.state === 'unknown') - Number(b.state === 'unknown') ||
		urgencyRank(a) - urgencyRank(b) ||
		a.sinceMs - b.sinceMs
	);
}

/** The changes in findings between two evaluations. */
type FindingChanges = {
	readonly appeared: readonly ActiveFinding[];
	/** Active now, and worse than before: a disk that is now full. */
	readonly worsened: readonly ActiveFinding[];
	readonly becameUnknown: readonly UnknownFinding[];
	/** Unknown before, and active now. */
	readonly knownAgain: readonly ActiveFinding[];
	readonly resolved: readonly ResolvedFinding[];
};

function isWorse(now: Finding, before: Finding): boolean {
	return now.rule === 'disk' && before.rule === 'disk' && now.isFull && !before.isFull;
}

/** Returns the changes between two evaluations, with each list in the order of `after`. */
export function changesBetween(before: Findings, after: Findings): FindingChanges {
	const known = new Map(before.current.map(finding => [findingKey(finding), finding]));
	const appeared: ActiveFinding[] = [];
	const worsened: ActiveFinding[] = [];
	const becameUnknown: UnknownFinding[] = [];
	const knownAgain: ActiveFinding[] = [];
	for (const finding of after.current) {
		const earlier = known.get(findingKey(finding));
		known.delete(findingKey(finding));
		if (finding.state === 'unknown') {
			if (earlier?.state !== 'unknown') {
				becameUnknown.push(finding);
			}
		} else if (earlier === undefined) {
			appeared.push(finding);
		} else if (isWorse(finding, earlier)) {
			worsened.push(finding);
		} else if (earlier.state === 'unknown') {
			knownAgain.push(finding);
		}
	}

	const resolved: ResolvedFinding[] = [];
	for (const finding of after.resolved) {
		if (known.delete(findingKey(finding))) {
			resolved.push(finding);
		}
	}

	return {appeared, worsened, becameUnknown, knownAgain, resolved};
}
