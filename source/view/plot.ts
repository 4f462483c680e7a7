import {plot as drawLine} from 'asciichart';
import {symbols, type Tone} from '../theme/theme.ts';
import {type Glyph, joinGlyphs, noData} from './glyphs.ts';
import {type Line, textWidth} from './line.ts';

/** One curve of a chart: a row for each column (0 is the bottom, fractions allowed), or undefined for a gap. */
export type Curve = {readonly rows: ReadonlyArray<number | undefined>; readonly tone: Tone};

/**
 * Draws a stretch without gaps with asciichart, as rows of glyphs, top row first. asciichart requires numbers, scales
 * by itself, puts its axis first and draws one column fewer than there are points. So it gets rows as values, an axis
 * of one cell that is cut off again, and the last value twice.
 */
function drawStretch(rows: readonly number[], height: number): ReadonlyArray<readonly string[]> {
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
function stretches(rows: Curve['rows']): ReadonlyArray<{readonly from: number; readonly rows: readonly number[]}> {
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

/** What is drawn over and under the curves. */
export type PlotMarks = {
	/** The column of the cursor line. */
	readonly cursor?: number | undefined;
	/** The first column after the newest sample, and the text there. */
	readonly noData?: {readonly from: number; readonly text: string} | undefined;
};

/** Hatches the columns without data, with the text in their middle if it fits. */
function hatch(grid: ReadonlyArray<Array<Glyph | undefined>>, {from, text}: {from: number; text: string}): void {
	const words = ` ${text} `;
	for (const [index, row] of grid.entries()) {
		const isMiddle = index === grid.length >> 1;
		const width = row.length - from;
		const start = isMiddle && textWidth(words) <= width ? from + ((width - textWidth(words)) >> 1) : row.length;
		for (let column = from; column < row.length; column++) {
			const letter = words[column - start];
			row[column] ??= letter === undefined ? noData : {glyph: letter, tone: 'warn'};
		}
	}
}

/**
 * Draws curves into exactly `height + 1` rows of `columns` cells, top row first. Later curves are drawn over earlier
 * ones, and all of them over the cursor line and the marks of time without data. Only this function uses asciichart.
 */
export function plotCurves(
	curves: readonly Curve[],
	columns: number,
	height: number,
	{cursor, noData: quiet}: PlotMarks = {},
): readonly Line[] {
	const grid = Array.from({length: height + 1}, () => new Array<Glyph | undefined>(columns).fill(undefined));
	for (const {rows, tone} of curves) {
		for (const stretch of stretches(rows)) {
			for (const [row, glyphs] of drawStretch(stretch.rows, height).entries()) {
				for (const [offset, glyph] of glyphs.entries()) {
					const cellsOfRow = grid[row];
					if (glyph !== ' ' && cellsOfRow !== undefined && stretch.from + offset < columns) {
						cellsOfRow[stretch.from + offset] = {glyph, tone};
					}
				}
			}
		}
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
