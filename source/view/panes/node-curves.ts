// Longer than 250 lines because curves have the same values, ranges, and labels whether side by side or stacked.

import {noPoints, type Points} from '../../api/points.ts';
import type {NodeSeries} from '../../api/series-table.ts';
import type {Node} from '../../metrics/node.ts';
import {SeriesMemo, statistics} from '../../metrics/series.ts';
import {type Component, nodeSeriesOf} from '../../state/component.ts';
import {formatBytes, formatCount, formatPercent, trimZeros} from '../../text/format.ts';
import {amountTone, symbols, type Tone} from '../../theme/theme.ts';
import {markedTimes} from '../chart.ts';
import {marksOf} from '../chart-stack.ts';
import {type Line, padEnd, span, textWidth} from '../line.ts';
import {trendRows} from '../metric-line.ts';
import type {PaneInput} from '../pane-content.ts';
import {chartRange} from '../resample.ts';
import type {ToneOf} from '../sparkline.ts';

/** The maximum number of rows of a node's curves below its values. */
const maxRows = 28;

/** The minimum number of rows of each curve if the curves are stacked, and the maximum if they are side by side. */
const stackedRows = 2;
const maxBeside = 8;

/** The width of the name of a curve and of the range below the name, each with a space after it. */
const labelWidth = 8;
const minCurve = 8;

/** The maximum number of curves of a node. */
const maxCurves = 4;

/** The minimum number of rows of stacked curves with their time axis. Blank rows between the curves require more. */
const minStacked = stackedRows * maxCurves + 1;

/**
 * The minimum and the maximum number of rows that are kept for findings below the curves. The minimum is enough for a
 * blank row, a title, and two findings.
 */
const [minForFindings, maxForFindings] = [4, 9];

/**
 * Returns the number of rows for curves below the values of each node, in a table with this number of free rows. A
 * quarter of the free rows (at least 4 and at most 9) is kept for the trainer's findings if one row of curves remains
 * for each node.
 */
export function curveRows(free: number, nodes: number, component: Component): number {
	const kept = Math.min(Math.max(Math.floor(free / 4), minForFindings), maxForFindings);
	const room = component === 'trainer' && free - kept >= nodes ? free - kept : free;
	const each = Math.min(Math.floor(room / Math.max(nodes, 1)), maxRows);
	return each >= minStacked ? stackedHeight(each) : Math.min(each, maxBeside);
}

/** Returns the number of rows that stacked curves take up if this number of rows is available. */
function stackedHeight(rows: number): number {
	return Math.max(Math.floor(rows / maxCurves) * maxCurves, minStacked);
}

/**
 * The rows that are kept for findings below the nodes of a list: a blank row, a title, and three findings with two rows
 * each.
 */
const forFindingsOfList = 8;

/**
 * Returns the number of rows for curves below each node of a list without a frame: one or none, or enough to stack
 * them.
 */
export function curveRowsOfList(free: number, nodes: number): number {
	const each = Math.min(Math.floor((free - forFindingsOfList) / Math.max(nodes, 1)), maxRows);
	if (each >= minStacked) {
		return stackedHeight(each);
	}

	return free - nodes >= forFindingsOfList ? 1 : 0;
}

type Curve = {
	readonly name: string;
	readonly points: Points;
	readonly tone: ToneOf;
	readonly bottom: number;
	readonly top: number;
	/** The values of the curve's lowest and highest rows as text; `–` without samples. */
	readonly ends: string;
};

const means = new SeriesMemo<Points>();

/** Returns the mean utilization of these GPUs at each time for which any of them has a sample. */
export function meanUtilization(gpus: Node['gpus']): Points {
	const all = gpus.map(({series}) => series.utilization);
	const [first = noPoints, ...others] = all;
	const by = others.flatMap(({times, values}) => [times, values]);
	return means.get(first, by, () => meanOf(all));
}

/**
 * Returns the mean of series that share their times, as those of one response do; undefined if they don't, or if the
 * times aren't ascending.
 */
