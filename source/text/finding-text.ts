import {type Finding, ranksOf} from '../metrics/findings.ts';
import {errorsMs} from '../metrics/rules/requests.ts';
import {formatAge, formatBytes, formatPercent, formatShare, formatTimeLeft, withNoun} from './format.ts';
import {sayBytes, sayDuration, sayPercent, sayShare, sayTimeLeft} from './spoken-format.ts';
import {describeSamplerStatus, describeStatus} from './status-text.ts';

/**
 * The parts of a finding's text. `what` says what the finding is about, and `lasting` says the same in a form that
 * `since 08:58:30` can follow; `comparison` says what the finding's value is compared with, or what it leads to; `hint`
 * comes last and includes its punctuation. `comparison` and `hint` are empty if there is nothing to add. `brief` is the
 * text that a narrow screen shows after the name of the rule.
 */
export type FindingWords = {
	readonly what: string;
	readonly lasting: string;
	readonly comparison: string;
	readonly hint: string;
	readonly brief: string;
};

/**
 * Returns the parts of a finding's text. Unless they are passed, `lasting` and `brief` are the same as `what`, and the
 * others are empty.
 */
function words(
	what: string,
	{lasting = what, comparison = '', hint = '', brief = what}: Partial<FindingWords> = {},
): FindingWords {
	return {what, lasting, comparison, hint, brief};
}

const errorMinutes = errorsMs / 60_000;
const numberWords = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/**
 * The time range over which failed requests are counted: in words for a sentence, abbreviated, and in the form of a
 * window's name.
 */
export const errorRange = {
	words: withNoun(errorMinutes, 'minute').replace(/^\d+(?= )/, count => numberWords[Number(count) - 1] ?? count),
	brief: `${errorMinutes} min`,
	short: formatAge(errorsMs),
};

/** Returns words that contain a length of time, so a comma is needed before `since 08:58:30`. */
function timedWords(what: string, more: Partial<FindingWords> = {}): FindingWords {
	return words(what, {lasting: `${what},`, ...more});
}

/**
 * The formats of a finding's numbers: shares (fractions 0–1) as whole percentages (`percent`) or more precisely
 * (`share`), sizes in bytes, and times in milliseconds.
 */
export type FindingNumbers = Readonly<
	Record<'percent' | 'share' | 'bytes' | 'age' | 'timeLeft', (value: number) => string>
>;

const writtenNumbers: FindingNumbers = {
	percent: formatPercent,
	share: formatShare,
	bytes: formatBytes,
	age: formatAge,
	timeLeft: formatTimeLeft,
};

/** The formats of a finding's numbers for reading aloud. */
export const spokenNumbers: FindingNumbers = {
	percent: sayPercent,
	share: sayShare,
	bytes: sayBytes,
	age: sayDuration,
	timeLeft: sayTimeLeft,
};

/**
 * Formats ranks briefly: `GPU 5`, `GPUs 4-7`, `GPUs 0, 2, 5`. Three or more consecutive numeric ranks become a range.
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

/**
 * Describes a finding in its current or last known state. `nameNode` shortens the name of a node to the available
 * width.
 */
