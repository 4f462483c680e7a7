import type {Spell} from './spell.ts';

/** The rules, the worst first. */
export const rules = [
	'status',
	'missing-node',
	'straggler',
	'server-errors',
	'gpu-memory',
	'ram',
	'disk',
	'client-errors',
	'stale',
] as const;
export type RuleName = (typeof rules)[number];

/** What a finding is about. */
export type Subject =
	| {readonly kind: 'deployment'}
	| {readonly kind: 'node'; readonly node: string}
	| {readonly kind: 'gpu'; readonly node: string; readonly rank: string};

/** What a rule finds amiss: since when, and by which numbers. */
export type Finding = Spell & {
	readonly rule: RuleName;
	readonly subject: Subject;
	/** A share, a count of nodes, or undefined where the rule is not about a number. */
	readonly value: number | undefined;
	/** What the value is to be seen against: the others' median, how many nodes there are. */
	readonly against: number | undefined;
	/** A status, in the server's own word. */
	readonly word: string | undefined;
};

/** A finding that is over, and since when. */
export type EndedFinding = Finding & {readonly untilMs: number};

export type Findings = {
	/** The worst first. */
	readonly current: readonly Finding[];
	/** The one that ended last first. */
	readonly ended: readonly EndedFinding[];
	/** How many appeared since the first look: what a bell rings for. */
	readonly appeared: number;
	readonly hasLooked: boolean;
};

export const noFindings: Findings = {current: [], ended: [], appeared: 0, hasLooked: false};

/** More than these that are over tell nothing. */
const mostEnded = 50;

/** Two findings of the same name are the same finding at two times. */
export function nameFinding({rule, subject}: Finding): string {
	const node = subject.kind === 'deployment' ? '' : subject.node;
	const rank = subject.kind === 'gpu' ? subject.rank : '';
	return JSON.stringify([rule, node, rank]);
}

/** Those of the findings that the others don't have. */
export function findingsWithout(findings: readonly Finding[], others: readonly Finding[]): readonly Finding[] {
	const names = new Set(others.map(nameFinding));
	return findings.filter(finding => !names.has(nameFinding(finding)));
}

function compareFindings(a: Finding, b: Finding): number {
	return rules.indexOf(a.rule) - rules.indexOf(b.rule) || a.sinceMs - b.sinceMs;
}

/**
 * The findings after another look. What was found before keeps its beginning where the samples no longer reach that far
 * back; what is no longer found ended at `nowMs`.
 */
export function updateFindings(before: Findings, found: readonly Finding[], nowMs: number): Findings {
	const known = new Map(before.current.map(finding => [nameFinding(finding), finding]));
	const current = found.map(finding => {
		const earlier = known.get(nameFinding(finding));
		const {sinceMs, isOlder} = earlier !== undefined && finding.isOlder ? earlier : finding;
		return {...finding, sinceMs, isOlder};
	});
	const ended = findingsWithout(before.current, current).map(finding => ({...finding, untilMs: nowMs}));
	const fresh = new Set(findingsWithout(current, before.current).map(nameFinding)).size;
	return {
		current: current.sort(compareFindings),
		ended: [...ended, ...before.ended].slice(0, mostEnded),
		appeared: before.appeared + (before.hasLooked ? fresh : 0),
		hasLooked: true,
	};
}