function meanOfColumns(series: readonly Points[]): Points | undefined {
	const [{times} = noPoints] = series;
	if (series.some(points => points.times !== times) || times.some((time, index) => time <= (times[index - 1] ?? 0))) {
		return undefined;
	}

	const values = new Float64Array(times.length);
	let unknown = 0;
	for (let index = 0; index < values.length; index++) {
		let sum = 0;
		let count = 0;
		for (const points of series) {
			const value = points.values[index] ?? Number.NaN;
			if (!Number.isNaN(value)) {
				sum += value;
				count++;
			}
		}

		values[index] = sum / count;
		unknown += count === 0 ? 1 : 0;
	}

	const isKnown = (_: number, index: number): boolean => !Number.isNaN(values[index]);
	return unknown === 0 ? {times, values} : {times: times.filter(isKnown), values: values.filter(isKnown)};
}

function meanOf(series: readonly Points[]): Points {
	const ofColumns = meanOfColumns(series);
	if (ofColumns !== undefined) {
		return ofColumns;
	}

	const sums = new Map<number, {sum: number; count: number}>();
	for (const {times, values} of series) {
		for (let index = 0; index < times.length; index++) {
			const time = times[index] ?? 0;
			const value = values[index] ?? Number.NaN;
			if (Number.isNaN(value)) {
				continue;
			}

			const known = sums.get(time);
			if (known === undefined) {
				sums.set(time, {sum: value, count: 1});
			} else {
				known.sum += value;
				known.count++;
			}
		}
	}

	const times = Float64Array.from(sums.keys()).sort();
	return {
		times,
		values: times.map(time => {
			const {sum, count} = sums.get(time) ?? {sum: Number.NaN, count: 1};
			return sum / count;
		}),
	};
}

/** The properties of an amount that its curve needs: its name, its total if that is known, and its format. */
type Amount = {readonly name: string; readonly total: number | undefined; readonly format: (value: number) => string};

/** Returns a curve from zero to a total, or to the highest value if there is no total. */
function amount({name, total, format}: Amount, points: Points, tone: Tone): Curve {
	const {count, peak = 0} = statistics(points);
	const top = total ?? peak;
	const whole = `0–${trimZeros(format(peak))}`;
	const upTo = total === undefined ? (textWidth(whole) < labelWidth ? whole : whole.replace(/\.\d+/, '')) : '0–100%';
	return {name, points, tone, bottom: 0, top: top > 0 ? top : 1, ends: count > 0 ? upTo : symbols.unknown};
}

/**
 * Returns a curve of a share. Its range covers at least one half and begins and ends at multiples of a quarter, because
 * a smaller range would magnify harmless changes.
 */
function range(name: string, points: Points, tone: Tone): Curve {
	const {lowest, peak} = statistics(points);
	if (lowest === undefined || peak === undefined) {
		return {name, points, tone, bottom: 0, top: 1, ends: symbols.unknown};
	}

	const bottom = Math.min(Math.floor(lowest * 4) / 4, 0.5);
	const top = Math.max(Math.ceil(peak * 4) / 4, bottom + 0.5);
	return {name, points, tone, bottom, top, ends: `${formatPercent(bottom).replace('%', '')}–${formatPercent(top)}`};
}

function curvesOf({gpus, series, cpuTotal, ramTotal, id}: Node, {component, markers}: PaneInput): readonly Curve[] {
	const toneOf = (marked: 'ram' | 'disk'): Tone => (markers.hasNode(id, marked) ? 'bad' : 'dim');
	const ofGpus = {name: 'util', total: 1, format: formatPercent};
	const utilization: Curve = {...amount(ofGpus, meanUtilization(gpus), 'plain'), tone: amountTone, ends: '0–100%'};
	// A metric that isn't listed has no curve. Including utilization, there are at most `maxCurves`.
	const curves: Readonly<Partial<Record<NodeSeries, Curve>>> = {
		cpu: amount({name: 'cpu', total: cpuTotal, format: formatCount}, series.cpu, 'dim'),
		ram: amount({name: 'ram', total: ramTotal, format: formatBytes}, series.ram, toneOf('ram')),
		diskShare: range('disk', series.diskShare, toneOf('disk')),
	};
	return [utilization, ...nodeSeriesOf(component).flatMap(name => curves[name] ?? [])];
}