export function describeFinding(
	finding: Finding,
	nameNode: (name: string) => string = name => name,
	{percent, share, bytes, age, timeLeft}: FindingNumbers = writtenNumbers,
): FindingWords {
	const {subject} = finding;
	const node = subject.kind === 'deployment' ? '' : nameNode(subject.node);
	const ranks = ranksOf(finding);
	const place = ranks.length === 0 ? node : `${node} ${describeRanks(ranks)}`;
	switch (finding.rule) {
		case 'status': {
			if (finding.ofRun) {
				const what = 'the run has ended, but its deployment is still running';
				return words(what, {
					lasting: `${what},`,
					brief: 'the run has ended',
					hint: "; the run can't resume, but a new one can reuse the deployment",
				});
			}

			const {fact, lasting, hint} = describeStatus(finding.status);
			return words(`the deployment ${fact}`, {lasting: `the deployment ${lasting}`, hint, brief: fact});
		}

		case 'sampler-status': {
			const {fact, lasting, hint} = describeSamplerStatus(finding.status);
			return words(`the sampler ${fact}`, {lasting: `the sampler ${lasting}`, hint, brief: `sampler ${fact}`});
		}

		case 'stale': {
			const [group, other] = finding.groups;
			const ofWhat = other !== undefined ? '' : group === 'requests' ? ' of requests' : ' of nodes and GPUs';
			return words(`the server responds, but has no new samples${ofWhat}`, {
				lasting: `the server responds, with no new samples${ofWhat}`,
				brief: 'no new samples',
			});
		}

		case 'missing-node': {
			const nodes = `${finding.value} of ${finding.reference} nodes`;
			const counts = `${nodes} report`;
			return node === ''
				? words(counts, {lasting: `${nodes} reporting`})
				: words(`${node} doesn't report`, {lasting: `${node} hasn't reported`, comparison: counts, brief: node});
		}

		case 'missing-gpu': {
			const gpus = `${finding.value} of ${finding.reference} GPUs`;
			const counts = `${gpus} report`;
			if (ranks.length === 0) {
				return words(`${node}: ${counts}`, {lasting: `${node}: ${gpus} reporting`});
			}

			const [now, lasting] =
				ranks.length === 1 ? ["doesn't report", "hasn't reported"] : ["don't report", "haven't reported"];
			return words(`${place} ${now}`, {lasting: `${place} ${lasting}`, comparison: counts, brief: place});
		}

		case 'idle-gpus':
			return words(`${place} idle at ${percent(finding.value)}`, {
				comparison: `the median of the busy GPUs is ${percent(finding.reference)}`,
				brief: place,
			});
		case 'straggler':
			return words(`${place} at ${percent(finding.value)}`, {
				comparison: `the others at ${percent(finding.reference)}`,
			});
		case 'idle-deployment': {
			const [gpus, are] = finding.value === 1 ? ['the only GPU', 'is'] : [`all ${finding.value} GPUs`, 'are'];
			return words(`${gpus} ${are} idle, and there are no requests`, {
				lasting: `${gpus} idle without requests`,
				brief: `${gpus} idle`,
			});
		}

		case 'stalled':
		case 'sampler-stalled': {
			const where = finding.rule === 'stalled' ? '' : ' on the sampler';
			const requests = `${describeRequests(finding.value)} in progress${where}`;
			return words(`${requests}, and none is completing`, {
				lasting: `${requests}, and none has completed`,
				brief: 'none completing',
			});
		}

		case 'ram': {
			const full = finding.fullInMs === undefined ? undefined : timeLeft(finding.fullInMs);
			return words(`${place} at ${percent(finding.value)} of its RAM`, {
				comparison: full === undefined ? '' : `full at this rate in about ${full}`,
				brief: full === undefined ? `${place} at ${percent(finding.value)}` : `${place} full in ${full}`,
			});
		}

		case 'restarted':
			return words(`RAM use on ${place} fell from ${bytes(finding.reference)} to ${bytes(finding.value)}`, {
				comparison: 'as in a restart',
				brief: `RAM on ${place} fell`,
			});
		case 'disk':
			return finding.isFull
				? words(`storage on ${place} is full`, {
						lasting: `storage on ${place} is full, and has been nearly full`,
						comparison: `${share(finding.value)} in use`,
						brief: `${place} is full`,
					})
				: words(`${place} at ${percent(finding.value)} of its storage`, {
						brief: `${place} at ${percent(finding.value)}`,
					});
		case 'disk-growth':
			return words(`${place} at ${percent(finding.value)} of its storage`, {
				// The storage wasn't yet this full when its use began to grow.
				lasting: `${place} at ${percent(finding.value)} of its storage, growing`,
				comparison: `full at this rate in about ${timeLeft(finding.fullInMs)}`,
				brief: `${place} full in ${timeLeft(finding.fullInMs)}`,
			});
		case 'gpu-memory':
			return words(`${place} at ${percent(finding.value)} of its memory`, {
				brief: `${place} at ${percent(finding.value)}`,
			});
		case 'checkpoint-age': {
			const old = age(finding.value * 1000);
			return timedWords(
				finding.hasCheckpoint ? `the last checkpoint is ${old} old` : `the run has no checkpoint after ${old}`,
				{brief: finding.hasCheckpoint ? `last one ${old} old` : `none after ${old}`},
			);
		}

		case 'sampler-5xx':
			return timedWords(`${share(finding.value)} of the sampler's requests in the last ${errorRange.words} failed`, {
				brief: `${share(finding.value)} failed in ${errorRange.brief}`,
			});
		case '5xx':
			return timedWords(`${share(finding.value)} of the requests in the last ${errorRange.words} failed`, {
				brief: `${share(finding.value)} failed in ${errorRange.brief}`,
			});
		case '4xx':
			return timedWords(`${share(finding.value)} of the requests in the last ${errorRange.words} were refused`, {
				brief: `${share(finding.value)} refused in ${errorRange.brief}`,
			});
	}
}

/** Describes a number of requests, rounded but at least 1: the mean over a step isn't necessarily a whole number. */
function describeRequests(amount: number): string {
	const whole = Math.max(1, Math.round(amount));
	return whole === 1 ? '1 request is' : `${whole} requests are`;
}
