// Longer than 250 lines because all rows with a label, a value, and a trend are aligned with each other.

import type {Points} from '../api/points.ts';
import {SeriesMemo, statistics} from '../metrics/series.ts';
import type {Snapshot} from '../metrics/snapshot.ts';
import {noDataWords} from '../text/status-text.ts';
import {type SymbolSet, symbols, type Tone} from '../theme/theme.ts';
import {cutEnd, type Line, padEnd, padStart, span, textWidth} from './line.ts';
import {asOld, type PaneInput, timeWord} from './pane-content.ts';
import {dotsPerCell, dotsUp, plotCurves} from './plot.ts';
import {
	chartRange,
	columnAfter,
	columnOf,
	cursorColumn,
	type GapLimits,
	gapColumns,
	gapLimits,
	quietTail,
	resample,
} from './resample.ts';
import {type Glyph, joinGlyphs, noData, type RowLook, type ToneOf} from './sparkline.ts';

/**
 * The appearance of a trend in several rows, which together represent the values from `bottom` (zero by default) to
 * `top`.
 */
type RowsLook = RowLook & {
	readonly bottom?: number;
	readonly top: number;
	readonly height: number;
	readonly symbols: SymbolSet;
	/** Another series: where it has samples, a lack of samples in this series isn't marked as a gap. */
	readonly rate?: Points | undefined;
};

type Values = ReadonlyArray<number | undefined>;

/**
 * Returns the tone of a cell that shows the values at the positions from `from` up to `to` (exclusive): the tone of the
 * highest value, or `bad` if any value has that tone.
 */
function toneOf(tone: ToneOf, values: Values, from: number, to: number): Tone {
	if (typeof tone === 'string') {
		return tone;
	}

	let highest = Number.NEGATIVE_INFINITY;
	for (let index = from; index < to; index++) {
		const value = values[index];
		if (value !== undefined && tone(value) === 'bad') {
			return 'bad';
		}

		highest = Math.max(highest, value ?? highest);
	}

	return tone(highest);
}

const drawnTrends = new SeriesMemo<readonly Line[]>();

/**
 * Draws a series over the window in `height` rows, the top one first: with braille, as a curve with two values in each
 * cell; otherwise, as an area. Values below `bottom` or above `top` are drawn at these limits, and gaps are marked.
 */
export function trendRows(points: Points, width: number, look: RowsLook): readonly Line[] {
	const {snapshot, tone, top, bottom = 0, height, symbols: set, badFromMs, rate} = look;
	const dots = set === 'braille' ? dotsPerCell : 1;
	const {stepMs} = snapshot.window;
	const range = chartRange(snapshot, width);
	const quiet = quietTail(rate === undefined ? [points] : [points, rate], snapshot);
	const quietFrom = quiet === undefined ? width : columnAfter(quiet.fromMs, range, width);
	const cursor = cursorColumn(snapshot.atMs, range, width);
	const badFrom = badFromMs === undefined ? width : columnOf(badFromMs, range, width);
	const by = [
		width,
		stepMs,
		range.startMs,
		range.endMs,
		quietFrom,
		cursor,
		tone,
		badFrom,
		bottom,
		top,
		height,
		set,
		rate,
	];
	return drawnTrends.get(points, by, () => {
		const values = resample(points, range, width * dots, {stepMs, summary: 'extremes'});
		const gaps = gapLimits(points, stepMs, range, width);
		const known = rate && resample(rate, range, width, {stepMs, summary: 'mean'}).map(value => value !== undefined);
		return drawRows(values, {width, tone, badFrom, top, bottom, height, quietFrom, cursor, dots, gaps, known});
	});
}

type DrawnLook = Required<Pick<RowsLook, 'tone' | 'top' | 'bottom' | 'height'>> & {
	readonly width: number;
	readonly quietFrom: number;
	readonly cursor: number | undefined;
	readonly dots: number;
	readonly badFrom: number;
	readonly gaps: GapLimits;
	readonly known: readonly boolean[] | undefined;
};

function drawRows(values: Values, look: DrawnLook): readonly Line[] {
	const {width, tone, badFrom, top, bottom, height, quietFrom, cursor, dots, gaps, known} = look;
	const shares = values.map(value =>
		value === undefined ? undefined : Math.min(Math.max((value - bottom) / (top - bottom), 0), 1),
	);
	if (dots === 1) {
		return areaRows(shares, values, {tone, badFrom, height, cursor, quietFrom, gaps, known});
	}

	const most = height * dotsUp - 1;
	// The lowest dot of the lowest row is a quarter of a row below the middle of that row.
	const rows = shares.map(share => (share === undefined ? undefined : (Math.round(share * most) - 1) / dotsUp));
	const toneAt = (cell: number): Tone =>
		cell >= badFrom ? 'bad' : toneOf(tone, values, cell * dots, (cell + 1) * dots);
	return plotCurves([{rows, tone: toneAt}], width, height - 1, {
		dots,
		cursor,
		gaps,
		known,
		noData: quietFrom < width ? {from: quietFrom, text: ''} : undefined,
	});
}

type AreaLook = {
	readonly tone: ToneOf;
	readonly badFrom: number;
	readonly height: number;
	readonly cursor: number | undefined;
	readonly quietFrom: number;
	readonly gaps: GapLimits;
	readonly known: readonly boolean[] | undefined;
};

