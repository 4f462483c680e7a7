import type {Points} from '../api/points.ts';
import {type SymbolSet, symbols, type Tone} from '../theme/theme.ts';
import type {Line} from './line.ts';
import {dotsPerCell, dotsUp, plotCurves} from './plot.ts';
import {chartRange, columnAfter, cursorColumn, quietTail, resample} from './resample.ts';
import {type Glyph, joinGlyphs, noData, type RowLook, type ToneOf} from './sparkline.ts';

/** How the trend of a series is drawn in rows: like one row for the whole window, from `bottom`, which is zero by default, to `top`. */
export type RowsLook = RowLook & {
	readonly bottom?: number;
	readonly top: number;
	readonly height: number;
	readonly symbols: SymbolSet;
};

type Values = ReadonlyArray<number | undefined>;

/** Returns the tone of a cell with these values: that of the highest, or bad if that of any is. */
function toneOf(tone: ToneOf, values: Values): Tone {
	if (typeof tone === 'string') {
		return tone;
	}

	const known = values.filter(value => value !== undefined);
	return known.some(value => tone(value) === 'bad') ? 'bad' : tone(Math.max(...known));
}

/**
 * Draws a series over the window in `height` rows, the top one first: as a curve of braille dots with two values in each cell, or
 * else as an area. Values beyond the ends of its range are drawn at them, and gaps are marked.
 */
export function trendRows(points: Points, width: number, look: RowsLook): readonly Line[] {
	const {snapshot, tone, top, bottom = 0, height, symbols: set} = look;
	const dots = set === 'braille' ? dotsPerCell : 1;
	const range = chartRange(snapshot, width);
	const values = resample(points, range, width * dots, {stepMs: snapshot.window.stepMs, summary: 'extremes'});
	const shares = values.map(value =>
		value === undefined ? undefined : Math.min(Math.max((value - bottom) / (top - bottom), 0), 1),
	);
	const quiet = quietTail([points], snapshot);
	const quietFrom = quiet === undefined ? width : columnAfter(quiet.fromMs, range, width);
	const cursor = cursorColumn(snapshot.atMs, range, width);
	if (set !== 'braille') {
		return areaRows(shares, values, {tone, height, cursor, quietFrom});
	}

	const most = height * dotsUp - 1;
	// The lowest dot of the lowest row is a quarter of a row below the middle of its line.
	const rows = shares.map(share => (share === undefined ? undefined : (Math.round(share * most) - 1) / dotsUp));
	const toneAt = (cell: number): Tone => toneOf(tone, values.slice(cell * dots, (cell + 1) * dots));
	return plotCurves([{rows, tone: toneAt}], width, height - 1, {
		dots,
		cursor,
		noData: quietFrom < width ? {from: quietFrom, text: ''} : undefined,
	});
}

type AreaLook = {
	readonly tone: ToneOf;
	readonly height: number;
	readonly cursor: number | undefined;
	readonly quietFrom: number;
};

/** Draws shares as columns of eighths of a cell; what is zero has the lowest height. */
function areaRows(shares: Values, values: Values, {tone, height, cursor, quietFrom}: AreaLook): readonly Line[] {
	const {levels} = symbols;
	const first = shares.findIndex(share => share !== undefined);
	const last = shares.findLastIndex(share => share !== undefined);
	const cellOf = (column: number, row: number): Glyph | undefined => {
		const share = shares[column];
		if (share === undefined) {
			return column >= quietFrom || (column > first && column < last) ? noData : undefined;
		}

		const eighths = Math.max(Math.round(share * height * levels.length), 1) - row * levels.length;
		const glyph = levels[Math.min(eighths, levels.length) - 1];
		return glyph === undefined ? undefined : {glyph, tone: toneOf(tone, [values[column]])};
	};
	return Array.from({length: height}, (_, index) =>
		joinGlyphs(
			shares.map((__, column) =>
				column === cursor ? {glyph: symbols.cursor, tone: 'selected'} : cellOf(column, height - 1 - index),
			),
		),
	);
}
