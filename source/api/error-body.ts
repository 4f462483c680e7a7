import * as z from 'zod';
import {cleanText} from './clean-text.ts';
import type {Secret} from './secret.ts';

/** The maximum length of a message, which is shown in one line. */
const maximumMessageLength = 200;

const text = z.string().min(1).optional().catch(undefined);

/** `{code, message}`, `{error, retry_after}`, `{error: {message}}` or `{detail}`: all have been seen or are usual. */
const errorBody = z.object({
	message: text,
	error: z
		.union([z.string(), z.object({message: z.string()}).transform(({message}) => message)])
		.optional()
		.catch(undefined),
	detail: text,
	retry_after: z
		.union([
			z.number().nonnegative(),
			z
				.string()
				.regex(/^\d+(?:\.\d+)?$/)
				.transform(Number),
		])
		.optional()
		.catch(undefined),
});

/** The content of an error's body: its cleaned message (may be empty), and the wait it names in milliseconds. */
export type ErrorBody = {readonly message: string; readonly retryAfterMs: number | undefined};

function parse(body: string): unknown {
	try {
		return JSON.parse(body);
	} catch {
		return undefined;
	}
}

/**
 * Reads the body of an error. Plain text is the message; a page of HTML has none. If the server repeats the key, it is
 * redacted.
 */
export function readErrorBody(body: string, secret: Secret): ErrorBody {
	// Cleaned first: a control sequence may be in the middle of a key. Cut last: the half of a key is still of a key.
	const say = (message: string): string => cleanText(secret.hideIn(cleanText(message)), maximumMessageLength);
	const parsed = errorBody.safeParse(parse(body));
	if (parsed.success) {
		const {message, error, detail, retry_after: seconds} = parsed.data;
		return {
			message: say(message ?? error ?? detail ?? ''),
			retryAfterMs: seconds === undefined ? undefined : seconds * 1000,
		};
	}

	const isPage = /^\s*</.test(body);
	return {message: isPage ? '' : say(body), retryAfterMs: undefined};
}

/** The wait that a `Retry-After` header names, in milliseconds: whole seconds or a date (RFC 9110, section 10.2.3). */
export function readRetryAfter(headers: Pick<Headers, 'get'>, nowMs: number): number | undefined {
	const value = headers.get('retry-after')?.trim();
	if (value === undefined || value === '') {
		return undefined;
	}

	if (/^\d+(?:\.\d+)?$/.test(value)) {
		return Number(value) * 1000;
	}

	// Date.parse takes almost anything for a date, -5 as well.
	const date = /^[a-z]{3,9},? /i.test(value) ? Date.parse(value) : Number.NaN;
	return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
