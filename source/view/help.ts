import type {KeyEntry} from '../keymap/entry.ts';
import {logKeys} from '../keymap/logs.ts';
import {keyNames} from '../keymap/names.ts';
import {fitLine, type Line, padEnd, span, textWidth, wrapWords} from './line.ts';

const leastColumn = 52;

/** The available width and height, in cells. */
type Extent = {readonly width: number; readonly height: number};

/**
 * The help, made from the keymap: its lines in one or two columns, of which `height` are shown, starting at `scroll`.
 */
export type HelpView = {readonly lines: readonly Line[]; readonly limit: number; readonly scroll: number};

/** From this width on, descriptions are next to the keys; below it, under them. */
const besideFrom = 44;

/** Returns the lines of one entry: its keys and their description, wrapped at words. */
function entryLines(entry: KeyEntry, keyWidth: number, width: number, isAscii: boolean): readonly Line[] {
	const keys = ` ${keyNames(entry, isAscii)}`;
	if (width < besideFrom) {
		return [[span(keys, 'accent')], ...wrapWords(entry.help, width - 3).map(text => [span(`   ${text}`)])];
	}

	return wrapWords(entry.help, width - keyWidth - 1).map((text, row) => [
		span(padEnd(row === 0 ? keys : '', keyWidth), 'accent'),
		span(` ${text}`),
	]);
}

/** Returns all keys, then those that have another meaning in the logs. */
function entries(panes: readonly KeyEntry[], width: number, isAscii: boolean): readonly Line[] {
	const keyWidth = Math.max(...[...panes, ...logKeys].map(entry => textWidth(keyNames(entry, isAscii)))) + 2;
	const linesOf = (some: readonly KeyEntry[]): readonly Line[] =>
		some.flatMap(entry => entryLines(entry, keyWidth, width, isAscii));
	return [...linesOf(panes), [], [span(' In the logs', 'strong')], ...linesOf(logKeys)];
}

/** Lays out the help in `width` × `height` cells, with these keys of the panes. */
export function helpView(
	panes: readonly KeyEntry[],
	{width, height}: Extent,
	scroll: number,
	isAscii = false,
): HelpView {
	const columns = width >= 2 * leastColumn ? 2 : 1;
	const columnWidth = Math.floor(width / columns);
	const all = entries(panes, columnWidth, isAscii);
	const rows = Math.ceil(all.length / columns);
	const lines = Array.from(
		{length: rows},
		(_, row): Line => [
			...fitLine(all[row] ?? [], columnWidth),
			...(columns === 2 ? fitLine(all[row + rows] ?? [], columnWidth) : []),
		],
	);
	const limit = Math.max(rows - height, 0);
	const first = Math.min(scroll, limit);
	return {lines: lines.slice(first, first + height), limit, scroll: first};
}
