import type {ProxyServer} from '../api/network.ts';
import {Secret} from '../api/secret.ts';
import {usageError} from '../errors/usage-error.ts';
import {isLoopback} from './api-url.ts';
import {type Environment, readVariable} from './environment.ts';
import {isExcepted} from './no-proxy.ts';

/** The variables by precedence. As in curl, a name in lower case wins over one in capitals. */
const variables = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] as const;

/**
 * Returns the proxy that the environment names for the API, or undefined if there is none or NO_PROXY exempts the API.
 * Loopback never goes through a proxy: it would be another machine to the proxy, and plain http would expose the key.
 *
 * @throws UserError for an unusable proxy. Its URL is never repeated, since it may contain a password
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

/** Decodes percent-encoding; text that isn't validly encoded is returned as it is. */
function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
