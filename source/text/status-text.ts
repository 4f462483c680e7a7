import type {Deployment} from '../api/deployment.ts';
import type {Checkpoint, Run} from '../api/run.ts';
import {symbols, type Tone} from '../theme/theme.ts';
import {formatAge, formatCount} from './format.ts';

/** Formats a size in decimal units, as Baseten shows the sizes of checkpoints: `33.6 MB`, `812 kB`, `1.20 TB`. */
export function formatSize(bytes: number | undefined): string {
	if (bytes === undefined) {
		return symbols.unknown;
	}

	if (bytes >= 999.5e9) {
		return `${formatCount(bytes / 1e12)} TB`;
	}

	const [, number = '', letter = ''] = /^(.*?)([kMG]?)$/.exec(formatCount(bytes)) ?? [];
	return `${number} ${letter}B`;
}

/**
 * Describes the last checkpoint: `last checkpoint 42m ago · 33.6 MB · step-100`, or `last known checkpoint …` if there
 * might be a newer one.
 */
export function lastCheckpointWords(checkpoint: Checkpoint, nowMs: number, canHaveNewer: boolean): string {
	return lastCheckpointParts(checkpoint, nowMs, canHaveNewer).join(` ${symbols.dot} `);
}

/**
 * Returns the parts of the description of the last checkpoint, most important first: its age, its size if it is known,
 * and its name. If `nowMs` is a time in the past (`isPast`), the age says `42m earlier`.
 */
export function lastCheckpointParts(
	{createdAtMs, bytes, name}: Checkpoint,
	nowMs: number,
	canHaveNewer: boolean,
	isPast = false,
): readonly string[] {
	const size = bytes === undefined ? [] : [formatSize(bytes)];
	const age = formatAge(Math.max(nowMs - createdAtMs, 0));
	return [`last ${canHaveNewer ? 'known ' : ''}checkpoint ${age} ${isPast ? 'earlier' : 'ago'}`, ...size, name];
}

/** A clause that explains an ended run. */
export const endedRunWords =
	"the run of this deployment is INACTIVE: it has ended and can't resume, but a new run can reuse the deployment";

/** Describes a run in clauses, as far as it is known: its name and ID, its status, its session, and its capacity. */
export function runWords(deployment: Deployment | undefined, run: Run | undefined): readonly string[] {
	const id = run?.id ?? deployment?.runId;
	const capacity: Readonly<Record<string, string>> = {
		spot: 'spot: stopped when its GPUs are reclaimed, and not resumed',
		dedicated: 'dedicated: billed while the run is active',
	};
	const availability = deployment?.availability;
	return [
		...(id === undefined ? [] : [`run ${run?.name === undefined ? id : `${run.name} (${id})`}`]),
		...(run?.status === undefined ? [] : [`status ${run.status}`]),
		...(run?.sessionId === undefined ? [] : [`session ${run.sessionId}`]),
		...(availability === undefined ? [] : [capacity[availability] ?? availability]),
	];
}

/**
 * How a deployment's status is shown: a mark, a tone, and a clause that continues "the deployment …". The clause
 * consists of `fact` and `hint`, which includes its punctuation and is empty if there is nothing to add. `lasting` is
 * the fact in a form that `since 08:58:30` can follow: `has been stopped`.
 */
type StatusWords = {
	readonly mark: string;
	readonly tone: Tone;
	readonly clause: string;
	readonly fact: string;
	readonly lasting: string;
	readonly hint: string;
};

type Look = Pick<StatusWords, 'mark' | 'tone'>;

