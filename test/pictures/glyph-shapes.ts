/** The size of a cell, in the units of the picture. */
export const cellWidth = 8;
export const cellHeight = 17;

const midX = cellWidth / 2;
const midY = cellHeight / 2;
const radius = 4;

export type Place = {readonly x: number; readonly y: number};

const corners: Readonly<Record<string, (x: number, y: number) => string>> = {
	'╭': (x, y) => `M${x + cellWidth} ${y + midY}H${x + midX + radius}${curve(x, y, 1)}V${y + cellHeight}`,
	'╮': (x, y) => `M${x} ${y + midY}H${x + midX - radius}${curve(x, y, 1)}V${y + cellHeight}`,
	'╰': (x, y) => `M${x + cellWidth} ${y + midY}H${x + midX + radius}${curve(x, y, -1)}V${y}`,
	'╯': (x, y) => `M${x} ${y + midY}H${x + midX - radius}${curve(x, y, -1)}V${y}`,
};

/** Around the middle of a cell, down or up. */
function curve(x: number, y: number, direction: 1 | -1): string {
	return `Q${x + midX} ${y + midY} ${x + midX} ${y + midY + direction * radius}`;
}

const sides: Readonly<Record<string, (x: number, y: number) => string>> = {
	n: (x, y) => `M${x + midX} ${y + midY}V${y}`,
	s: (x, y) => `M${x + midX} ${y + midY}V${y + cellHeight}`,
	w: (x, y) => `M${x + midX} ${y + midY}H${x}`,
	e: (x, y) => `M${x + midX} ${y + midY}H${x + cellWidth}`,
};

/** To which sides of its cell a glyph has lines from the middle. */
const lines: Readonly<Record<string, string>> = {'┤': 'nsw', '├': 'nse', '┼': 'nswe', '╶': 'e', '╴': 'w'};

const levels = '▁▂▃▄▅▆▇█';

/** The path of a glyph of lines in the cell at a place; undefined for other glyphs. */
export function lineOf(glyph: string, {x, y}: Place): string | undefined {
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

/** The rectangle of a block glyph in the cell at a place; undefined for other glyphs. */
export function blockOf(
	glyph: string,
	{x, y}: Place,
): {x: number; y: number; width: number; height: number} | undefined {
	const level = glyph === '' ? 0 : levels.indexOf(glyph) + 1;
	if (level > 0) {
		// As in a terminal, two full rows touch, and a bar of seven eighths leaves a line between.
		const height = (cellHeight * level) / 8;
		return {x, y: y + cellHeight - height, width: cellWidth, height};
	}

	if (glyph === '░') {
		return {x, y: y + cellHeight / 8, width: cellWidth, height: (cellHeight * 7) / 8};
	}

	return glyph === '▏' ? {x, y: y + cellHeight / 8, width: cellWidth / 8, height: (cellHeight * 7) / 8} : undefined;
}
