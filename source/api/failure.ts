import * as z from 'zod/mini';
import {cleanText} from './clean-text.ts';
import type {Secret} from './secret.ts';

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
 * The reason why a request produced no usable response. For an HTTP status, `message` is the server's message (cleaned,
 * possibly empty), and `retryAfterMs` is the wait that the server specified, if any.
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
	/** The connection to the proxy itself failed. */
	| {readonly kind: 'proxy-network'; readonly code: string; readonly host: string}
	| {readonly kind: 'timeout'; readonly afterMs: number}
	| {readonly kind: 'too-large'; readonly limitBytes: number}
	| {readonly kind: 'cut-off'}
	| {readonly kind: 'not-json'; readonly contentType: string}
	| {readonly kind: 'wrong-shape'; readonly problem: string};

/**
 * The result of a request: a value or a failure, and the duration of the request in milliseconds. `serverMs` is the
 * time at which the server sent the response, in epoch milliseconds, if known; `bytes` is the approximate size of the
 * response's decoded body.
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

/** The maximum length of a message, which is shown on a single line. */
const maxMessageLength = 200;

/** How much of a message is searched for the key, in UTF-16 code units: far more than is shown. */
const maxSearchedLength = 16_384;

const text = z.catch(z.optional(z.string().check(z.minLength(1))), undefined);

/**
 * The schema of an error's body: `{code, message}`, `{error, retry_after}`, `{error: {message}}`, or `{detail}`, all of
 * which have been observed or are common.
 */
const errorBody = z.object({
	message: text,
	error: z.catch(z.optional(z.union([z.string(), z.object({message: z.string()})])), undefined),
	detail: text,
	retry_after: z.catch(
		z.optional(
			z.union([
				z.number().check(z.nonnegative()),
				z.pipe(z.string().check(z.regex(/^\d+(?:\.\d+)?$/)), z.transform(Number)),
			]),
		),
		undefined,
	),
});

/**
 * The content of an error's body: its cleaned message (possibly empty), and the wait that it specifies, in
 * milliseconds.
 */
type ErrorBody = {readonly message: string; readonly retryAfterMs: number | undefined};

function parse(body: string): unknown {
	try {
		return JSON.parse(body);
	} catch {
		return undefined;
	}
}

/**
 * Reads the body of an error. Plain text is the message; an HTML page has none. If the server echoes the key, the key
 * is redacted.
 */
export function readErrorBody(body: string, secret: Secret): ErrorBody {
	// The text is cleaned first, because a control sequence can interrupt a key, and cut last, because half a key
	// couldn't be recognized and redacted.
	const say = (message: string): string =>
		cleanText(secret.hideIn(cleanText(message, maxSearchedLength)), maxMessageLength);
	const parsed = errorBody.safeParse(parse(body));
	if (parsed.success) {
		const {message, error, detail, retry_after: seconds} = parsed.data;
		return {
			message: say(message ?? (typeof error === 'object' ? error.message : error) ?? detail ?? ''),
			retryAfterMs: seconds === undefined ? undefined : seconds * 1000,
		};
	}

	const isPage = /^\s*</.test(body);
	return {message: isPage ? '' : say(body), retryAfterMs: undefined};
}

/**
 * Returns the wait that a `Retry-After` header specifies as seconds or as a date (RFC 9110, section 10.2.3), in
 * milliseconds: 0 for a date in the past, and undefined if there is no readable header.
 */
export function readRetryAfter(headers: Pick<Headers, 'get'>, nowMs: number): number | undefined {
	const value = headers.get('retry-after')?.trim();
	if (value === undefined || value === '') {
		return undefined;
	}

	if (/^\d+(?:\.\d+)?$/.test(value)) {
		return Number(value) * 1000;
	}

	// Date.parse accepts almost anything as a date, including -5.
	const date = /^[a-z]{3,9},? /i.test(value) ? Date.parse(value) : Number.NaN;
	return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