function words(
	look: Look,
	fact: string,
	{hint = '', lasting = fact.replace(/^is(n't)? /, 'has$1 been ')}: Partial<StatusWords> = {},
): StatusWords {
	return {...look, clause: `${fact}${hint}`, fact, lasting, hint};
}

const live = {mark: symbols.live, tone: 'good'} as const;
const waiting = {mark: symbols.waiting, tone: 'warn'} as const;
/** The appearance of a status in which no data is expected and nothing needs attention. */
const asleep = {mark: symbols.waiting, tone: 'plain'} as const;
const broken = {mark: symbols.broken, tone: 'bad'} as const;

const known: ReadonlyMap<string, StatusWords> = new Map([
	['RUNNING', words(live, 'is running')],
	['CREATED', words(waiting, 'is waiting to be deployed')],
	[
		'DEPLOYING',
		words(waiting, 'is being deployed', {hint: ', which takes about five minutes', lasting: 'has been deploying'}),
	],
	['SCALED_TO_ZERO', words(asleep, 'is scaled to zero', {hint: ': its run has ended, but a new run can reuse it'})],
	['STOPPED', words(asleep, 'is stopped', {hint: ': its run has ended, but a new run can reuse it'})],
	[
		'FAILED',
		words(broken, 'has failed', {
			hint: ': the logs or the debug archive might say why',
			lasting: 'has been FAILED',
		}),
	],
	[
		'PREEMPTED',
		words(broken, 'has been preempted', {
			hint: ': its run has ended; start a new one from its last checkpoint',
			lasting: 'has been PREEMPTED',
		}),
	],
	// Statuses that only samplers have.
	['BUILDING', words(waiting, 'is being built', {lasting: 'has been building'})],
	['LOADING_MODEL', words(waiting, 'is loading its model')],
	['ACTIVE', words(live, 'is active')],
	['WAKING_UP', words(waiting, 'is waking up')],
	['UNHEALTHY', words(broken, 'is unhealthy')],
	['INACTIVE', words(broken, 'is inactive')],
	['DEPLOY_FAILED', words(broken, 'has failed to deploy', {lasting: 'has been DEPLOY_FAILED'})],
	['BUILD_FAILED', words(broken, 'has failed to build', {lasting: 'has been BUILD_FAILED'})],
	['BUILD_STOPPED', words(waiting, "isn't built", {hint: ': the build was stopped'})],
	['DEACTIVATING', words(waiting, 'is being deactivated', {lasting: 'has been deactivating'})],
	['UPDATING', words(waiting, 'is being updated', {lasting: 'has been updating'})],
]);

/** The descriptions of a sampler's statuses, without the hints that apply only to a trainer. */
const ofSampler: ReadonlyMap<string, StatusWords> = new Map([
	['SCALED_TO_ZERO', words(asleep, 'is scaled to zero')],
	['STOPPED', words(asleep, 'is stopped')],
	['FAILED', words(broken, 'has failed', {lasting: 'has been FAILED'})],
	['PREEMPTED', words(broken, 'has been preempted', {lasting: 'has been PREEMPTED'})],
]);

/** Returns the description of a sampler's status. Its clause continues "the sampler …". */
export function describeSamplerStatus(status: string | undefined): StatusWords {
	return ofSampler.get(status ?? '') ?? describeStatus(status);
}

/** Returns whether a deployment with this status is asleep: it has no current samples, and none are expected. */
export function isAsleep(status: string | undefined): boolean {
	return describeStatus(status).tone === 'plain';
}

/**
 * Returns the description of a status from the API. Unknown statuses are shown as received; undefined means that none
 * was received.
 */
export function describeStatus(status: string | undefined): StatusWords {
	if (status === undefined) {
		return words({mark: symbols.unknown, tone: 'dim'}, 'has no status');
	}

	return known.get(status) ?? words(waiting, `is ${status}`);
}

/** Says that there are no samples, or no readable ones if points of the response were left out (`dropped`). */
export function noSamplesWords({dropped}: {readonly dropped: number}): string {
	return dropped > 0 ? 'no readable samples' : 'no samples';
}

/** Says that there is no data, or that the response has only unreadable data, which was left out (`dropped`). */
export function noDataWords({dropped}: {readonly dropped: number}): string {
	return dropped > 0 ? 'no readable data' : 'no data';
}

/** Says that there are no findings and, if applicable, that the data is incomplete. */
export function noFindingsWords(response: {readonly dropped: number; readonly problems: readonly unknown[]}): string {
	const isWhole = response.problems.length === 0 && response.dropped === 0;
	return `no findings${isWhole ? '' : ', but the data is incomplete'}`;
}
