import {symbols, type Tone} from '../theme/theme.ts';

/**
 * How a deployment's status is shown: a mark, a tone, and a clause that continues "the deployment …". The clause is the
 * fact, which a time may follow, and then a hint with its punctuation, empty if there is none.
 */
export type StatusWords = {
	readonly mark: string;
	readonly tone: Tone;
	readonly clause: string;
	readonly fact: string;
	readonly hint: string;
};

type Look = Pick<StatusWords, 'mark' | 'tone'>;

function words(look: Look, fact: string, hint = ''): StatusWords {
	return {...look, clause: `${fact}${hint}`, fact, hint};
}

const live = {mark: symbols.live, tone: 'good'} as const;
const waiting = {mark: symbols.waiting, tone: 'warn'} as const;
const broken = {mark: symbols.broken, tone: 'bad'} as const;

const known: ReadonlyMap<string, StatusWords> = new Map([
	['RUNNING', words(live, 'is running')],
	['CREATED', words(waiting, 'is created but not deployed yet')],
	['DEPLOYING', words(waiting, 'is being deployed', ', which takes about five minutes')],
	['SCALED_TO_ZERO', words(waiting, 'is scaled to zero', ': its run has ended, a new run can reuse it')],
	['STOPPED', words(broken, 'is stopped', ': its run has ended, a new run can reuse it')],
	['FAILED', words(broken, 'has failed', ': the logs or the debug archive may say why')],
	['PREEMPTED', words(broken, 'was preempted', ': its run has ended, start a new one from its last checkpoint')],
	// Statuses that only samplers have.
	['BUILDING', words(waiting, 'is being built')],
	['LOADING_MODEL', words(waiting, 'is loading its model')],
	['ACTIVE', words(live, 'is active')],
	['WAKING_UP', words(waiting, 'is waking up')],
	['UNHEALTHY', words(broken, 'is unhealthy')],
	['INACTIVE', words(broken, 'is inactive')],
	['DEPLOY_FAILED', words(broken, 'could not be deployed')],
	['BUILD_FAILED', words(broken, 'could not be built')],
	['BUILD_STOPPED', words(waiting, 'is not built', ': that was stopped')],
	['DEACTIVATING', words(waiting, 'is being deactivated')],
	['UPDATING', words(waiting, 'is being updated')],
]);

/** What a status of a deployment says of its run doesn't hold for a sampler. */
const ofSampler: ReadonlyMap<string, StatusWords> = new Map([
	['SCALED_TO_ZERO', words(waiting, 'is scaled to zero')],
	['STOPPED', words(broken, 'is stopped')],
	['FAILED', words(broken, 'has failed')],
	['PREEMPTED', words(broken, 'was preempted')],
]);

/** Returns the words for a status of a sampler; its clause continues "the sampler …". */
export function describeSamplerStatus(status: string | undefined): StatusWords {
	return ofSampler.get(status ?? '') ?? describeStatus(status);
}

/** Returns the words for a status of the API. Unknown statuses are quoted; undefined means that none was received. */
export function describeStatus(status: string | undefined): StatusWords {
	if (status === undefined) {
		return words({mark: symbols.unknown, tone: 'dim'}, 'has no status');
	}

	return known.get(status) ?? words(waiting, `is ${status}`);
}