/** Draws shares as columns in eighths of a cell; a share of zero is one eighth high. */
function areaRows(
	shares: Values,
	values: Values,
	{tone, badFrom, height, cursor, quietFrom, gaps, known = []}: AreaLook,
): readonly Line[] {
	const {levels} = symbols;
	const marked = gapColumns(column => known[column] === true || shares[column] !== undefined, shares.length, gaps);
	const cellOf = (column: number, row: number): Glyph | undefined => {
		const share = shares[column];
		if (share === undefined) {
			const gap = marked.get(column);
			return column >= quietFrom || gap === 'whole' || (gap === 'bottom' && row === 0) ? noData : undefined;
		}

		const eighths = Math.max(Math.round(share * height * levels.length), 1) - row * levels.length;
		const glyph = levels[Math.min(eighths, levels.length) - 1];
		const cellTone = column >= badFrom ? 'bad' : toneOf(tone, values, column, column + 1);
		return glyph === undefined ? undefined : {glyph, tone: cellTone};
	};
	return Array.from({length: height}, (_, index) =>
		joinGlyphs(
			shares.map((__, column) =>
				column === cursor ? {glyph: symbols.cursor, tone: 'selected'} : cellOf(column, height - 1 - index),
			),
		),
	);
}

/** One row of the table: a series, its current value, and the format of its values. */
export type SummaryRow = {
	readonly label: string;
	readonly now: number | undefined;
	readonly points: Points;
	readonly format: (value: number | undefined) => string;
};

const columnWidth = 10;

/**
 * Returns the table that full screen adds to the charts: the current value of each series, and its mean, lowest, and
 * highest values in the window, in as many columns as fit. Empty if the pane is too small.
 */
export function summaryTable(input: PaneInput, rows: readonly SummaryRow[]): readonly Line[] {
	const {view, width, height} = input;
	const labelWidth = Math.max(...rows.map(({label}) => textWidth(label))) + 1;
	const {name} = view.snapshot.window;
	const titles = [timeWord(input), `mean ${name}`, `low ${name}`, `peak ${name}`];
	const shown = titles.slice(0, Math.max(0, Math.floor((width - labelWidth) / columnWidth)));
	if (height < rows.length + 8 || shown.length === 0) {
		return [];
	}

	const head: Line = [
		span(' '.repeat(labelWidth)),
		span(shown.map(title => padStart(title, columnWidth)).join(''), 'dim'),
	];
	const body = rows.map(({label, now, points, format}): Line => {
		const {mean, lowest, peak} = statistics(points);
		const values = [now, mean, lowest, peak].slice(0, shown.length);
		const [first = '', ...others] = values.map(value => padStart(format(value), columnWidth));
		return [
			span(padEnd(` ${label}`, labelWidth), 'dim'),
			...asOld([span(first, 'strong')], input),
			span(others.join('')),
		];
	});
	return [[], head, ...body];
}

const labelWidth = 12;
const valueWidth = 8;

/** The width of the part before a trend, in cells, without a difference. */
export const beforeTrend = labelWidth + valueWidth + 2;

/** The minimum width at which a line has space for a difference. */
const widthForDifference = 28;

/**
 * Draws the line of one metric, for narrow screens: its name, its value, and, in the remaining space, its trend over
 * the whole window.
 */
export function metricLine(options: {
	readonly label: string;
	readonly value: string;
	readonly points: Points;
	readonly tone: Tone;
	readonly symbols: SymbolSet;
	/**
	 * When a finding about the value began, in epoch milliseconds: the value and, from that time on, the trend have the
	 * tone `bad`.
	 */
	readonly badFromMs?: number | undefined;
	/** The request rate, if the series has samples only while there are requests. */
	readonly rate?: Points | undefined;
	/** Whether the value is old, because it is out of date or the last request failed. */
	readonly isOld?: boolean;
	/** The minimum top of the trend's range, so that small values stay low. */
	readonly least?: number;
	readonly snapshot: Snapshot;
	readonly focused: boolean;
	readonly width: number;
	/** How much the value differs, if it is compared. */
	readonly difference?: string | undefined;
	/** The last known value as text, if it is out of date or the last request failed; replaces `value` if it fits. */
	readonly last?: string | undefined;
}): Line {
	const {
		label,
		value,
		points,
		tone,
		symbols: set,
		least = 0,
		snapshot,
		focused,
		width,
		difference,
		last = '',
		isOld = false,
		badFromMs,
		rate,
	} = options;
	const differs = difference === undefined || width < widthForDifference ? '' : padEnd(` ${cutEnd(difference, 6)}`, 7);
	const room = width - labelWidth - valueWidth - differs.length - 2;
	const {peak} = statistics(points);
	const isUnreadable = peak === undefined && snapshot.complete && snapshot.dropped > 0 && room >= 16;
	const top = Math.max(peak ?? 0, least);
	const look = {snapshot, tone, top: top > 0 ? top : 1, height: 1, symbols: set, badFromMs, rate} as const;
	const both = labelWidth + valueWidth;
	const named: Line =
		last !== '' && textWidth(label) + textWidth(last) < both
			? [span(`${padEnd(label, both - textWidth(last))}${last} `, 'dim')]
			: [
					span(padEnd(label, labelWidth - 1), 'dim'),
					span(padStart(value, valueWidth), isOld || last !== '' ? 'dim' : badFromMs === undefined ? 'strong' : 'bad'),
					span(differs, 'dim'),
					span('  '),
				];
	return [
		span(focused ? symbols.pointer : ' ', 'accent'),
		...named,
		...(room < 4
			? []
			: isUnreadable
				? [span(cutEnd(noDataWords(snapshot), room), 'dim')]
				: trendRows(points, room, look).flat()),
	];
}
