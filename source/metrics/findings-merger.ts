// Longer than 250 lines because it contains all steps in which the results of an evaluation are merged.

import {
	type CurrentFinding,
	type Evidence,
	type Findings,
	findingKey,
	type KnownOnset,
	nodeOf,
	type ResolvedFinding,
	ranksOf,
	type Span,
	samplerRules,
} from './findings.ts';
import {
	absenceRules,
	byKey,
	compareFindings,
	type KnownFindings,
	knownOnsetAt,
	mergeResolved,
	newestSampleOf,
	presentOnlyRules,
	unevaluatedRanks,
	withEarlierOnset,
	withKnownOnset,
} from './known-findings.ts';
import type {LastSeen} from './last-seen.ts';
import {compareNames} from './node.ts';
import {gpuKey, nodeKey} from './rules/presence.ts';
import {type EvaluationContext, type FoundEpisode, isRunning, type RuleResult} from './rules/rule.ts';

/**
 * Merges the results of one evaluation with the findings of the previous one, which continue, end, or become unknown.
 * Add every result, and then call `finish` once.
 */
export class FindingsMerger {
	readonly #current: CurrentFinding[] = [];
	readonly #resolved: ResolvedFinding[] = [];
	readonly #before: Findings;
	readonly #lastSeen: LastSeen;
	readonly #context: EvaluationContext;
	readonly #known: KnownFindings;
	readonly #unevaluated: Map<string, CurrentFinding>;

	constructor(before: Findings, lastSeen: LastSeen, context: EvaluationContext) {
		this.#before = before;
		this.#lastSeen = lastSeen;
		this.#context = context;
		this.#known = byKey([...before.current, ...before.resolved]);
		this.#unevaluated = new Map(before.current.map(finding => [findingKey(finding), finding]));
	}

	/**
	 * Returns the start of a finding that was active at `atMs` according to the earlier evaluation; undefined if none
	 * was.
	 */
	knownOnset(subject: Evidence, atMs: number): KnownOnset | undefined {
		return knownOnsetAt(this.#known, subject, atMs);
	}

	/**
	 * Adds a rule's result for a subject. `isValueBased` is false for a rule about the absence of samples, and true for
	 * any other rule, for which old samples say nothing about the present.
	 */
	add(result: RuleResult, isValueBased: boolean): void {
		const {subject, newestMs, ranks, episodes} = result;
		if (episodes.length === 0 && this.#unevaluated.size === 0) {
			return;
		}

		const key = findingKey(subject);
		const before = this.#unevaluated.get(key);
		const unevaluated = unevaluatedRanks(before, ranks);
		for (const found of episodes) {
			const isOngoing = found.untilMs === undefined;
			const episode = isOngoing ? this.#withRanksBefore(found, {before, unevaluated, newestMs}) : found;
			this.#addEpisode(
				isValueBased ? withKnownOnset(episode, this.#known.get(key)) : withEarlierOnset(episode, before),
				key,
				isValueBased ? newestMs : undefined,
			);
		}

		if (before === undefined) {
			return;
		}

		const last = episodes.at(-1);
		const isFound = last !== undefined && (last.untilMs === undefined || last.untilMs > before.sinceMs);
		const isOpen = last !== undefined && last.untilMs === undefined;
		if (before.rule === 'idle-gpus' && unevaluated.size > 0 && !isOpen) {
			this.#unevaluated.delete(key);
			this.#current.push(this.#ofRanks(before, unevaluated));
			return;
		}

		const isEvaluated = isFound || ranks === undefined || ranksOf(before).some(rank => ranks.includes(rank));
		if (isEvaluated) {
			this.#unevaluated.delete(key);
		}

		if (isEvaluated && !isFound) {
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
		const {nowMs, thresholds} = this.#context;
		if (untilMs !== undefined) {
			this.#resolved.push({...found, state: 'resolved', untilMs, ending: 'cleared'});
		} else if (valueMs !== undefined && nowMs - valueMs > thresholds.staleMs) {
			this.#current.push({...found, state: 'unknown', lastKnownMs: valueMs});
		} else {
			this.#current.push({...found, state: 'active'});
		}
	}

	/**
	 * Adds the spans of ranks that were idle before and whose samples are no longer in the range, so that what is known
	 * about them doesn't depend on which ranges were evaluated. Ranks whose newest sample is older than `newestMs` by
	 * at most the stale limit are also listed again.
	 */
	#withRanksBefore(
		episode: FoundEpisode,
		{
			before,
			unevaluated,
			newestMs,
		}: {
			readonly before: CurrentFinding | undefined;
			readonly unevaluated: ReadonlyMap<string, Span>;
			readonly newestMs: number;
		},
	): FoundEpisode {
		const {evidence} = episode;
		if (evidence?.rule !== 'idle-gpus' || before === undefined || unevaluated.size === 0) {
			return episode;
		}

		const known = this.#lastSeen.nodes.get(evidence.subject.node)?.gpus;
		const oldestMs = newestMs - this.#context.thresholds.staleMs;
		const listed = [...unevaluated.keys()].filter(rank => (known?.get(rank)?.newestMs ?? 0) >= oldestMs);
		const isEarlier =
			before.sinceMs < episode.sinceMs && listed.some(rank => unevaluated.get(rank)?.sinceMs === before.sinceMs);
		const {sinceMs, sinceIsLowerBound} = isEarlier ? before : episode;
		const ranks = [...evidence.subject.ranks, ...listed].sort(compareNames);
		return {
			...episode,
			sinceMs,
			sinceIsLowerBound,
			evidence: {
				...evidence,
				subject: {...evidence.subject, ranks},
				rankSpans: new Map([...unevaluated, ...evidence.rankSpans]),
			},
		};
	}

	/** Returns an earlier finding about several ranks as unknown, with only the ranks that have no samples. */
	#ofRanks(
		before: CurrentFinding & {readonly rule: 'idle-gpus'},
		rankSpans: ReadonlyMap<string, Span>,
	): CurrentFinding {
		const subject = {...before.subject, ranks: [...rankSpans.keys()].sort(compareNames)};
		const sinceMs = Math.min(...[...rankSpans.values()].map(span => span.sinceMs));
		return this.#unknown({...before, subject, rankSpans, sinceMs}, true);
	}

