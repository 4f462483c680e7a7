import {fstatSync, statSync} from 'node:fs';
import path from 'node:path';
import packageJson from '../../package.json' with {type: 'json'};
import type {Configuration} from '../command-line/options.ts';
import type {Debug, DebugLog} from '../debug/debug.ts';
import {type ExitCode, exitCodes, UserError} from '../errors/user-error.ts';
import type {Recorder} from '../recording/recorder.ts';
import type {Answers} from '../terminal/queries.ts';
import {capabilities, type ReadFile, type TerminalEnvironment} from '../theme/capabilities.ts';
import type {Connection} from './connect.ts';
import {beforeEnding, noteHungWrite} from './process.ts';

type Use = {readonly name: string; readonly identity: string | undefined};

/**
 * Rejects a configuration that writes two outputs to one file, or one output to the recording that is replayed, even
 * under another name, such as a link.
 *
 * @throws UserError with exit code 2 if two of these files are the same
 */
export function refuseSharedFiles({record, debug, source}: Configuration): void {
	if (record === undefined && debug === undefined) {
		return;
	}

	const replay = source.kind === 'replay' ? source.file : undefined;
	const uses: readonly Use[] = [
		{name: '--record', identity: identify(record)},
		{name: '--debug', identity: identify(debug)},
		{name: '--replay', identity: identify(replay)},
		{name: 'standard output', identity: identifyOutput()},
	];
	for (const [index, {name, identity}] of uses.entries()) {
		const other = uses.slice(index + 1).find(use => identity !== undefined && use.identity === identity);
		if (other !== undefined) {
			throw new UserError(
				`${name} and ${other.name} are the same file. Use a different file for each.`,
				exitCodes.usage,
			);
		}
	}
}

/**
 * Returns a value that is the same for all names of a file, whether or not the file exists yet; undefined if no file is
 * given.
 */
function identify(file: string | undefined): string | undefined {
	if (file === undefined) {
		return undefined;
	}

	const there = statOf(file);
	const folder = there === undefined ? statOf(path.dirname(path.resolve(file))) : undefined;
	return there ?? (folder === undefined ? path.resolve(file) : `${folder} ${path.basename(file)}`);
}

/** Returns the value of `identify` for standard output if it is a file. */
function identifyOutput(): string | undefined {
	try {
		const stats = fstatSync(1);
		return stats.isFile() ? `${stats.dev}:${stats.ino}` : undefined;
	} catch {
		return undefined;
	}
}

function statOf(file: string): string | undefined {
	try {
		const {dev, ino} = statSync(file);
		return `${dev}:${ino}`;
	} catch {
		// The error is reported when the file is opened.
		return undefined;
	}
}

/** The parts of the process that the log describes. */
type ProcessInfo = Pick<NodeJS.Process, 'version' | 'platform' | 'arch' | 'env' | 'stdout' | 'stderr'>;

/**
 * Calls `run`. If a file is given, a debug log covers the run from start to end. If the log stops early, a message on
 * stderr says so.
 *
 * @throws UserError if the file can't be written, and whatever `run` throws
 */
export async function withDebugLog(
	file: string | undefined,
	{version, platform, arch, env, stdout, stderr}: ProcessInfo,
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

/**
 * Adds a recorder to the connection if --record is given. Closing the result closes both. If SIGHUP or SIGQUIT ends the
 * program, the recorder is closed first.
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

/**
 * Reports problems with a closed recording on stderr, because the screen that showed them is gone or never existed.
 */
export function reportRecording(recorder: Recorder | undefined, stderr: NodeJS.WritableStream): void {
	const why = recorder?.stopped();
	if (why !== undefined) {
		stderr.write(`loops-top: the recording stopped: ${why}.\n`);
	}

	if (recorder?.isEmptied() === true) {
		stderr.write(
			'loops-top: another program emptied the recording. It contains only the responses received after that.\n',
		);
	}

	if (recorder?.isHung() === true) {
		noteHungWrite();
	}
}

/**
 * Logs each capability of the terminal and how it was determined, one line each: first all of them, and later those
 * that a response from the terminal changes.
 */
export function logCapabilities(
	{note}: Pick<DebugLog, 'note'>,
	environment: TerminalEnvironment,
	{readFile, answers}: {readonly readFile: ReadFile; readonly answers: Answers},
): void {
	const noted = new Set<string>();
	const noteNew = (): void => {
		for (const [name, value, from] of capabilities(environment, readFile, answers.get())) {
			const text = `${name}: ${value} (${from})`;
			if (!noted.has(text)) {
				noted.add(text);
				note('terminal', text);
			}
		}
	};
	noteNew();
	answers.subscribe(noteNew);
}
