import type {Points} from '../api/points.ts';
import type {Zone} from '../text/clock-time.ts';
import {symbols, type Tone} from '../theme/theme.ts';
import {timeAxis, type ValueAxis} from './axis.ts';
import {cells, fitLine, type Line, padStart, span} from './line.ts';
import {plotCurves} from './plot.ts';
import {cursorColumn, type Range, resample, type Summary} from './resample.ts';

/** One series of a chart; its label stands behind the end of its curve. */
export type ChartSeries = {readonly points: Points; readonly tone: Tone; readonly label?: string};

export type ChartOptions = {
	readonly series: readonly ChartSeries[];
	readonly width: number;
	readonly height: number;
	readonly range: Range;
	/** The time that a line is drawn at. */
	readonly cursorMs: number | undefined;
	readonly stepMs: number;
	readonly summary: Summary;
	readonly axis: (peak: number | undefined, rows: number) => ValueAxis;
	readonly format: (value: number) => string;
	readonly zone: Zone;
};

const labelWidth = 5;

/** From this many rows on there is room for a row of times. */
const rowsForTimes = 3;

/** Behind each curve's end its label, on the nearest row that is free. */
function placeLabels(
	series: readonly ChartSeries[],
	ends: ReadonlyArray<number | undefined>,
	rows: number,
): ReadonlyMap<number, ChartSeries> {
	const placed = new Map<number, ChartSeries>();
	for (const [index, one] of series.entries()) {
		const end = ends[index];
		if (one.label !== undefined && end !== undefined) {
			const wanted = Math.round(end);
			const free = Array.from({length: rows + 1}, (_, row) => row)
				.filter(row => !placed.has(row))
				.sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted));
			if (free[0] !== undefined) {
				placed.set(free[0], one);
			}
		}
	}

	return placed;
}

/**
 * A chart in exactly `width` × `height` cells: value labels and axis at the left, curves, their labels at the right, and
 * below them the times.
 */
export function chart(options: ChartOptions): readonly Line[] {
	const {series, width, height, range, stepMs, summary, zone} = options;
	const hasTimes = height >= rowsForTimes;
	const rows = Math.max(height - (hasTimes ? 1 : 0) - 1, 0);
	const legendWidth = Math.max(0, ...series.map(({label}) => (label === undefined ? 0 : cells(label) + 1)));
	const columns = Math.max(width - labelWidth - 2 - legendWidth, 1);
	const values = series.map(({points}) => resample(points, range, columns, {stepMs, summary}));
	const known = values.flat().filter(value => value !== undefined);
	const peak = known.length === 0 ? undefined : known.reduce((a, b) => Math.max(a, b));
	const axis = options.axis(peak, rows);
	const curves = values.map((row, index) => ({
		rows: row.map(value => (value === undefined ? undefined : axis.rowOf(value))),
		tone: series[index]?.tone ?? 'plain',
	}));
	const ends = curves.map(curve => curve.rows.findLast(row => row !== undefined));
	const legend = placeLabels(series, ends, rows);
	const plotted = plotCurves(curves, columns, rows, cursorColumn(options.cursorMs, range, columns)).map(
		(line, index): Line => {
			const row = rows - index;
			const tick = axis.ticks.get(row);
			const label = tick === undefined ? '' : options.format(tick);
			const named = legend.get(row);
			return [
				span(`${padStart(label, labelWidth)} ${symbols.chart[1]}`, 'dim'),
				...line,
				...(named?.label === undefined ? [] : [span(` ${named.label}`, named.tone)]),
			];
		},
	);
	const times: Line = [span(' '.repeat(labelWidth + 2) + timeAxis(range, columns, zone), 'dim')];
	return (hasTimes ? [...plotted, times] : plotted).map(line => fitLine(line, width)).slice(0, height);
}