	/** Resolves an earlier finding if there is a sample after its beginning; otherwise, treats it as not evaluated. */
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

	/**
	 * Returns an earlier finding that wasn't evaluated: as unknown if its newest sample is old or not known, or if
	 * `hasNoSamples` is set, and otherwise unchanged.
	 */
	#unknown(before: CurrentFinding, hasNoSamples = false): CurrentFinding {
		const sampledMs = newestSampleOf(this.#lastSeen, before);
		const {nowMs, thresholds} = this.#context;
		const isFresh = !hasNoSamples && sampledMs !== undefined && nowMs - sampledMs <= thresholds.staleMs;
		if (before.state === 'unknown' || isFresh) {
			return before;
		}

		// Series that the rule doesn't evaluate can have samples that are newer than the last evaluation.
		const {evaluatedMs} = this.#before;
		const lastKnownMs = Math.min(sampledMs ?? evaluatedMs, evaluatedMs);
		return {...before, state: 'unknown', lastKnownMs: Math.max(lastKnownMs, before.sinceMs)};
	}

	/**
	 * Returns whether a finding is about missing samples or the sampler's status, and the server reports that the
	 * deployment isn't running.
	 */
	#isNoLongerExpected({rule}: CurrentFinding): boolean {
		const {isResponding, deployment} = this.#context;
		return (
			isResponding &&
			deployment !== undefined &&
			!isRunning({deployment}) &&
			(absenceRules.has(rule) || rule === 'sampler-status')
		);
	}

	/**
	 * Returns all findings. Those whose subjects are gone are resolved, as are earlier ones whose subjects are no
	 * longer expected to report. Any other earlier finding without a result becomes unknown, unless the data that it is
	 * based on is recent. If `areEvaluated` is set, all samples have been evaluated, so a value-based finding without a
	 * result has no samples.
	 */
	finish(
		gone: ReadonlySet<string>,
		{windowStartMs, areEvaluated}: {readonly windowStartMs: number; readonly areEvaluated: boolean},
	): Pick<Findings, 'current' | 'resolved'> {
		const {nowMs, isResponding, thresholds, deployment} = this.#context;
		const isRecent = !isResponding && nowMs - this.#before.evaluatedMs <= thresholds.staleMs;
		for (const before of this.#unevaluated.values()) {
			if (this.#isNoLongerExpected(before)) {
				const untilMs = Math.max(this.#lastSeen.status?.firstMs ?? nowMs, before.sinceMs);
				this.#resolved.push({...before, state: 'resolved', untilMs, ending: 'stopped'});
				continue;
			}

			// During a short failure, earlier findings of rules that look only at the present are kept.
			const isValueBased = !presentOnlyRules.has(before.rule) || before.rule === 'disk-growth';
			this.#current.push(
				isRecent && presentOnlyRules.has(before.rule) ? before : this.#unknown(before, areEvaluated && isValueBased),
			);
		}

		const hasNoSampler = deployment !== undefined && deployment.sampler === undefined;
		const isGone = (finding: CurrentFinding): boolean => {
			const node = nodeOf(finding);
			const ranks = ranksOf(finding);
			const isNodeGone = node !== undefined && gone.has(nodeKey(node));
			const isSamplerGone = hasNoSampler && samplerRules.has(finding.rule);
			return (
				isNodeGone ||
				isSamplerGone ||
				(node !== undefined && ranks.length > 0 && ranks.every(rank => gone.has(gpuKey(node, rank))))
			);
		};
		// Until its samples leave the window, a finding about a subject that is gone is found again in each evaluation,
		// and ends at the time at which it was last known to be active.
		const lastHeldMs = (finding: CurrentFinding): number => (finding.state === 'unknown' ? finding.lastKnownMs : nowMs);
		const left = this.#current
			.filter(isGone)
			.map(
				(finding): ResolvedFinding => ({...finding, state: 'resolved', untilMs: lastHeldMs(finding), ending: 'gone'}),
			);
		const current = this.#current.filter(finding => !isGone(finding)).sort(compareFindings);
		return {
			current,
			resolved: mergeResolved(this.#before.resolved, {ended: [...this.#resolved, ...left], current, windowStartMs}),
		};
	}
}
