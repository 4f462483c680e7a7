import type {Configuration} from './config/configuration.ts';
import {askOnce} from './output/once.ts';
import {textSnapshot} from './output/text.ts';
import {explain, openSession} from './session.ts';
import type {OpenTarget} from './target.ts';
import {type ExitCode, exitCodes} from './user-error.ts';

/** Without a screen: one snapshot as text. */
export async function print(
	configuration: Configuration,
	target: OpenTarget,
	stdout: NodeJS.WriteStream,
): Promise<ExitCode> {
	const session = openSession(configuration, target);
	const {signal} = new AbortController();
	const failure = await askOnce(session.client, session.store, Date.now, signal);
	if (failure !== undefined) {
		throw await explain(failure, session, target);
	}

	stdout.write(textSnapshot(session.store.getState(), configuration.utc ? 'utc' : 'local'));
	return exitCodes.ok;
}
