import {symbols} from '../theme.ts';

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
