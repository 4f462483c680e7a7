import type {Failure} from '../api/failure.ts';
import {withNoun} from './format.ts';
import {sayDuration} from './spoken-format.ts';

/**
 * The description of an untrusted certificate. A proxy or firewall that inspects TLS presents its own certificate, and
 * Node.js also trusts the certificate authorities in NODE_EXTRA_CA_CERTS.
 */
const untrusted = "has a TLS certificate that isn't trusted: see NODE_EXTRA_CA_CERTS";

/** The descriptions of network errors, by the prefix of the Node.js or OpenSSL error code. */
const networkWords: ReadonlyArray<readonly [codes: string, words: string]> = [
	['ECONNREFUSED', 'refuses connections'],
	['ECONNRESET', 'closed the connection'],
	['EPIPE', 'closed the connection'],
	['ENOTFOUND', "can't be resolved (DNS)"],
	['EAI_AGAIN', "can't be resolved right now (DNS)"],
	['ETIMEDOUT', "doesn't respond"],
	['EHOSTUNREACH', "can't be reached"],
	['ENETUNREACH', "can't be reached: no network"],
	['CERT_HAS_EXPIRED', 'has an expired TLS certificate'],
	['CERT_NOT_YET_VALID', "has a TLS certificate that isn't valid yet. Check this machine's clock"],
	['DEPTH_ZERO_SELF_SIGNED_CERT', untrusted],
	['SELF_SIGNED_CERT_IN_CHAIN', untrusted],
	['UNABLE_TO_', untrusted],
	['CERT_UNTRUSTED', untrusted],
	['INVALID_CA', untrusted],
	['ERR_TLS_CERT_ALTNAME_INVALID', 'has a TLS certificate for another name'],
	['ERR_SSL_', 'sent invalid TLS'],
	['EPROTO', 'sent invalid TLS'],
	['HPE_', 'sent invalid HTTP'],
];

const statusWords: Readonly<Record<number, string>> = {
	401: 'the key was rejected',
	403: 'no access',
	404: 'not found',
	407: 'a proxy along the route requires a password',
	408: 'timed out on the server',
	429: 'too many requests',
	500: 'server error',
	502: 'bad gateway',
	503: 'service unavailable',
	504: 'gateway timed out',
};

/** The meaning of a proxy's response to CONNECT. */
type ProxyResponse = 'password' | 'forbidden' | 'unreachable' | 'no-tunnels' | 'login-page' | 'busy' | 'refusal';

/**
 * The meaning of each status with which proxies respond to CONNECT; RFC 9110, section 9.3.6, leaves the choice to them.
 *
 * Observed in November 2026: squid 5.7 sends 500 or 503 if a host can't be reached, 403 for a forbidden port, and 407
 * if the password is missing or wrong. tinyproxy 1.11 sends 500, 403, or 407, but 401 if the password is wrong. privoxy
 * 3.0 sends 404 if a host can't be resolved, 503 if it refuses connections, and 403 for a forbidden port. mitmproxy 8.1
 * sends 502 or 407. haproxy 2.6 sends 503, or passes CONNECT to a web server. A web server sends 400, 405, or 501. A
 * captive portal redirects.
 */
const proxyResponses: ReadonlyArray<readonly [statuses: readonly number[], response: ProxyResponse]> = [
	[[401, 407], 'password'],
	[[403, 451], 'forbidden'],
	[[404, 410, 500, 502, 503, 504], 'unreachable'],
	[[400, 405, 501], 'no-tunnels'],
	[[301, 302, 303, 307, 308, 511], 'login-page'],
	[[429], 'busy'],
];

function classifyProxyStatus(status: number): ProxyResponse {
	const named = proxyResponses.find(([statuses]) => statuses.includes(status))?.[1];
	return named ?? (status >= 500 ? 'unreachable' : 'refusal');
}

/**
 * Describes a Node.js or OpenSSL error code as the rest of a sentence that starts with the host: `refuses connections`.
 * An unknown code is included: `failed (ECODE)`.
 */
function describeCode(code: string): string {
	return networkWords.find(([codes]) => code.startsWith(codes))?.[1] ?? `failed (${code})`;
}

/** Describes an error status of the API (4xx or 5xx) in a few words: `not found`. */
function describeErrorStatus(status: number): string {
	return statusWords[status] ?? (status < 500 ? 'refused' : 'server error');
}

