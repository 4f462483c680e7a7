import type {Failure} from '../api/failure.ts';

/** A proxy or firewall that inspects TLS presents a certificate of its own: Node.js trusts the files named there as well. */
const untrusted = "has a TLS certificate that isn't trusted: see NODE_EXTRA_CA_CERTS";

/** What is wrong with a host, by the beginning of the code that the network gave. */
const networkWords: ReadonlyArray<readonly [codes: string, words: string]> = [
	['ECONNREFUSED', 'refuses connections'],
	['ECONNRESET', 'closed the connection'],
	['EPIPE', 'closed the connection'],
	['ENOTFOUND', 'has no address (DNS)'],
	['EAI_AGAIN', 'cannot be looked up (DNS)'],
	['ETIMEDOUT', 'does not answer'],
	['EHOSTUNREACH', 'cannot be reached'],
	['ENETUNREACH', 'cannot be reached: no network'],
	['CERT_HAS_EXPIRED', 'has an expired TLS certificate'],
	['CERT_NOT_YET_VALID', 'has a TLS certificate that is not valid yet: is this clock right?'],
	['DEPTH_ZERO_SELF_SIGNED_CERT', untrusted],
	['SELF_SIGNED_CERT_IN_CHAIN', untrusted],
	['UNABLE_TO_', untrusted],
	['CERT_UNTRUSTED', untrusted],
	['INVALID_CA', untrusted],
	['ERR_TLS_CERT_ALTNAME_INVALID', 'has a TLS certificate for another name'],
	['ERR_SSL_', 'does not speak TLS as it should'],
	['EPROTO', 'does not speak TLS as it should'],
	['HPE_', 'does not speak HTTP as it should'],
];

const statusWords: Readonly<Record<number, string>> = {
	401: 'the key is not accepted',
	403: 'the key is not allowed to see this',
	404: 'not found',
	407: 'a proxy on the way wants a password',
	408: 'timed out on the server',
	429: 'too many requests',
	500: 'server error',
	502: 'bad gateway',
	503: 'service unavailable',
	504: 'gateway timed out',
};

/** What a proxy's answer to CONNECT means. */
type ProxyAnswer = 'password' | 'forbidden' | 'unreachable' | 'no-tunnels' | 'login-page' | 'busy' | 'refusal';

/**
 * What each status means that proxies answer CONNECT with (RFC 9110, section 9.3.6, leaves that to them). Seen in November
 * 2026: squid 5.7 answers 500 or 503 if a host can't be reached, 403 for a forbidden port, 407 without a password or with a
 * wrong one; tinyproxy 1.11 answers 500, 403, 407, and 401 to a wrong password; privoxy 3.0 answers 404 if a host has no
 * address, 503 if it refuses connections, 403; mitmproxy 8.1 answers 502, 407; haproxy 2.6 answers 503, or passes CONNECT to
 * a web server, as do those of which the address isn't a proxy's: these answer 400, 405 or 501. A captive portal redirects.
 */
const proxyAnswers: ReadonlyArray<readonly [statuses: readonly number[], answer: ProxyAnswer]> = [
	[[401, 407], 'password'],
	[[403, 451], 'forbidden'],
	[[404, 410, 500, 502, 503, 504], 'unreachable'],
	[[400, 405, 501], 'no-tunnels'],
	[[301, 302, 303, 307, 308, 511], 'login-page'],
	[[429], 'busy'],
];

function classifyProxyStatus(status: number): ProxyAnswer {
	const named = proxyAnswers.find(([statuses]) => statuses.includes(status))?.[1];
	return named ?? (status >= 500 ? 'unreachable' : 'refusal');
}

/** What is wrong with a host, by a code of Node.js or OpenSSL: the rest of a sentence that begins with its name. */
export function describeCode(code: string): string {
	return networkWords.find(([codes]) => code.startsWith(codes))?.[1] ?? `failed (${code})`;
}

/** What an error status of the API means: `what it is`, before what the server says of it. */
export function describeErrorStatus(status: number): string {
	return statusWords[status] ?? (status < 500 ? 'refused' : 'server error');
}

/** Returns what it means that a proxy gave no tunnel: the rest of a sentence that begins with its name. */
export function describeProxyStatus({status, api, passwordFrom}: Extract<Failure, {kind: 'proxy-refusal'}>): string {
	switch (classifyProxyStatus(status)) {
		case 'password':
			return passwordFrom === undefined
				? 'requires a user name and a password'
				: `doesn't accept the user name and password in ${passwordFrom}`;
		case 'forbidden':
			return `doesn't allow connections to ${api}`;
		case 'unreachable':
			return `can't reach ${api}`;
		case 'no-tunnels':
			return "doesn't open tunnels";
		case 'login-page':
			return 'requires a login in a browser first';
		case 'busy':
			return 'has too many requests';
		case 'refusal':
			return 'refuses the connection';
	}
}

/** Returns what to do about a proxy that gave no tunnel: a whole sentence. */
export function adviseOnProxyStatus({status, passwordFrom}: Extract<Failure, {kind: 'proxy-refusal'}>): string {
	switch (classifyProxyStatus(status)) {
		case 'password':
			return passwordFrom === undefined
				? 'Give them in HTTPS_PROXY, as in http://user:password@proxy.example.com:3128.'
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

/** Whether a code of Node.js or OpenSSL means that nobody who is trusted signed the certificate. */
export function isUntrusted(code: string): boolean {
	return describeCode(code) === untrusted;
}
