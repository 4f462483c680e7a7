// Longer than 250 lines because the curves, gaps, and cursor line of a plot share the same cells.
import {plot as drawLine} from 'asciichart';
import {symbols, type Tone} from '../theme/theme.ts';
import {type Line, textWidth} from './line.ts';
import {type GapLimits, gapColumns, noGapLimits} from './resample.ts';
import {type Glyph, joinGlyphs, noData} from './sparkline.ts';

/**
 * One curve of a chart: a row for each value from left to right (0 is the bottom, fractions allowed), or undefined for
 * a gap.
 */
export type Curve = {
	readonly rows: ReadonlyArray<number | undefined>;
	/** The tone of the whole curve, or of each cell. */
	readonly tone: Tone | ((cell: number) => Tone);
	/** Whether the curve is drawn only in cells without another curve. */
	readonly isBehind?: boolean;
};

/**
 * Uses asciichart to draw a range without gaps, as rows of glyphs, top row first. asciichart requires numbers, scales
 * them itself, puts its axis first, and draws one column fewer than there are points. So it receives rows as values, an
 * axis of one cell that is cut off afterward, and the last value twice.
 */
function drawRun(rows: readonly number[], height: number): ReadonlyArray<readonly string[]> {
	const view = drawLine([...rows, rows.at(-1) ?? 0], {
		min: 0,
		max: height,
		height,
		offset: 1,
		format: () => ' ',
		symbols: [...symbols.chart],
	});
	return view.split('\n').map(line => [...line].slice(1, rows.length + 1));
}

/** Returns the runs of neighboring columns that have a value. */
function runsOf(rows: Curve['rows']): ReadonlyArray<{readonly from: number; readonly rows: readonly number[]}> {
	const found: Array<{from: number; rows: number[]}> = [];
	let open = false;
	for (const [column, row] of rows.entries()) {
		if (row === undefined) {
			open = false;
		} else if (open) {
			found.at(-1)?.rows.push(row);
		} else {
			found.push({from: column, rows: [row]});
			open = true;
		}
	}

	return found;
}

/** The number of columns of dots in a braille cell, each of which shows one value. */
export const dotsPerCell = 2;
/** The number of rows of dots in a braille cell. */
export const dotsUp = 4;

/** The bits of a braille glyph: the left dots from top to bottom, then the right ones. */
const dotBits = [
	[0x01, 0x02, 0x04, 0x40],
	[0x08, 0x10, 0x20, 0x80],
] as const;
const firstBraille = 0x28_00;

/** Caches braille glyphs by their tone and their bits: a frame has thousands of them. */
const brailleGlyphs = new Map<Tone, Array<Glyph | undefined>>();

/** Returns the braille glyph with these bits. */
function brailleGlyph(bits: number, tone: Tone): Glyph {
	let ofTone = brailleGlyphs.get(tone);
	if (ofTone === undefined) {
		ofTone = [];
		brailleGlyphs.set(tone, ofTone);
	}

	const known = ofTone[bits] ?? {glyph: String.fromCharCode(firstBraille + bits), tone};
	ofTone[bits] = known;
	return known;
}

/**
 * Draws a curve with two values per cell as braille dots, over the dots of earlier curves, with a line from each dot to
 * the next.
 */
function drawDots(grid: ReadonlyArray<Array<Glyph | undefined>>, {rows, tone}: Curve): void {
	let tonedCell = -1;
	let lastTone: Tone = 'plain';
	const toneOf = (cell: number): Tone => {
		if (cell !== tonedCell) {
			tonedCell = cell;
			lastTone = typeof tone === 'string' ? tone : tone(cell);
		}

		return lastTone;
	};
	const set = (column: number, dot: number): void => {
		const row = grid[grid.length - 1 - Math.floor(dot / dotsUp)];
		const cell = Math.floor(column / dotsPerCell);
		const bit = dotBits[column % dotsPerCell === 0 ? 0 : 1][dotsUp - 1 - (dot % dotsUp)] ?? 0;
		if (row !== undefined && cell < row.length) {
			const before = row[cell];
			const bits = before === undefined ? 0 : before.glyph.charCodeAt(0) - firstBraille;
			row[cell] = brailleGlyph(bits | bit, toneOf(cell));
		}
	};
	let previous: number | undefined;
	// An iterator would create an array for each column.
	for (let column = 0; column < rows.length; column++) {
		const row = rows[column];
		const dot = row === undefined ? undefined : Math.round(row * dotsUp) + 1;
		if (dot !== undefined) {
			set(column, dot);
			const from = previous ?? dot;
			const middle = (from + dot) / 2;
			for (let between = Math.min(from, dot) + 1; between < Math.max(from, dot); between++) {
				set(between < middle === from < dot ? column - 1 : column, between);
			}
		}

		previous = dot;
	}
}