/**
 * Returns the `count` most important curves in their original order. Utilization is the most important one, followed by
 * those that a finding is about.
 */
function mostImportant(curves: readonly Curve[], count: number): readonly Curve[] {
	const [first, ...others] = curves;
	const marked = others.filter(({tone}) => tone === 'bad');
	const chosen = [first, ...marked, ...others.filter(curve => !marked.includes(curve))].slice(0, count);
	return curves.filter(curve => chosen.includes(curve));
}

/**
 * Stacks the curves of a node vertically above a time axis, each as wide as the pane, with a blank line between them if
 * there is space.
 */
function stackedCurves(node: Node, height: number, input: PaneInput): readonly Line[] {
	const {snapshot} = input.view;
	const all = curvesOf(node, input);
	// The row of the node shows that a value is unknown.
	const known = all.filter(({points}) => points.times.length > 0);
	const curves = known.length > 0 ? known : all;
	const each = Math.max(Math.floor(height / curves.length), stackedRows);
	const rows = each > stackedRows ? each - 1 : each;
	const width = input.width - labelWidth - 5;
	const lines = curves.flatMap(({name, ends, points, tone, bottom, top}): readonly Line[] => {
		const look = {snapshot, tone, bottom, top, height: rows, symbols: input.symbols};
		const drawn = snapshot.complete ? trendRows(points, width, look) : [];
		return Array.from({length: each}, (_, row): Line => {
			const label = row === 0 ? name : row === 1 ? ends : '';
			return [span('   '), span(padEnd(label, labelWidth), 'dim'), ...(drawn[row] ?? [])];
		});
	});
	// A blank line between the last curve and its axis would have no purpose.
	const above = lines.slice(0, lines.length - (each - rows));
	const times = markedTimes(chartRange(snapshot, width), width, marksOf(input, node.id), input.zone);
	const axis: Line = [span(' '.repeat(3 + labelWidth)), ...times];
	return Array.from({length: height}, (_, row) => above[row] ?? (row === above.length ? axis : []));
}

/**
 * Draws the curves of a node in `height` rows: as many as fit side by side, utilization first, or, if there are many
 * rows, stacked vertically. The rows are blank for a node without samples, and if there is too little space.
 */
export function nodeCurves(node: Node, height: number, input: PaneInput): readonly Line[] {
	const {snapshot} = input.view;
	const room = input.width - 3;
	if (node.lastSeenMs === undefined) {
		return Array.from({length: height}, () => []);
	}

	if (height >= minStacked) {
		return stackedCurves(node, height, input);
	}

	const curves = mostImportant(curvesOf(node, input), Math.max(Math.floor(room / (labelWidth + minCurve + 2)), 1));
	const width = Math.floor(room / curves.length) - labelWidth - 2;
	if (width < minCurve || height < 1) {
		return Array.from({length: height}, () => []);
	}

	// A blank line separates the nodes if there is space.
	const rows = height > 3 ? height - 1 : height;
	const drawn = curves.map(({points, tone, bottom, top}) =>
		snapshot.complete
			? trendRows(points, width, {snapshot, tone, bottom, top, height: rows, symbols: input.symbols})
			: Array.from({length: rows}, (): Line => [span(' '.repeat(width))]),
	);
	const lines = Array.from(
		{length: rows},
		(_, row): Line => [
			span('   '),
			...curves.flatMap(({name, ends}, index): Line => {
				const label = row === 0 ? name : row === 1 ? ends : '';
				return [span(padEnd(label, labelWidth), 'dim'), ...(drawn[index]?.[row] ?? []), span('  ')];
			}),
		],
	);
	return rows < height ? [...lines, []] : lines;
}
