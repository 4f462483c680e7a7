import type {Points} from '../../api/points.ts';
import {escapeMarkup} from './svg-chart.ts';

/**
 * One row of the heat map: its label, and a series of fractions 0–1. `group` is the text of a heading above the first
 * row of the group.
 */
type HeatRow = {readonly group: string; readonly label: string; readonly points: Points};

type HeatMapOptions = {
	readonly title: string;
	readonly startMs: number;
	readonly endMs: number;
	readonly stepMs: number;
};

const width = 480;
const left = 56;
const right = 8;
const headingHeight = 18;

/** The number of colors, each for an equal part of the range 0–1. */
const heatSteps = 5;

/** The maximum number of columns, which keeps the page for a large deployment small. */
const maxColumns = 120;

function rowHeightOf(rows: readonly HeatRow[]): number {
	return rows.length > 256 ? 4 : rows.length > 64 ? 8 : 12;
}

/** Returns the height of a heat map, in the units of its drawing. */
export function heatMapHeight(rows: readonly HeatRow[]): number {
	const headings = rows.filter(({group}, place) => group !== rows[place - 1]?.group).length;
	return rows.length * rowHeightOf(rows) + headings * headingHeight + 2;
}

/**
 * Draws rows of a heat map as an SVG that is 480 units wide. A cell shows the mean of its samples; a cell without a
 * sample stays empty. Neighboring cells of the same color in a row are one path. If there are more than 64 rows, they
 * are thinner and have no labels, and if there are more than 256, they are thinner still.
 */
export function svgHeatMap(rows: readonly HeatRow[], options: HeatMapOptions): string {
	const {startMs, endMs, stepMs} = options;
	const columns = Math.max(1, Math.min(maxColumns, Math.floor((endMs - startMs) / stepMs)));
	const rowHeight = rowHeightOf(rows);
	const cellWidth = (width - left - right) / columns;
	const paths = Array.from({length: heatSteps}, () => '');
	const texts: string[] = [];
	let y = 0;
	let group: string | undefined;
	for (const row of rows) {
		if (row.group !== group) {
			group = row.group;
			y += headingHeight;
			texts.push(`<text class="node" x="${left}" y="${y - 5}">${escapeMarkup(group)}</text>`);
		}

		if (rowHeight >= 12) {
			texts.push(
				`<text class="axis" x="${left - 6}" y="${y + rowHeight - 2}" text-anchor="end">${escapeMarkup(row.label)}</text>`,
			);
		}

		for (const [first, last, step] of runsOf(cellsOf(row.points, {startMs, endMs, columns}))) {
			const x = round(left + first * cellWidth);
			const end = round(left + (last + 1) * cellWidth);
			paths[step] += `M${x} ${y}H${end}V${y + rowHeight - 1}H${x}Z`;
		}

		y += rowHeight;
	}

	return [
		`<svg viewBox="0 0 ${width} ${heatMapHeight(rows)}" role="img" aria-label="${escapeMarkup(options.title)}">`,
		...paths.map((path, step) => (path === '' ? '' : `<path class="heat${step}" d="${path}"/>`)),
		...texts,
		'</svg>',
	].join('');
}

type Columns = {readonly startMs: number; readonly endMs: number; readonly columns: number};

/** Returns the color of each column, 0 to `heatSteps` − 1; undefined for a column without a known sample. */
function cellsOf({times, values}: Points, {startMs, endMs, columns}: Columns): ReadonlyArray<number | undefined> {
	const sums = new Float64Array(columns);
	const counts = new Uint32Array(columns);
	for (const [index, timeMs] of times.entries()) {
		const value = values[index] ?? Number.NaN;
		// A column excludes its start and includes its end, so a sample at the start of the range is left out.
		const place = ((timeMs - startMs) / (endMs - startMs)) * columns;
		const column = Math.ceil(place - 1e-6) - 1;
		if (Number.isFinite(value) && column >= 0 && column < columns) {
			sums[column] = (sums[column] ?? 0) + value;
			counts[column] = (counts[column] ?? 0) + 1;
		}
	}

	return Array.from(counts, (count, column) =>
		count === 0
			? undefined
			: Math.min(Math.max(Math.floor(((sums[column] ?? 0) / count) * heatSteps), 0), heatSteps - 1),
	);
}

/** Returns runs of neighboring cells with the same color, as first column, last column, and color. */
function* runsOf(cells: ReadonlyArray<number | undefined>): Generator<readonly [number, number, number]> {
	let first = 0;
	for (const [column, step] of cells.entries()) {
		if (step !== cells[column + 1]) {
			if (step !== undefined) {
				yield [first, column, step];
			}

			first = column + 1;
		}
	}
}

function round(value: number): number {
	return Math.round(value * 100) / 100;
}

/** Returns the scale of the heat map's colors as HTML. */
export function heatScale(): string {
	const steps = Array.from({length: heatSteps}, (_, step) => {
		const from = (100 * step) / heatSteps;
		return `<span class="heat${step}">${from}–${from + 100 / heatSteps}%</span>`;
	});
	return `<p class="legend">${steps.join(' ')}</p>`;
}
