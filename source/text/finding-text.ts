import type {EndedFinding, Finding, RuleName, Subject} from '../metrics/findings.ts';
import {formatMoment, type Zone} from './clock-time.ts';
import {formatPercent, formatShare} from './format.ts';
import {sayPercent, sayShare} from './spoken-format.ts';
import {describeStatus} from './status-text.ts';

/** The rules by the names that are shown. */
export const ruleNames: Readonly<Record<RuleName, string>> = {
	status: 'status',
	'missing-node': 'missing node',
	straggler: 'straggler',
	'server-errors': 'errors',
	'gpu-memory': 'GPU memory',
	ram: 'RAM',
	disk: 'disk',
	'client-errors': 'errors',
	stale: 'stale',
};

/** A finding in words: what was found, and the reference that its value is compared with (empty if there is none). */
export type FindingWords = {readonly what: string; readonly against: string};

/**
 * How fractions 0–1 are formatted in a finding: `percent` as a whole percentage, `share` with the digits that small
 * ones need.
 */
export type FindingNumbers = Readonly<Record<'percent' | 'share', (fraction: number | undefined) => string>>;

const written: FindingNumbers = {percent: formatPercent, share: formatShare};

/** The numbers of a finding as they are read aloud. */
export const spoken: FindingNumbers = {percent: sayPercent, share: sayShare};

/** Describes a finding. `nameNode` shortens node names to the available width. */
export function describeFinding(
	finding: Finding,
	nameNode: (name: string) => string = name => name,
	{percent, share}: FindingNumbers = written,
): FindingWords {
	const {rule, subject, value, against, word} = finding;
	const node = subject.kind === 'deployment' ? '' : nameNode(subject.node);
	const place = placeOf(subject, node);
	switch (rule) {
		case 'status':
			return {what: `the deployment ${describeStatus(word).clause}`, against: ''};
		case 'missing-node': {
			const counts = `${value ?? 0} of ${against ?? 0} nodes report`;
			return node === '' ? {what: counts, against: ''} : {what: `${node} doesn't report`, against: counts};
		}

		case 'straggler':
			return {what: `${place} at ${percent(value)}`, against: `the others at ${percent(against)}`};
		case 'server-errors':
			return {what: `${share(value)} of requests fail with 5xx`, against: ''};
		case 'client-errors':
			return {what: `${share(value)} of requests are rejected with 4xx`, against: ''};
		case 'gpu-memory':
			return {what: `${place} at ${percent(value)} of its memory`, against: ''};
		case 'ram':
			return {what: `${place} at ${percent(value)} of its RAM`, against: ''};
		case 'disk':
			return {what: `${place} at ${percent(value)} of its storage`, against: ''};
		case 'stale':
			return {what: 'the server responds, but without new samples', against: ''};
	}
}

function placeOf(subject: Subject, node: string): string {
	return subject.kind === 'gpu' ? `${node} GPU ${subject.rank}` : node;
}

/** Describes, in a clause, that a finding is resolved. */
export function describeEnd({rule, subject}: Finding): string {
	const node = subject.kind === 'deployment' ? '' : subject.node;
	const place = placeOf(subject, node);
	switch (rule) {
		case 'status':
			return 'the deployment is running';
		case 'missing-node':
			return node === '' ? 'all nodes report again' : `${node} is no longer missing`;
		case 'straggler':
			return `${place} no longer lags behind the others`;
		case 'server-errors':
			return 'requests no longer fail with 5xx as often';
		case 'client-errors':
			return 'requests are no longer rejected with 4xx as often';
		case 'gpu-memory':
			return `the memory of ${place} is isn't nearly full anymore`;
		case 'ram':
			return `the RAM of ${place} is isn't nearly full anymore`;
		case 'disk':
			return `the storage of ${place} is isn't nearly full anymore`;
		case 'stale':
			return 'new samples arrive again';
	}
}

/**
 * Formats when a finding began: `since 08:58:30`, or `since before 08:05:00` if its start wasn't observed. A resolved
 * one ends with `until 09:10:00`.
 */
export function sinceWords(finding: Finding, nowMs: number, zone: Zone): string {
	const since = `since ${finding.isOlder ? 'before ' : ''}${formatMoment(finding.sinceMs, nowMs, zone)}`;
	return isEnded(finding) ? `${since} until ${formatMoment(finding.untilMs, nowMs, zone)}` : since;
}

function isEnded(finding: Finding): finding is EndedFinding {
	return 'untilMs' in finding;
}

/** Describes a finding in one clause: `straggler: loops-trainer-2 GPU 5 at 2%, the others at 90%`. */
export function findingSentence(finding: Finding, numbers?: FindingNumbers): string {
	const {what, against} = describeFinding(finding, undefined, numbers);
	return `${ruleNames[finding.rule]}: ${what}${against === '' ? '' : `, ${against}`}`;
}
