import type {Network} from '../api/network.ts';
import {openNetwork} from '../api/open-network.ts';
import {Secret} from '../api/secret.ts';
import type {Watched} from '../api/watched.ts';
import {type AskedTarget, refuseKeyAsId} from '../command-line/target-options.ts';
import type {Credential} from '../credentials/credential.ts';
import type {Keyring} from '../credentials/keyring/keyring.ts';
import {type FoundCredential, openCredential} from '../credentials/keyring-credential.ts';
import type {Debug} from '../debug/debug.ts';
import {UserError} from '../errors/user-error.ts';
import type {Recorder} from '../recording/recorder.ts';

/** Where to ask, for what, and with which key. */
export type OpenTarget = {
	readonly apiUrl: URL;
	readonly network: Network;
	readonly watched: Watched;
	readonly secret: () => Secret;
	/** Where the key is from, in words for a sentence. */
	readonly keyFrom: () => string;
	/** Reads the stored key again, and keeps the one that it has where that can't be. Throws only when its signal is aborted. */
	readonly renewKey: (signal: AbortSignal) => Promise<void>;
	/** Keeps what is answered, where that was asked for. */
	readonly recorder?: Recorder;
	/** Logs what is asked and what becomes of it, where that was asked for. */
	readonly debug?: Debug | undefined;
	readonly close: () => Promise<void>;
};

/** After so long it is worth to say that the keyring is waited for: it may have opened a window that is not seen. */
const waitingAfterMs = 2000;

/** What a key may have to be waited for. `tell` gets a sentence on the way. */
export type Surroundings = {readonly keyring: Keyring; readonly tell: (sentence: string) => void};

/**
 * Makes what is to be watched ready to be asked: a demo is started, and a key is taken out of the system's keyring.
 *
 * @throws UserError for a key that can't be had
 */
export async function openTarget(target: AskedTarget, {keyring, tell}: Surroundings): Promise<OpenTarget> {
	if (target.kind === 'demo') {
		const {startDemo} = await import('../demo/server.ts');
		const demo = await startDemo({scenario: target.scenario});
		const secret = new Secret(demo.key);
		return {
			apiUrl: new URL(demo.apiUrl),
			network: openNetwork(undefined),
			watched: {kind: 'deployment', id: demo.deploymentId},
			secret: () => secret,
			keyFrom: () => 'the demo',
			renewKey: async () => undefined,
			close: async () => demo.close(),
		};
	}

	const waiting = setTimeout(tell, waitingAfterMs, "Waiting for the system's keyring, which may ask for its password.");
	const opening = openCredential(target.credential, keyring, new AbortController().signal);
	let credential = await opening.finally(() => clearTimeout(waiting));
	refuseKeyAsId(target.watched, credential);
	return {
		apiUrl: target.apiUrl,
		network: openNetwork(target.proxy),
		watched: target.watched,
		secret: () => credential.secret,
		keyFrom: () => credential.from,
		async renewKey(signal) {
			credential = (await reopen(target.readCredential(), signal)) ?? credential;
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
