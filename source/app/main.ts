import {readFileSync, statSync} from 'node:fs';
import process from 'node:process';
import packageJson from '../../package.json' with {type: 'json'};
import type {Secret} from '../api/secret.ts';
import {type Configuration, readConfiguration} from '../command-line/options.ts';
import {type Output, outputTo} from '../command-line/output-options.ts';
import type {ListenAddress} from '../command-line/parse-value.ts';
import {sourceName} from '../command-line/source-options.ts';
import type {ReplaySource} from '../command-line/time-options.ts';
import {findHome, readSmallFile} from '../credentials/host-environment.ts';
import type {Debug} from '../debug/debug.ts';
import {type ExitCode, exitCodes, InternalError, toReportableError, type UserError} from '../errors/user-error.ts';
import {drawFirstFrame} from '../terminal/frames.ts';
import {openTerminal, type Picture} from '../terminal/open-terminal.ts';
import {backgroundByVariables, colorLevel, isGnuScreen, remoteVariable} from '../theme/capabilities.ts';
import {wantsBackground} from '../theme/theme.ts';
import {type Connection, openConnection, printStatus, using} from './connect.ts';
import {
	beforeEnding,
	endHungUp,
	endOnWriteError,
	endProcess,
	onRedrawNeeded,
	processTitle,
	suspend,
} from './process.ts';
import {logCapabilities, refuseSharedFiles, withDebugLog} from './run-files.ts';

/** Runs the program: reads the configuration, does what it specifies, and ends the process with the right exit code. */
export async function main(): Promise<void> {
	let exitCode: ExitCode = exitCodes.other;
	try {
		exitCode = await start(untilCrashed());
	} catch (error) {
		exitCode = report(toReportableError(error, undefined));
	}

	await endProcess(exitCode);
}

/**
 * Rejects with an uncaught exception or unhandled rejection. Either is a bug: the program ends, after the terminal has
 * been restored.
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
		homeDirectory: findHome(),
		platform: process.platform,
		readFile: readSmallFile,
		fileMode: (path: string) => statSync(path).mode,
		now: Date.now,
		version: packageJson.version,
	};
	const outcome = readConfiguration(input);
	if (outcome.kind === 'completion') {
		const {completionText} = await import('../command-line/completion.ts');
		stdout.write(completionText(outcome.topic, input));
		return exitCodes.ok;
	}

	if (outcome.kind === 'topic') {
		const {topicText} = await import('./documents.ts');
		stdout.write(topicText(outcome.topic));
		return exitCodes.ok;
	}

	if (outcome.kind === 'document') {
		const {readDocument} = await import('./documents.ts');
		stdout.write(await readDocument(outcome.file));
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

	refuseSharedFiles(configuration);
	return withDebugLog(configuration.debug, process, async debug => run(configuration, debug, crashed));
}

async function run(configuration: Configuration, debug: Debug | undefined, crashed: Promise<never>): Promise<ExitCode> {
	const {stdout} = process;
	process.title = processTitle(sourceName(configuration.source));
	const output = outputTo(stdout, configuration);
	if (output.kind === 'by-terminal' && stdout.isTTY && !configuration.plain) {
		return showOnScreen(configuration, output.listen, {debug, crashed});
	}

	if (configuration.source.kind === 'replay') {
		return Promise.race([writeReplay(configuration, output, configuration.source, debug), crashed]);
	}

	const connection = await openConnection(configuration, configuration.source, {debug, printStatus});
	return using(connection, Promise.race([write(configuration, output, connection), crashed]));
}

/** Runs without a screen. */
async function write(configuration: Configuration, output: Output, connection: Connection): Promise<ExitCode> {
	if (output.kind !== 'once') {
		const {stream} = await import('./stream.ts');
		return untilStopped(stopped => stream(configuration, output, connection, {...surroundings(), stopped}));
	}

	const {printSnapshot} = await import('./snapshot.ts');
	return printSnapshot(configuration, output, connection, process.stdout);
}

