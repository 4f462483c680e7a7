import {type Finding, type ResolvedFinding, ranksOf} from '../metrics/findings.ts';
import {formatMoment, type Zone} from './clock-time.ts';
import {formatBytes, formatPercent, formatShare} from './format.ts';
import {sayBytes, sayDuration, sayPercent, sayShare} from './spoken-format.ts';
import {describeStatus} from './status-text.ts';

/** A finding in words: what it is about, and what its value is compared with or leads to; empty if there is nothing. */
export type FindingWords = {readonly what: string; readonly comparison: string};

/**
 * How the numbers of a finding are written: shares (fractions 0–1) as whole percent and more precisely, sizes in bytes, and
 * times in milliseconds.
 */
export type FindingNumbers = Readonly<Record<'percent' | 'share' | 'bytes' | 'duration', (value: number) => string>>;

const written: FindingNumbers = {
	percent: formatPercent,
	share: formatShare,
	bytes: formatBytes,
	duration: formatDuration,
};

/** As they are read aloud. */
export const spoken: FindingNumbers = {percent: sayPercent, share: sayShare, bytes: sayBytes, duration: sayDuration};

/** A time to come in one unit: `4h`, `25 min`. */
function formatDuration(milliseconds: number): string {
	const minutes = Math.max(1, Math.round(milliseconds / 60_000));
	return minutes < 90 ? `${minutes} min` : `${Math.round(minutes / 60)}h`;
}

/** Rounds a time to come to what is known of it: quarters of an hour below two hours, then hours. */
function roundedMs(milliseconds: number): number {
	const unitMs = milliseconds < 900_000 ? 60_000 : milliseconds < 5_400_000 ? 900_000 : 3_600_000;
	return Math.max(unitMs, Math.round(milliseconds / unitMs) * unitMs);
}

/**
 * Writes ranks in few words: `GPU 5`, `GPUs 4-7`, `GPUs 0, 2, 5`. Ranks that are numbers and follow each other are a range
 * from three of them on.
 */
export function describeRanks(ranks: readonly string[]): string {
	const parts: string[] = [];
	for (let first = 0; first < ranks.length; ) {
		let last = first;
		while (isNext(ranks[last], ranks[last + 1])) {
			last++;
		}

		const isRange = last >= first + 2;
		parts.push(isRange ? `${ranks[first]}-${ranks[last]}` : (ranks[first] ?? ''));
		first = isRange ? last + 1 : first + 1;
	}

	return `${ranks.length === 1 ? 'GPU' : 'GPUs'} ${parts.join(', ')}`;
}

function isNext(rank: string | undefined, next: string | undefined): boolean {
	return rank !== undefined && next !== undefined && /^\d{1,9}$/.test(rank) && String(Number(rank) + 1) === next;
}

/** Describes a finding as it is, or was at last. `nameNode` shortens the name of a node to the room that there is. */
export function describeFinding(
	finding: Finding,
	nameNode: (name: string) => string = name => name,
	{percent, share, bytes, duration}: FindingNumbers = written,
): FindingWords {
	const {subject} = finding;
	const node = subject.kind === 'deployment' ? '' : nameNode(subject.node);
	const ranks = ranksOf(finding);
	const place = ranks.length === 0 ? node : `${node} ${describeRanks(ranks)}`;
	switch (finding.rule) {
		case 'status':
			return {
				what: finding.ofRun
					? 'the run has ended, and its deployment is still running'
					: `the deployment ${describeStatus(finding.status).clause}`,
				comparison: '',
			};
		case 'stale': {
			const [group, other] = finding.groups;
			const ofWhat = other !== undefined ? '' : group === 'requests' ? ' of requests' : ' of nodes and GPUs';
			return {what: `the server answers, but with no new sample${ofWhat}`, comparison: ''};
		}

		case 'missing-node': {
			const counts = `${finding.value} of ${finding.reference} nodes report`;
			return node === '' ? {what: counts, comparison: ''} : {what: `${node} doesn't report`, comparison: counts};
		}

		case 'missing-gpu': {
			const counts = `${finding.value} of ${finding.reference} GPUs report`;
			return ranks.length === 0
				? {what: `${node}: ${counts}`, comparison: ''}
				: {what: `${place} ${ranks.length === 1 ? "doesn't" : "don't"} report`, comparison: counts};
		}

		case 'idle-gpus':
			return {
				what: `${place} idle at ${percent(finding.value)}`,
				comparison: `others busy at ${percent(finding.reference)}`,
			};
		case 'straggler':
			return {
				what: `${place} at ${percent(finding.value)}`,
				comparison: `the others at ${percent(finding.reference)}`,
			};
		case 'idle-deployment': {
			const gpus = finding.value === 1 ? 'the only GPU is' : `all ${finding.value} GPUs are`;
			return {what: `${gpus} idle, and there are no requests`, comparison: ''};
		}

		case 'stalled':
			return {what: `${describeRequests(finding.value)} in progress, and none completes`, comparison: ''};
		case 'ram':
			return {what: `${place} at ${percent(finding.value)} of its RAM`, comparison: ''};
		case 'restarted':
			return {
				what: `the RAM of ${place} fell from ${bytes(finding.reference)} to ${bytes(finding.value)}`,
				comparison: 'as in a restart',
			};
		case 'disk':
			return finding.isFull
				? {what: `the storage of ${place} is full`, comparison: `${share(finding.value)} in use`}
				: {what: `${place} at ${percent(finding.value)} of its storage`, comparison: ''};
		case 'disk-growth':
			return {
				what: `${place} at ${percent(finding.value)} of its storage`,
				comparison: `at this pace full in about ${duration(roundedMs(finding.fullInMs))}`,
			};
		case 'gpu-memory':
			return {what: `${place} at ${percent(finding.value)} of its memory`, comparison: ''};
		case '5xx':
			return {what: `${share(finding.value)} of the requests of the last ten minutes failed`, comparison: ''};
		case '4xx':
			return {what: `${share(finding.value)} of the requests of the last ten minutes were refused`, comparison: ''};
	}
}

