import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {homedir} from 'node:os';
import process from 'node:process';
import {render} from 'ink';
import packageJson from '../package.json' with {type: 'json'};
import {createClient} from './api/client.ts';
import type {Failure} from './api/failure.ts';
import {Secret} from './api/secret.ts';
import {App, type Leaving} from './components/app.tsx';
import {type Configuration, readConfiguration} from './config/configuration.ts';
import {startDemo} from './demo/server.ts';
import {askOnce} from './output/once.ts';
import {textSnapshot} from './output/text.ts';
import {refusal} from './refusal.ts';
import {poll} from './state/poller.ts';
import {initialState} from './state/state.ts';
import {createStore} from './state/store.ts';
import {createPaint} from './theme.ts';
import {type ExitCode, exitCodes, UserError} from './user-error.ts';

/** An answer that takes longer than this is given up. */
const requestTimeoutMs = 30_000;

/** Where to ask, for what, and with which key. */
type Target = {
	readonly apiUrl: URL;
	readonly deploymentId: string;
	readonly secret: () => Secret;
	readonly keyFrom: () => string;
	readonly renewKey: () => void;
	readonly close: () => Promise<void>;
};

const clock = {now: () => Date.now(), elapsed: () => performance.now()};

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
	process.stdout.on('error', endQuietly);
	const outcome = readConfiguration({
		argv: process.argv.slice(2),
		environment: process.env,
		homeDirectory: homedir(),
		platform: process.platform,
		readFile: path => readFileSync(path, 'utf8'),
		now: clock.now,
		version: packageJson.version,
	});
	if (outcome.kind !== 'run') {
		process.stdout.write(outcome.text);
		return exitCodes.ok;
	}

	const {configuration} = outcome;
	const target = await openTarget(configuration);
	try {
		return process.stdout.isTTY ? await watch(configuration, target) : await print(configuration, target);
	} finally {
		await target.close();
	}
}

/** A reader that has enough, such as `head`, is no fault. */
function endQuietly(error: NodeJS.ErrnoException): void {
	process.exit(error.code === 'EPIPE' ? exitCodes.ok : exitCodes.other);
}

async function openTarget({target}: Configuration): Promise<Target> {
	if (target.kind === 'demo') {
		const demo = await startDemo({scenario: target.scenario});
		const secret = new Secret(demo.key);
		return {
			apiUrl: new URL(demo.apiUrl),
			deploymentId: demo.deploymentId,
			secret: () => secret,
			keyFrom: () => 'the demo',
			renewKey: () => undefined,
			close: async () => demo.close(),
		};
	}

	let {credential} = target;
	return {
		apiUrl: target.apiUrl,
		deploymentId: target.id,
		secret: () => credential.secret,
		keyFrom: () => credential.from,
		renewKey() {
			credential = target.readCredential() ?? credential;
		},
		close: async () => undefined,
	};
}

function open({window, intervalMs}: Configuration, {apiUrl, deploymentId, secret}: Target) {
	const client = createClient({
		apiUrl,
		secret,
		userAgent: `loops-top/${packageJson.version}`,
		timeoutMs: requestTimeoutMs,
	});
	const store = createStore(initialState({deploymentId, host: apiUrl.host, window, intervalMs, nowMs: clock.now()}));
	return {client, store};
}

/** Without a screen: one snapshot as text. */
async function print(configuration: Configuration, target: Target): Promise<ExitCode> {
	const {client, store} = open(configuration, target);
	const {signal} = new AbortController();
	const failure = await askOnce(client, store, clock.now, signal);
	if (failure !== undefined) {
		throw await explain(failure, target, configuration);
	}

	process.stdout.write(textSnapshot(store.getState(), configuration.utc ? 'utc' : 'local'));
	return exitCodes.ok;
}

/** The sentence for a failure; for a deployment that isn't there, with those that are. */
async function explain(failure: Failure, target: Target, configuration: Configuration): Promise<UserError> {
	const {deploymentId, apiUrl, keyFrom} = target;
	const isMissing = failure.kind === 'status' && failure.status === 404;
	const {client} = open(configuration, target);
	const list = isMissing ? await client.deployments(AbortSignal.timeout(5000)).catch(() => undefined) : undefined;
	return refusal(failure, {
		deploymentId,
		host: apiUrl.host,
		keyFrom: keyFrom(),
		known: list?.ok === true ? list.value : undefined,
	});
}

/** On the screen, until the user leaves or the server says at the start that there is nothing to see. */
async function watch(configuration: Configuration, target: Target): Promise<ExitCode> {
	const {client, store} = open(configuration, target);
	const polling = new AbortController();
	const hasKeys = process.stdin.isTTY === true;
	const {color, symbols, utc} = configuration;
	const screen = render(
		<App
			store={store}
			paint={createPaint({color, symbols})}
			plain={symbols === 'ascii'}
			zone={utc ? 'utc' : 'local'}
			hasKeys={hasKeys}
			suspend={suspend}
		/>,
		{alternateScreen: true, incrementalRendering: true, interactive: true, exitOnCtrlC: false, maxFps: 15},
	);
	const poller = poll({client, store, renewKey: target.renewKey, clock, random: Math.random}, polling.signal);
	// Whatever ends the poller by itself ends the screen, and is thrown below.
	const ended = poller.then(
		() => screen.unmount(),
		() => screen.unmount(),
	);
	try {
		const leaving = (await screen.waitUntilExit()) as Leaving | undefined;
		polling.abort();
		await ended;
		const failure = await poller;
		if (failure !== undefined) {
			throw await explain(failure, target, configuration);
		}

		return leaving === 'interrupted' ? exitCodes.interrupted : exitCodes.ok;
	} finally {
		polling.abort();
	}
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
