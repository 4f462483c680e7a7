import {type Finding, type ResolvedFinding, ranksOf} from '../metrics/findings.ts';
import {restartLastsMs} from '../metrics/rules/capacity.ts';
import {formatMoment, type Zone} from './clock-time.ts';
import {describeFinding, describeRanks, type FindingNumbers, type FindingWords} from './finding-text.ts';
import {sayDuration} from './spoken-format.ts';

/** Returns a clause that says how a finding ended. */
export function describeEnd(finding: ResolvedFinding): string {
	const {subject, ending} = finding;
	const node = subject.kind === 'deployment' ? '' : subject.node;
	const ranks = ranksOf(finding);
	const place = ranks.length === 0 ? node : `${node} ${describeRanks(ranks)}`;
	if (ending === 'gone' && node !== '') {
		return `${node} is no longer part of the deployment`;
	}

	if (ending === 'stopped' && finding.rule === 'sampler-status') {
		return "the deployment isn't running";
	}

	if (ending === 'stopped') {
		return `no samples${place === '' ? '' : ` from ${place}`} are expected, because the deployment isn't running`;
	}

	if (ending === 'gone') {
		return 'the deployment no longer has a sampler';
	}

	switch (finding.rule) {
		case 'status':
			return finding.ofRun
				? 'the deployment has an active run again, or is no longer running'
				: `the deployment no longer has the status ${finding.status}`;
		case 'stale':
			return 'new samples arrive again';
		case 'missing-node':
			return node !== ''
				? `${node} reports again`
				: finding.value === 0
					? 'nodes report again'
					: 'the missing nodes now report';
		case 'missing-gpu':
			return ranks.length === 0
				? `all GPUs of ${node} report`
				: `${place} ${ranks.length === 1 ? 'reports' : 'report'} again`;
		case 'idle-gpus':
			return `${place} ${ranks.length === 1 ? 'is' : 'are'} no longer idle while others work`;
		case 'straggler':
			return `${place} is no longer a straggler`;
		case 'idle-deployment':
			return 'the deployment is in use again';
		case 'sampler-status':
			return `the sampler no longer has the status ${finding.status}`;
		case 'sampler-stalled':
			return 'requests to the sampler no longer hang';
		case 'sampler-5xx':
			return 'requests to the sampler fail with 5xx less often';
		case 'stalled':
			return 'requests no longer hang';
		case 'ram':
			return `RAM on ${place} is no longer nearly full`;
		case 'restarted':
			return `RAM use on ${place} hasn't fallen again for ${sayDuration(restartLastsMs)}`;
		case 'disk':
			return `storage on ${place} is no longer nearly full`;
		case 'disk-growth':
			return `storage on ${place} is no longer about to fill up`;
		case 'gpu-memory':
			return `the memory of ${place} is no longer nearly full`;
		case 'checkpoint-age':
			return 'there is a newer checkpoint, or the run has ended';
		case '5xx':
			return 'requests fail with 5xx less often';
		case '4xx':
			return 'requests are refused with 4xx less often';
	}
}

/**
 * Formats the time of a finding: `since 08:58:30`, `since before 08:05:00` if its beginning wasn't observed, `at
 * 08:58:30` if it is a single event, `last known 09:10:00` if there is no current data, or `from 08:58:30 to 09:10:00`
 * if the finding is over.
 */
export function sinceWords(finding: Finding, nowMs: number, zone: Zone): string {
	const {rule, sinceMs, sinceIsLowerBound} = finding;
	const moment = formatMoment(sinceMs, nowMs, zone);
	const since = rule === 'restarted' ? `at ${moment}` : `since ${sinceIsLowerBound ? 'before ' : ''}${moment}`;
	switch (finding.state) {
		case 'active':
			return since;
		case 'unknown':
			return `last known ${formatMoment(finding.lastKnownMs, nowMs, zone)}`;
		case 'resolved':
			return rule === 'restarted'
				? since
				: `from ${sinceIsLowerBound ? 'before ' : ''}${moment} to ${formatMoment(finding.untilMs, nowMs, zone)}`;
	}
}

/**
 * Returns a clause that describes a finding, with its time (see `sinceWords`): `loops-trainer-3 hasn't reported since
 * 08:58:30`.
 */
export function clauseSince(finding: Finding, {what, lasting}: FindingWords, since: string): string {
	return finding.state === 'active' ? `${lasting} ${since}` : `${what}, ${since}`;
}

function withComparison({what, comparison}: FindingWords): string {
	return comparison === '' ? what : `${what}, ${comparison}`;
}

/** Describes a finding in one clause, without its rule: `loops-trainer-2 GPU 5 at 41%, the others at 90%`. */
export function findingClause(words: FindingWords): string {
	return `${withComparison(words)}${words.hint}`;
}

/** Describes a finding in one clause: `straggler: loops-trainer-2 GPU 5 at 41%, the others at 90%`. */
export function findingSentence(finding: Finding, numbers?: FindingNumbers): string {
	return `${finding.rule}: ${findingClause(describeFinding(finding, undefined, numbers))}`;
}

/**
 * Describes a finding in one clause with its time: `straggler: loops-trainer-2 GPU 5 at 41% since 08:58:30, the others
 * at 90%`.
 */
export function datedSentence(finding: Finding, since: string, numbers?: FindingNumbers): string {
	const words = describeFinding(finding, undefined, numbers);
	const {comparison, hint} = words;
	if (finding.state === 'active') {
		return `${finding.rule}: ${clauseSince(finding, words, since)}${comparison === '' ? '' : `, ${comparison}`}${hint}`;
	}

	// The finding began when the storage was nearly full; when it became completely full is unknown.
	const began = finding.rule === 'disk' && finding.isFull && finding.state === 'resolved' ? 'nearly full ' : '';
	return `${finding.rule}: ${withComparison(words)}, ${began}${since}${hint}`;
}
