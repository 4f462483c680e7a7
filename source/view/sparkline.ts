import type {Points} from '../api/points.ts';
import type {Snapshot} from '../metrics/snapshot.ts';
import {symbols, type Tone} from '../theme/theme.ts';
import {type Line, span} from './line.ts';
import {cursorColumn, resample, type Summary} from './resample.ts';

/** One glyph for a value between 0 and `top`: eight levels by height. */
export function levelGlyph(value: number, top: number): string {
	const {levels} = symbols;
	const level = top > 0 ? Math.round((value / top) * (levels.length - 1)) : 0;
	return levels[Math.min(Math.max(level, 0), levels.length - 1)] ?? ' ';
}

/** A glyph a value, and a blank where it is not known. Without a `top` the highest value is the top. */
export function sparkline(values: ReadonlyArray<number | undefined>, top?: number): string {
	const highest = top ?? values.reduce<number>((a, b) => Math.max(a, b ?? 0), 0);
	return values.map(value => (value === undefined ? ' ' : levelGlyph(value, highest))).join('');
}

/** The course of a series over the window in one row of `width` cells, with the line of the cursor through it. */
export function course(
	points: Points,
	width: number,
	options: {
		readonly snapshot: Snapshot;
		readonly summary: Summary;
		readonly tone: Tone;
		readonly top?: number | undefined;
	},
): Line {
	const {snapshot, summary, tone, top} = options;
	const values = resample(points, snapshot, width, {stepMs: snapshot.window.stepMs, summary});
	return withCursor(sparkline(values, top), tone, snapshot);
}

/** A row that stands for the whole window, with the line of the cursor through it. */
export function withCursor(row: string, tone: Tone, snapshot: Snapshot): Line {
	const glyphs = [...row];
	const cursor = cursorColumn(snapshot.atMs, snapshot, glyphs.length);
	return cursor === undefined
		? [span(row, tone)]
		: [
				span(glyphs.slice(0, cursor).join(''), tone),
				span(symbols.cursor, 'selected'),
				span(glyphs.slice(cursor + 1).join(''), tone),
			];
}
