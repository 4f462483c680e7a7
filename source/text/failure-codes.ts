const untrusted = 'has a TLS certificate that is not trusted';

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

const proxyWords: Readonly<Record<number, string>> = {
	403: 'does not allow the connection',
	407: 'wants a user and a password',
	502: 'cannot reach the API',
	503: 'cannot reach the API',
	504: 'cannot reach the API',
};

/** What is wrong with a host, by a code of Node.js or OpenSSL: the rest of a sentence that begins with its name. */
export function describeCode(code: string): string {
	return networkWords.find(([codes]) => code.startsWith(codes))?.[1] ?? `failed (${code})`;
}

/** What an error status of the API means: `what it is`, before what the server says of it. */
export function describeErrorStatus(status: number): string {
	return statusWords[status] ?? (status < 500 ? 'refused' : 'server error');
}

/** What it means that a proxy answered with this status: the rest of a sentence that begins with its name. */
export function describeProxyStatus(status: number): string {
	return proxyWords[status] ?? 'refuses the connection';
}
