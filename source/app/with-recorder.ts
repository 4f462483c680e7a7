import packageJson from '../../package.json' with {type: 'json'};
import type {Configuration} from '../command-line/options.ts';
import type {Recorder} from '../recording/recorder.ts';
import type {Connection} from './connect.ts';
import {noteHungWrite} from './leave.ts';
import {beforeEnding} from './signals.ts';

/**
 * Adds a recorder to the target if --record is given. Closing the result closes both, and a signal that ends the program closes the recorder
 * first.
 *
 * @throws UserError if the file can't be written
 */
export async function withRecorder(connection: Connection, {record}: Configuration): Promise<Connection> {
	if (record === undefined) {
		return connection;
	}

	try {
		const {openRecorder} = await import('../recording/recorder.ts');
		const {target, apiUrl} = connection;
		const session = {program: packageJson.version, target, host: apiUrl.host, startedMs: Date.now()};
		const recorder = await openRecorder(record, session);
		beforeEnding(async () => recorder.close(), ['SIGHUP', 'SIGQUIT']);
		const close = async (): Promise<void> => {
			await Promise.all([recorder.close(), connection.close()]);
		};
		return {...connection, recorder, close};
	} catch (error) {
		await connection.close();
		throw error;
	}
}

/** Says what became of a recording that is closed, as the screen on which it was said is gone, or there was none. */
export function reportRecording(recorder: Recorder | undefined, stderr: NodeJS.WritableStream): void {
	const why = recorder?.stopped();
	if (why !== undefined) {
		stderr.write(`loops-top: the recording stopped: ${why}.\n`);
	}

	if (recorder?.isEmptied() === true) {
		stderr.write('loops-top: another program emptied the recording, which went on at the new end of the file.\n');
	}

	if (recorder?.isHung() === true) {
		noteHungWrite();
	}
}
