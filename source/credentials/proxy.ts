import type {ProxyServer} from '../api/network.ts';
import {Secret} from '../api/secret.ts';
import {usageError} from '../errors/usage-error.ts';
import {isLoopback} from './api-url.ts';
import {type Environment, readVariable} from './environment.ts';
import {isExcepted} from './no-proxy.ts';

/** The strongest first. As everywhere, a name in lower case counts more than one in capitals. */
const variables = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] as const;

/**
 * The proxy that the environment names for the API, or undefined where there is none, or NO_PROXY excepts the API. This
 * machine is never asked through a proxy: to a proxy it is another one, and plain http to it would carry the key.
 *
 * @throws UserError for a proxy that can't be used. Its text is never repeated, as there may be a password in it
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
		throw usageError(`${variable} is not a URL: give one such as http://proxy.example.com:3128.`);
	}

	const url = new URL(withScheme);
	if (url.protocol !== 'http:' && url.protocol !== 'https:') {
		throw usageError(`${variable} does not begin with http:// or https://: other kinds of proxies can't be used.`);
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

/** A percent sign that nobody encoded stands for itself. */
function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
