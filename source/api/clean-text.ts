// biome-ignore-all lint/suspicious/noControlCharactersInRegex: this file searches for control characters.

/**
 * Matches strings that a terminal would interpret as commands: OSC, DCS, SOS, PM, and APC, with their payloads and
 * terminators.
 */
const controlString =
	/(?:\u{1B}[\]PX^_]|[\u{9D}\u{90}\u{98}\u{9E}\u{9F}])[^\u{07}\u{18}\u{1A}\u{1B}\u{80}-\u{9F}]*(?:\u{07}|\u{1B}\\|\u{9C})/gu;
/** Matches CSI sequences: colors, cursor moves, and modes. */
const controlSequence = /(?:\u{1B}\[|\u{9B})[0-?]*[ -/]*[@-~]/gu;
/** Matches other escape sequences: character sets, keypad modes, and reset. */
const shortEscape = /\u{1B}[ -/]*[0-~]/gu;

/** Matches characters followed by the variation selector that turns them into emoji, including keycaps. */
const chosenEmoji = /\p{Emoji}\u{FE0F}\u{20E3}?/gu;
/** Matches characters that terminals draw as pictures, one or two cells wide. */
const emoji = /[\p{Emoji_Presentation}\u{1F000}-\u{1FAFF}]/gu;
/**
 * Matches letters that Unicode joins with the following character (Grapheme_Cluster_Break=Prepend), although terminals
 * don't join them.
 */
const prepended =
	/[\u{D4E}\u{111C2}\u{111C3}\u{113D1}\u{1193F}\u{11941}\u{11A3A}\u{11A84}-\u{11A89}\u{11D46}\u{11F02}]/gu;
const unpairedSurrogate = /\p{Surrogate}/gu;

const lineBreaksAndTabs = /[\t\n\v\f\r\u{85}\u{2028}\u{2029}]+/gu;
const lineBreak = /[\n\v\f\u{85}\u{2028}\u{2029}]/gu;
/**
 * Matches invisible characters: control characters, bidi controls, zero-width spaces and joiners, variation selectors,
 * and fillers.
 */
const invisible = /[\p{Control}\p{Format}\p{Default_Ignorable_Code_Point}]/gu;
/**
 * Matches combining marks in excess of 30 in a row, the limit of the Stream-Safe Text Format (UAX 15, section 13),
 * because normalizing them takes quadratic time. At most 64 are matched at a time, because a match of unlimited length
 * could overflow the stack.
 */
const tooManyMarks = /(?<=\p{Mark}{30})\p{Mark}{1,64}/gu;
const space = /\s/gu;
const spaces = /\s+/gu;

/** Matches strings of printable ASCII, such as most strings from servers. Only their spaces need cleaning. */
const harmless = /^[\x20-\x7e]*$/;

/**
 * Makes external text safe for one line of a terminal: removes escape sequences and invisible characters; turns line
 * breaks and tabs into spaces, and runs of spaces into one; removes spaces at both ends; replaces emoji, letters of
 * ambiguous width, and unpaired surrogates with `?`; and composes Unicode. A result that would be longer than `limit`
 * UTF-16 code units is cut, and ends in `…` within the limit. Cleaning the result again changes nothing. The time is at
 * most proportional to the length of the text, whatever it contains.
 */
export function cleanText(text: string, limit = Number.POSITIVE_INFINITY): string {
	const head = text.slice(0, Math.max(limit, 1) * headPerLimit);
	const visible = harmless.test(head) ? head : onlyVisible(withoutEscapes(head).replace(lineBreaksAndTabs, ' '));
	const cleaned = visible.replace(spaces, ' ').trim();
	return cleaned.length <= limit && head.length === text.length ? cleaned : cut(cleaned, limit);
}

/** How much of a string is cleaned, as a multiple of the limit. The rest of a longer string is dropped. */
const headPerLimit = 64;

/** The replacement for a tab in a string whose indentation is significant. */
const tabWidth = '    ';

/**
 * Makes a multiline string safe. Lines are kept, with `\n` between them, and so is their indentation, as in a stack
 * trace. Lines that overwrite themselves, such as progress bars, are replaced by what a terminal would show. Blank
 * lines at both ends and spaces at the ends of lines are removed. As in `cleanText`, a result that would be longer than
 * `limit` is cut, and the time is at most proportional to the length.
 */
export function cleanLines(text: string, limit = Number.POSITIVE_INFINITY): string {
	// Only the beginning is cleaned, up to four times the limit.
	const headLength = limit * 4;
	const applied = overwriting.test(text) ? applyOverwrites(text, headLength) : text;
	const head = applied.length > headLength ? applied.slice(0, headLength) : applied;
	const cleaned = harmless.test(head) ? head.trimEnd() : cleanEach(withoutEscapes(head).split(lineBreak));
	return cleaned.length <= limit && head.length === applied.length ? cleaned : cut(cleaned, limit);
}

/** Cleans each line, and joins the lines from the first to the last nonempty one. */
function cleanEach(lines: readonly string[]): string {
	const cleaned = lines.map(line => onlyVisible(line.replaceAll('\t', tabWidth)).replace(space, ' ').trimEnd());
	const isFull = (line: string): boolean => line !== '';
	return cleaned.slice(Math.max(cleaned.findIndex(isFull), 0), cleaned.findLastIndex(isFull) + 1).join('\n');
}

/**
 * Matches the sequences that make a line overwrite itself: carriage returns, backspaces, moves to the left, and
 * erasures.
 */
const overwriting = /[\r\b]|\u{1B}\[\d*[DGK]/u;
const overwritingPieces =
	/\r+|\u{8}+|\u{1B}\[(?<count>\d*)(?<command>[DGK])|[^\r\u{8}\u{1B}]+|\u{1B}\[[0-?]*[ -/]*[@-~]|\u{1B}/gu;

/**
 * Returns the text that a terminal would show for lines that overwrite themselves, as progress bars do. If this text is
 * longer than `length`, the result can be incomplete, but it is still longer than `length`.
 */
function applyOverwrites(text: string, length: number): string {
	let applied = '';
	let from = 0;
	for (const {0: end, index} of text.matchAll(lineBreak)) {
		applied += `${overwrite(text.slice(from, index), length)}\n`;
		from = index + end.length;
		if (applied.length > length) {
			return applied;
		}
	}

	return applied + overwrite(text.slice(from), length);
}

/**
 * Returns at most `length + 1` characters of a line, after applying its carriage returns, backspaces, `CSI D` (left),
 * `CSI G` (to the start), and `CSI K` (erase), none of which move to the right, so every erased cell has been written
 * before. Other sequences are removed.
 */
function overwrite(line: string, length: number): string {
	const cells: string[] = [];
	let at = 0;
	/** The number of cells at the start that are known to be erased. */
	let erased = 0;
	for (const {0: piece, groups: {count = '', command} = {}} of line.matchAll(overwritingPieces)) {
		if (piece.startsWith('\r') || (command === 'G' && Number(count) <= 1)) {
			at = 0;
		} else if (piece.startsWith('\b') || command === 'D') {
			at = Math.max(at - (command === 'D' ? Number(count) || 1 : piece.length), 0);
		} else if (command === 'K' && Number(count) === 1) {
			cells.fill(' ', erased, at + 1);
			erased = Math.max(erased, Math.min(at + 1, cells.length));
		} else if (command === 'K') {
			cells.length = Number(count) === 2 ? 0 : Math.min(at, cells.length);
			erased = Math.min(erased, cells.length);
		} else if (!piece.startsWith('\u001B')) {
			erased = Math.min(erased, at);
			for (const character of piece) {
				if (at <= length) {
					cells[at] = character;
				}

				at++;
			}
		}
	}

	return Array.from(cells, cell => cell ?? ' ').join('');
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
		.replace(tooManyMarks, '')
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