/** The number of values per cell, and the marks that are drawn in addition to the curves. */
export type PlotMarks = {
	/** The number of values per cell of a curve: two are drawn as braille dots, one as lines. */
	readonly dots?: number;
	/** Which gaps between samples are marked, and how. */
	readonly gaps?: GapLimits;
	/** The column of the cursor line. */
	readonly cursor?: number | undefined;
	/** The first column after the newest sample, and the text to show there. */
	readonly noData?: {readonly from: number; readonly text: string} | undefined;
	/** The same for the time in which no values are expected, whose columns aren't marked. */
	readonly idle?: {readonly from: number; readonly text: string} | undefined;
	/** Which columns have samples of another series and therefore aren't gaps. */
	readonly known?: readonly boolean[] | undefined;
};

/** Returns whether any of these curves has a value in a column, in a drawing with `dots` values per cell. */
function isKnownIn(curves: readonly Curve[], column: number, dots: number): boolean {
	for (const {rows} of curves) {
		for (let value = column * dots; value < (column + 1) * dots; value++) {
			if (rows[value] !== undefined) {
				return true;
			}
		}
	}

	return false;
}

/** Hatches the columns without data where they are empty, with the text in the middle if it fits. */
function hatch(grid: ReadonlyArray<Array<Glyph | undefined>>, {from, text}: {from: number; text: string}): void {
	const words = text === '' ? '' : ` ${text} `;
	for (const [index, row] of grid.entries()) {
		const isMiddle = index === grid.length >> 1;
		const width = row.length - from;
		const start = isMiddle && textWidth(words) <= width ? from + ((width - textWidth(words)) >> 1) : row.length;
		for (let column = from; column < row.length; column++) {
			const letter = words[column - start];
			row[column] ??= letter === undefined ? noData : {glyph: letter, tone: 'plain'};
		}
	}
}

/** Writes the text in the row above the middle, starting at a column; omits it if a curve or a mark is in the way. */
function write(grid: ReadonlyArray<Array<Glyph | undefined>>, {from, text}: {from: number; text: string}): void {
	const row = grid[(grid.length >> 1) - 1] ?? [];
	const cells = [...` ${text} `].map((glyph, index) => ({column: from + index, glyph}));
	for (const {column, glyph} of cells.some(cell => row[cell.column] !== undefined) ? [] : cells) {
		row[column] = {glyph, tone: 'plain'};
	}
}

/** Draws curves on top of each other into `height + 1` rows of `columns` cells. */
function drawCurves(
	curves: readonly Curve[],
	columns: number,
	height: number,
	dots: number,
): ReadonlyArray<Array<Glyph | undefined>> {
	const grid = Array.from({length: height + 1}, () => new Array<Glyph | undefined>(columns).fill(undefined));
	for (const curve of curves) {
		if (dots === dotsPerCell) {
			drawDots(grid, curve);
			continue;
		}

		const {rows, tone} = curve;
		for (const run of runsOf(rows)) {
			for (const [row, glyphs] of drawRun(run.rows, height).entries()) {
				for (const [offset, glyph] of glyphs.entries()) {
					const cellsOfRow = grid[row];
					if (glyph !== ' ' && cellsOfRow !== undefined && run.from + offset < columns) {
						const column = run.from + offset;
						cellsOfRow[column] = {glyph, tone: typeof tone === 'string' ? tone : tone(column)};
					}
				}
			}
		}
	}

	return grid;
}

/**
 * Draws curves into exactly `height + 1` rows of `columns` cells, top row first. Later curves are drawn over earlier
 * ones. The marks of time without data appear only in cells without a curve, and the cursor line only in empty cells;
 * in all other cells, the cursor changes only the tone. Only this file uses asciichart.
 */
export function plotCurves(
	curves: readonly Curve[],
	columns: number,
	height: number,
	{cursor, noData: quiet, idle, known = [], dots = 1, gaps = noGapLimits}: PlotMarks = {},
): readonly Line[] {
	const front = curves.filter(({isBehind}) => isBehind !== true);
	const grid = drawCurves(front, columns, height, dots);
	const behind = curves.filter(({isBehind}) => isBehind === true);
	for (const [index, row] of behind.length === 0 ? [] : drawCurves(behind, columns, height, dots).entries()) {
		const cells = grid[index] ?? [];
		for (const [column, glyph] of row.entries()) {
			cells[column] ??= glyph;
		}
	}

	const marked = gapColumns(column => known[column] === true || isKnownIn(front, column, dots), columns, gaps);
	for (const [index, row] of grid.entries()) {
		for (const [column, place] of marked) {
			if (place === 'whole' || index === grid.length - 1) {
				row[column] ??= noData;
			}
		}
	}

	if (idle !== undefined && idle.text !== '') {
		write(grid, idle);
	}

	if (quiet !== undefined) {
		hatch(grid, quiet);
	}

	for (const row of grid) {
		if (cursor !== undefined && cursor < columns) {
			row[cursor] = {glyph: row[cursor]?.glyph ?? symbols.cursor, tone: 'selected'};
		}
	}

	return grid.map(joinGlyphs);
}
