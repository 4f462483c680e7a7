import type {Configuration} from '../command-line/options.ts';
import type {Output} from '../command-line/output-options.ts';
import {type ExitCode, exitCodes} from '../errors/user-error.ts';
import {failureOf} from '../output/fail-on.ts';
import {jsonSnapshot} from '../output/json.ts';
import {textSnapshot} from '../output/text.ts';
import {askOnce} from '../polling/fetch-once.ts';
import type {State} from '../state/state.ts';
import type {OpenTarget} from './connect.ts';
import {explain, openSession} from './session.ts';

/** Without a screen: one snapshot on standard output. */
export async function print(
	configuration: Configuration,
	output: Extract<Output, {kind: 'once'}>,
	target: OpenTarget,
	stdout: NodeJS.WriteStream,
): Promise<ExitCode> {
	const session = openSession(configuration, target);
	const {client, store, clock} = session;
	const {signal} = new AbortController();
	const ending = await askOnce({client, store, now: clock.now, signal});
	if (ending !== undefined) {
		throw await explain(ending, session, target);
	}

	return printState(configuration, output, store.getState(), stdout);
}

/** A state as text or JSON. Throws where something is found that is to end the program with an exit code of its own. */
export function printState(
	configuration: Configuration,
	{format, failOn}: Extract<Output, {kind: 'once'}>,
	state: State,
	stdout: NodeJS.WritableStream,
): ExitCode {
	const zone = configuration.utc ? 'utc' : 'local';
	stdout.write(
		format === 'json' ? `${JSON.stringify(jsonSnapshot(state), undefined, 2)}\n` : textSnapshot(state, zone),
	);
	const error = failureOf(state.findings.current, failOn);
	if (error !== undefined) {
		throw error;
	}

	return exitCodes.ok;
}
