import type {UserError} from '../errors/user-error.ts';
import {type Credential, createSecret, keyError} from './credential.ts';
import type {Keyring, KeyringEntry} from './keyring/keyring.ts';

/** What the keyring is called in sentences. */
export const theKeyring = "the system's keyring";

/** Whose key is in an entry of the keyring, as in `profile "work"`, and the command that stores it anew. */
export type Owner = {readonly name: string; readonly signIn: string};

/** A key that is in the system's keyring: to read it takes time, and the user may be asked for a password. */
export type KeyringCredential = Omit<Credential, 'secret'> & {
	readonly entry: KeyringEntry;
	readonly owner: Owner;
	/**
	 * The key in the text of the entry.
	 *
	 * @throws UserError for a text that is not what the owner stores, and for a key that has expired
	 */
	readonly read: (text: string) => string;
};

/** A key, or where in the keyring it is. */
export type FoundCredential = Credential | KeyringCredential;

/**
 * The key that was found, out of the keyring if that is where it is.
 *
 * @throws UserError where the keyring doesn't give it, and the reason of `signal` when it was aborted
 */
export async function openCredential(
	found: FoundCredential,
	keyring: Keyring,
	signal: AbortSignal,
): Promise<Credential> {
	if ('secret' in found) {
		return found;
	}

	const {entry, owner, read, from, remoteUrl} = found;
	const answer = await keyring(entry, signal);
	switch (answer.kind) {
		case 'found': {
			const secret = createSecret(read(answer.text), from);
			return {secret, from, ...(remoteUrl === undefined ? {} : {remoteUrl})};
		}

		case 'missing':
			throw keyError(
				`The key of ${owner.name} isn't in ${theKeyring}: sign in again with ${owner.signIn}, or set BASETEN_API_KEY.`,
			);
		case 'refused': {
			const {because, mend} = answer;
			const advice = `${mend === undefined ? '' : `${mend}, or `}set BASETEN_API_KEY to an API key instead.`;
			throw keyError(`The key of ${owner.name} is in ${theKeyring}, which ${because}: ${advice}`);
		}
	}
}

/**
 * What an entry holds as JSON.
 *
 * @throws UserError for what is no JSON: V8's message would quote the text, which is a secret
 */
export function parseEntry(text: string, owner: Owner): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw strangeEntry(owner);
	}
}

/** For an entry that holds something else than its owner's key. */
export function strangeEntry({name, signIn}: Owner): UserError {
	return keyError(
		`What ${theKeyring} holds for ${name} is no key: sign in again with ${signIn}, or set BASETEN_API_KEY.`,
	);
}
