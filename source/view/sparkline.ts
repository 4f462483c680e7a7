import {noPoints, type Points} from '../api/points.ts';
import type {Snapshot} from '../metrics/snapshot.ts';
import {idleBelow} from '../metrics/thresholds.ts';
import {symbols, type Tone} from '../theme/theme.ts';
import {type Line, type Span, span} from './line.ts';
import {
	chartRange,
	columnAfter,
	columnOf,
	cursorColumn,
	type GapLimits,
	gapColumns,
	gapLimits,
	noGapLimits,
	quietTail,
	resample,
	type Summary,
} from './resample.ts';

/** One cell of a drawing: its glyph, which is one cell wide, and its tone. */
export type Glyph = {readonly glyph: string; readonly tone: Tone};

/**
 * Returns the cells as spans: neighboring cells with the same tone form one span, and blanks join the previous span.
 */
export function joinGlyphs(row: ReadonlyArray<Glyph | undefined>): Line {
	const spans: Span[] = [];
	let text = '';
	let toneOfText: Tone = 'plain';
	for (let column = 0; column < row.length; column++) {
		const {glyph, tone} = row[column] ?? blank;
		if (text !== '' && (tone === toneOfText || glyph === ' ')) {
			text += glyph;
			continue;
		}

		if (text !== '') {
			spans.push(span(text, toneOfText));
		}

		text = glyph;
		toneOfText = tone;
	}

	return text === '' ? spans : [...spans, span(text, toneOfText)];
}

const blank: Glyph = {glyph: ' ', tone: 'plain'};

/** The glyph that marks gaps and, if the newest sample is old, the time after it. */
export const noData: Glyph = {glyph: symbols.noData, tone: 'dim'};

/** The appearance of a bar. */
export type BarLook = {
	readonly tone: Tone;
	readonly track?: boolean;
	/**
	 * Whether the bar can end in part of a cell (one to seven eighths). Use it for bars so short that a whole cell is a
	 * large share.
	 */
	readonly hasParts?: boolean;
};

/**
 * Returns a bar of `width` cells for a fraction 0–1; a higher value is drawn as a full bar. Any fraction above zero has
 * at least a tip, and an unknown one has no bar.
 */
export function bar(fraction: number | undefined, width: number, {tone, track, hasParts}: BarLook): Line {
	const parts = hasParts === true ? symbols.barParts.length : 1;
	const filled = Math.round(Math.min(Math.max(fraction ?? 0, 0), 1) * width * parts);
	const hasTip = filled === 0 && fraction !== undefined && fraction > 0 && width > 0;
	const end = symbols.barParts[hasTip ? 1 : filled % parts] ?? '';
	const drawn = symbols.bar.repeat(Math.floor(filled / parts)) + end;
	const empty = track === true && fraction !== undefined ? symbols.track : ' ';
	return [span(drawn, tone), span(empty.repeat(Math.max(width - drawn.length, 0)), 'dim')];
}

/** Returns a thin bar of `width` cells for a fraction 0–1, with its track; blank if the fraction is unknown. */
export function thinBar(fraction: number | undefined, width: number, tone: Tone): Line {
	if (fraction === undefined) {
		return [span(' '.repeat(width))];
	}

	const filled = Math.round(Math.min(Math.max(fraction, 0), 1) * width);
	return [
		span(symbols.thinBar.repeat(filled), tone === 'plain' ? 'dim' : tone),
		span(symbols.thinTrack.repeat(width - filled), 'dim'),
	];
}

/**
 * Returns the glyph for a value between 0 and `top`: one of seven levels, none of which fills its cell, so that
 * adjacent rows stay separate.
 */
export function levelGlyph(value: number, top: number): string {
	const {levels} = symbols;
	const level = top > 0 ? Math.round((value / top) * (levels.length - 1)) : 0;
	return levels[Math.min(Math.max(level, 0), levels.length - 2)] ?? ' ';
}

/** The tone of each cell by its value, or one tone for all. */
export type ToneOf = Tone | ((value: number) => Tone);

/**
 * Returns the tone of a utilization, a fraction 0–1: dim if it is below `idleBelow` or unknown. Only a finding, not
 * the value itself, gives it a tone that attracts attention.
 */
