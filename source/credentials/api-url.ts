import {usageError} from '../errors/usage-error.ts';

/** Where the API is when nothing says otherwise. */
export const defaultApiUrl = 'https://api.baseten.co';

const ipv4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/** Whether a host is this machine by its name or number. */
export function isLoopback({hostname}: URL): boolean {
	return hostname === 'localhost' || hostname === '[::1]' || (ipv4.test(hostname) && hostname.startsWith('127.'));
}

/**
 * The base of an API, or a remote URL. A path is kept, without slashes at its end. `source` begins the sentence of a
 * mistake; the text itself is never repeated, as there may be a password or a key in it.
 *
 * @throws UserError for what is no https URL (or http to this machine) or has a user, query or fragment
 */
export function parseBaseUrl(text: string, source: string): URL {
	const trimmed = text.trim();
	if (!URL.canParse(trimmed)) {
		throw usageError(`${source} is not a URL: give one such as ${defaultApiUrl}.`);
	}

	const url = new URL(trimmed);
	if (url.protocol !== 'https:' && url.protocol !== 'http:') {
		throw usageError(`${source} does not begin with https://: give a URL such as ${defaultApiUrl}.`);
	}

	if (url.username !== '' || url.password !== '') {
		throw usageError(`${source} has a user name or password in it: leave them out.`);
	}

	if (url.search !== '' || url.hash !== '') {
		throw usageError(`${source} has a query or a fragment: leave out what follows ? or #.`);
	}

	if (url.protocol === 'http:' && !isLoopback(url)) {
		throw usageError(`${source} would send the key unencrypted: use https, http is for this machine only.`);
	}

	// An empty query or fragment leaves its mark in the text of the URL.
	url.search = '';
	url.hash = '';
	url.pathname = url.pathname.replace(/\/+$/, '');
	return url;
}

/**
 * The API that belongs to a remote, by the rule of the `baseten` CLI: `app.` becomes `api.`, and a name with neither gets
 * `api.` in front. Addresses, and names of this machine, stay as they are.
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
