import type {EndedFinding, Finding, RuleName} from '../metrics/findings.ts';
import {formatMoment, type Zone} from './clock-time.ts';
import {formatPercent, formatShare} from './format.ts';
import {describeStatus} from './status-words.ts';

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

/** A finding in words: what it is about, and against what that is to be seen. */
export type FindingWords = {readonly what: string; readonly against: string};

/** The words for a finding. `nameNode` cuts the name of a node to what there is room for. */
export function describeFinding(finding: Finding, nameNode: (name: string) => string = name => name): FindingWords {
	const {rule, subject, value, against, word} = finding;
	const node = subject.kind === 'deployment' ? '' : nameNode(subject.node);
	const place = subject.kind === 'gpu' ? `${node} GPU ${subject.rank}` : node;
	switch (rule) {
		case 'status':
			return {what: `the deployment ${describeStatus(word).clause}`, against: ''};
		case 'missing-node': {
			const counts = `${value ?? 0} of ${against ?? 0} nodes report`;
			return node === '' ? {what: counts, against: ''} : {what: `${node} does not report`, against: counts};
		}

		case 'straggler':
			return {what: `${place} at ${formatPercent(value)}`, against: `the others at ${formatPercent(against)}`};
		case 'server-errors':
			return {what: `${formatShare(value)} of the requests fail with 5xx`, against: ''};
		case 'client-errors':
			return {what: `${formatShare(value)} of the requests are refused with 4xx`, against: ''};
		case 'gpu-memory':
			return {what: `${place} at ${formatPercent(value)} of its memory`, against: ''};
		case 'ram':
			return {what: `${place} at ${formatPercent(value)} of its RAM`, against: ''};
		case 'disk':
			return {what: `${place} at ${formatPercent(value)} of its storage`, against: ''};
		case 'stale':
			return {what: 'the server answers, but with no new sample', against: ''};
	}
}

/** When: `since 08:58:30`, `since before 08:05:00` where its beginning was not seen, and until when if it is over. */
export function sinceWords(finding: Finding, nowMs: number, zone: Zone): string {
	const since = `since ${finding.isOlder ? 'before ' : ''}${formatMoment(finding.sinceMs, nowMs, zone)}`;
	return isEnded(finding) ? `${since} until ${formatMoment(finding.untilMs, nowMs, zone)}` : since;
}

function isEnded(finding: Finding): finding is EndedFinding {
	return 'untilMs' in finding;
}

/** A finding in one clause: `straggler: loops-trainer-2 GPU 5 at 2%, the others at 90%`. */
export function findingSentence(finding: Finding): string {
	const {what, against} = describeFinding(finding);
	return `${ruleNames[finding.rule]}: ${what}${against === '' ? '' : `, ${against}`}`;
}
