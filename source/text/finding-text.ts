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

/** A finding in words: what it is about, and against what that is to be seen. */
export type FindingWords = {readonly what: string; readonly against: string};

/** How the numbers of a finding are put: shares that are fractions 0–1, whole percent and more precisely. */
export type FindingNumbers = Readonly<Record<'percent' | 'share', (fraction: number | undefined) => string>>;

const written: FindingNumbers = {percent: formatPercent, share: formatShare};

/** As they are read aloud. */
export const spoken: FindingNumbers = {percent: sayPercent, share: sayShare};

/** The words for a finding. `nameNode` cuts the name of a node to what there is room for. */
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
			return node === '' ? {what: counts, against: ''} : {what: `${node} does not report`, against: counts};
		}

		case 'straggler':
			return {what: `${place} at ${percent(value)}`, against: `the others at ${percent(against)}`};
		case 'server-errors':
			return {what: `${share(value)} of the requests fail with 5xx`, against: ''};
		case 'client-errors':
			return {what: `${share(value)} of the requests are refused with 4xx`, against: ''};
		case 'gpu-memory':
			return {what: `${place} at ${percent(value)} of its memory`, against: ''};
		case 'ram':
			return {what: `${place} at ${percent(value)} of its RAM`, against: ''};
		case 'disk':
			return {what: `${place} at ${percent(value)} of its storage`, against: ''};
		case 'stale':
			return {what: 'the server answers, but with no new sample', against: ''};
	}
}

function placeOf(subject: Subject, node: string): string {
	return subject.kind === 'gpu' ? `${node} GPU ${subject.rank}` : node;
}

/** That a finding is over, in a clause. */
export function describeEnd({rule, subject}: Finding): string {
	const node = subject.kind === 'deployment' ? '' : subject.node;
	const place = placeOf(subject, node);
	switch (rule) {
		case 'status':
			return 'the deployment is running';
		case 'missing-node':
			return node === '' ? 'no more nodes are missing without a name' : `${node} is no longer missing`;
		case 'straggler':
			return `${place} no longer lags behind the others`;
		case 'server-errors':
			return 'requests no longer fail with 5xx as often';
		case 'client-errors':
			return 'requests are no longer refused with 4xx as often';
		case 'gpu-memory':
			return `the memory of ${place} is no longer nearly full`;
		case 'ram':
			return `the RAM of ${place} is no longer nearly full`;
		case 'disk':
			return `the storage of ${place} is no longer nearly full`;
		case 'stale':
			return 'there are new samples again';
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
export function findingSentence(finding: Finding, numbers?: FindingNumbers): string {
	const {what, against} = describeFinding(finding, undefined, numbers);
	return `${ruleNames[finding.rule]}: ${what}${against === '' ? '' : `, ${against}`}`;
}
