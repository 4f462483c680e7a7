import type {Points} from '../../api/points.ts';
import {gapThreshold} from '../../metrics/series.ts';
import {formatDay, formatMinute, timesOfLocal, type Zone, zoneOffsetMs} from '../../text/clock-time.ts';
import {escapeMarkup} from './page-style.ts';

/** A curve of a chart. `tone` is the name of a CSS class. */
export type Curve = {readonly name: string; readonly tone: string; readonly points: Points};

/** A vertical line across a chart: a finding that began or ended, or a checkpoint. */
export type Mark = {readonly timeMs: number; readonly label: string; readonly tone: string};

export type ChartOptions = {
	readonly title: string;
	readonly startMs: number;
	readonly endMs: number;
	readonly stepMs: number;
	readonly zone: Zone;
	readonly marks: readonly Mark[];
	/** The value as text, with its unit. */
	readonly format: (value: number) => string;
	/** The top of the axis, if it is given by what is measured: 1 for fractions. */
	readonly top?: number;
	/** Where the axis has labels, from 0 to at least the highest value; `decimalTicks` by default. */
	readonly ticks?: (highest: number) => readonly number[];
};

const width = 480;
const height = 160;
const left = 56;
const right = 8;
const top = 8;
const bottom = 24;

/**
 * Draws curves over time as an SVG of 480×160 units that scales to the width of the page. A gap in a series is a gap in its curve; a
 * point without neighbors is a dot. The axis begins at 0. Without a single value the chart says so.
 */
export function svgChart(curves: readonly Curve[], options: ChartOptions): string {
	const {title, startMs, endMs, stepMs, format, ticks: ticksTo = decimalTicks} = options;
	const values = curves.flatMap(({points}) => [...points.values].filter(Number.isFinite));
	const highest = options.top ?? values.reduce((a, b) => Math.max(a, b), 0);
	const ticks = ticksTo(highest);
	const end = options.top ?? ticks.at(-1) ?? 1;
	const x = (timeMs: number): number => left + ((timeMs - startMs) / (endMs - startMs)) * (width - left - right);
	const y = (value: number): number => height - bottom - (value / end) * (height - top - bottom);
	const body =
		values.length === 0
			? [`<text class="axis" x="${width / 2}" y="${height / 2}" text-anchor="middle">no data in this window</text>`]
			: [
					...ticks
						.filter(value => value <= end)
						.map(
							value =>
								`<path class="grid" d="M${left} ${round(y(value))}H${width - right}"/><text class="axis" x="${left - 6}" y="${round(y(value) + 4)}" text-anchor="end">${escapeMarkup(format(value))}</text>`,
						),
					...curves.map(({tone, points}) => `<path class="curve ${tone}" d="${curvePath(points, stepMs, x, y)}"/>`),
				];
	return [
		`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeMarkup(title)}">`,
		timeAxis(options, x),
		...body,
		...options.marks.map(mark => markLine(mark, x(mark.timeMs))),
		'</svg>',
	].join('');
}

/** Returns 0 to at least `highest` in steps of 1, 2 or 5 times a power of ten, three to six of them; 0 and 1 for 0. */
export function decimalTicks(highest: number): readonly number[] {
	if (highest <= 0) {
		return [0, 1];
	}

	const power = 10 ** Math.floor(Math.log10(highest / 4));
	const step = [1, 2, 5, 10].map(factor => factor * power).find(size => highest / size <= 5) ?? 10 * power;
	return Array.from({length: Math.ceil(highest / step - 1e-9) + 1}, (_, place) =>
		Number((place * step).toPrecision(12)),
	);
}

/** Returns 0 to at least `highest` in steps of which each is a power of two: they are whole numbers of KiB, MiB, GiB or TiB. */
export function binaryTicks(highest: number): readonly number[] {
	const step = highest <= 0 ? 1 : 2 ** Math.ceil(Math.log2(highest / 4));
	return Array.from({length: Math.max(2, Math.ceil(highest / step) + 1)}, (_, place) => place * step);
}

const dayMs = 1440 * 60_000;
const timeSteps = [
	...[1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720].map(minutes => minutes * 60_000),
	...[1, 2, 7, 14, 30].map(days => days * dayMs),
];

/** The steps are those of the zone's clocks: a day begins at its midnight. */
function timeAxis({startMs, endMs, zone}: ChartOptions, x: (timeMs: number) => number): string {
	const step = timeSteps.find(size => (endMs - startMs) / size <= 6) ?? 90 * dayMs;
	const first = Math.ceil((startMs + zoneOffsetMs(startMs, zone)) / step) * step;
	const count = Math.max(0, Math.ceil((endMs - startMs) / step) + 1);
	const write = step >= dayMs ? formatDay : formatMinute;
	return Array.from({length: count}, (_, place) => timesOfLocal(first + place * step, zone)[0] ?? Number.NaN)
		.filter(timeMs => timeMs >= startMs && timeMs <= endMs)
		.map(timeMs => {
			const at = round(x(timeMs));
			// A label at the edge would be cut.
			const anchor = at > width - right - 16 ? 'end' : 'middle';
			return `<path class="grid" d="M${at} ${top}V${height - bottom}"/><text class="axis" x="${anchor === 'end' ? width : at}" y="${height - 8}" text-anchor="${anchor}">${write(timeMs, zone)}</text>`;
		})
		.join('');
}

function curvePath(
	points: Points,
	stepMs: number,
	x: (timeMs: number) => number,
	y: (value: number) => number,
): string {
	const gapMs = gapThreshold(points, stepMs);
	let path = '';
	let previousMs = Number.NEGATIVE_INFINITY;
	for (const [place, timeMs] of points.times.entries()) {
		const value = points.values[place] ?? Number.NaN;
		if (!Number.isFinite(value)) {
			previousMs = Number.NEGATIVE_INFINITY;
			continue;
		}

		// A line of no length is a dot with round ends.
		path += timeMs - previousMs > gapMs ? `M${round(x(timeMs))} ${round(y(value))}h0` : '';
		path += `L${round(x(timeMs))} ${round(y(value))}`;
		previousMs = timeMs;
	}

	return path;
}

function markLine({label, tone}: Mark, x: number): string {
	return `<path class="mark ${tone}" d="M${round(x)} ${top}V${height - bottom}"><title>${escapeMarkup(label)}</title></path>`;
}

function round(value: number): number {
	return Math.round(value * 10) / 10;
}
