import {readFileSync, statSync} from 'node:fs';
import {homedir} from 'node:os';
import process from 'node:process';
import packageJson from '../../package.json' with {type: 'json'};
import type {ListenAddress} from '../command-line/listen-address.ts';
import {type Configuration, readConfiguration} from '../command-line/options.ts';
import type {Output} from '../command-line/output-options.ts';
import type {ReplayTarget} from '../command-line/replay-options.ts';
import {type AskedTarget, nameTarget} from '../command-line/target-options.ts';
import type {Keyring} from '../credentials/keyring/keyring.ts';
import type {Debug} from '../debug/debug.ts';
import {InternalError, toTell} from '../errors/internal-error.ts';
import {type ExitCode, exitCodes, type UserError} from '../errors/user-error.ts';
import {drawFirstFrame} from '../terminal/first-frame.ts';
import {type OpenTarget, openTarget} from './connect.ts';
import {beforeEnding, endHungUp, onContinued, suspend} from './signals.ts';
import {withDebugLog} from './with-debug-log.ts';
import {withRecorder} from './with-recorder.ts';

/** The program: reads what the user asked for, runs it, and ends the process with the right exit code. */
export async function main(): Promise<void> {
	let exitCode: ExitCode = exitCodes.other;
	try {
		exitCode = await start(untilCrashed());
	} catch (error) {
		exitCode = report(toTell(error, undefined));
	}

	await flush(process.stdout);
	// Connections that are kept alive would hold the process for some seconds.
	process.exit(exitCode);
}

/**
 * Rejects with what is thrown where nobody catches it, or was to be awaited and is not: a bug, after which the program
 * ends, but not before the terminal is as it was.
 */
async function untilCrashed(): Promise<never> {
	return new Promise((_, reject) => {
		process.on('uncaughtException', reject);
	});
}

async function start(crashed: Promise<never>): Promise<ExitCode> {
	const {stdout} = process;
	stdout.on('error', endOnWriteError);
	const input = {
		argv: process.argv.slice(2),
		environment: process.env,
		homeDirectory: homedir(),
		platform: process.platform,
		readFile: (path: string) => readFileSync(path, 'utf8'),
		fileMode: (path: string) => statSync(path).mode,
		now: Date.now,
		version: packageJson.version,
	};
	const outcome = readConfiguration(input);
	if (outcome.kind === 'completion') {
		const {completionText} = await import('../command-line/completion/completion.ts');
		stdout.write(completionText(outcome.topic, input));
		return exitCodes.ok;
	}

	if (outcome.kind !== 'run') {
		stdout.write(outcome.text);
		return exitCodes.ok;
	}

	const {configuration, warnings} = outcome;
	for (const warning of warnings) {
		process.stderr.write(`loops-top: ${warning}\n`);
	}

	return withDebugLog(configuration.debug, process, async debug => run(configuration, debug, crashed));
}

async function run(configuration: Configuration, debug: Debug | undefined, crashed: Promise<never>): Promise<ExitCode> {
	const {stdout} = process;
	const output = outputTo(stdout, configuration);
	if (output.kind === 'by-terminal' && stdout.isTTY) {
		return showOnScreen(configuration, output.listen, {debug, crashed});
	}

	if (configuration.target.kind === 'replay') {
		return Promise.race([writeReplay(configuration, output, configuration.target, debug), crashed]);
	}

	const target = await open(configuration, configuration.target, {debug, tell});
	return using(target, Promise.race([write(configuration, output, target), crashed]));
}

/** Where nobody says what a terminal is to show, it is the screen, or the sentences for who wants no screen. */
function outputTo({isTTY}: NodeJS.WriteStream, {output, plain}: Configuration): Output {
	return output.kind === 'by-terminal' && isTTY && plain ? {...output, kind: 'plain'} : output;
}

/** What is written where nobody says what, and there is no screen. */
const textOnce = {kind: 'once', format: 'text', failOn: []} as const;

/** Without a screen. */
async function write(configuration: Configuration, output: Output, target: OpenTarget): Promise<ExitCode> {
	const isStream = output.kind === 'lines' || output.kind === 'plain';
	if (isStream || (output.kind === 'by-terminal' && output.listen !== undefined)) {
		const {stream} = await import('./stream.ts');
		return untilStopped(stopped => stream(configuration, output, target, {...surroundings(), stopped}));
	}

	const {print} = await import('./snapshot.ts');
	return print(configuration, output.kind === 'once' ? output : textOnce, target, process.stdout);
}

async function writeReplay(
	configuration: Configuration,
	output: Output,
	target: ReplayTarget,
	debug: Debug | undefined,
): Promise<ExitCode> {
	if (output.kind === 'plain') {
		const {tellReplay} = await import('./replay.ts');
		return untilStopped(stopped => tellReplay(configuration, target, {...surroundings(), stopped}, debug));
	}

	const {printReplay} = await import('./replay.ts');
	return printReplay(configuration, target, output.kind === 'by-terminal' ? textOnce : output, process.stdout);
}

