import {singleCells} from './string-width.ts';
import {plain, readCells, restyle, type Style, type StyledCells} from './styled-cells.ts';

/**
 * The maximum number of unchanged cells that are written again between two changes instead of being skipped, because
 * they take about as many bytes as a cursor movement.
 */
const longestBridge = 8;

/**
 * Returns the text that changes a line on the terminal into another, regardless of the cursor's position. `row` counts
 * from 0. Only changed cells and short gaps between them are written. Ink's own version keeps the common beginning of
 * both lines and writes everything after it, so that a change in the first of several panes side by side rewrites all
 * of them. The new line is written as a whole if either line has unsupported sequences, cells that aren't one UTF-16
 * unit each, or more cells than `columns`.
 */
// biome-ignore lint/style/noDefaultExport: it replaces a module that has one.
export default function lineUpdate(previous: string, next: string, columns: number | undefined, row: number): string {
	const before = cellsWithin(previous, columns);
	const after = cellsWithin(next, columns);
	return before === undefined || after === undefined
		? `${moveToCell(row, 0)}\u001B[K${next}`
		: update(before, after, row);
}

function cellsWithin(line: string, columns = 0): StyledCells | undefined {
	const cells = readCells(line);
	return cells !== undefined && singleCells.test(cells.text) && cells.text.length <= columns ? cells : undefined;
}

function moveToCell(row: number, column: number): string {
	return row === 0 && column === 0 ? '\u001B[H' : `\u001B[${row + 1};${column + 1}H`;
}

function update(before: StyledCells, after: StyledCells, row: number): string {
	const length = Math.max(before.text.length, after.text.length);
	const blankFrom = after.styles.findLastIndex((style, column) => style !== plain || after.text[column] !== ' ') + 1;
	let written = '';
	let style = plain;
	let at: number | undefined;
	const moveTo = (column: number): void => {
		// The cursor moves from the start of the line, because Emacs counts the columns of `CSI G` from 0.
		const jump = at === undefined ? moveToCell(row, column) : `\r\u001B[${column}C`;
		const bridge = at === undefined || column - at > longestBridge ? undefined : write(after, at, column, style);
		if (bridge !== undefined && Buffer.byteLength(bridge) <= jump.length) {
			written += bridge;
			style = after.styles[column - 1] ?? plain;
		} else {
			written += jump;
		}
	};
	for (let column = 0; column < length; column++) {
		if (isSame(before, after, column)) {
			continue;
		}

		if (column !== at) {
			moveTo(column);
		}

		if (column >= blankFrom) {
			return `${written}${restyle(style, plain)}\u001B[K`;
		}

		written += write(after, column, column + 1, style);
		style = after.styles[column] ?? plain;
		at = column + 1;
	}

	return written + restyle(style, plain);
}

/** Returns the text that writes the cells from `from` up to, but not including, `to` while `style` is active. */
function write({text, styles}: StyledCells, from: number, to: number, style: Style): string {
	let written = '';
	let last = style;
	for (let column = from; column < to; column++) {
		const next = styles[column] ?? plain;
		written += restyle(last, next) + text[column];
		last = next;
	}

	return written;
}

/** Returns whether a cell is the same in both lines. A cell beyond the end of a line counts as a plain space. */
function isSame(before: StyledCells, after: StyledCells, column: number): boolean {
	return (
		(before.text[column] ?? ' ') === (after.text[column] ?? ' ') &&
		(before.styles[column] ?? plain) === (after.styles[column] ?? plain)
	);
}
