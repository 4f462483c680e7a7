import {cleanText} from './clean-text.ts';
import type {Failure} from './failure.ts';
import type {Secret} from './secret.ts';

/** The value of an answer that should be JSON, or what it is instead; with `[redacted]` wherever the key is in it. */
export function parseAnswer(
	text: string,
	contentType: string | null,
	secret: Secret,
): {readonly value: unknown} | Failure {
	try {
		return {value: parseWithoutKey(text, secret)};
	} catch {
		const named = cleanText(secret.hideIn((contentType ?? '').split(';')[0] ?? ''), 40);
		const isJson = named.includes('json');
		const kind = text === '' ? 'empty' : isJson || named === '' ? 'unreadable' : named;
		return {kind: 'not-json', contentType: kind};
	}
}

/** Throws SyntaxError or RangeError for what is no JSON, or nested too deep to be looked through. */
function parseWithoutKey(text: string, secret: Secret): unknown {
	// Looking at every value is slow, and answers with neither the key nor an escape, which could spell it, are the rule.
	if (!text.includes('\\') && !secret.isIn(text)) {
		return JSON.parse(text);
	}

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
