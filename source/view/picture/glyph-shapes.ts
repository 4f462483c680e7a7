/** The size of a cell, in the units of the picture. */
export const cellWidth = 8;
export const cellHeight = 17;

const midX = cellWidth / 2;
const midY = cellHeight / 2;
const radius = 4;

export type Point = {readonly x: number; readonly y: number};

const corners: Readonly<Record<string, (x: number, y: number) => string>> = {
	'╭': (x, y) => `M${x + cellWidth} ${y + midY}H${x + midX + radius}${curve(x, y, 1)}V${y + cellHeight}`,
	'╮': (x, y) => `M${x} ${y + midY}H${x + midX - radius}${curve(x, y, 1)}V${y + cellHeight}`,
	'╰': (x, y) => `M${x + cellWidth} ${y + midY}H${x + midX + radius}${curve(x, y, -1)}V${y}`,
	'╯': (x, y) => `M${x} ${y + midY}H${x + midX - radius}${curve(x, y, -1)}V${y}`,
};

/** From the middle of a cell, down or up. */
function curve(x: number, y: number, direction: 1 | -1): string {
	return `Q${x + midX} ${y + midY} ${x + midX} ${y + midY + direction * radius}`;
}

const sides: Readonly<Record<string, (x: number, y: number) => string>> = {
	n: (x, y) => `M${x + midX} ${y + midY}V${y}`,
	s: (x, y) => `M${x + midX} ${y + midY}V${y + cellHeight}`,
	w: (x, y) => `M${x + midX} ${y + midY}H${x}`,
	e: (x, y) => `M${x + midX} ${y + midY}H${x + cellWidth}`,
};

/** The sides of its cell to which a glyph has lines from the middle. */
const lines: Readonly<Record<string, string>> = {'┤': 'nsw', '├': 'nse', '┼': 'nswe', '╶': 'e', '╴': 'w'};

const levels = '▁▂▃▄▅▆▇█';

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
		// As in a terminal, two full rows touch, and a bar of seven eighths leaves a line between them.
		const height = (cellHeight * level) / 8;
		return {x, y: y + cellHeight - height, width: cellWidth, height};
	}

	if (glyph === '━') {
		return {x, y: y + midY - 1.5, width: cellWidth, height: 3};
	}

	if (glyph === '░') {
		return {x, y: y + cellHeight / 8, width: cellWidth, height: (cellHeight * 7) / 8};
	}

	return glyph === '▏' ? {x, y: y + cellHeight / 8, width: cellWidth / 8, height: (cellHeight * 7) / 8} : undefined;
}

/** The positions of the dots of a braille glyph, by the bits of its code: columns and rows of a two by four grid. */
const dotPlaces = [0, 2, 4, 1, 3, 5, 6, 7].map(index => [index % 2, index >> 1] as const);
const dotSize = 2.4;

/** Returns the path of the dots of a braille glyph in the cell at a position, to be filled; undefined for other glyphs. */
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
