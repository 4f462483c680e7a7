import {symbols, type Tone} from '../theme/theme.ts';

/** How a deployment's status is shown: a mark, a tone, and a clause that goes on from "the deployment …". */
export type StatusWords = {readonly mark: string; readonly tone: Tone; readonly clause: string};

const live = {mark: symbols.live, tone: 'good'} as const;
const waiting = {mark: symbols.waiting, tone: 'warn'} as const;
const broken = {mark: symbols.broken, tone: 'bad'} as const;

const known: ReadonlyMap<string, StatusWords> = new Map([
	['RUNNING', {...live, clause: 'is running'}],
	['CREATED', {...waiting, clause: 'is created and not yet deployed'}],
	['DEPLOYING', {...waiting, clause: 'is being deployed, which takes about five minutes'}],
	['SCALED_TO_ZERO', {...waiting, clause: 'is scaled to zero: the next request wakes it'}],
	['STOPPED', {...broken, clause: 'is stopped'}],
	['FAILED', {...broken, clause: 'has failed'}],
	['PREEMPTED', {...broken, clause: 'was preempted'}],
	// A sampler's own.
	['BUILDING', {...waiting, clause: 'is being built'}],
	['LOADING_MODEL', {...waiting, clause: 'loads its model'}],
	['ACTIVE', {...live, clause: 'is active'}],
	['WAKING_UP', {...waiting, clause: 'wakes up'}],
	['UNHEALTHY', {...broken, clause: 'is unhealthy'}],
	['INACTIVE', {...broken, clause: 'is inactive'}],
]);

/** The words for a status of the API, also for one that is new to us or that is not told. */
export function describeStatus(status: string | undefined): StatusWords {
	if (status === undefined) {
		return {mark: symbols.unknown, tone: 'dim', clause: 'has none now'};
	}

	return known.get(status) ?? {mark: symbols.waiting, tone: 'warn', clause: `is ${status}`};
}
