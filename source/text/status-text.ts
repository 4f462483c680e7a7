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
	['SCALED_TO_ZERO', {...waiting, clause: 'is scaled to zero: the next request wakes it'}],
	['STOPPED', {...broken, clause: 'is stopped'}],
	['FAILED', {...broken, clause: 'has failed'}],
	['PREEMPTED', {...broken, clause: 'was preempted'}],
	// Statuses that only samplers have.
	['BUILDING', {...waiting, clause: 'is being built'}],
	['LOADING_MODEL', {...waiting, clause: 'is loading its model'}],
	['ACTIVE', {...live, clause: 'is active'}],
	['WAKING_UP', {...waiting, clause: 'is waking up'}],
	['UNHEALTHY', {...broken, clause: 'is unhealthy'}],
	['INACTIVE', {...broken, clause: 'is inactive'}],
]);

/** Returns the words for a status of the API. Unknown statuses are quoted; undefined means that none was received. */
export function describeStatus(status: string | undefined): StatusWords {
	if (status === undefined) {
		return {mark: symbols.unknown, tone: 'dim', clause: 'has no status'};
	}

	return known.get(status) ?? {mark: symbols.waiting, tone: 'warn', clause: `is ${status}`};
}
