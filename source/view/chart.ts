// Longer than 250 lines because the lines of a chart, its marks, and its time axis share the same columns.

import {noPoints, type Points} from '../api/points.ts';
import {SeriesMemo} from '../metrics/series.ts';
import {formatDay, formatMinute, isStartOfDay, timeOfLocal, type Zone, zoneOffsetMs} from '../text/clock-time.ts';
import {type SymbolSet, symbols, type Tone} from '../theme/theme.ts';
import type {AxisMaker} from './axis.ts';
import {fitLine, type Line, padStart, span, textWidth} from './line.ts';
import {dotsPerCell, type PlotMarks, plotCurves} from './plot.ts';
import {
	columnAfter,
	columnOf,
	cursorColumn,
	gapLimits,
	noGapLimits,
	type Range,
	resample,
	type Summary,
} from './resample.ts';

/** One series of a chart. Its label follows the end of its curve, and `summary` overrides that of the chart. */
export type ChartSeries = {
	readonly points: Points;
	readonly tone: Tone;
	readonly label?: string;
	readonly summary?: Summary;
	/** The same series in the comparison, at its own times. */
	readonly reference?: Points | undefined;
	/** Whether the series is drawn only in cells without another curve. */
	readonly isBehind?: true;
};

/** A time that the time axis marks, in epoch milliseconds, and how it is marked. */
export type ChartMark = {readonly timeMs: number; readonly glyph: string; readonly tone: Tone};

type ChartOptions = {
	readonly series: readonly ChartSeries[];
	readonly width: number;
	readonly height: number;
	/** Returns the time range that a number of columns shows. */
	readonly range: (columns: number) => Range;
	/** The time of the cursor line, in epoch milliseconds. */
	readonly cursorMs: number | undefined;
	/** The start of the time for which expected data is missing, and its label, in forms from long to short. */
	readonly noData?: {readonly fromMs: number; readonly texts: readonly string[]} | undefined;
	/** The same for time without requests, which isn't marked; the label can extend into the time after it. */
	readonly idle?: {readonly fromMs: number; readonly texts: readonly string[]} | undefined;
	/** A series that also has samples in idle time, so that the columns of that time aren't gaps. */
	readonly rate?: Points | undefined;
	/** The marks of the time axis, most important first. */
	readonly marks?: readonly ChartMark[];
	readonly stepMs: number;
	readonly summary: Summary;
	readonly axis: AxisMaker;
	readonly format: (value: number) => string;
	readonly symbols: SymbolSet;
	readonly zone: Zone;
};

const labelWidth = 5;

/** The width of the value axis, with its labels. */
export const axisWidth = labelWidth + 2;

/** The minimum number of rows of a chart with a time axis. */
const rowsForTimes = 3;

/**
 * Places each label at the end of its curve, on the row nearest to that end; labels of higher ends are above those of
 * lower ones. If ends are equal, the later series is above, since a percentile is no lower than the previous one.
 */
function placeLabels(
	series: readonly ChartSeries[],
	ends: ReadonlyArray<number | undefined>,
	rows: number,
): ReadonlyMap<number, ChartSeries> {
	const wanted = series
		.flatMap((one, index) => {
			const end = ends[index];
			return one.label === undefined || end === undefined ? [] : [{one, end, index}];
		})
		.sort((a, b) => b.end - a.end || b.index - a.index)
		.slice(0, rows + 1);
	const placed = new Map<number, ChartSeries>();
	let above = rows + 1;
	for (const [position, {one, end}] of wanted.entries()) {
		const below = wanted.length - 1 - position;
		const row = Math.max(Math.min(Math.round(end), above - 1), below);
		placed.set(row, one);
		above = row;
	}

	return placed;
}

const knownValues = new SeriesMemo<ReturnType<typeof resample>>();
const plots = new SeriesMemo<readonly Line[]>();

/** Returns the highest and the lowest known value. */
function extremesOf(
	all: ReadonlyArray<ReadonlyArray<number | undefined>>,
): Readonly<Record<'peak' | 'lowest', number | undefined>> {
	let peak: number | undefined;
	let lowest: number | undefined;
	for (const values of all) {
		for (let index = 0; index < values.length; index++) {
			const value = values[index];
			if (value !== undefined) {
				peak = Math.max(peak ?? value, value);
				lowest = Math.min(lowest ?? value, value);
			}
		}
	}

	return {peak, lowest};
}

/**
 * Draws a chart in exactly `width` × `height` cells: value labels and the axis on the left, curves in the middle, their
 * labels on the right, and times below.
 */
