import {type CurrentFinding, type Findings, findingKey, type ResolvedFinding} from '../metrics/findings.ts';
import type {History} from '../metrics/history.ts';
import {judgeStretch} from '../metrics/judge.ts';
import type {State} from './state.ts';

/** A stretch is judged once: histories never change. */
const judged = new WeakMap<History, Pick<State, 'thresholds'> & {readonly findings: Findings}>();
const joined = new WeakMap<Findings, {readonly live: Findings; readonly findings: Findings}>();

/**
 * Returns the findings of an earlier range: by its samples, and by the findings of that time. Those that hadn't ended
 * by its end are current.
 */
export function findingsOfStretch(
	{findings: live, live: {deployment, nowMs}, thresholds}: State,
	history: History,
): Findings {
	const known = judged.get(history);
	const findings =
		known?.thresholds === thresholds ? known.findings : judgeStretch(history, {deployment, thresholds, nowMs});
	judged.set(history, {thresholds, findings});
	const before = joined.get(findings);
	if (before?.live === live) {
		return before.findings;
	}

	const both = join(findings, live, history);
	joined.set(findings, {live, findings: both});
	return both;
}

function untilOf(finding: CurrentFinding | ResolvedFinding): number {
	return finding.state === 'resolved' ? finding.untilMs : Number.POSITIVE_INFINITY;
}

/** Adds live findings that reach into the range, if its samples don't show them. */
function join(found: Findings, live: Findings, {startMs, endMs}: History): Findings {
	const all = [...found.current, ...found.resolved];
	const added = [...live.current, ...live.resolved].filter(
		finding =>
			finding.sinceMs <= endMs &&
			untilOf(finding) >= startMs &&
			!all.some(
				other =>
					findingKey(other) === findingKey(finding) &&
					other.sinceMs <= untilOf(finding) &&
					finding.sinceMs <= untilOf(other),
			),
	);
	const current: CurrentFinding[] = [];
	const resolved: ResolvedFinding[] = [];
	for (const finding of added) {
		if (finding.state === 'resolved' && finding.untilMs <= endMs) {
			resolved.push(finding);
		} else if (finding.state === 'unknown' && finding.lastKnownMs < endMs) {
			current.push(finding);
		} else {
			current.push({...finding, state: 'active'});
		}
	}

	return {...found, current: [...found.current, ...current], resolved: [...found.resolved, ...resolved]};
}
