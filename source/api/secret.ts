import {inspect} from 'node:util';
import {cleanText} from './clean-text.ts';

/** The minimum length of a key that is searched for: a shorter key would match unrelated text. */
const minKeyLength = 8;

/** Finds a key in external text, in any form in which a server might echo it. */
type KeyFinder = {
	/**
	 * The length of the shortest text that can contain the key, in UTF-16 code units; infinite if the key isn't
	 * searched for.
	 */
	readonly shortest: number;
	/** Returns whether a string contains the key. */
	readonly isIn: (text: string) => boolean;
};

/**
 * Returns a finder that recognizes `key` in any of these forms, in uppercase or lowercase:
 *
 * - unchanged, or with spaces, punctuation, invisible characters, or escape sequences between its characters
 * - base64 or base64url, alone or as part of a longer string (in any of the three alignments)
 * - hexadecimal or decimal codes, with or without separators and prefixes (`73 6b`, `0x73`, `\x73`, `&#115;`)
 * - percent-encoded, or with JSON, C, or HTML escapes for all or some of its characters, up to three times over
 *
 * Only letters and digits are compared, or, if the key has fewer than eight of them, all characters except spaces.
 */
function createKeyFinder(key: string): KeyFinder {
	if (key.length < minKeyLength) {
		return {shortest: Number.POSITIVE_INFINITY, isIn: () => false};
	}

	const folded = foldWords(key);
	const fold = folded.length < minKeyLength ? foldAll : foldWords;
	const plain = fold(key);
	const needles = [plain, ...base64Forms(key).map(fold), ...codeForms(key)];
	const holds = (text: string): boolean => {
		const haystack = fold(text);
		return needles.some(needle => haystack.includes(needle));
	};
	const isInPiece = (piece: string): boolean => holds(piece) || (mayBeEscaped.test(piece) && holds(decode(piece)));
	return {
		shortest: plain.length,
		isIn: text => text.length >= plain.length && piecesOf(text).some(isInPiece),
	};
}

/**
 * Longer text is searched in pieces of this length, in UTF-16 code units: folding all of it could take 50 times its
 * size in memory.
 */
const pieceLength = 128 * 1024;

/**
 * The overlap of pieces, in UTF-16 code units: a key that is longer than this (in its encoded form, including
 * everything between its characters) might not be found in text that is searched in pieces.
 */
export const longestKey = 32 * 1024;

function piecesOf(text: string): readonly string[] {
	const count = Math.max(Math.ceil((text.length - longestKey) / (pieceLength - longestKey)), 1);
	return Array.from({length: count}, (_, index) => {
		const from = index * (pieceLength - longestKey);
		return text.slice(from, from + pieceLength);
	});
}

/** Returns a string in lowercase, without spaces or terminal commands. */
function foldAll(text: string): string {
	// A variation selector would turn the digit before it into an emoji.
	return cleanText(text.replace(/\p{Default_Ignorable_Code_Point}/gu, ''))
		.toLowerCase()
		.replaceAll(' ', '');
}

/** Returns only the letters and digits of a string, in lowercase. */
function foldWords(text: string): string {
	return foldAll(text).replace(/[^a-z0-9\u{A1}-\u{FF}]+/gu, '');
}

/**
 * Returns the base64 characters that depend only on the key, for each of the three positions at which it can start in a
 * group of three bytes.
 */
function base64Forms(key: string): readonly string[] {
	const length = Buffer.byteLength(key, 'latin1');
	return [0, 1, 2].map(offset => {
		const encoded = Buffer.concat([Buffer.alloc(offset), Buffer.from(key, 'latin1')]).toString('base64');
		return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + length) * 8) / 6));
	});
}

function codeForms(key: string): readonly string[] {
	const bytes = [...Buffer.from(key, 'latin1')];
	const hex = bytes.map(byte => byte.toString(16).padStart(2, '0'));
	return [...['', '0x', 'x', 'u00'].map(prefix => hex.join(prefix)), bytes.join('')];
}

const mayBeEscaped = /[%\\&]/;
const escapes = /%([0-9a-f]{2})|\\u00([0-9a-f]{2})|\\x([0-9a-f]{2})|&#x0*([0-9a-f]{1,2});|&#0*(\d{1,3});/gi;

/** Returns a string with its escapes decoded, including those that are nested up to three levels deep. */
function decode(text: string): string {
	let decoded = text;
	for (let times = 0; times < 3; times++) {
		const before = decoded;
		decoded = before.replace(escapes, (_, ...groups: readonly (string | undefined)[]) => {
			const hex = groups.slice(0, 4).find(group => group !== undefined);
			return String.fromCharCode(hex === undefined ? Number(groups[4]) : Number.parseInt(hex, 16));
		});
		if (decoded === before) {
			break;
		}
	}

	return decoded;
}

const redacted = '[redacted]';

/**
 * An API key, or a proxy's credentials. Printing, inspecting, joining, or serializing it yields `[redacted]`: only
 * `reveal` returns the text.
 */
export class Secret {
	readonly #text: string;
	#knownFinder: KeyFinder | undefined;

	constructor(text: string) {
		this.#text = text;
	}

	/** Returns the text itself, for the Authorization or Proxy-Authorization header. */
	reveal(): string {
		return this.#text;
	}

	/** Returns whether the two secrets are the same, without revealing either. */
	equals(other: Secret): boolean {
		return this.#text === other.#text;
	}

	/**
	 * The length of the shortest text that can contain the key, in UTF-16 code units; infinite for a key that isn't
	 * searched for.
	 */
	get shortestText(): number {
		return this.#finder.shortest;
	}

	/** Returns whether the text contains the key, plain or encoded: see `createKeyFinder` for the forms. */
	isIn(text: string): boolean {
		return this.#finder.isIn(text);
	}

	/**
	 * Returns the text with `[redacted]` in place of the key and of each word that contains it in encoded form. If the
	 * key is spread across words, or if text that contains the key is longer than `pieceLength`, the whole text is
	 * replaced.
	 */
	hideIn(text: string): string {
		if (!this.isIn(text)) {
			return text;
		}

		if (text.length > pieceLength) {
			return redacted;
		}

		const withoutKey = text.replaceAll(new RegExp(escapeForPattern(this.#text), 'gi'), redacted);
		const words = withoutKey.split(/(\s+)/).map(word => (this.isIn(word) ? redacted : word));
		const hidden = words.join('');
		return this.isIn(hidden) ? redacted : hidden;
	}

	/**
	 * Hides the key in `text`, the beginning of longer text, as `hideIn` does. Replaces the last `longestKey` UTF-16
	 * code units with `…`, because a key that is cut in two isn't recognized. Returns `[redacted]` if nothing else
	 * would be left.
	 */
	hideInBeginning(text: string): string {
		const hidden = this.hideIn(text);
		return hidden.length > longestKey ? `${hidden.slice(0, -longestKey)}…` : redacted;
	}

	toString(): string {
		return redacted;
	}

	toJSON(): string {
		return redacted;
	}

	[inspect.custom](): string {
		return redacted;
	}

	get #finder(): KeyFinder {
		this.#knownFinder ??= createKeyFinder(this.#text);
		return this.#knownFinder;
	}
}

function escapeForPattern(text: string): string {
	return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}
