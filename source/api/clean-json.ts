import type {Secret} from './secret.ts';
import type {Steps} from './slices.ts';

/**
 * The maximum number of different strings that are remembered: every series in a response has the same hundred or so
 * timestamps, which are longer than some API keys.
 */
const maxRemembered = 1024;

/**
 * The maximum length of a string in JSON, in UTF-16 code units; longer strings are cut. The longest ones are messages
 * in logs, which Loki limits to 256 KiB unless it is configured otherwise.
 */
const longestString = 256 * 1024;

/** The approximate length of JSON that is cleaned between two yields, in UTF-16 code units. */
const cleanedAtOnce = 16 * 1024;

/**
 * Returns JSON in which the key is replaced by `[redacted]` in every string, and long strings are cut and end in `…`,
 * so that no time is spent on text that is never used. A long string that contains the key is replaced entirely.
 * Returns `text` itself if nothing changes. Cleaning can be interrupted at every yield.
 *
 * Searching a string is slow, and almost all strings are too short to contain the key, so only the longer ones are
 * searched. Remembered strings are searched only once: they usually recur in the same order, and are then recognized
 * without being copied.
 *
 * @throws SyntaxError for a searched string that isn't valid JSON: replacing it could make the whole text valid
 */
export function* cleanJson(text: string, secret: Secret): Steps<string> {
	const {shortestText} = secret;
	const safe: string[] = [];
	const places = new Map<string, number>();
	let cleaned = '';
	let cleanedTo = 0;
	let place = 0;
	let pauseAt = cleanedAtOnce;
	for (let from = text.indexOf('"'); from >= 0; ) {
		const to = endOfString(text, from);
		const length = to - from - 1;
		const expected = safe[place];
		if (expected?.length === length && text.startsWith(expected, from + 1)) {
			place++;
		} else if (to < text.length && (length >= shortestText || length > longestString)) {
			const between = text.slice(from + 1, to);
			const known = places.get(between);
			const isLong = length > longestString;
			const string = known === undefined ? unescapeJson(between) : '';
			// A long string takes as much time as many short ones.
			pauseAt -= string.length;
			if (known === undefined && (isLong || secret.isIn(string))) {
				const hidden = isLong ? secret.hideInBeginning(string) : secret.hideIn(string);
				cleaned += text.slice(cleanedTo, from) + JSON.stringify(hidden);
				cleanedTo = to + 1;
			} else {
				place = known ?? safe.length;
				if (place === safe.length && place < maxRemembered) {
					places.set(between, place);
					safe.push(between);
				}

				place++;
			}
		}

		if (to > pauseAt) {
			pauseAt = to + cleanedAtOnce;
			yield;
		}

		from = text.indexOf('"', to + 1);
	}

	return cleanedTo === 0 ? text : cleaned + text.slice(cleanedTo);
}

const backslash = 0x5c;

/**
 * Returns the position of the quote that ends the JSON string starting at `start`, or the length of the text if none
 * does.
 */
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

/**
 * Decodes the escapes in the content of a JSON string. If it is long, returns only its beginning.
 *
 * @throws SyntaxError if the content isn't valid JSON
 */
function unescapeJson(between: string): string {
	if (between.length <= longestString) {
		return String(JSON.parse(`"${between}"`));
	}

	// The limit can be in the middle of an escape, which has at most six characters. If it separates a surrogate
	// pair, the remaining half is valid JSON, and `hideInBeginning` drops it.
	for (let end = longestString; ; end--) {
		try {
			return String(JSON.parse(`"${between.slice(0, end)}"`));
		} catch (error) {
			if (end < longestString - 6) {
				throw error;
			}
		}
	}
}
