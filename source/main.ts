import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {homedir} from 'node:os';
import process from 'node:process';
import packageJson from '../package.json' with {type: 'json'};
import {type Configuration, readConfiguration} from './config/configuration.ts';
import type {ListenAddress} from './config/listen-address.ts';
import {nameTarget} from './config/target.ts';
import type {Keyring} from './keyring/keyring.ts';
import {withRecorder} from './record.ts';
import type {StreamOutput} from './stream.ts';
import {type OpenTarget, openTarget} from './target.ts';
import {drawFirstFrame} from './terminal/first-frame.ts';
import {type ExitCode, exitCodes, UserError} from './user-error.ts';

/** The program: reads what the user asked for, runs it, and ends the process with the right exit code. */
export async function main(): Promise<void> {
	let exitCode: ExitCode = exitCodes.other;
	try {
		exitCode = await start();
	} catch (error) {
		report(error);
		exitCode = error instanceof UserError ? error.exitCode : exitCodes.other;
	}

	await flush(process.stdout);
	// Connections that are kept alive would hold the process for some seconds.
	process.exit(exitCode);
}

async function start(): Promise<ExitCode> {
	const {stdout} = process;
	stdout.on('error', endQuietly);
	const input = {
		argv: process.argv.slice(2),
		environment: process.env,
		homeDirectory: homedir(),
		platform: process.platform,
		readFile: (path: string) => readFileSync(path, 'utf8'),
		now: Date.now,
		version: packageJson.version,
	};
	const outcome = readConfiguration(input);
	if (outcome.kind === 'completion') {
		const {completionText} = await import('./completion/completion.ts');
		stdout.write(completionText(outcome.topic, input));
		return exitCodes.ok;
	}

	if (outcome.kind !== 'run') {
		stdout.write(outcome.text);
		return exitCodes.ok;
	}

	const {configuration} = outcome;
	const {output} = configuration;
	if (output.kind === 'by-terminal' && stdout.isTTY) {
		return showOnScreen(configuration, output.listen);
	}

	const target = await open(configuration, tell);
	try {
		if (output.kind === 'lines' || (output.kind === 'by-terminal' && output.listen !== undefined)) {
			return await streamUntilStopped(configuration, output, target);
		}

		const {print} = await import('./print.ts');
		const once = output.kind === 'once' ? output : ({kind: 'once', format: 'text', failOn: []} as const);
		return await print(configuration, once, target, stdout);
	} finally {
		await close(target);
	}
}

/** On the screen: something is on it at once, and what it takes to show more is loaded then. */
async function showOnScreen(configuration: Configuration, listen: ListenAddress | undefined): Promise<ExitCode> {
	const {stdin, stdout, env} = process;
	const first = drawFirstFrame(stdout, nameTarget(configuration.target), process);
	try {
		const [{watch}, target] = await Promise.all([import('./watch.ts'), open(configuration, first.say)]);
		try {
			return await watch(configuration, listen, target, {
				stdin,
				stdout,
				variables: env,
				suspend,
				takeOver: first.handOver,
			});
		} finally {
			await close(target);
		}
	} finally {
		first.end();
	}
}

async function open(configuration: Configuration, tell: (sentence: string) => void): Promise<OpenTarget> {
	return withRecorder(await openTarget(configuration, {keyring, tell}), configuration);
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
async function streamUntilStopped(
	configuration: Configuration,
	output: StreamOutput,
	target: OpenTarget,
): Promise<ExitCode> {
	const {stream} = await import('./stream.ts');
	const {stdout, stderr} = process;
	const stopping = new AbortController();
	let stoppedCode: ExitCode = exitCodes.ok;
	process.once('SIGTERM', () => stopping.abort());
	process.once('SIGINT', () => {
		stoppedCode = exitCodes.interrupted;
		stopping.abort();
	});
	const exitCode = await stream(configuration, output, target, {stdout, stderr, stopped: stopping.signal});
	return stopping.signal.aborted ? stoppedCode : exitCode;
}

/** Only who keeps a key there waits for the code. */
const keyring: Keyring = async (entry, signal) => {
	const {createSystemKeyring} = await import('./keyring/system-keyring.ts');
	return createSystemKeyring(process.platform, process.env)(entry, signal);
};

/** Tells something on the way to who looks on. */
function tell(sentence: string): void {
	if (process.stderr.isTTY) {
		process.stderr.write(`loops-top: ${sentence}\n`);
	}
}

/** A reader that has enough, such as `head`, is no fault. */
function endQuietly(error: NodeJS.ErrnoException): void {
	process.exit(error.code === 'EPIPE' ? exitCodes.ok : exitCodes.other);
}

/** Stops the process as ctrl-z does everywhere; resolves when the shell lets it go on. */
async function suspend(): Promise<void> {
	const resumed = once(process, 'SIGCONT');
	process.kill(process.pid, 'SIGTSTP');
	await resumed;
}

function report(error: unknown): void {
	if (error instanceof UserError) {
		process.stderr.write(`loops-top: ${error.message}\n`);
		return;
	}

	const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
	process.stderr.write(`loops-top: internal error, please report it with what follows.\n${detail}\n`);
}

async function flush(stream: NodeJS.WriteStream): Promise<void> {
	await new Promise<void>(resolve => {
		stream.write('', () => resolve());
	});
}
