import {toAscii} from '../../theme/theme.ts';
import {type Palette, type Style, type SymbolSet, stylesOf} from '../../theme/tones.ts';
import type {Size} from '../layout.ts';
import {type Line, textWidth} from '../line.ts';
import {linesOf} from '../region.ts';
import type {Screen} from '../screen.ts';

/** The width of a cell, in the units of the picture. */
export const cellWidth = 8;
/** The height of a cell, in the units of the picture. */
export const cellHeight = 17;

const midX = cellWidth / 2;
const midY = cellHeight / 2;
const radius = 4;

/** A position in the picture. */
export type Point = {readonly x: number; readonly y: number};

const corners: Readonly<Record<string, (x: number, y: number) => string>> = {
	'╭': (x, y) => `M${x + cellWidth} ${y + midY}H${x + midX + radius}${curve(x, y, 1)}V${y + cellHeight}`,
	'╮': (x, y) => `M${x} ${y + midY}H${x + midX - radius}${curve(x, y, 1)}V${y + cellHeight}`,
	'╰': (x, y) => `M${x + cellWidth} ${y + midY}H${x + midX + radius}${curve(x, y, -1)}V${y}`,
	'╯': (x, y) => `M${x} ${y + midY}H${x + midX - radius}${curve(x, y, -1)}V${y}`,
};

/** Returns the path of a rounded corner that turns down or up in the middle of a cell. */
function curve(x: number, y: number, direction: 1 | -1): string {
	return `Q${x + midX} ${y + midY} ${x + midX} ${y + midY + direction * radius}`;
}

const sides: Readonly<Record<string, (x: number, y: number) => string>> = {
	n: (x, y) => `M${x + midX} ${y + midY}V${y}`,
	s: (x, y) => `M${x + midX} ${y + midY}V${y + cellHeight}`,
	w: (x, y) => `M${x + midX} ${y + midY}H${x}`,
	e: (x, y) => `M${x + midX} ${y + midY}H${x + cellWidth}`,
};

/** The sides of the cell to which each glyph draws lines from the middle. */
const lines: Readonly<Record<string, string>> = {'┤': 'nsw', '├': 'nse', '┼': 'nswe', '╶': 'e', '╴': 'w'};

const levels = '▁▂▃▄▅▆▇█';
const barParts = '▏▎▍▌▋▊▉';

/** Returns the path of a line glyph in the cell at a position; undefined for other glyphs. */
export function lineOf(glyph: string, {x, y}: Point): string | undefined {
	switch (glyph) {
		case '─':
			return `M${x} ${y + midY}h${cellWidth}`;
		case '│':
			return `M${x + midX} ${y}v${cellHeight}`;
		default: {
			const parts = lines[glyph];
			return (
				corners[glyph]?.(x, y) ??
				(parts === undefined ? undefined : [...parts].map(side => sides[side]?.(x, y) ?? '').join(''))
			);
		}
	}
}

/** Returns the rectangle of a block glyph in the cell at a position; undefined for other glyphs. */
export function blockOf(
	glyph: string,
	{x, y}: Point,
): {x: number; y: number; width: number; height: number} | undefined {
	const level = glyph === '' ? 0 : levels.indexOf(glyph) + 1;
	if (level > 0) {
		// As in a terminal, full blocks in adjacent rows touch, but blocks of seven eighths leave a gap between the
		// rows.
		const height = (cellHeight * level) / 8;
		return {x, y: y + cellHeight - height, width: cellWidth, height};
	}

	if (glyph === '━') {
		return {x, y: y + midY - 1.5, width: cellWidth, height: 3};
	}

	if (glyph === '░') {
		return {x, y: y + cellHeight / 8, width: cellWidth, height: (cellHeight * 7) / 8};
	}

	const eighths = glyph === '' ? 0 : barParts.indexOf(glyph) + 1;
	return eighths > 0
		? {x, y: y + cellHeight / 8, width: (cellWidth * eighths) / 8, height: (cellHeight * 7) / 8}
		: undefined;
}

/** The positions of the dots of a braille glyph, by the bits of its code: columns and rows of a two-by-four grid. */
const dotPlaces = [0, 2, 4, 1, 3, 5, 6, 7].map(index => [index % 2, index >> 1] as const);
const dotSize = 2.4;

/**
 * Returns the path of the dots of a braille glyph in the cell at a position, to be filled; undefined for other glyphs.
 */
export function dotsOf(glyph: string, {x, y}: Point): string | undefined {
	const bits = (glyph.codePointAt(0) ?? 0) - 0x28_00;
	if (bits < 0 || bits > 0xff) {
		return undefined;
	}

	return dotPlaces
		.filter((_, bit) => ((bits >> bit) & 1) === 1)
		.map(([column, row]) => {
			const left = x + ((column + 0.5) * cellWidth) / 2 - dotSize / 2;
			const top = y + ((row + 0.5) * cellHeight) / 4 - dotSize / 2;
			return `M${round(left)} ${round(top)}h${dotSize}v${dotSize}h-${dotSize}z`;
		})
		.join('');
}

function round(value: number): number {
	return Math.round(value * 100) / 100;
}

/** A color of a cell: red, green, and blue in 24 bits, or one of the terminal's sixteen. */
export type CellColor =
	| {readonly kind: 'rgb'; readonly value: number}
	| {readonly kind: 'palette'; readonly index: number};

/**
 * One cell of a terminal. A character that is two cells wide is in the first cell, and the second cell has a width
 * of 0.
 */
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

/** The colors of a terminal with a dark or light background. */
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

/** The appearance of a screen: its colors, its background, and whether it is in ASCII. */
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

/** Returns the cells of a screen, row by row, as a terminal of this size shows them. */
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
