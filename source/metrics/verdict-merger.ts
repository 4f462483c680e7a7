import {
	type CurrentFinding,
	compareFindings,
	type Evidence,
	type Findings,
	findingKey,
	nodeOf,
	type Onset,
	type ResolvedFinding,
	type RuleName,
	ranksOf,
} from './findings.ts';
import type {Memory} from './memory.ts';
import {type Circumstances, gpuKey, isRunning, nodeKey} from './rules/presence.ts';
import {errorsMs} from './rules/requests.ts';
import type {FoundEpisode, Verdict} from './rules/rule.ts';

/** More than these that are over say nothing. */
const mostResolved = 50;

/** Findings by what identifies them. */
function byKey<Some extends CurrentFinding | ResolvedFinding>(
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

type Known = ReadonlyMap<string, ReadonlyArray<CurrentFinding | ResolvedFinding>>;

/** Returns whether a finding wasn't over at a time: it is over with its first sample that clears, or after its last one. */
function isBefore(atMs: number, finding: CurrentFinding | ResolvedFinding): boolean {
	return (
		finding.state !== 'resolved' || atMs < finding.untilMs || (atMs === finding.untilMs && finding.ending === 'gone')
	);
}

/** Returns since when a finding was known to hold at a time; undefined if it wasn't. */
function heldAt(known: Known, subject: Evidence, atMs: number): Onset | undefined {
	const covering = known.get(findingKey(subject))?.find(finding => finding.sinceMs <= atMs && isBefore(atMs, finding));
	if (covering?.rule !== 'idle-gpus' || subject.subject.kind !== 'gpus') {
		return covering && {sinceMs: covering.sinceMs, sinceIsLowerBound: covering.sinceIsLowerBound};
	}

	// Of a list of ranks, since when the one that is asked for is idle, if it is in the list.
	const [rank = ''] = subject.subject.ranks;
	const sinceMs = covering.rankSinceMs[covering.subject.ranks.indexOf(rank)];
	return sinceMs === undefined || sinceMs > atMs
		? undefined
		: {sinceMs, sinceIsLowerBound: covering.sinceIsLowerBound && sinceMs === covering.sinceMs};
}

/** The rules that look at now alone: what they found and is over isn't found again in the samples. */
const rulesOfNow: ReadonlySet<RuleName> = new Set<RuleName>([
	'status',
	'stale',
	'missing-node',
	'missing-gpu',
	'disk-growth',
	'checkpoint-age',
]);

/** The rules about samples that are missed. */
const rulesOfAbsence: ReadonlySet<RuleName> = new Set<RuleName>(['stale', 'missing-node', 'missing-gpu']);

/** What never reported is absent at least as long as it was found to be: what is known of the past only moves on. */
function earliest(episode: FoundEpisode, before: CurrentFinding | undefined): FoundEpisode {
	const {sinceMs, sinceIsLowerBound} = before ?? episode;
	return episode.sinceIsLowerBound && sinceMs <= episode.sinceMs ? {...episode, sinceMs, sinceIsLowerBound} : episode;
}

/**
 * Merges the verdicts of one judgment with the findings of the one before: what was found goes on, ends, or becomes unknown.
 * Add every verdict, then call `finish` once.
 */
export class VerdictMerger {
	readonly #current: CurrentFinding[] = [];
	readonly #resolved: ResolvedFinding[] = [];
	readonly #before: Findings;
	readonly #memory: Memory;
	readonly #circumstances: Circumstances;
	readonly #known: Known;
	readonly #unjudged: Map<string, CurrentFinding>;

	constructor(before: Findings, memory: Memory, circumstances: Circumstances) {
		this.#before = before;
		this.#memory = memory;
		this.#circumstances = circumstances;
		this.#known = byKey([...before.current, ...before.resolved]);
		this.#unjudged = new Map(before.current.map(finding => [findingKey(finding), finding]));
	}

	/** Returns since when a finding was known to hold at a time, by the earlier judgment; undefined if it wasn't. */
	held(subject: Evidence, atMs: number): Onset | undefined {
		return heldAt(this.#known, subject, atMs);
	}

	/** Adds what a rule says of a subject. Old samples say nothing of now, if it `goesByValues` and not by their absence. */
	add({subject, newestMs, ranks, episodes}: Verdict, goesByValues: boolean): void {
		const key = findingKey(subject);
		const before = this.#unjudged.get(key);
		for (const episode of episodes) {
			this.#addEpisode(goesByValues ? episode : earliest(episode, before), key, goesByValues ? newestMs : undefined);
		}

		if (before === undefined) {
			return;
		}

		const last = episodes.at(-1);
		const isFound = last !== undefined && (last.untilMs === undefined || last.untilMs > before.sinceMs);
		const isJudged = isFound || ranks === undefined || ranksOf(before).some(rank => ranks.includes(rank));
		if (isJudged) {
			this.#unjudged.delete(key);
		}

		if (isJudged && !isFound) {
			this.#end(before, newestMs);
		}
	}

	#addEpisode(episode: FoundEpisode, key: string, valueMs: number | undefined): void {
		const {sinceMs, sinceIsLowerBound, untilMs} = episode;
		const evidence = episode.evidence ?? this.#known.get(key)?.find(finding => finding.sinceMs <= sinceMs);
		if (evidence === undefined) {
			return;
		}

		const found = {...evidence, sinceMs, sinceIsLowerBound};
		const {nowMs, thresholds} = this.#circumstances;
		if (untilMs !== undefined) {
			this.#resolved.push({...found, state: 'resolved', untilMs, ending: 'cleared'});
		} else if (valueMs !== undefined && nowMs - valueMs > thresholds.staleMs) {
			this.#current.push({...found, state: 'unknown', lastKnownMs: valueMs});
		} else {
			this.#current.push({...found, state: 'active'});
		}
	}

	/** What held before no longer does, if there is a sample since it began; otherwise nothing is known of it. */
	#end(before: CurrentFinding, newestMs: number): void {
		this.#addKnown(
			newestMs > before.sinceMs
				? {...before, state: 'resolved', untilMs: newestMs, ending: 'cleared'}
				: this.#unknown(before),
		);
	}

	#addKnown(finding: CurrentFinding | ResolvedFinding): void {
		if (finding.state === 'resolved') {
			this.#resolved.push(finding);
		} else {
			this.#current.push(finding);
		}
	}

	/** What held before and wasn't judged: unknown as soon as its newest sample is old, or at once if it `hasNoSamples`. */
	#unknown(before: CurrentFinding, hasNoSamples = false): CurrentFinding {
		const sampledMs = this.#lastSample(before);
		const {nowMs, thresholds} = this.#circumstances;
		const isFresh = !hasNoSamples && sampledMs !== undefined && nowMs - sampledMs <= thresholds.staleMs;
		if (before.state === 'unknown' || isFresh) {
			return before;
		}

		// Other series of its subject may have newer samples.
		const {judgedMs} = this.#before;
		const lastKnownMs = Math.min(sampledMs ?? judgedMs, judgedMs);
		return {...before, state: 'unknown', lastKnownMs: Math.max(lastKnownMs, before.sinceMs)};
	}

	/** Whether it is about samples that are missed, and the server says that the deployment isn't running. */
	#isUnmissed({rule}: CurrentFinding): boolean {
		const {isAnswered, deployment} = this.#circumstances;
		return isAnswered && deployment !== undefined && !isRunning({deployment}) && rulesOfAbsence.has(rule);
	}

	/** The newest sample of what a finding that goes by values is about. */
	#lastSample(finding: CurrentFinding): number | undefined {
		const node = nodeOf(finding);
		if (rulesOfNow.has(finding.rule) && finding.rule !== 'disk-growth') {
			return undefined;
		}

		if (node === undefined) {
			return this.#memory.requests.newestMs;
		}

		const known = this.#memory.nodes.get(node);
		const ranks = ranksOf(finding).flatMap(rank => known?.gpus.get(rank)?.newestMs ?? []);
		return ranks.length > 0 ? Math.max(...ranks) : known?.newestMs;
	}

	/**
	 * Returns all findings: what had no verdict is unknown, unless it is gone. If the samples `areJudged`, a rule that goes by
	 * values had none for it.
	 */
	finish(
		gone: ReadonlySet<string>,
		{windowStartMs, areJudged}: {readonly windowStartMs: number; readonly areJudged: boolean},
	): Pick<Findings, 'current' | 'resolved'> {
		const {nowMs, isAnswered, thresholds} = this.#circumstances;
		const isRecent = !isAnswered && nowMs - this.#before.judgedMs <= thresholds.staleMs;
		for (const before of this.#unjudged.values()) {
			if (this.#isUnmissed(before)) {
				const untilMs = Math.max(this.#memory.status?.firstMs ?? nowMs, before.sinceMs);
				this.#resolved.push({...before, state: 'resolved', untilMs, ending: 'stopped'});
				continue;
			}

			// During a short fault what was found of absence stands.
			const goesByValues = !rulesOfNow.has(before.rule) || before.rule === 'disk-growth';
			this.#current.push(
				isRecent && rulesOfNow.has(before.rule) ? before : this.#unknown(before, areJudged && goesByValues),
			);
		}

		const isGone = (finding: CurrentFinding): boolean => {
			const node = nodeOf(finding);
			const ranks = ranksOf(finding);
			const isNodeGone = node !== undefined && gone.has(nodeKey(node));
			return (
				isNodeGone || (node !== undefined && ranks.length > 0 && ranks.every(rank => gone.has(gpuKey(node, rank))))
			);
		};
		// The samples of what is gone are found again until they leave the window: they say until when it held.
		const lastHeldMs = (finding: CurrentFinding): number => (finding.state === 'unknown' ? finding.lastKnownMs : nowMs);
		const left = this.#current
			.filter(isGone)
			.map(
				(finding): ResolvedFinding => ({...finding, state: 'resolved', untilMs: lastHeldMs(finding), ending: 'gone'}),
			);
		return {
			current: this.#current.filter(finding => !isGone(finding)).sort(compareFindings),
			resolved: this.#remembered([...this.#resolved, ...left], windowStartMs),
		};
	}

	/** The findings that ended now or before: those that the samples of the window still show are found again each time. */
	#remembered(ended: readonly ResolvedFinding[], windowStartMs: number): readonly ResolvedFinding[] {
		const again = byKey(ended);
		const kept = this.#before.resolved.filter(finding => {
			const isShown = (again.get(findingKey(finding)) ?? []).some(
				({sinceMs, untilMs}) => sinceMs < finding.untilMs && untilMs > finding.sinceMs,
			);
			const canBeFound = !rulesOfNow.has(finding.rule) && finding.ending === 'cleared';
			const isError = finding.rule === '5xx' || finding.rule === '4xx';
			return !isShown && !(canBeFound && finding.sinceMs >= windowStartMs + (isError ? errorsMs : 0));
		});
		return [...ended, ...kept].sort((a, b) => b.untilMs - a.untilMs).slice(0, mostResolved);
	}
}
