import {usageError} from '../errors/user-error.ts';

/** The API's base URL by default. */
export const defaultApiUrl = 'https://api.baseten.co';

const ipv4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/** Returns whether a URL's host is this machine, by name or by address. */
export function isLoopback({hostname}: URL): boolean {
	return hostname === 'localhost' || hostname === '[::1]' || (ipv4.test(hostname) && hostname.startsWith('127.'));
}

/**
 * Parses the base URL of an API, or a remote URL. A path is kept, without slashes at its end. `source` starts the error
 * message; the URL itself is never repeated, because it can contain a password or a key.
 *
 * @throws UserError unless it is an https URL (or http on this machine) without a username, query, or fragment
 */
export function parseBaseUrl(text: string, source: string): URL {
	const trimmed = text.trim();
	if (!URL.canParse(trimmed)) {
		throw usageError(`${source} isn't a URL. Use one such as ${defaultApiUrl}.`);
	}

	const url = new URL(trimmed);
	if (url.protocol !== 'https:' && url.protocol !== 'http:') {
		throw usageError(`${source} doesn't start with https://. Use a URL such as ${defaultApiUrl}.`);
	}

	if (url.username !== '' || url.password !== '') {
		throw usageError(`${source} contains a username or password. Remove it.`);
	}

	if (url.search !== '' || url.hash !== '') {
		throw usageError(`${source} has a query or a fragment. Remove everything from ? or # on.`);
	}

	if (url.protocol === 'http:' && !isLoopback(url)) {
		throw usageError(`${source} would send the key unencrypted. Use https (http is for this machine only).`);
	}

	// An empty query or fragment leaves `?` or `#` in the URL.
	url.search = '';
	url.hash = '';
	url.pathname = url.pathname.replace(/\/+$/, '');
	return url;
}

/**
 * Returns the API URL that belongs to a remote, by the rule of the `baseten` CLI: `app.` becomes `api.`, and a name
 * with neither prefix gets the prefix `api.`. IP addresses and names of this machine don't change.
 */
export function apiUrlOfRemote(remoteUrl: URL): URL {
	const url = new URL(remoteUrl);
	const {hostname} = url;
	const isAddress = ipv4.test(hostname) || hostname.startsWith('[');
	if (!isAddress && !isLoopback(url) && !hostname.startsWith('api.')) {
		url.hostname = `api.${hostname.replace(/^app\./, '')}`;
	}

	return url;
}
