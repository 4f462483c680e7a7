// biome-ignore-all lint/suspicious/noControlCharactersInRegex: this file searches for control characters.

/** Strings that a terminal would interpret as a command: OSC, DCS, SOS, PM, and APC, with their payload and terminator. */
const controlString =
	/(?:\u{1B}[\]PX^_]|[\u{9D}\u{90}\u{98}\u{9E}\u{9F}])[^\u{07}\u{18}\u{1A}\u{1B}\u{80}-\u{9F}]*(?:\u{07}|\u{1B}\\|\u{9C})/gu;
/** CSI sequences: colors, cursor moves, modes. */
const controlSequence = /(?:\u{1B}\[|\u{9B})[0-?]*[ -/]*[@-~]/gu;
/** Other escape sequences: character sets, keypad modes, and reset. */
const shortEscape = /\u{1B}[ -/]*[0-~]/gu;

/** A character that becomes an emoji only through the variation selector after it, including keycaps. */
const chosenEmoji = /\p{Emoji}\u{FE0F}\u{20E3}?/gu;
/** Characters that terminals draw as pictures, one or two cells wide. */
const emoji = /[\p{Emoji_Presentation}\u{1F000}-\u{1FAFF}]/gu;
/** Letters that Unicode joins with the following character (Grapheme_Cluster_Break=Prepend), but terminals don't. */
const prepended =
	/[\u{D4E}\u{111C2}\u{111C3}\u{113D1}\u{1193F}\u{11941}\u{11A3A}\u{11A84}-\u{11A89}\u{11D46}\u{11F02}]/gu;
const unpairedSurrogate = /\p{Surrogate}/gu;

const lineBreakOrTab = /[\t\n\v\f\r\u{85}\u{2028}\u{2029}]/gu;
const lineBreak = /\r*\n|[\v\f\u{85}\u{2028}\u{2029}]/u;
/**
 * Control characters, characters without width, and characters that change the direction: bidi controls, joiners,
 * variation selectors, and fillers.
 */
const invisible = /[\p{Control}\p{Format}\p{Default_Ignorable_Code_Point}]/gu;
const space = /\s/gu;
const spaces = /\s+/gu;

/** Most strings from servers consist only of these characters and need no cleaning. */
const harmless = /^[\x20-\x7e]*$/;

/**
 * Makes external text safe for one line of a terminal: removes escape sequences, control characters, bidi controls, and
 * zero-width characters; turns line breaks and tabs into spaces, and runs of spaces into one; replaces emoji and
 * letters of ambiguous width with `?`; and composes Unicode. Text longer than `limit` UTF-16 units ends in `…` within
 * the limit. Cleaning twice changes nothing.
 */
export function cleanText(text: string, limit = Number.POSITIVE_INFINITY): string {
	const visible = harmless.test(text) ? text : onlyVisible(withoutEscapes(text).replace(lineBreakOrTab, ' '));
	const cleaned = visible.replace(spaces, ' ').trim();
	return cleaned.length <= limit ? cleaned : cut(cleaned, limit);
}

/** The replacement for a tab in a string whose indentation is significant. */
const tabWidth = '    ';

/**
 * Makes a multiline string safe: lines stay lines, with `\n` between them, and keep their indentation, as in a stack
 * trace. Blank lines at both ends and spaces at the ends of lines are removed.
 */
export function cleanLines(text: string, limit = Number.POSITIVE_INFINITY): string {
	const applied = overwriting.test(text) ? text.split(lineBreak).map(applyOverwrites).join('\n') : text;
	// Only the part that is kept is cleaned.
	const head = applied.length > limit * 4 ? applied.slice(0, limit * 4) : applied;
	const cleaned = harmless.test(head)
		? head.trimEnd()
		: withoutEscapes(head)
				.split(lineBreak)
				.map(line => onlyVisible(line.replaceAll('\t', tabWidth)).replace(space, ' ').trimEnd())
				.join('\n')
				.replace(/^\n+|\n+$/g, '');
	return cleaned.length <= limit && head.length === applied.length ? cleaned : cut(cleaned, limit);
}

/** Carriage returns and backspaces: the characters after them overwrite existing ones. */
const overwriting = /[\r\b]/;
const overwritingPieces = /\r+|\u{8}+|\u{1B}\[[0-2]?K|[^\r\u{8}\u{1B}]+|\u{1B}\[[0-?]*[ -/]*[@-~]|\u{1B}/gu;

/** Returns what a terminal would show for a line that overwrites itself, as progress bars do. */
function applyOverwrites(line: string): string {
	const cells: string[] = [];
	let at = 0;
	for (const [piece] of line.matchAll(overwritingPieces)) {
		if (piece.startsWith('\r')) {
			at = 0;
		} else if (piece.startsWith('\b')) {
			at = Math.max(at - piece.length, 0);
		} else if (piece.startsWith('\u001B')) {
			eraseBy(piece, cells, at);
		} else {
			for (const character of piece) {
				cells[at] = character;
				at++;
			}
		}
	}

	return Array.from(cells, cell => cell ?? ' ').join('');
}

/** Erases like `CSI K`: to the end of the line, to its start, or all of it. Other sequences are removed. */
function eraseBy(sequence: string, cells: string[], at: number): void {
	if (sequence.endsWith('1K')) {
		cells.fill(' ', 0, at + 1);
	} else if (sequence.endsWith('2K')) {
		cells.fill(' ');
	} else if (sequence.endsWith('K')) {
		cells.splice(at);
	}
}

function withoutEscapes(text: string): string {
	return text.replace(controlString, '').replace(controlSequence, '').replace(shortEscape, '');
}

function onlyVisible(text: string): string {
	return text
		.replace(chosenEmoji, '?')
		.replace(emoji, '?')
		.replace(prepended, '?')
		.replace(invisible, '')
		.replace(unpairedSurrogate, '?')
		.normalize('NFC');
}

function cut(text: string, limit: number): string {
	if (limit < 1) {
		return '';
	}

	// Cutting a surrogate pair would leave an unpaired surrogate.
	const kept = text.slice(0, Math.floor(limit) - 1).replace(unpairedSurrogate, '');
	// This copies the text: a slice would keep the whole text in memory.
	return Buffer.from(`${kept.trimEnd()}…`).toString();
}
