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
 * @throws SyntaxError or RangeError for a string that isn't JSON, or is nested too deeply to search
 */
export function parseWithoutKey(text: string, secret: Secret): unknown {
	const parsed: unknown = JSON.parse(text);
	return mayHoldKey(text, secret) ? parseAgain(text, secret) : parsed;
}

/**
 * The maximum number of different strings that are checked one by one: every series in a response has the same hundred
 * or so timestamps, which are longer than some keys.
 */
const maxChecked = 1024;

/**
 * Returns whether a string in a JSON text can contain the key. Checking every string is slow, and almost all of them
 * are shorter than the key, so only those that are at least as long are checked, each once. They usually recur in the
 * same order, and are then recognized without being copied. If the text contains an escaped quote, which could divide
 * the key, returns true.
 */
function mayHoldKey(text: string, secret: Secret): boolean {
	if (text.includes(String.raw`\"`)) {
		return true;
	}

	const {shortestText} = secret;
	const checked: string[] = [];
	const places = new Map<string, number>();
	let place = 0;
	// Without escaped quotes, every second quote ends a string.
	for (let from = text.indexOf('"'); from >= 0; ) {
		const to = text.indexOf('"', from + 1);
		if (to - from > shortestText) {
			const expected = checked[place];
			if (expected?.length === to - from - 1 && text.startsWith(expected, from + 1)) {
				place++;
			} else {
				const between = text.slice(from + 1, to);
				const known = places.get(between);
				if (known === undefined && secret.isIn(unescapeJson(between))) {
					return true;
				}

				place = known ?? checked.length;
				if (known === undefined && checked.length < maxChecked) {
					places.set(between, place);
					checked.push(between);
				}

				place++;
			}
		}

		from = to < 0 ? -1 : text.indexOf('"', to + 1);
	}

	return false;
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

function parseAgain(text: string, secret: Secret): unknown {
	return JSON.parse(text, (_, value: unknown) => {
		if (typeof value === 'string') {
			return secret.hideIn(value);
		}

		return isMap(value) ? withoutKeyInNames(value, secret) : value;
	});
}

function isMap(value: unknown): value is object {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutKeyInNames(map: object, secret: Secret): object {
	return Object.keys(map).some(name => secret.isIn(name))
		? Object.fromEntries(Object.entries(map).map(([name, value]) => [secret.hideIn(name), value]))
		: map;
}