export function utilizationTone(utilization: number | undefined): Tone {
	return utilization === undefined || utilization < idleBelow ? 'dim' : 'plain';
}

/** The appearance of a row that shows the whole window. */
export type RowLook = {
	readonly snapshot: Snapshot;
	readonly tone: ToneOf;
	/** The value of the highest glyph; the highest value by default. */
	readonly top?: number | undefined;
	/** The time, in epoch milliseconds, from which the trend has the tone `bad`. */
	readonly badFromMs?: number | undefined;
};

/** Draws the trend of a series over the window in one row of `width` cells, with gaps and the cursor line. */
export function trend(points: Points, width: number, look: RowLook & {readonly summary: Summary}): Line {
	const {snapshot, summary} = look;
	const values = resample(points, chartRange(snapshot, width), width, {stepMs: snapshot.window.stepMs, summary});
	return trendRow(values, [points], look);
}

/**
 * Draws one value per cell, each in its own tone. Gaps are marked, as is the time after the newest sample of the series
 * if that sample is old.
 */
function trendRow(
	values: ReadonlyArray<number | undefined>,
	series: readonly Points[],
	{snapshot, tone, top, badFromMs}: RowLook,
): Line {
	const highest = top ?? values.reduce<number>((a, b) => Math.max(a, b ?? 0), 0);
	const range = chartRange(snapshot, values.length);
	const quiet = quietTail(series, snapshot);
	const quietFrom = quiet === undefined ? values.length : columnAfter(quiet.fromMs, range, values.length);
	const cursor = cursorColumn(snapshot.atMs, range, values.length);
	const badFrom = badFromMs === undefined ? values.length : columnOf(badFromMs, range, values.length);
	const glyphOf = (value: number, column: number): Glyph => ({
		glyph: levelGlyph(value, highest),
		tone: column >= badFrom ? 'bad' : typeof tone === 'function' ? tone(value) : tone,
	});
	const limits = gapLimits(series[0] ?? noPoints, snapshot.window.stepMs, range, values.length);
	return markedRow(values, quietFrom, cursor, glyphOf, limits);
}

/**
 * Draws one value per cell, with the cursor's cell on top. An unknown value is marked as a gap if it is between known
 * ones (unless the gap is short enough to stay blank), or in column `quietFrom` or later; otherwise, it is blank.
 */
export function markedRow(
	values: ReadonlyArray<number | undefined>,
	quietFrom: number,
	cursor: number | undefined,
	glyphOf: (value: number, column: number) => Glyph,
	limits: GapLimits = noGapLimits,
): Line {
	const gaps = gapColumns(column => values[column] !== undefined, values.length, limits);
	return joinGlyphs(
		values.map((value, column): Glyph | undefined => {
			if (column === cursor) {
				return {glyph: symbols.cursor, tone: 'selected'};
			}

			return value === undefined
				? column >= quietFrom || gaps.has(column)
					? noData
					: undefined
				: glyphOf(value, column);
		}),
	);
}

const hourMs = 3_600_000;

/** The minimum change in a share per hour; a share that changes by less is steady. */
const minChange = 0.02;

/**
 * The last part of the hour, in milliseconds, in which a share must also have changed: a change that has ended isn't a
 * trend.
 */
const lateMs = 15 * 60_000;

/** The minimum change in a share in that time. */
const minLateChange = minChange / 8;

/**
 * Returns an arrow if the newest sample, as a share of `total`, is at least `minChange` higher or lower than the one an
 * hour earlier (or the first one in a shorter window), and the share is still changing in that direction; otherwise,
 * returns a space.
 */
export function trendMark({times, values}: Points, total: number): string {
	const newest = times.at(-1) ?? Number.NaN;
	const changeIn = (ms: number): number => {
		const first = times.findIndex((time, index) => time >= newest - ms && !Number.isNaN(values[index] ?? Number.NaN));
		return ((values.at(-1) ?? Number.NaN) - (values[first] ?? Number.NaN)) / total;
	};
	const [change, late] = [changeIn(hourMs), changeIn(lateMs)];
	return change >= minChange && late >= minLateChange
		? symbols.rising
		: change <= -minChange && late <= -minLateChange
			? symbols.falling
			: ' ';
}
