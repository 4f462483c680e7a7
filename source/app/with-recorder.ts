import packageJson from '../../package.json' with {type: 'json'};
import type {Configuration} from '../command-line/options.ts';
import type {Connection} from './connect.ts';

/**
 * Adds a recorder to the target if --record is given. Closing the result closes both.
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
		const take = {program: packageJson.version, target, host: apiUrl.host, startedMs: Date.now()};
		const recorder = await openRecorder(record, take);
		const close = async (): Promise<void> => {
			await Promise.all([recorder.close(), connection.close()]);
		};
		return {...connection, recorder, close};
	} catch (error) {
		await connection.close();
		throw error;
	}
}
