import {Secret} from '../api/secret.ts';
import {keyError, type UserError} from '../errors/user-error.ts';
import {parseBaseUrl} from './api-url.ts';
import type {Keyring, KeyringEntry} from './keyring.ts';

/** An API key, and its source in a form that fits into a sentence. */
export type Credential = {
	readonly secret: Secret;
	readonly from: string;
	/** The path of the file that contains the key, if any. */
	readonly file?: string;
	/** The web address of the Baseten instance that the key belongs to, if it is stored with the key. */
	readonly remoteUrl?: URL;
};

/**
 * Creates a credential from the strings that were found.
 *
 * @throws UserError for a key in quotes, a key with a character that keys never contain, or an invalid remote URL
 */
export function createCredential(key: string, from: string, remoteUrl: string | undefined, file?: string): Credential {
	return {
		secret: createSecret(key, from),
		from,
		...(file === undefined ? {} : {file}),
		...readRemoteUrl(remoteUrl, from),
	};
}

/** Matches a quotation mark at the beginning or the end of a string. No key begins or ends with one. */
const quoted = /^["'`\u2018-\u201F\xAB\xBB]|["'`\u2018-\u201F\xAB\xBB]$/;

/**
 * Creates a secret from a key, without surrounding whitespace.
 *
 * @throws UserError for a key in quotes, or one that contains a space or a character that HTTP headers can't contain
 */
function createSecret(key: string, from: string): Secret {
	const trimmed = key.trim();
	if (quoted.test(trimmed)) {
		const who = from === 'BASETEN_API_KEY' ? ", which `docker run --env-file` doesn't remove" : '';
		throw keyError(`The key from ${from} is in quotes${who}. Remove the quotes.`);
	}

	if (!/^[\x21-\x7E\xA1-\xFF]+$/.test(trimmed)) {
		throw keyError(
			`The key from ${from} contains a character that keys never contain, such as a space or a line break. Copy only the key.`,
		);
	}

	return new Secret(trimmed);
}

/**
 * Parses a remote URL. Missing or empty text yields no URL.
 *
 * @throws UserError for an invalid remote URL
 */
export function readRemoteUrl(text: string | undefined, from: string): Pick<Credential, 'remoteUrl'> {
	const trimmed = text?.trim() ?? '';
	return trimmed === '' ? {} : {remoteUrl: parseBaseUrl(trimmed, `The remote URL of ${from}`)};
}

/** The name of the keyring in messages. */
export const theKeyring = 'the system keyring';

/** The owner of the key in an entry, such as `profile "work"`, and the command that stores the key again. */
export type Owner = {readonly name: string; readonly signIn: string};

/** A key in the system keyring. Reading it takes time, and might prompt the user for a password. */
type KeyringCredential = Omit<Credential, 'secret'> & {
	readonly entry: KeyringEntry;
	readonly owner: Owner;
	/**
	 * Extracts the key from the text of the entry.
	 *
	 * @throws UserError for text that isn't a valid entry, and for an expired key
	 */
	readonly read: (text: string) => string;
};

/** A key, or its entry in the keyring. */
export type FoundCredential = Credential | KeyringCredential;

/**
 * Returns the key, from the keyring if it is stored there.
 *
 * @throws UserError if the keyring doesn't return a usable key, and the reason of `signal` if it was aborted
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
	const result = await keyring(entry, signal);
	switch (result.kind) {
		case 'found': {
			const secret = createSecret(read(result.text), from);
			return {secret, from, ...(remoteUrl === undefined ? {} : {remoteUrl})};
		}

		case 'missing':
			throw keyError(
				`The key for ${owner.name} isn't in ${theKeyring}. Sign in again with ${owner.signIn}, or set BASETEN_API_KEY.`,
			);
		case 'refused': {
			const {reason, remedy} = result;
			const advice = `${remedy === undefined ? 'Set' : `${remedy}, or set`} BASETEN_API_KEY to an API key instead.`;
			throw keyError(`The key for ${owner.name} is in ${theKeyring}, which ${reason}. ${advice}`);
		}
	}
}

/**
 * Parses a keyring entry as JSON. V8's error message is never shown, because it quotes the text, which is secret.
 *
 * @throws UserError for invalid JSON
 */
export function parseEntry(text: string, owner: Owner): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw malformedEntry(owner);
	}
}

/** Returns the error for an entry that doesn't contain a valid key. */
export function malformedEntry({name, signIn}: Owner): UserError {
	return keyError(
		`The entry for ${name} in ${theKeyring} isn't a valid key. Sign in again with ${signIn}, or set BASETEN_API_KEY.`,
	);
}
