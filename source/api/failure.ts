import {cleanText} from './clean-text.ts';

/**
 * Returns the code of an error thrown by Node.js, such as `ECONNREFUSED`; `unknown` if it has none. If Node.js tried
 * several addresses, this is the code of the first error.
 */
export function errorCodeOf(error: unknown): string {
	const first = error instanceof AggregateError ? error.errors[0] : error;
	return first instanceof Error && 'code' in first && typeof first.code === 'string'
		? cleanText(first.code, 60)
		: 'unknown';
}

/**
 * Why a request produced no usable response. For an HTTP status, `message` is the server's message (cleaned, possibly
 * empty), and `retryAfterMs` the wait that the server requested, if any.
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
	/**
	 * The proxy `host` responded to CONNECT with a status other than 2xx. `api` is the requested host, and
	 * `passwordFrom` is the variable whose username and password were sent; undefined if none were.
	 */
	| {
			readonly kind: 'proxy-refusal';
			readonly status: number;
			readonly host: string;
			readonly api: string;
			readonly passwordFrom: string | undefined;
	  }
	/** The proxy itself couldn't be reached. */
	| {readonly kind: 'proxy-network'; readonly code: string; readonly host: string}
	| {readonly kind: 'timeout'; readonly afterMs: number}
	| {readonly kind: 'too-large'; readonly limitBytes: number}
	| {readonly kind: 'cut-off'}
	| {readonly kind: 'not-json'; readonly contentType: string}
	| {readonly kind: 'wrong-shape'; readonly problem: string};

/**
 * The result of a request: a value or a failure, and its duration in milliseconds. `serverMs` is the time at which the
 * server sent the response, in epoch milliseconds, if known; `bytes` is the approximate size of its decoded body.
 */
export type Result<Value> =
	| {
			readonly ok: true;
			readonly value: Value;
			readonly tookMs: number;
			readonly serverMs?: number | undefined;
			readonly bytes?: number;
	  }
	| {readonly ok: false; readonly failure: Failure; readonly tookMs: number};

/** Returns whether a failure is a response with one of these statuses. */
export function hasStatus(failure: Failure, ...statuses: readonly number[]): boolean {
	return failure.kind === 'status' && statuses.includes(failure.status);
}
