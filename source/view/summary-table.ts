import type {Points} from '../api/points.ts';
import {statistics} from '../metrics/series.ts';
import {type Line, padEnd, padStart, span, textWidth} from './line.ts';
import type {PaneInput} from './pane-content.ts';

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
