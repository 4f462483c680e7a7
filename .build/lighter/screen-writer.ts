import lineUpdate from './line-update.ts';
import {countCells} from './measured-lines.ts';
import stringWidth from './string-width.ts';

type Position = {readonly x: number; readonly y: number};

/** The output stream, whose size is read again for each frame. */
type Stream = {write(data: string): unknown; readonly columns?: number; readonly rows?: number};

/** The part of Ink's `log-update` that Ink uses. */
type ScreenWriter = {
	(text: string): boolean;
	clear(): void;
	done(): void;
	reset(): void;
	sync(text: string): void;
	setCursorPosition(position: Position | undefined): void;
	isCursorDirty(): boolean;
	willRender(text: string): boolean;
	getCursorPosition(): Position | undefined;
};

/** The sequence that clears the whole screen, so that every row is an empty line. */
const eraseScreen = '\u001B[0m\u001B[H\u001B[2J';

const beginFrame = '\u001B[?2026h';
const endFrame = '\u001B[?2026l';
const showCursor = '\u001B[?25h';
const hideCursor = '\u001B[?25l';

// biome-ignore lint/suspicious/noControlCharactersInRegex: this searches for colors.
const pieces = /\u001B\[[\d;]*m|[^\u001B]+|\u001B/g;
const graphemes = new Intl.Segmenter();

/** Cuts a line so that it takes at most `columns` cells. A wide character that would be cut in half is omitted. */
export function clipLine(line: string, columns: number): string {
	if ((countCells(line) ?? stringWidth(line)) <= columns) {
		return line;
	}

	let clipped = '';
	let left = columns;
	for (const [piece] of line.matchAll(pieces)) {
		if (piece.startsWith('\u001B')) {
			clipped += piece;
			continue;
		}

		for (const {segment} of graphemes.segment(piece)) {
			const width = stringWidth(segment);
			if (width > left) {
				return `${clipped}\u001B[0m`;
			}

			clipped += segment;
			left -= width;
		}
	}

	return clipped;
}

/**
 * Returns a replacement for Ink's `log-update`, for frames that fill the screen. Each changed row is addressed by
 * its number, so that nothing depends on the cursor's position, and only widely supported sequences are written
 * (docs/terminals.md): mosh and Emacs ignore the `CSI E` that Ink uses to skip rows. A frame is clipped to the current
 * size of the terminal, and is written completely after any change of that size. Each frame is a single write, so that
 * nothing can come between its parts.
 */
function create(stream: Stream): ScreenWriter {
	let shown: readonly string[] | undefined;
	let columns = 0;
	let rows = 0;
	let cursor: Position | undefined;
	let shownCursor: Position | undefined;
	let isCursorHidden = false;

	const linesOf = (text: string): readonly string[] => {
		const lines = text.split('\n').slice(0, rows);
		return lines.map(line => clipLine(line, columns));
	};
	const readSize = (): void => {
		const {columns: newColumns = 80, rows: newRows = 24} = stream;
		if (newColumns !== columns || newRows !== rows) {
			columns = newColumns;
			rows = newRows;
			shown = undefined;
		}
	};
	const hasCursorMoved = (): boolean => cursor?.x !== shownCursor?.x || cursor?.y !== shownCursor?.y;
	const moveTo = ({x, y}: Position): string =>
		`\u001B[${Math.min(y, rows - 1) + 1};${Math.min(x, columns - 1) + 1}H${showCursor}`;

	const render = (text: string): boolean => {
		readSize();
		const lines = linesOf(text);
		const erase = shown === undefined ? eraseScreen : '';
		const changes = erase + changedRows(shown ?? [], lines, columns);
		if (changes === '' && !hasCursorMoved() && (cursor !== undefined || isCursorHidden)) {
			return false;
		}

		const hide = isCursorHidden ? '' : hideCursor;
		const place = cursor === undefined ? '' : moveTo(cursor);
		stream.write(`${beginFrame}${hide}${changes}${place}${endFrame}`);
		shown = lines;
		shownCursor = cursor;
		isCursorHidden = cursor === undefined;
		return true;
	};
	const forget = (): void => {
		shown = undefined;
		shownCursor = undefined;
	};
	return Object.assign(render, {
		clear: forget,
		reset: forget,
		done() {
			forget();
			isCursorHidden = false;
			stream.write(showCursor);
		},
		sync: forget,
		setCursorPosition(position: Position | undefined) {
			cursor = position;
		},
		// Ink skips a frame that equals the last one unless this returns true, which it does if the cursor has moved or
		// if the content of the screen is unknown.
		isCursorDirty: () => shown === undefined || hasCursorMoved(),
		willRender: () => true,
		getCursorPosition: () => shownCursor,
	});
}

function changedRows(shown: readonly string[], lines: readonly string[], columns: number): string {
	const written: string[] = [];
	for (let row = 0; row < Math.max(shown.length, lines.length); row++) {
		const before = shown[row] ?? '';
		const after = lines[row] ?? '';
		if (before !== after) {
			written.push(lineUpdate(before, after, columns, row));
		}
	}

	return written.join('');
}

// biome-ignore lint/style/noDefaultExport: it replaces a module that has one.
export default {create};
