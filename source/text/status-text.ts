import {symbols, type Tone} from '../theme/theme.ts';

/** How a deployment's status is shown: a mark, a tone, and a clause that continues "the deployment …". */
export type StatusWords = {readonly mark: string; readonly tone: Tone; readonly clause: string};

const live = {mark: symbols.live, tone: 'good'} as const;
const waiting = {mark: symbols.waiting, tone: 'warn'} as const;
const broken = {mark: symbols.broken, tone: 'bad'} as const;

const known: ReadonlyMap<string, StatusWords> = new Map([
	['RUNNING', {...live, clause: 'is running'}],
	['CREATED', {...waiting, clause: 'is created but not deployed yet'}],
	['DEPLOYING', {...waiting, clause: 'is being deployed, which takes about five minutes'}],
	['SCALED_TO_ZERO', {...waiting, clause: 'is scaled to zero: its run has ended, a new run can reuse it'}],
	['STOPPED', {...broken, clause: 'is stopped: its run has ended, a new run can reuse it'}],
	['FAILED', {...broken, clause: 'has failed: the logs or the debug archive may say why'}],
	['PREEMPTED', {...broken, clause: 'was preempted: its run has ended, start a new one from its last checkpoint'}],
	// Statuses that only samplers have.
	['BUILDING', {...waiting, clause: 'is being built'}],
	['LOADING_MODEL', {...waiting, clause: 'is loading its model'}],
	['ACTIVE', {...live, clause: 'is active'}],
	['WAKING_UP', {...waiting, clause: 'is waking up'}],
	['UNHEALTHY', {...broken, clause: 'is unhealthy'}],
	['INACTIVE', {...broken, clause: 'is inactive'}],
	['DEPLOY_FAILED', {...broken, clause: 'could not be deployed'}],
	['BUILD_FAILED', {...broken, clause: 'could not be built'}],
	['BUILD_STOPPED', {...waiting, clause: 'is not built: that was stopped'}],
	['DEACTIVATING', {...waiting, clause: 'is being deactivated'}],
	['UPDATING', {...waiting, clause: 'is being updated'}],
]);

/** What a status of a deployment says of its run doesn't hold for a sampler. */
const ofSampler: ReadonlyMap<string, StatusWords> = new Map([
	['SCALED_TO_ZERO', {...waiting, clause: 'is scaled to zero'}],
	['STOPPED', {...broken, clause: 'is stopped'}],
	['FAILED', {...broken, clause: 'has failed'}],
	['PREEMPTED', {...broken, clause: 'was preempted'}],
]);

/** Returns the words for a status of a sampler; its clause continues "the sampler …". */
export function describeSamplerStatus(status: string | undefined): StatusWords {
	return ofSampler.get(status ?? '') ?? describeStatus(status);
}

/** Returns the words for a status of the API. Unknown statuses are quoted; undefined means that none was received. */
export function describeStatus(status: string | undefined): StatusWords {
	if (status === undefined) {
		return {mark: symbols.unknown, tone: 'dim', clause: 'has no status'};
	}

	return known.get(status) ?? {mark: symbols.waiting, tone: 'warn', clause: `is ${status}`};
}
