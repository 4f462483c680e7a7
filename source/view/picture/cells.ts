import {toAscii} from '../../theme/theme.ts';
import {type Palette, type Style, type SymbolSet, stylesOf} from '../../theme/tones.ts';
import type {Size} from '../layout.ts';
import {type Line, textWidth} from '../line.ts';
import {linesOf} from '../region.ts';
import type {Screen} from '../screen.ts';

/** A color of a cell: red, green, and blue in 24 bits, or one of the terminal's sixteen. */
export type CellColor =
	| {readonly kind: 'rgb'; readonly value: number}
	| {readonly kind: 'palette'; readonly index: number};

/** One cell of a terminal. A character that is two cells wide is in the first cell, and the second cell has the width 0. */
export type Cell = {
	readonly text: string;
	readonly width: 0 | 1 | 2;
	readonly color: CellColor | undefined;
	readonly bold: boolean;
	readonly dim: boolean;
	readonly inverse: boolean;
	readonly underline: boolean;
};

/** The colors of a terminal: its background, its text, and its eight numbered colors. */
export type TerminalColors = {
	readonly background: string;
	readonly text: string;
	readonly palette: readonly string[];
};

export const terminals: Readonly<Record<'dark' | 'light', TerminalColors>> = {
	dark: {
		background: '#16181d',
		text: '#d8dae0',
		palette: ['#16181d', '#ff8787', '#87d787', '#ffd75f', '#87afff', '#d7afff', '#5fd7ff', '#d8dae0'],
	},
	light: {
		background: '#fbfbf8',
		text: '#24262b',
		palette: ['#24262b', '#af0000', '#005f00', '#875f00', '#0000d7', '#870087', '#005f87', '#fbfbf8'],
	},
};

/** How a screen is painted: its colors, its background, and whether it is in ASCII. */
export type PictureLook = {
	readonly palette: Palette | 'auto';
	readonly background: keyof typeof terminals;
	readonly hasColor: boolean;
	readonly symbols: SymbolSet;
};

const blank: Cell = {
	text: ' ',
	width: 1,
	color: undefined,
	bold: false,
	dim: false,
	inverse: false,
	underline: false,
};
const graphemes = new Intl.Segmenter();

/** Returns the cells of a screen, row by row, as a terminal of that size shows them. */
export function cellsOfScreen(
	screen: Screen,
	{columns, rows}: Size,
	look: PictureLook,
): ReadonlyArray<readonly Cell[]> {
	const styles = stylesOf(look.palette, look.background, look.hasColor ? 3 : 0);
	const grid = Array.from({length: rows}, () => Array.from({length: columns}, () => blank));
	const write = (line: Line, x: number, y: number): void => {
		let place = x;
		for (const {text, tone} of line) {
			for (const {segment} of graphemes.segment(look.symbols === 'ascii' ? toAscii(text) : text)) {
				const width = Math.min(textWidth(segment), 2);
				const cell = cellOf(segment, width === 2 ? 2 : 1, styles[tone]);
				const row = grid[y];
				if (row !== undefined && width > 0 && place + width <= columns) {
					row.splice(place, width, ...(width === 2 ? [cell, {...cell, text: '', width: 0} as const] : [cell]));
				}

				place += width;
			}
		}
	};
	for (const region of screen.regions) {
		for (const [row, line] of linesOf(region).entries()) {
			write(line, region.rect.x, region.rect.y + row);
		}
	}

	const {connecting} = screen;
	if (connecting !== undefined) {
		const {rect, text} = connecting;
		const x = rect.x + Math.max(Math.floor((rect.width - textWidth(text)) / 2), 0);
		write([{text, tone: 'dim'}], x, rect.y + Math.floor((rect.height - 1) / 2));
	}

	return grid;
}

function cellOf(text: string, width: 1 | 2, {color, bold, faint, underline}: Style): Cell {
	return {
		text,
		width,
		color: typeof color === 'string' ? {kind: 'rgb', value: Number.parseInt(color.slice(1), 16)} : undefined,
		bold: bold === true,
		dim: faint === true,
		inverse: false,
		underline: underline === true && text.trim() !== '',
	};
}
