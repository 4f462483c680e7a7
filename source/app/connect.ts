import process from 'node:process';
import type {Network, ProxyServer} from '../api/network.ts';
import {Secret} from '../api/secret.ts';
import type {Target} from '../api/target.ts';
import type {Configuration} from '../command-line/options.ts';
import {type LiveSource, rejectKeyAsId} from '../command-line/source-options.ts';
import {type Credential, type FoundCredential, openCredential} from '../credentials/credential.ts';
import type {Keyring} from '../credentials/keyring.ts';
import type {Debug} from '../debug/debug.ts';
import {type ExitCode, exitCodes, toReportableError, UserError} from '../errors/user-error.ts';
import type {Recorder} from '../recording/recorder.ts';
import {reportRecording, withRecorder} from './run-files.ts';

/**
 * Returns a network that sends requests directly or, if `proxy` is given, through it. The code for this is loaded in
 * the background.
 */
function openNetwork(proxy: ProxyServer | undefined): Network {
	const loading = loadNetwork(proxy);
	// Every request reports the error.
	loading.catch(() => undefined);
	return {
		async send(url, sent) {
			const {send} = await loading;
			return send(url, sent);
		},
	};
}

async function loadNetwork(proxy: ProxyServer | undefined): Promise<Network> {
	if (proxy === undefined) {
		const {direct} = await import('../api/send-request.ts');
		return direct;
	}

	const {openTunnel} = await import('../api/tunnel.ts');
	return openTunnel(proxy);
}

/** A connection to the API: the network, the watch target, and the key. */
export type Connection = {
	readonly apiUrl: URL;
	readonly network: Network;
	readonly target: Target;
	readonly secret: () => Secret;
	/** Returns the source of the key, as part of a sentence. */
	readonly keySource: () => string;
	/** Reads the stored key again; keeps the current one if that fails. Throws only if its signal is aborted. */
	readonly renewKey: (signal: AbortSignal) => Promise<void>;
	/** Records the responses, except those about deployments that aren't watched, if --record is given. */
	readonly recorder?: Recorder;
	/** Logs requests and their outcomes, if --debug is given. */
	readonly debug?: Debug | undefined;
	readonly close: () => Promise<void>;
};

/**
 * The time after which the user is notified of the wait for the keyring, in milliseconds: the keyring might have
 * opened a window that isn't visible.
 */
const waitingAfterMs = 2000;

/** The keyring that can contain the key, and a function that shows the user a sentence if the keyring opens slowly. */
type ConnectContext = {readonly keyring: Keyring; readonly report: (sentence: string) => void};

/**
 * Connects to a source: starts the demo, or gets the key (from the system keyring if it is stored there).
 *
 * @throws UserError if the key can't be read, or if the target's ID is the key
 */
export async function connect(source: LiveSource, {keyring, report}: ConnectContext): Promise<Connection> {
	if (source.kind === 'demo') {
		const {startDemo} = await import('../demo/server.ts');
		const demo = await startDemo({scenario: source.scenario});
		const secret = new Secret(demo.key);
		return {
			apiUrl: new URL(demo.apiUrl),
			network: openNetwork(undefined),
			target: {kind: 'deployment', id: demo.deploymentId},
			secret: () => secret,
			keySource: () => 'the demo',
			renewKey: async () => undefined,
			close: async () => demo.close(),
		};
	}

	const waiting = setTimeout(
		report,
		waitingAfterMs,
		'Waiting for the system keyring, which might ask for its password.',
	);
	const opening = openCredential(source.credential, keyring, new AbortController().signal);
	let credential = await opening.finally(() => clearTimeout(waiting));
	rejectKeyAsId(source.target, credential);
	return {
		apiUrl: source.apiUrl,
		network: openNetwork(source.proxy),
		target: source.target,
		secret: () => credential.secret,
		keySource: () => credential.from,
		async renewKey(signal) {
			credential = (await reopen(source.readCredential(), signal)) ?? credential;
		},
		close: async () => undefined,
	};

	async function reopen(found: FoundCredential | undefined, signal: AbortSignal): Promise<Credential | undefined> {
		try {
			return found === undefined ? undefined : await openCredential(found, keyring, signal);
		} catch (error) {
			if (error instanceof UserError) {
				return undefined;
			}

			throw error;
		}
	}
}

/**
 * Waits for a run, closes its connection, and returns the exit code of the run. If the recording stopped early, a run
 * that otherwise succeeded counts as failed.
 */
export async function using(connection: Connection, run: Promise<ExitCode>): Promise<ExitCode> {
	let exitCode: ExitCode = exitCodes.ok;
	try {
		exitCode = await run;
	} catch (error) {
		throw toReportableError(error, connection.secret());
	} finally {
		await connection.close();
		reportRecording(connection.recorder, process.stderr);
	}

	return exitCode === exitCodes.ok && connection.recorder?.stopped() !== undefined ? exitCodes.other : exitCode;
}

/**
 * Connects to a source, and adds the debug log (if any) and, if --record is given, a recorder. With --all, the target
 * is unchosen.
 *
 * @throws UserError if the key can't be read, if the target's ID is the key, or if the recording can't be written
 */
export async function openConnection(
	configuration: Configuration,
	source: LiveSource,
	{debug, printStatus}: {readonly debug: Debug | undefined; readonly printStatus: (sentence: string) => void},
): Promise<Connection> {
	const opened = await connect(source, {keyring, report: printStatus});
	debug?.hide(opened.secret);
	const target = configuration.all ? ({kind: 'unchosen'} as const) : opened.target;
	return withRecorder({...opened, target, debug}, configuration);
}

/** Loads the code for the keyring only if a key is stored there. */
const keyring: Keyring = async (entry, signal) => {
	const {createSystemKeyring} = await import('../credentials/keyring.ts');
	return createSystemKeyring(process.platform, process.env)(entry, signal);
};

/** Shows a sentence on stderr if it is a terminal. */
export function printStatus(sentence: string): void {
	if (process.stderr.isTTY) {
		process.stderr.write(`loops-top: ${sentence}\n`);
	}
}
