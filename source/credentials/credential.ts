import {Secret} from '../api/secret.ts';
import {exitCodes, UserError} from '../errors/user-error.ts';
import {parseBaseUrl} from './api-url.ts';

/** An API key and where it was found, as part of a sentence. */
export type Credential = {
	readonly secret: Secret;
	readonly from: string;
	/** The path of the file that holds the key, if any. */
	readonly file?: string;
	/** The web address of the Baseten that the key belongs to, if it is stored with the key. */
	readonly remoteUrl?: URL;
};

/** Returns an error for a missing or unusable key (exit code 3). */
export function keyError(sentence: string): UserError {
	return new UserError(sentence, exitCodes.authentication);
}

/**
 * Creates a credential from the texts that were found.
 *
 * @throws UserError for a key that isn't a valid HTTP header value, or an invalid remote URL
 */
export function createCredential(key: string, from: string, remoteUrl: string | undefined, file?: string): Credential {
	return {
		secret: createSecret(key, from),
		from,
		...(file === undefined ? {} : {file}),
		...readRemoteUrl(remoteUrl, from),
	};
}

/** No key begins or ends with a quote of any kind. */
const quoted = /^["'`\u2018-\u201F\xAB\xBB]|["'`\u2018-\u201F\xAB\xBB]$/;

/**
 * Creates a secret from a key, without surrounding space.
 *
 * @throws UserError for a key in quotes, or one that isn't a valid HTTP header value
 */
export function createSecret(key: string, from: string): Secret {
	const trimmed = key.trim();
	if (quoted.test(trimmed)) {
		const who = from === 'BASETEN_API_KEY' ? ', as `docker run --env-file` keeps those around a value' : '';
		throw keyError(`The key from ${from} is in quotes${who}. Remove the quotes.`);
	}

	if (!/^[\x21-\x7E\xA1-\xFF]+$/.test(trimmed)) {
		throw keyError(
			`The key from ${from} contains a character that keys don't have, such as a space or a line break. Copy only the key.`,
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