async function writeReplay(
	configuration: Configuration,
	output: Output,
	source: ReplaySource,
	debug: Debug | undefined,
): Promise<ExitCode> {
	if (output.kind === 'plain') {
		const {speakReplay} = await import('./replay.ts');
		return untilStopped(stopped => speakReplay(configuration, source, {...surroundings(), stopped}, debug));
	}

	const {printReplay} = await import('./replay.ts');
	const printed = output.kind === 'by-terminal' ? ({kind: 'once', format: 'text', failOn: []} as const) : output;
	return printReplay(configuration, source, printed, surroundings());
}

/** Runs on the screen: immediately draws a first frame, and then loads the rest of the code. */
async function showOnScreen(
	configuration: Configuration,
	listen: ListenAddress | undefined,
	{debug, crashed}: {readonly debug: Debug | undefined; readonly crashed: Promise<never>},
): Promise<ExitCode> {
	const {stdin, stdout, env} = process;
	stdin.on('error', endHungUp);
	stdin.on('end', endHungUp);
	const {color, symbols, theme, mouse} = configuration;
	const readFile = (file: string): Uint8Array => readFileSync(file);
	const {level} = colorLevel(env, readFile);
	const first = drawFirstFrame(stdout, sourceName(configuration.source), {
		once: (signal, listener) => process.once(signal, listener),
		off: (signal, listener) => process.off(signal, listener),
		exit: code => void open.settle().finally(() => process.exit(code)),
	});
	const open = openTerminal(stdin, stdout, {
		name: env['TERM'],
		isRemote: remoteVariable(env) !== undefined,
		isScreen: isGnuScreen(env),
		mouse,
		asks: {background: wantsBackground({color, symbols, theme, level}), glyph: symbols !== 'ascii'},
		onInterrupt: () => process.kill(process.pid, 'SIGINT'),
	});
	if (debug !== undefined) {
		logCapabilities(debug, env, {readFile, answers: open.answers});
	}

	let secret: () => Secret | undefined = () => undefined;
	try {
		const terminal = {
			open,
			stdin,
			stdout,
			variables: env,
			level,
			background: backgroundByVariables(env),
			suspend,
			onRedrawNeeded,
			takeOver: first.handOver,
			beforeEnding,
			savePicture: async (picture: Picture) => {
				const {savePicture} = await import('./save-picture.ts');
				const folder = (): string => process.cwd();
				return savePicture(picture, {folder, homeDirectory: findHome(), now: Date.now, secret: secret()});
			},
			crashed,
		};
		const source = configuration.source;
		if (source.kind === 'replay') {
			const {watchReplay} = await Promise.race([import('./replay.ts'), crashed]);
			return await watchReplay(configuration, source, terminal, debug);
		}

		const ready = Promise.all([
			import('./watch.ts'),
			openConnection(configuration, source, {debug, printStatus: first.say}),
		]);
		const [{watch}, connection] = await Promise.race([ready, crashed]);
		({secret} = connection);
		return await using(connection, watch(configuration, listen, connection, terminal));
	} finally {
		first.handOver();
		await open.giveBack();
	}
}

const stoppingSignals = [
	['SIGTERM', exitCodes.ok],
	['SIGINT', exitCodes.interrupted],
] as const;

/**
 * Calls `run`, and aborts its signal on SIGINT or SIGTERM. A second signal of the same kind ends the process
 * immediately.
 */
async function untilStopped(run: (stopped: AbortSignal) => Promise<ExitCode>): Promise<ExitCode> {
	const stopping = new AbortController();
	let stoppedCode: ExitCode = exitCodes.ok;
	for (const [signal, exitCode] of stoppingSignals) {
		process.once(signal, () => {
			stoppedCode = exitCode;
			stopping.abort();
		});
	}

	const exitCode = await run(stopping.signal);
	return stopping.signal.aborted ? stoppedCode : exitCode;
}

function surroundings(): {readonly stdout: NodeJS.WriteStream; readonly stderr: NodeJS.WriteStream} {
	const {stdout, stderr} = process;
	return {stdout, stderr};
}

/** Writes the error to stderr and returns its exit code. */
function report(error: UserError | InternalError): ExitCode {
	const isBug = error instanceof InternalError;
	const introduction = isBug ? 'internal error. Please report it and include the details below:\n' : '';
	process.stderr.write(`loops-top: ${introduction}${error.message}\n`);
	return isBug ? exitCodes.other : error.exitCode;
}
