import type {Points} from '../api/points.ts';
import {statistics} from '../metrics/series.ts';
import type {Snapshot} from '../metrics/snapshot.ts';
import {type SymbolSet, symbols, type Tone} from '../theme/theme.ts';
import {cutEnd, type Line, padEnd, padStart, span, textWidth} from './line.ts';
import type {PaneInput} from './pane-content.ts';
import {trendRows} from './trend-rows.ts';

/** One row of the table: a series, its current value, and how its values are formatted. */
export type SummaryRow = {
	readonly label: string;
	readonly now: number | undefined;
	readonly points: Points;
	readonly format: (value: number | undefined) => string;
};

const columnWidth = 10;

/**
 * Returns what full screen adds to the charts: the current value of each series, and the mean, lowest and highest of
 * the window.
 */
export function summaryTable({view, width, height}: PaneInput, rows: readonly SummaryRow[]): readonly Line[] {
	const labelWidth = Math.max(...rows.map(({label}) => textWidth(label))) + 1;
	const {name} = view.snapshot.window;
	const titles = [view.snapshot.atMs === undefined ? 'now' : 'then', `mean ${name}`, `low ${name}`, `peak ${name}`];
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
		return [span(padEnd(` ${label}`, labelWidth), 'dim'), span(first, 'strong'), span(others.join(''))];
	});
	return [[], head, ...body];
}

const labelWidth = 12;
const valueWidth = 8;

/** The width from which on a line has room for a difference. */
const widthForDifference = 28;

/**
 * Draws one line per metric, for narrow screens: its name, its value, and its trend over the window as far as there is
 * space.
 */
export function metricLine(options: {
	readonly label: string;
	readonly value: string;
	readonly points: Points;
	readonly tone: Tone;
	readonly symbols: SymbolSet;
	/** The highest value that the trend reaches at least, so that little stays low. */
	readonly least?: number;
	readonly snapshot: Snapshot;
	readonly focused: boolean;
	readonly width: number;
	/** By how much the value differs, if it is compared. */
	readonly difference?: string | undefined;
}): Line {
	const {label, value, points, tone, symbols: set, least = 0, snapshot, focused, width, difference} = options;
	const differs = difference === undefined || width < widthForDifference ? '' : padEnd(` ${cutEnd(difference, 6)}`, 7);
	const room = width - labelWidth - valueWidth - differs.length - 2;
	const top = Math.max(statistics(points).peak ?? 0, least);
	const look = {snapshot, tone, top: top > 0 ? top : 1, height: 1, symbols: set} as const;
	return [
		span(focused ? symbols.pointer : ' ', 'accent'),
		span(padEnd(label, labelWidth - 1), 'dim'),
		span(padStart(value, valueWidth), 'strong'),
		span(differs, 'dim'),
		span('  '),
		...(room < 4 ? [] : trendRows(points, room, look).flat()),
	];
}