/** A mean over a step need not be whole. */
function describeRequests(amount: number): string {
	const whole = Math.max(1, Math.round(amount));
	return whole === 1 ? '1 request is' : `${whole} requests are`;
}

/** Says in a clause how a finding ended. */
export function describeEnd(finding: ResolvedFinding): string {
	const {subject, ending} = finding;
	const node = subject.kind === 'deployment' ? '' : subject.node;
	const ranks = ranksOf(finding);
	const place = ranks.length === 0 ? node : `${node} ${describeRanks(ranks)}`;
	if (ending === 'gone' && node !== '') {
		return `${node} is no longer part of the deployment`;
	}

	switch (finding.rule) {
		case 'status':
			return finding.ofRun
				? 'no ended run is left on a running deployment'
				: `the deployment no longer has the status ${finding.status}`;
		case 'stale':
			return 'there are new samples again';
		case 'missing-node':
			return node === '' ? 'all nodes report' : `${node} reports again`;
		case 'missing-gpu':
			return ranks.length === 0
				? `all GPUs of ${node} report`
				: `${place} ${ranks.length === 1 ? 'reports' : 'report'} again`;
		case 'idle-gpus':
			return `${place} ${ranks.length === 1 ? 'is' : 'are'} no longer idle while others work`;
		case 'straggler':
			return `${place} no longer lags behind the others`;
		case 'idle-deployment':
			return 'the deployment is in use again';
		case 'stalled':
			return 'requests no longer hang';
		case 'ram':
			return `the RAM of ${place} is no longer nearly full`;
		case 'restarted':
			return `the RAM of ${place} has not fallen again for 30 minutes`;
		case 'disk':
			return `the storage of ${place} is no longer nearly full`;
		case 'disk-growth':
			return `the storage of ${place} no longer fills up soon`;
		case 'gpu-memory':
			return `the memory of ${place} is no longer nearly full`;
		case '5xx':
			return 'requests no longer fail with 5xx as often';
		case '4xx':
			return 'requests are no longer refused with 4xx as often';
	}
}

/**
 * Says when: `since 08:58:30`, `since before 08:05:00` if its beginning wasn't seen; `last known 09:10:00` if there is no
 * current data; and until when if it is over.
 */
export function sinceWords(finding: Finding, nowMs: number, zone: Zone): string {
	const {sinceMs, sinceIsLowerBound} = finding;
	const since = `since ${sinceIsLowerBound ? 'before ' : ''}${formatMoment(sinceMs, nowMs, zone)}`;
	switch (finding.state) {
		case 'active':
			return since;
		case 'unknown':
			return `last known ${formatMoment(finding.lastKnownMs, nowMs, zone)}`;
		case 'resolved':
			return `${since} until ${formatMoment(finding.untilMs, nowMs, zone)}`;
	}
}

/** A finding in one clause: `straggler: loops-trainer-2 GPU 5 at 41%, the others at 90%`. */
export function findingSentence(finding: Finding, numbers?: FindingNumbers): string {
	const {what, comparison} = describeFinding(finding, undefined, numbers);
	return `${finding.rule}: ${what}${comparison === '' ? '' : `, ${comparison}`}`;
}
