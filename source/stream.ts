import type {Configuration} from './config/configuration.ts';
import type {Output} from './config/output.ts';
import {Lines} from './output/lines.ts';
import {chooseDeployment} from './output/once.ts';
import {explain, openSession} from './session.ts';
import type {Ending} from './state/ending.ts';
import {poll, type Round} from './state/poller.ts';
import type {OpenTarget} from './target.ts';
import {type ExitCode, exitCodes} from './user-error.ts';

const clock = {now: () => Date.now(), elapsed: () => performance.now()};

/** Without a screen: a line for each poll, until there were enough, something is found, or `stopped` is aborted. */
export async function stream(
	configuration: Configuration,
	{count, failOn}: Extract<Output, {kind: 'lines'}>,
	target: OpenTarget,
	{stdout, stopped}: {readonly stdout: NodeJS.WriteStream; readonly stopped: AbortSignal},
): Promise<ExitCode> {
	const session = openSession(configuration, target);
	const {client, store} = session;
	const {renewKey} = target;
	const polling = new AbortController();
	const {signal} = polling;
	stopped.addEventListener('abort', () => polling.abort(), {once: true});
	const lines = new Lines({store, count, failOn, write: text => stdout.write(text)});
	const onRound = (round: Round): void => {
		lines.tell(round);
		if (lines.last !== undefined) {
			polling.abort();
		}
	};
	const begin = async (): Promise<Ending | undefined> => {
		const isUnchosen = store.getState().watched.kind === 'unchosen';
		const undecided = isUnchosen ? await chooseDeployment({client, store, now: clock.now, signal}) : undefined;
		return undecided ?? poll({client, store, renewKey, clock, random: Math.random, onRound}, signal);
	};
	const ending = await begin().catch((error: unknown) => {
		if (!signal.aborted) {
			throw error;
		}

		return undefined;
	});
	const {last} = lines;
	if (last?.kind === 'found') {
		throw last.error;
	}

	const refused = last?.failure === undefined ? ending : ({kind: 'refused', failure: last.failure} as const);
	if (refused !== undefined) {
		throw await explain(refused, session, target);
	}

	return exitCodes.ok;
}
