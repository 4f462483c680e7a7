import stringWidth from 'string-width';
import {symbols, type Tone} from '../theme/theme.ts';

/** Returns the index of the first visible row such that the selected row is visible and, if possible, in the middle. */
export function scrollOffset(selected: number, count: number, room: number): number {
	return Math.min(Math.max(selected - Math.floor(room / 2), 0), Math.max(count - room, 0));
}

/** A piece of text in one tone. The terminal's cursor can be on it: where text is typed, or on the selected row. */
export type Span = {readonly text: string; readonly tone: Tone; readonly cursor?: 'text' | 'row'};

/** One row of the screen or of a pane, from left to right. */
export type Line = readonly Span[];

/** Creates a piece of text in one tone. */
export function span(text: string, tone: Tone = 'plain'): Span {
	return {text, tone};
}

/** Returns the mark at the beginning of a row, which has the terminal's cursor if the row is selected. */
export function rowMark(isSelected: boolean): Span {
	return isSelected ? {text: symbols.pointer, tone: 'selected', cursor: 'row'} : span(' ', 'selected');
}

/** Returns the mark at the end of text that is being typed, which has the terminal's cursor. */
export function caret(): Span {
	return {text: symbols.caret, tone: 'selected', cursor: 'text'};
}

/**
 * Matches text in which each character is one cell wide on every terminal: ASCII, box drawing, blocks, geometric
 * shapes, arrows, braille dots, and a few marks.
 */
const singleCells = /^[\x20-\x7e\u00b7\u00d7\u2013\u2026\u2190-\u21ff\u2500-\u25ff\u2800-\u28ff]*$/;

/** Returns the width of a string in cells. */
export function textWidth(text: string): number {
	return singleCells.test(text) ? text.length : stringWidth(text);
}

/** Returns the width of a line in cells. */
export function lineWidth(line: Line): number {
	return line.reduce((sum, {text}) => sum + textWidth(text), 0);
}

const graphemes = new Intl.Segmenter();

/** Returns the beginning of a string: at most `width` cells, fewer if a wide character doesn't fit. */
function takeWidth(text: string, width: number): string {
	if (singleCells.test(text)) {
		return text.slice(0, Math.max(width, 0));
	}

	let kept = '';
	let taken = 0;
	for (const {segment} of graphemes.segment(text)) {
		taken += textWidth(segment);
		if (taken > width) {
			break;
		}

		kept += segment;
	}

	return kept;
}

function takeWidthFromEnd(text: string, width: number): string {
	const backwards = [...graphemes.segment(text)].reverse();
	let kept = '';
	let taken = 0;
	for (const {segment} of backwards) {
		taken += textWidth(segment);
		if (taken > width) {
			break;
		}

		kept = segment + kept;
	}

	return kept;
}

/** Cuts a string to at most `width` cells, with an ellipsis at its end if anything was cut. */
export function cutEnd(text: string, width: number): string {
	return textWidth(text) <= width ? text : width <= 0 ? '' : takeWidth(text, width - 1) + symbols.ellipsis;
}

/**
 * Shortens a string to at most `width` cells by replacing its middle with an ellipsis, because names of nodes differ at
 * their ends.
 */
export function cutMiddle(text: string, width: number): string {
	if (textWidth(text) <= width) {
		return text;
	}

	const tail = Math.floor((width - 1) / 2);
	return width <= 0 ? '' : takeWidth(text, width - 1 - tail) + symbols.ellipsis + takeWidthFromEnd(text, tail);
}

/**
 * Cuts a string between words to at most `width` cells, with an ellipsis if any words were cut. The first word is cut
 * only if it doesn't fit.
 */
export function truncateWords(text: string, width: number): string {
	if (textWidth(text) <= width) {
		return text;
	}

	const [first = ''] = wrapWords(text, width - 2);
	return first.endsWith(symbols.ellipsis) || width < 3 ? cutEnd(text, width) : `${first} ${symbols.ellipsis}`;
}

/**
 * Pads a string with spaces to a width: on the right for `left` alignment, on the left for `right`. The string must
 * not be wider than `width`.
 */
