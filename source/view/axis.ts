import {formatDay, formatMinute, isStartOfDay, timeOfLocal, type Zone, zoneOffsetMs} from '../text/clock-time.ts';
import {columnOf, type Range} from './resample.ts';

/** A value axis: maps values to rows between the bottom (0) and the top (`rows`), and labels some rows. */
export type ValueAxis = {
	readonly rowOf: (value: number) => number;
	/** Labeled values by their row, counted from the bottom. */
	readonly ticks: ReadonlyMap<number, number>;
	/** How its labels are written, if that depends on their range. */
	readonly format?: (value: number) => string;
};

/** Makes an axis of a number of rows for values up to `peak`, from `lowest` on; both are undefined if no value is known. */
export type AxisMaker = (peak: number | undefined, rows: number, lowest?: number) => ValueAxis;

/** Below this, the labels of an axis can't be distinguished from zero. */
export const smallestPeak = 1e-9;

/** The largest ratio that a logarithmic axis covers; smaller values are drawn at its bottom. */
const longestSpan = 1e9;

/** Returns the smallest of 1, 2, 2.5, 4, 5 × 10ⁿ that is no smaller than `value`. */
export function niceStep(value: number): number {
	const power = 10 ** Math.floor(Math.log10(value));
	const factor = [1, 2, 2.5, 4, 5, 10].find(candidate => candidate * power >= value * (1 - 1e-9)) ?? 10;
	return factor * power;
}

/** Returns how many rows lie between two labels, at least and at most: three to seven labels on a high axis, two on a low one. */
export function labelDistances(rows: number): readonly number[] {
	const least = Math.max(rows < 4 ? 1 : 2, Math.floor(rows / 5));
	const most = Math.max(Math.floor(rows / 2), least);
	return Array.from({length: most - least + 1}, (_, index) => least + index);
}

/**
 * Returns an axis from zero to a little above `peak`, with a round value every few of its `rows`, choosing the one that
 * wastes the least space.
 */
export function linearAxis(peak: number | undefined, rows: number): ValueAxis {
	const highest = peak !== undefined && peak >= smallestPeak && Number.isFinite(peak) ? peak : 1;
	const axes = labelDistances(rows).map(every => {
		const perTick = niceStep((highest * every) / Math.max(rows, 1));
		return {every, perTick, top: (perTick * rows) / every};
	});
	const {every, perTick} = axes.reduce((a, b) => (b.top < a.top * 0.999 ? b : a));
	const perRow = perTick / every;
	const ticks = new Map<number, number>();
	for (let row = 0; row <= rows; row += every) {
		ticks.set(row, (row / every) * perTick);
	}

	return {rowOf: value => Math.min(Math.max(value / perRow, 0), rows), ticks};
}

const decadeTicks = [1, 2, 5] as const;

/** Returns all values 1, 2, 5 × 10ⁿ from the last one at or below `lowest` to the first one at or above `highest`. */
function roundValues(lowest: number, highest: number): readonly number[] {
	const values: number[] = [];
	for (let power = Math.floor(Math.log10(lowest)); power <= Math.ceil(Math.log10(highest)); power++) {
		values.push(...decadeTicks.map(digit => digit * 10 ** power));
	}

	const first = values.findLastIndex(value => value <= lowest * (1 + 1e-9));
	const last = values.findIndex(value => value >= highest * (1 - 1e-9));
	return values.slice(Math.max(first, 0), last < 0 ? undefined : last + 1);
}

/**
 * Returns a logarithmic axis around `lowest` … `highest` (both above zero), labeled at round numbers, decades first.
 */
export function logarithmicAxis(lowest: number, highest: number, rows: number): ValueAxis {
	const end = Math.max(highest, lowest * 2, smallestPeak);
	const start = Math.max(lowest, end / longestSpan);
	const values = roundValues(start, end);
	const bottom = Math.log(values[0] ?? start);
	const top = Math.log(values.at(-1) ?? end);
	const rowOf = (value: number): number =>
		value > 0 ? Math.min(Math.max(((Math.log(value) - bottom) / (top - bottom)) * rows, 0), rows) : 0;
	const byImportance = [...values].sort((a, b) => leadingDigitRank(a) - leadingDigitRank(b));
	const ticks = new Map<number, number>();
	for (const value of [values[0], values.at(-1), ...byImportance]) {
		const row = value === undefined ? 0 : Math.round(rowOf(value));
		if (value !== undefined && ![...ticks.keys()].some(other => Math.abs(other - row) < 2)) {
			ticks.set(row, value);
		}
	}

	return {rowOf, ticks};
}

function leadingDigitRank(value: number): number {
	const digit = Math.round(value / 10 ** Math.floor(Math.log10(value) + 1e-9));
	return digit === 1 ? 0 : digit === 5 ? 1 : 2;
}

const minute = 60_000;
const hour = 60 * minute;
const timeSteps = [
	...[1, 2, 5, 10, 15, 20, 30].map(minutes => minutes * minute),
	...[1, 2, 3, 4, 6, 12, 24, 48].map(hours => hours * hour),
];

/** The minimum distance between the starts of two time labels, in cells. */
const labelDistance = 11;

/**
 * Returns the labels of a time axis of `columns` cells, each below its time: round local times, and the date where a
 * day begins.
 */
export function timeAxis(range: Range, columns: number, zone: Zone): string {
	const {startMs, endMs} = range;
	const perColumn = (endMs - startMs) / Math.max(columns, 1);
	const step = timeSteps.find(candidate => candidate >= perColumn * labelDistance) ?? 7 * 24 * hour;
	const first = Math.ceil((startMs + zoneOffsetMs(startMs, zone)) / step) * step;
	const last = endMs + zoneOffsetMs(endMs, zone);
	let text = '';
	for (let local = first; local <= last; local += step) {
		const time = timeOfLocal(local, zone);
		const label =
			isStartOfDay(time, zone) && endMs - startMs > 20 * hour ? formatDay(time, zone) : formatMinute(time, zone);
		const start = Math.min(columnOf(time, range, columns) - Math.floor(label.length / 2), columns - label.length);
		if (start >= (text === '' ? 0 : text.length + 2) && time >= startMs && time <= endMs) {
			text = text.padEnd(start) + label;
		}
	}

	return text.padEnd(columns);
}
