import {Secret} from '../api/secret.ts';
import {exitCodes, UserError} from '../errors/user-error.ts';
import {parseBaseUrl} from './api-url.ts';

/** An API key with where it was found, in words for the user. */
export type Credential = {
	readonly secret: Secret;
	readonly from: string;
	/** The file that it is in, where it is in one. */
	readonly file?: string;
	/** The web address of the Baseten that the key is for, where it is stored with the key. */
	readonly remoteUrl?: URL;
};

/** A key that is missing or can't be used, exit code 3. */
export function keyError(sentence: string): UserError {
	return new UserError(sentence, exitCodes.authentication);
}

/**
 * A credential of texts as they were found.
 *
 * @throws UserError for a key that fits no HTTP header, or a wrong remote URL
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

/** @throws UserError for a key in quotes, or one that fits no HTTP header */
export function createSecret(key: string, from: string): Secret {
	const trimmed = key.trim();
	if (quoted.test(trimmed)) {
		const who = from === 'BASETEN_API_KEY' ? ', as `docker run --env-file` keeps those around a value' : '';
		throw keyError(`The key from ${from} is in quotes${who}. Remove the quotes.`);
	}

	if (!/^[\x21-\x7E\xA1-\xFF]+$/.test(trimmed)) {
		throw keyError(
			`The key from ${from} has a character that no key has, such as a space or a line break: copy it again, and nothing else.`,
		);
	}

	return new Secret(trimmed);
}

/** @throws UserError for a wrong remote URL */
export function readRemoteUrl(text: string | undefined, from: string): Pick<Credential, 'remoteUrl'> {
	const trimmed = text?.trim() ?? '';
	return trimmed === '' ? {} : {remoteUrl: parseBaseUrl(trimmed, `The remote URL of ${from}`)};
}
