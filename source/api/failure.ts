/**
 * Why a request brought no usable answer. A status carries what the server said of it (already cleaned) and, where the
 * server named a wait, that wait in milliseconds.
 */
export type Failure =
	| {
			readonly kind: 'status';
			readonly status: number;
			readonly message: string;
			readonly retryAfterMs: number | undefined;
	  }
	| {readonly kind: 'redirect'; readonly status: number; readonly host: string}
	| {readonly kind: 'network'; readonly code: string; readonly host: string}
	| {readonly kind: 'timeout'; readonly afterMs: number}
	| {readonly kind: 'too-large'; readonly limitBytes: number}
	| {readonly kind: 'cut-off'}
	| {readonly kind: 'not-json'; readonly contentType: string}
	| {readonly kind: 'wrong-shape'; readonly problem: string};

/** What came of a request: an answer or a failure, and how long it took in milliseconds. */
export type Result<Value> =
	| {readonly ok: true; readonly value: Value; readonly tookMs: number}
	| {readonly ok: false; readonly failure: Failure; readonly tookMs: number};

/** The failure with this status, whatever else it says. */
export function hasStatus(failure: Failure, ...statuses: readonly number[]): boolean {
	return failure.kind === 'status' && statuses.includes(failure.status);
}

const networkWords: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'refuses connections',
	ECONNRESET: 'closed the connection',
	UND_ERR_SOCKET: 'closed the connection',
	EPIPE: 'closed the connection',
	ENOTFOUND: 'has no address (DNS)',
	EAI_AGAIN: 'cannot be looked up (DNS)',
	ETIMEDOUT: 'does not answer',
	UND_ERR_CONNECT_TIMEOUT: 'does not answer',
	EHOSTUNREACH: 'cannot be reached',
	ENETUNREACH: 'cannot be reached: no network',
	CERT_HAS_EXPIRED: 'has an expired TLS certificate',
	DEPTH_ZERO_SELF_SIGNED_CERT: 'has a TLS certificate that is not trusted',
	SELF_SIGNED_CERT_IN_CHAIN: 'has a TLS certificate that is not trusted',
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'has a TLS certificate that is not trusted',
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'has a TLS certificate that is not trusted',
	ERR_TLS_CERT_ALTNAME_INVALID: 'has a TLS certificate for another name',
};

const statusWords: Readonly<Record<number, string>> = {
	401: 'the key is not accepted',
	403: 'the key is not allowed to see this',
	404: 'not found',
	408: 'timed out on the server',
	429: 'too many requests',
	500: 'server error',
	502: 'bad gateway',
	503: 'service unavailable',
	504: 'gateway timed out',
};

/** What is wrong, in a few words that fit a header: no full stop, no line break, and never the key. */
export function describeFailure(failure: Failure): string {
	switch (failure.kind) {
		case 'status': {
			const words = statusWords[failure.status] ?? (failure.status < 500 ? 'refused' : 'server error');
			const said = failure.message === '' ? '' : `: ${failure.message}`;
			return `${failure.status} ${words}${said}`;
		}

		case 'redirect':
			return `${failure.status} redirect to ${failure.host}, not followed`;
		case 'network':
			return `${failure.host} ${networkWords[failure.code] ?? `failed (${failure.code})`}`;
		case 'timeout':
			return `no answer within ${Math.round(failure.afterMs / 1000)}s`;
		case 'too-large':
			return `the answer is larger than ${Math.round(failure.limitBytes / 1024 ** 2)} MiB`;
		case 'cut-off':
			return 'the answer was cut off';
		case 'not-json':
			return `the answer is ${failure.contentType}, not JSON`;
		case 'wrong-shape':
			return `the answer has another shape: ${failure.problem}`;
	}
}

/** The same in very few words, where a line is short. */
export function nameFailure(failure: Failure): string {
	switch (failure.kind) {
		case 'status':
			return `${failure.status}`;
		case 'redirect':
			return `${failure.status} redirect`;
		case 'network':
			return failure.code === 'ENOTFOUND' || failure.code === 'EAI_AGAIN' ? 'no DNS' : 'no connection';
		case 'timeout':
			return 'no answer';
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