/** On the screen: something is on it at once, and what it takes to show more is loaded then. */
async function showOnScreen(
	configuration: Configuration,
	listen: ListenAddress | undefined,
	{debug, crashed}: {readonly debug: Debug | undefined; readonly crashed: Promise<never>},
): Promise<ExitCode> {
	const {stdin, stdout, env} = process;
	stdin.on('error', endHungUp);
	stdin.on('end', endHungUp);
	const first = drawFirstFrame(stdout, nameTarget(configuration.target), process);
	try {
		const terminal = {
			stdin,
			stdout,
			variables: env,
			suspend,
			onContinued,
			takeOver: first.handOver,
			beforeEnding,
			crashed,
		};
		const source = configuration.target;
		if (source.kind === 'replay') {
			const {watchReplay} = await Promise.race([import('./replay.ts'), crashed]);
			return await watchReplay(configuration, source, terminal, debug);
		}

		const ready = Promise.all([import('./watch.ts'), open(configuration, source, {debug, tell: first.say})]);
		const [{watch}, target] = await Promise.race([ready, crashed]);
		return await using(target, watch(configuration, listen, target, terminal));
	} finally {
		first.end();
	}
}

/** What comes of a run with a target, which is closed after it. */
async function using(target: OpenTarget, run: Promise<ExitCode>): Promise<ExitCode> {
	try {
		return await run;
	} catch (error) {
		throw toTell(error, target.secret());
	} finally {
		await close(target);
	}
}

async function open(
	configuration: Configuration,
	target: AskedTarget,
	{debug, tell}: {readonly debug: Debug | undefined; readonly tell: (sentence: string) => void},
): Promise<OpenTarget> {
	const opened = await openTarget(target, {keyring, tell});
	debug?.hide(opened.secret);
	return withRecorder({...opened, debug}, configuration);
}

/** What was said on the screen is gone by now, and without a screen it was not said: that a recording has an early end. */
async function close(target: OpenTarget): Promise<void> {
	await target.close();
	const why = target.recorder?.stopped();
	if (why !== undefined) {
		process.stderr.write(`loops-top: the recording stopped: ${why}.\n`);
	}
}

/** SIGINT and SIGTERM end what runs without a screen in order; a second one ends it at once. */
async function untilStopped(run: (stopped: AbortSignal) => Promise<ExitCode>): Promise<ExitCode> {
	const stopping = new AbortController();
	let stoppedCode: ExitCode = exitCodes.ok;
	process.once('SIGTERM', () => stopping.abort());
	process.once('SIGINT', () => {
		stoppedCode = exitCodes.interrupted;
		stopping.abort();
	});
	const exitCode = await run(stopping.signal);
	return stopping.signal.aborted ? stoppedCode : exitCode;
}

function surroundings(): {readonly stdout: NodeJS.WriteStream; readonly stderr: NodeJS.WriteStream} {
	const {stdout, stderr} = process;
	return {stdout, stderr};
}

/** Only who keeps a key there waits for the code. */
const keyring: Keyring = async (entry, signal) => {
	const {createSystemKeyring} = await import('../credentials/keyring/system-keyring.ts');
	return createSystemKeyring(process.platform, process.env)(entry, signal);
};

/** Tells something on the way to who looks on. */
function tell(sentence: string): void {
	if (process.stderr.isTTY) {
		process.stderr.write(`loops-top: ${sentence}\n`);
	}
}

/** A reader that has enough, such as `head`, is no fault. A terminal that is gone leaves nobody to tell. */
function endOnWriteError(error: NodeJS.ErrnoException): void {
	if (error.code === 'EPIPE') {
		process.exit(exitCodes.ok);
	}

	if (error.code === 'EIO') {
		endHungUp();
	}

	process.stderr.write(`loops-top: standard output cannot be written to: ${describeSystemError(error)}.\n`);
	process.exit(exitCodes.other);
}

/** `ENOSPC: no space left on device, write` without what only developers read. */
function describeSystemError({message}: Error): string {
	return /^[A-Z\d]+: (.*), \w+$/.exec(message)?.[1] ?? message;
}

/** Tells on standard error why the program ends, and returns the exit code that goes with it. */
function report(error: UserError | InternalError): ExitCode {
	const isBug = error instanceof InternalError;
	const introduction = isBug ? 'internal error, please report it with what follows.\n' : '';
	process.stderr.write(`loops-top: ${introduction}${error.message}\n`);
	return isBug ? exitCodes.other : error.exitCode;
}

async function flush(stream: NodeJS.WriteStream): Promise<void> {
	await new Promise<void>(resolve => {
		stream.write('', () => resolve());
	});
}
