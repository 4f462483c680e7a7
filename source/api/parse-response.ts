import * as z from 'zod/mini';
import {cleanText} from './clean-text.ts';
import type {Failure} from './failure.ts';
import type {Secret} from './secret.ts';

/** The maximum length of a message, which is shown in a single line. */
const maxMessageLength = 200;

/** The length of the part of a message that is searched for the key, far more than is shown. */
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
 * Reads the body of an error. Plain text is the message; an HTML page has none. If the server echoes the key, it is
 * redacted.
 */
export function readErrorBody(body: string, secret: Secret): ErrorBody {
	// The text is cleaned first, because a control sequence can be in the middle of a key, and cut last, because half
	// of a key must be redacted too.
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
 * Returns the wait that a `Retry-After` header specifies, in milliseconds: whole seconds or a date (RFC 9110, section
 * 10.2.3).
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

/** Parses a response as JSON, or describes what it is instead; the key is replaced with `[redacted]` everywhere. */
export function parseResponse(
	text: string,
	contentType: string | null,
	secret: Secret,
): {readonly value: unknown} | Failure {
	try {
		return {value: parseWithoutKey(text, secret)};
	} catch {
		return whyNotJson(text, contentType, secret);
	}
}

/** Describes a response that can't be parsed. */
export function whyNotJson(text: string, contentType: string | null, secret: Secret): Failure {
	const named = cleanText(secret.hideIn((contentType ?? '').split(';')[0] ?? ''), 40);
	const isJson = named.includes('json');
	const kind = text === '' ? 'empty' : isJson || named === '' ? 'unreadable' : named;
	return {kind: 'not-json', contentType: kind};
}

/**
 * Parses JSON, with `[redacted]` for the key.
 *
 * @throws SyntaxError for a string that isn't JSON
 */
export function parseWithoutKey(text: string, secret: Secret): unknown {
	const parsed: unknown = JSON.parse(text);
	const hiding = hideKey(text, secret);
	let step = hiding.next();
	while (step.done !== true) {
		step = hiding.next();
	}

	return step.value === text ? parsed : JSON.parse(step.value);
}

/**
 * The maximum number of different strings that are remembered: every series in a response has the same hundred or so
 * timestamps, which are longer than some keys.
 */
const maxRemembered = 1024;

/** The length of text that is searched, or skipped because it is known, before keys are handled, in UTF-16 units. */
const searchedAtOnce = 16 * 1024;

/**
 * Returns a JSON text with `[redacted]` for the key in each of its strings, and otherwise the same text. Searching a
 * string is slow, and almost all are shorter than the key, so only those that are at least as long are searched, each
 * once. They usually recur in the same order, and are then recognized without being copied. It pauses at every yield,
 * as `Steps` do. If it returns for text that isn't JSON, the result isn't JSON either.
 *
 * @throws SyntaxError for a string with the key that isn't JSON
 */
export function* hideKey(text: string, secret: Secret): Generator<undefined, string, undefined> {
	const {shortestText} = secret;
	const safe: string[] = [];
	const places = new Map<string, number>();
	let hidden = '';
	let copiedTo = 0;
	let place = 0;
	let pauseAt = searchedAtOnce;
	for (let from = text.indexOf('"'); from >= 0; ) {
		const to = endOfString(text, from);
		if (to - from > shortestText) {
			const expected = safe[place];
			if (expected?.length === to - from - 1 && text.startsWith(expected, from + 1)) {
				place++;
			} else {
				const between = text.slice(from + 1, to);
				const known = places.get(between);
				const string = known === undefined ? unescapeJson(between) : '';
				// A long string takes as much time as many short ones.
				pauseAt -= string.length;
				if (known === undefined && secret.isIn(string)) {
					// Replacing a string that isn't JSON would make the whole text JSON.
					JSON.parse(text.slice(from, to + 1));
					hidden += text.slice(copiedTo, from) + JSON.stringify(secret.hideIn(string));
					copiedTo = to + 1;
				} else {
					place = known ?? safe.length;
					if (known === undefined && safe.length < maxRemembered) {
						places.set(between, place);
						safe.push(between);
					}

					place++;
				}
			}
		}

		if (to > pauseAt) {
			pauseAt = to + searchedAtOnce;
			yield;
		}

		from = text.indexOf('"', to + 1);
	}

	return copiedTo === 0 ? text : hidden + text.slice(copiedTo);
}

const backslash = 0x5c;

/** Returns the position of the quote that ends a JSON string, or the length of the text if none does. */
export function endOfString(text: string, start: number): number {
	for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
		let escapes = 0;
		while (text.charCodeAt(end - 1 - escapes) === backslash) {
			escapes++;
		}

		if (escapes % 2 === 0) {
			return end;
		}
	}

	return text.length;
}

/** Returns the text between the quotes of a string in JSON without its escapes. */
function unescapeJson(between: string): string {
	if (!between.includes('\\')) {
		return between;
	}

	try {
		return String(JSON.parse(`"${between}"`));
	} catch {
		return between;
	}
}
