import {BlockList, isIP} from 'node:net';
import type {ProxyServer} from '../api/network.ts';
import {Secret} from '../api/secret.ts';
import {usageError} from '../errors/user-error.ts';
import {type Environment, readVariable} from './host-environment.ts';

/** The default base URL of the API. */
export const defaultApiUrl = 'https://api.baseten.co';

const ipv4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/** Returns whether a URL's host is this machine: `localhost` or a loopback address. */
function isLoopback({hostname}: URL): boolean {
	return hostname === 'localhost' || hostname === '[::1]' || (ipv4.test(hostname) && hostname.startsWith('127.'));
}

/**
 * Parses the base URL of an API, or a remote URL. A path is kept, without trailing slashes. An error message begins
 * with `source`, and never repeats the URL itself, because the URL can contain a password or a key.
 *
 * @throws UserError unless `text` is an https URL (or http on this machine) without a username, password, query, or
 *   fragment
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
		throw usageError(`${source} has a query or a fragment. Remove the ? or #, and everything after it.`);
	}

	if (url.protocol === 'http:' && !isLoopback(url)) {
		throw usageError(`${source} would send the key unencrypted. Use https (http is allowed only for this machine).`);
	}

	// An empty query or fragment leaves `?` or `#` in the URL.
	url.search = '';
	url.hash = '';
	url.pathname = url.pathname.replace(/\/+$/, '');
	return url;
}

/**
 * Returns the API URL that belongs to a remote, derived as in the `baseten` CLI: the prefix `app.` becomes `api.`, and
 * a hostname with neither prefix gets the prefix `api.`. IP addresses and `localhost` don't change.
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

/**
 * Returns whether a NO_PROXY list exempts a URL, by the rules of curl and Go:
 *
 * - Entries are separated by commas, whitespace, or both, and are compared regardless of letter case.
 * - `*` exempts everything.
 * - A domain exempts itself and all its subdomains. A leading dot or `*.` changes nothing (as in curl), and neither
 *   does a final dot.
 * - An IP address exempts itself, in any notation; with a prefix length (`10.0.0.0/8`, `fd00::/8`), it exempts the
 *   network. A host given as an address never matches a name, and a name never matches the address that it resolves to.
 * - `:8443` at the end limits an entry to that port; IPv6 addresses with a port are in brackets.
 *
 * Any other entry exempts nothing.
 */
function isExcepted({hostname, port, protocol}: URL, list: string): boolean {
	const host = plainName(hostname);
	const realPort = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
	return list
		.toLowerCase()
		.split(/[\s,]+/)
		.filter(entry => entry !== '')
		.some(entry => {
			const {name, port: onlyPort} = splitPort(entry);
			return (onlyPort === undefined || Number(onlyPort) === Number(realPort)) && fits(host, name);
		});
}

function splitPort(entry: string): {readonly name: string; readonly port?: string | undefined} {
	// An entry with more than one colon and no brackets is an IPv6 address.
	const [, name, port] = /^(\[[^\]]*\](?:\/\d+)?|[^:]*):(\d+)$/.exec(entry) ?? [];
	return {name: name ?? entry, port};
}

function fits(host: string, entry: string): boolean {
	if (entry === '*') {
		return true;
	}

	const [address = '', prefix, ...rest] = entry.replace(/[[\]]/g, '').split('/');
	if (isIP(address) !== 0) {
		return rest.length === 0 && isIP(host) !== 0 && isInNetwork(host, address, prefix);
	}

	const name = plainName(entry.replace(/^\*?\./, ''));
	return name !== '' && isIP(host) === 0 && (host === name || host.endsWith(`.${name}`));
}

function isInNetwork(host: string, address: string, prefix: string | undefined): boolean {
	const bits = isIP(address) === 4 ? 32 : 128;
	const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
	// An IPv4 host isn't in any IPv6 network; one written as IPv6 (::ffff:10.1.2.3) is in its IPv4 network.
	if (!(length <= bits) || (bits === 128 && isIP(host) === 4)) {
		return false;
	}

	const network = new BlockList();
	network.addSubnet(address, length, familyOf(address));
	return network.check(host, familyOf(host));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
	return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}

/** Removes the brackets around an IPv6 address, and the dot at the end of a fully qualified name. */
function plainName(hostname: string): string {
	return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/**
 * The proxy variables, in order of precedence. As in curl, a lowercase name takes precedence over its uppercase form.
 */
const variables = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] as const;

/**
 * Returns the proxy that the environment specifies for the API, or undefined if there is none or NO_PROXY exempts the
 * API. Requests to this machine never go through a proxy: the proxy would connect to its own machine, and plain HTTP
 * would expose the key.
 *
 * @throws UserError for an unusable proxy URL, which the message never repeats, because it can contain a password
 */
export function readProxy(environment: Environment, apiUrl: URL): ProxyServer | undefined {
	const variable = variables.find(name => readVariable(environment, name) !== undefined);
	const exceptions = readVariable(environment, 'no_proxy') ?? readVariable(environment, 'NO_PROXY') ?? '';
	if (variable === undefined || isLoopback(apiUrl) || isExcepted(apiUrl, exceptions)) {
		return undefined;
	}

	const text = readVariable(environment, variable) ?? '';
	const withScheme = text.includes('://') ? text : `http://${text}`;
	if (!URL.canParse(withScheme)) {
		throw usageError(`${variable} isn't a URL. Use one such as http://proxy.example.com:3128.`);
	}

	const url = new URL(withScheme);
	if (url.protocol !== 'http:' && url.protocol !== 'https:') {
		throw usageError(`${variable} doesn't start with http:// or https://. Other kinds of proxies aren't supported.`);
	}

	const authorization = authorizationOf(url);
	return {url: new URL(url.origin), from: variable, ...(authorization === undefined ? {} : {authorization})};
}

function authorizationOf({username, password}: URL): Secret | undefined {
	if (username === '' && password === '') {
		return undefined;
	}

	const userAndPassword = `${decode(username)}:${decode(password)}`;
	return new Secret(`Basic ${Buffer.from(userAndPassword).toString('base64')}`);
}

/** Decodes percent-encoding; text with invalid encoding is returned unchanged. */
function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
