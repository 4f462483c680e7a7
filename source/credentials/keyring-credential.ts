import type {UserError} from '../errors/user-error.ts';
import {type Credential, createSecret, keyError} from './credential.ts';
import type {Keyring, KeyringEntry} from './keyring/keyring.ts';

/** What the keyring is called in messages. */
export const theKeyring = 'the system keyring';

/** Whose key is in an entry, such as `profile "work"`, and the command that stores it again. */
export type Owner = {readonly name: string; readonly signIn: string};

/** A key in the system keyring. Reading it takes time, and the user may be asked for a password. */
export type KeyringCredential = Omit<Credential, 'secret'> & {
	readonly entry: KeyringEntry;
	readonly owner: Owner;
	/**
	 * Extracts the key from the text of the entry.
	 *
	 * @throws UserError for a text that the owner doesn't store, and for an expired key
	 */
	readonly read: (text: string) => string;
};

/** A key, or its entry in the keyring. */
export type FoundCredential = Credential | KeyringCredential;

/**
 * Returns the key, from the keyring if it is stored there.
 *
 * @throws UserError if the keyring doesn't return it, and the reason of `signal` if it was aborted
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
				`The key of ${owner.name} isn't in ${theKeyring}. Sign in again with ${owner.signIn}, or set BASETEN_API_KEY.`,
			);
		case 'refused': {
			const {reason, remedy} = answer;
			const advice = `${remedy === undefined ? 'Set' : `${remedy}, or set`} BASETEN_API_KEY to an API key instead.`;
			throw keyError(`The key of ${owner.name} is in ${theKeyring}, which ${reason}. ${advice}`);
		}
	}
}

/**
 * Parses a keyring entry as JSON.
 *
 * @throws UserError for invalid JSON: V8's message would quote the text, which is a secret
 */
export function parseEntry(text: string, owner: Owner): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw malformedEntry(owner);
	}
}

/** Returns the error for an entry that isn't its owner's key. */
export function malformedEntry({name, signIn}: Owner): UserError {
	return keyError(
		`The entry for ${name} in ${theKeyring} isn't a valid key. Sign in again with ${signIn}, or set BASETEN_API_KEY.`,
	);
}