export function chart(options: ChartOptions): readonly Line[] {
	const {series, width, height, stepMs, summary, zone} = options;
	const hasTimes = height >= rowsForTimes;
	const rows = Math.max(height - (hasTimes ? 1 : 0) - 1, 0);
	const legendWidth = Math.max(0, ...series.map(({label}) => (label === undefined ? 0 : textWidth(label) + 1)));
	const columns = Math.max(width - axisWidth - legendWidth, 1);
	const range = options.range(columns);
	const dots = options.symbols === 'braille' ? dotsPerCell : 1;
	const values = series.map(one => {
		const by = [range.startMs, range.endMs, columns * dots, stepMs, one.summary ?? summary];
		return knownValues.get(one.points, by, () =>
			resample(one.points, range, columns * dots, {stepMs, summary: one.summary ?? summary}),
		);
	});
	const {peak, lowest} = extremesOf(values);
	const axis = options.axis(peak, rows, lowest);
	const formatTick = axis.format ?? options.format;
	const curves = values.map((row, index) => ({
		rows: row.map(value => (value === undefined ? undefined : axis.rowOf(value))),
		tone: series[index]?.tone ?? 'plain',
		isBehind: series[index]?.isBehind === true,
	}));
	const ends = curves.map(curve => curve.rows.findLast(row => row !== undefined));
	const legend = placeLabels(series, ends, rows);
	const {noData, idle, rate} = options;
	const marks: PlotMarks = {
		cursor: cursorColumn(options.cursorMs, range, columns),
		noData: noData && quietMark(noData.texts, columnAfter(noData.fromMs, range, columns), columns),
		idle: idle && quietMark(idle.texts, columnAfter(idle.fromMs, range, columns), columns),
		gaps: gapLimits(series[0]?.points ?? noPoints, stepMs, range, columns),
	};
	const {gaps = noGapLimits} = marks;
	const by: unknown[] = [columns, rows, dots, marks.cursor, marks.noData?.from, marks.noData?.text];
	by.push(marks.idle?.from, marks.idle?.text, rate, range.startMs, gaps.blank, gaps.short);
	for (const {rows: ofCurve, tone, isBehind} of curves) {
		by.push(ofCurve.length, tone, isBehind, ...ofCurve);
	}

	const plot = plots.get(series[0]?.points ?? noPoints, by, () => {
		const known = rate && resample(rate, range, columns, {stepMs, summary: 'mean'}).map(value => value !== undefined);
		return plotCurves(curves, columns, rows, {...marks, dots, known});
	});
	const plotted = plot.map((line, index): Line => {
		const row = rows - index;
		const tick = axis.ticks.get(row);
		const label = tick === undefined ? '' : formatTick(tick);
		const named = legend.get(row);
		return [
			span(`${padStart(label, labelWidth)} ${symbols.chart[1]}`, 'dim'),
			...line,
			...(named?.label === undefined ? [] : [span(` ${named.label}`, named.tone)]),
		];
	});
	const times: Line = [span(' '.repeat(axisWidth), 'dim'), ...markedTimes(range, columns, options.marks ?? [], zone)];
	return (hasTimes ? [...plotted, times] : plotted).map(line => fitLine(line, width)).slice(0, height);
}

function quietMark(texts: readonly string[], from: number, columns: number): PlotMarks['noData'] {
	return {from, text: texts.find(text => textWidth(text) + 2 <= columns - from) ?? ''};
}

/** Returns the columns that are at most `far` cells from a column, nearest first. */
function columnsAround(column: number, far: number): readonly number[] {
	return Array.from({length: 2 * far + 1}, (_, index) => column + (index % 2 === 0 ? index / 2 : -(index + 1) / 2));
}

/** The maximum number of cells by which a mark moves to a cell without a label. */
const farthest = 3;

/**
 * Draws a time axis with this number of columns, and each mark in its column or in the nearest free one. Marks hide
 * neither labels nor each other, and are in the order of their times. A mark without a free column within three cells
 * is omitted.
 */
