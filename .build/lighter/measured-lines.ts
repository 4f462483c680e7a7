import {singleCells} from './string-width.ts';
import {followAll, plain} from './styled-cells.ts';

/** The number of cells of each line in this frame and in the previous one; negative if it is unknown. */
let now = new Map<string, number>();
let before = new Map<string, number>();

// biome-ignore lint/suspicious/noControlCharactersInRegex: this searches for colors.
const sgr = /\u001B\[[\d;]*m/g;

/**
 * Returns the number of cells of a line if each UTF-16 code unit of its text takes one cell, and if it ends in the
 * style that it began with, so that another line can follow it. Otherwise returns undefined.
 */
export function countCells(line: string): number | undefined {
	const known = now.get(line) ?? before.get(line) ?? measure(line);
	now.set(line, known);
	return known < 0 ? undefined : known;
}

/** Stores the number of cells of a line that was joined from others. */
export function keepCells(line: string, cells: number): void {
	now.set(line, cells);
}

/** Begins a frame, and drops the lines that didn't appear in the previous one. */
export function beginFrame(): void {
	before = now;
	now = new Map();
}

function measure(line: string): number {
	const text = line.replaceAll(sgr, '');
	return singleCells.test(text) && followAll(line) === plain ? text.length : -1;
}
