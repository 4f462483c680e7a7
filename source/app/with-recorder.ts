import packageJson from '../../package.json' with {type: 'json'};
import type {Configuration} from '../command-line/options.ts';
import type {OpenTarget} from './connect.ts';

/**
 * Adds a recorder to the target if --record is given. Closing the result closes both.
 *
 * @throws UserError if the file can't be written
 */
export async function withRecorder(target: OpenTarget, {record}: Configuration): Promise<OpenTarget> {
	if (record === undefined) {
		return target;
	}

	try {
		const {openRecorder} = await import('../recording/recorder.ts');
		const {watched, apiUrl} = target;
		const take = {program: packageJson.version, watched, host: apiUrl.host, startedMs: Date.now()};
		const recorder = await openRecorder(record, take);
		const close = async (): Promise<void> => {
			await Promise.all([recorder.close(), target.close()]);
		};
		return {...target, recorder, close};
	} catch (error) {
		await target.close();
		throw error;
	}
}
