import packageJson from '../../package.json' with {type: 'json'};
import type {Debug} from '../debug/debug.ts';
import type {ExitCode} from '../errors/user-error.ts';
import {noteHungWrite} from './leave.ts';

/** The parts of the process that the log describes. */
type Surroundings = Pick<NodeJS.Process, 'version' | 'platform' | 'arch' | 'env' | 'stdout' | 'stderr'>;

/**
 * Runs with a debug log if a file is given, from start to end. If the log stops early, says so on stderr.
 *
 * @throws UserError if the file can't be written, and whatever `run` throws
 */
export async function withDebugLog(
	file: string | undefined,
	{version, platform, arch, env, stdout, stderr}: Surroundings,
	run: (debug: Debug | undefined) => Promise<ExitCode>,
): Promise<ExitCode> {
	if (file === undefined) {
		return run(undefined);
	}

	const {openDebug} = await import('../debug/debug.ts');
	const debug = await openDebug(file);
	const size = (): string => (stdout.isTTY ? `${stdout.columns}x${stdout.rows}` : 'no terminal');
	const noteSize = (): void => debug.note('resize', size());
	debug.note(
		'begin',
		`loops-top ${packageJson.version}, Node.js ${version}, ${platform} ${arch}, TERM=${env['TERM'] ?? ''}, ${size()}`,
	);
	stdout.on('resize', noteSize);
	try {
		const exitCode = await run(debug);
		debug.note('end', `exit code ${exitCode}`);
		return exitCode;
	} catch (error) {
		debug.note('error', error instanceof Error ? (error.stack ?? error.message) : String(error));
		throw error;
	} finally {
		stdout.off('resize', noteSize);
		await debug.close();
		if (debug.isHung()) {
			noteHungWrite();
		}

		const why = debug.stopped();
		if (why !== undefined) {
			stderr.write(`loops-top: the debug log stopped: ${why}.\n`);
		}
	}
}