export function markedTimes(range: Range, columns: number, marks: readonly ChartMark[], zone: Zone): Line {
	const marked = new Set(marks.map(({timeMs}) => columnOf(timeMs, range, columns)));
	const texts = [...timeAxis(range, columns, zone, marked)];
	const chosen = new Map<number, ChartMark>();
	const seen = new Set<string>();
	for (const mark of marks) {
		const column = columnOf(mark.timeMs, range, columns);
		// Marks that look the same and belong to the same column are drawn once.
		const same = `${column} ${mark.glyph} ${mark.tone}`;
		if (seen.has(same)) {
			continue;
		}

		seen.add(same);
		const free = columnsAround(column, farthest).find(place => texts[place] === ' ' && !chosen.has(place));
		if (free !== undefined) {
			chosen.set(free, mark);
		}
	}

	// Marks that had to move stay in the order of their times.
	const places = [...chosen.keys()].sort((a, b) => a - b);
	const ordered = [...chosen.values()].sort((a, b) => a.timeMs - b.timeMs);
	const placed = new Map(ordered.map((mark, index) => [places[index], mark]));

	return texts.map((text, place) => {
		const mark = placed.get(place);
		return mark === undefined ? span(text, 'dim') : span(mark.glyph, mark.tone);
	});
}

const minute = 60_000;

const hour = 60 * minute;

const timeSteps = [
	...[1, 2, 5, 10, 15, 20, 30].map(minutes => minutes * minute),
	...[1, 2, 3, 4, 6, 12, 24, 48].map(hours => hours * hour),
];

/** The minimum distance between the starts of two time labels, in cells, unless too few labels would fit. */
const labelDistance = 11;

/** How far the middle of a label can be from its time, in cells. */
const nearTime = 1;

type TimeLabel = {readonly start: number; readonly label: string};

const noColumns: ReadonlySet<number> = new Set();

/**
 * Returns the labels of a time axis of `columns` cells, with each label below its time: round local times and, if the
 * range is longer than 20 hours, the date at the beginning of a day. A label that would touch a mark in one of the
 * columns in `kept` is omitted; if too few labels remain, shorter steps between labels are used. If no label fits even
 * then, one label touches a mark, or is up to three cells away from its time.
 */
export function timeAxis(range: Range, columns: number, zone: Zone, kept: ReadonlySet<number> = noColumns): string {
	const perColumn = (range.endMs - range.startMs) / Math.max(columns, 1);
	const index = timeSteps.findIndex(candidate => candidate >= perColumn * labelDistance);
	const step = timeSteps[index] ?? 7 * 24 * hour;
	const finer = timeSteps.slice(0, Math.max(index, 0)).filter(one => one * 6 >= step);
	const wanted = columns >= 2 * labelDistance ? 2 : 1;
	let most: readonly TimeLabel[] = [];
	for (const each of [step, ...finer.toReversed()]) {
		const labels = timeLabels(range, columns, zone, {step: each, kept, room: 1, far: nearTime});
		most = labels.length > most.length ? labels : most;
		if (most.length >= wanted) {
			break;
		}
	}

	const labels =
		most.length > 0
			? most
			: [
					...timeLabels(range, columns, zone, {step, kept, room: 0, far: nearTime}),
					...timeLabels(range, columns, zone, {step, kept: noColumns, room: 0, far: 3}),
				].slice(0, 1);
	return labels.reduce((text, {start, label}) => text.padEnd(start) + label, '').padEnd(columns);
}

/**
 * Returns the labels of the multiples of `step` that fit: their middles are at most `far` cells from their times, and
 * neither a label nor the `room` cells on either side of it cover a column in `kept`.
 */
function timeLabels(
	{startMs, endMs, untilMs = endMs}: Range,
	columns: number,
	zone: Zone,
	{
		step,
		kept,
		room,
		far,
	}: {readonly step: number; readonly kept: ReadonlySet<number>; readonly room: number; readonly far: number},
): readonly TimeLabel[] {
	const first = Math.ceil((startMs + zoneOffsetMs(startMs, zone)) / step) * step;
	const last = endMs + zoneOffsetMs(endMs, zone);
	const labels: TimeLabel[] = [];
	let least = 0;
	for (let local = first; local <= last; local += step) {
		const time = timeOfLocal(local, zone);
		const label =
			isStartOfDay(time, zone) && endMs - startMs > 20 * hour ? formatDay(time, zone) : formatMinute(time, zone);
		const middle = columnOf(time, {startMs, endMs}, columns) - Math.floor(label.length / 2);
		const start = columnsAround(middle, far).find(
			place =>
				place >= least &&
				place + label.length <= columns &&
				Array.from({length: label.length + 2 * room}).every((_, cell) => !kept.has(place - room + cell)),
		);
		if (start !== undefined && time >= startMs && time <= untilMs) {
			labels.push({start, label});
			least = start + label.length + 2;
		}
	}

	return labels;
}