/** Describes why a proxy didn't open a tunnel, as the rest of a sentence that starts with the proxy's name. */
function describeProxyStatus({status, api, passwordFrom}: Extract<Failure, {kind: 'proxy-refusal'}>): string {
	switch (classifyProxyStatus(status)) {
		case 'password':
			return passwordFrom === undefined
				? 'requires a username and password'
				: `doesn't accept the username and password in ${passwordFrom}`;
		case 'forbidden':
			return `doesn't allow connections to ${api}`;
		case 'unreachable':
			return `can't reach ${api}`;
		case 'no-tunnels':
			return "doesn't open tunnels";
		case 'login-page':
			return 'requires a login in a browser first';
		case 'busy':
			return 'received too many requests';
		case 'refusal':
			return 'refuses the connection';
	}
}

/** Returns a whole sentence that says what to do about a proxy that didn't open a tunnel. */
export function adviseOnProxyStatus({status, passwordFrom}: Extract<Failure, {kind: 'proxy-refusal'}>): string {
	switch (classifyProxyStatus(status)) {
		case 'password':
			return passwordFrom === undefined
				? 'Add them to HTTPS_PROXY, as in http://user:password@proxy.example.com:3128.'
				: `Correct them in ${passwordFrom}, with special characters percent-encoded (@ is %40).`;
		case 'login-page':
			return 'Open any page in a browser, sign in, and try again.';
		case 'unreachable':
		case 'busy':
			return 'Try again later, or exempt the API with NO_PROXY.';
		case 'forbidden':
		case 'no-tunnels':
		case 'refusal':
			return 'Check the address in HTTPS_PROXY or HTTP_PROXY, or exempt the API with NO_PROXY.';
	}
}

/** Returns whether a Node.js or OpenSSL error code means that the certificate wasn't signed by a trusted authority. */
export function isUntrusted(code: string): boolean {
	return describeCode(code) === untrusted;
}

/** Describes a failure in a few words for the header: no period at the end, no line break, and never the API key. */
export function describeFailure(failure: Failure): string {
	switch (failure.kind) {
		case 'status': {
			// The text becomes part of a sentence that has its own period.
			const message = failure.message.replace(/[\s.,;:]+$/, '');
			return `${failure.status} ${describeErrorStatus(failure.status)}${message === '' ? '' : `: ${message}`}`;
		}

		case 'redirect':
			return `${failure.status} redirect to ${failure.host}, not followed`;
		case 'network':
			return `${failure.host} ${describeCode(failure.code)}`;
		case 'proxy-refusal':
			return `the proxy ${failure.host} ${describeProxyStatus(failure)} (${failure.status})`;
		case 'proxy-network':
			return `the proxy ${failure.host} ${describeCode(failure.code)}`;
		case 'timeout':
			return `no response within ${Math.round(failure.afterMs / 1000)}s`;
		case 'too-large':
			return `the response is larger than ${Math.round(failure.limitBytes / 1024 ** 2)} MiB`;
		case 'cut-off':
			return 'the response was cut off';
		case 'not-json':
			return `the response is ${failure.contentType}, not JSON`;
		case 'wrong-shape':
			return `unexpected response: ${failure.problem}`;
	}
}

/** Describes a failure as `describeFailure` does, with units spelled out and without a period at the end. */
export function sayFailure(failure: Failure): string {
	switch (failure.kind) {
		case 'timeout':
			return `no response within ${sayDuration(failure.afterMs)}`;
		case 'too-large':
			return `the response is larger than ${withNoun(Math.round(failure.limitBytes / 1024 ** 2), 'mebibyte')}`;
		default:
			return describeFailure(failure).replace(/\.$/, '');
	}
}

/**
 * Returns the reason why part of the data is missing: its request failed, or the price list doesn't have the
 * deployment's instance type.
 */
export function describeMissing(failure: Failure | 'unlisted'): string {
	return failure === 'unlisted' ? 'the price list has no valid price for this instance type' : describeFailure(failure);
}

/** Describes a failure in one or two words, for short lines. */
export function nameFailure(failure: Failure): string {
	switch (failure.kind) {
		case 'status':
			// A bare code could be mistaken for a status of the deployment's own requests, whose shares are shown
			// nearby.
			return `API ${failure.status}`;
		case 'redirect':
			return `${failure.status} redirect`;
		case 'network':
			return failure.code === 'ENOTFOUND' || failure.code === 'EAI_AGAIN' ? 'no DNS' : 'no connection';
		case 'proxy-refusal':
			return `proxy ${failure.status}`;
		case 'proxy-network':
			return 'proxy failed';
		case 'timeout':
			return 'no response';
		case 'too-large':
			return 'too large';
		case 'cut-off':
			return 'cut off';
		case 'not-json':
			return 'not JSON';
		case 'wrong-shape':
			return 'wrong shape';
	}
}