export function padTo(text: string, width: number, align: 'left' | 'right'): string {
	return align === 'left' ? padEnd(text, width) : padStart(text, width);
}

/** Pads a string with spaces on the right. It must not be wider than `width`. */
export function padEnd(text: string, width: number): string {
	return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

/** Pads a string with spaces on the left. It must not be wider than `width`. */
export function padStart(text: string, width: number): string {
	return ' '.repeat(Math.max(0, width - textWidth(text))) + text;
}

/** Caches spans of blanks by their length, up to 1000: most lines end with such a span. */
const blanks: Array<Span | undefined> = [];

function blankSpan(width: number): Span {
	const known = blanks[width] ?? span(' '.repeat(width));
	if (width <= 1000) {
		blanks[width] = known;
	}

	return known;
}

/** Pads or cuts a line to exactly `width` cells. */
export function fitLine(line: Line, width: number): Line {
	const most = Math.max(width, 0);
	let left = most;
	let isWhole = true;
	for (let index = 0; index < line.length; index++) {
		const text = line[index]?.text ?? '';
		left -= textWidth(text);
		isWhole &&= text !== '';
	}

	if (isWhole && left >= 0) {
		return left === 0 ? line : [...line, blankSpan(left)];
	}

	const fitted: Span[] = [];
	left = most;
	for (const piece of line) {
		const {text, tone} = piece;
		const kept = textWidth(text) <= left ? text : takeWidth(text, left);
		left -= textWidth(kept);
		if (kept !== '') {
			fitted.push(kept === text ? piece : {text: kept, tone});
		}
	}

	return left > 0 ? [...fitted, blankSpan(left)] : fitted;
}

/** Fits lines into exactly `width` × `height` cells: adds blank lines at the end, or omits the last ones. */
export function fitLines(lines: readonly Line[], width: number, height: number): readonly Line[] {
	return Array.from({length: Math.max(height, 0)}, (_, row) => fitLine(lines[row] ?? [], width));
}

/**
 * Puts `left` and `right` at the ends of `width` cells. If they don't fit with at least one space between them, `right`
 * is omitted, and `left` is cut if necessary.
 */
export function spaceBetween(left: Line, right: Line, width: number): Line {
	const gap = width - lineWidth(left) - lineWidth(right);
	return gap >= 1 ? [...left, span(' '.repeat(gap)), ...right] : fitLine(left, width);
}

/** Returns the first of several forms of a line, widest first, that fits; the last one if none does. */
export function firstFitting(forms: readonly Line[], width: number): Line {
	return forms.find(form => lineWidth(form) <= width) ?? forms.at(-1) ?? [];
}

/** Returns the first of several strings, longest first, that fits; the last one, cut between words, if none does. */
export function firstFittingText(forms: readonly string[], width: number): string {
	return forms.find(form => textWidth(form) <= width) ?? truncateWords(forms.at(-1) ?? '', width);
}

/** Returns the text of a line without its tones. */
export function lineText(line: Line): string {
	return line.map(({text}) => text).join('');
}

/** Wraps text between words into lines of at most `width` cells; a longer word is cut. */
export function wrapWords(text: string, width: number): readonly string[] {
	const lines: string[] = [];
	for (const word of text.split(' ')) {
		const last = lines.at(-1);
		if (last !== undefined && textWidth(last) + 1 + textWidth(word) <= width) {
			lines[lines.length - 1] = `${last} ${word}`;
		} else {
			lines.push(cutEnd(word, width));
		}
	}

	return lines;
}

/**
 * Breaks a string, at any character, into pieces of at most `width` cells (two if `width` is less). An empty string
 * yields one empty piece.
 */
export function breakAtWidth(text: string, width: number): readonly string[] {
	const pieces: string[] = [];
	let rest = text;
	do {
		// A character that is wider than the available width would never fit.
		const piece = takeWidth(rest, Math.max(width, 2));
		pieces.push(piece);
		rest = rest.slice(piece.length);
	} while (rest !== '' && pieces.at(-1) !== '');

	return pieces;
}
