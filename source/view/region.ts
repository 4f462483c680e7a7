import {symbols} from '../theme/theme.ts';
import type {Rect} from './layout.ts';
import {cutEnd, cutNameStart, firstFitting, fitLine, type Line, lineWidth, span, textWidth} from './line.ts';
import type {HitTarget, PaneContent} from './pane-content.ts';

/**
 * A rectangle of the screen with lines that exactly fill it. A framed region has its title in the top edge of the
 * frame.
 */
export type Region = {
	readonly name: string;
	readonly rect: Rect;
	readonly frame: {readonly title: Line; readonly focused: boolean} | undefined;
	readonly lines: readonly Line[];
	/** What each line points to, if anything. */
	readonly targets: ReadonlyArray<HitTarget | undefined>;
};

/**
 * Returns the lines of a region, with its frame: a border drawn by Ink would require a second pass over the same cells.
 */
export function linesOf({rect: {width}, frame, lines}: Region): readonly Line[] {
	if (frame === undefined) {
		return lines;
	}

	const {vertical, bottomLeft, bottomRight, horizontal} = symbols.border;
	const side = span(vertical, frame.focused ? 'selected' : 'dim');
	const bottom = span(bottomLeft + horizontal.repeat(Math.max(width - 2, 0)) + bottomRight, side.tone);
	return [frame.title, ...lines.map(line => [side, ...line, side]), [bottom]];
}

/** Returns the size inside a frame. */
export function inside({width, height}: Rect): {readonly width: number; readonly height: number} {
	return {width: Math.max(width - 2, 0), height: Math.max(height - 2, 0)};
}

/** The top edge of a frame: the pane's digit and names, and its values. */
export type Title = Omit<PaneContent, 'body'> & {readonly number: string; readonly focused: boolean};

/**
 * Draws the top edge of a frame: `╭ 1 Requests ───── 12.3/s ╮`. The title is never cut; the value takes a form that
 * fits.
 */
export function frameTitle({number, title, subtitles, values, focused}: Title, width: number): Line {
	const tone = focused ? 'selected' : 'dim';
	const {topLeft, topRight, horizontal} = symbols.border;
	const name = `${number} ${title}`;
	const inner = width - 2;
	const left: Line = [
		span(focused ? symbols.pointer : ' ', tone),
		span(cutEnd(name, inner - 2), focused ? 'selected' : 'strong'),
		span(' '),
	];
	const shortest = lineWidth(values.at(-1) ?? []);
	const room = inner - lineWidth(left) - 3 - shortest - 2;
	const last = subtitles.at(-1) ?? '';
	const shown = subtitles.find(subtitle => textWidth(subtitle) <= room) ?? (room >= 4 ? cutNameStart(last, room) : '');
	const named: Line = shown === '' ? left : [...left, span(`${horizontal} `, tone), span(shown), span(' ')];
	const rest = inner - lineWidth(named) - 2;
	const fitting = firstFitting(values, rest);
	const value: Line = lineWidth(fitting) === 0 || lineWidth(fitting) > rest ? [] : [span(' '), ...fitting, span(' ')];
	const dashes = horizontal.repeat(Math.max(inner - lineWidth(named) - lineWidth(value), 0));
	return [span(topLeft, tone), ...fitLine([...named, span(dashes, tone), ...value], inner), span(topRight, tone)];
}

/** A cell of the screen, counted from 0. */
type CursorPosition = {readonly x: number; readonly y: number};

/**
 * Returns the position of the terminal's own cursor, which screen readers and magnifiers follow: at the text being
 * typed, or otherwise on the mark of the selected row, as the panes marked it. The last region with a selected row comes
 * first, because it covers the others or has the keys. Undefined if there is neither.
 */
export function cursorOf(regions: readonly Region[]): CursorPosition | undefined {
	return findCursor(regions, 'text') ?? findCursor(regions.toReversed(), 'row');
}

function findCursor(regions: readonly Region[], kind: 'text' | 'row'): CursorPosition | undefined {
	for (const {rect, frame, lines} of regions) {
		const within = frame === undefined ? 0 : 1;
		for (const [row, line] of lines.entries()) {
			const index = line.findIndex(({cursor}) => cursor === kind);
			if (index !== -1) {
				return {x: rect.x + within + lineWidth(line.slice(0, index)), y: rect.y + within + row};
			}
		}
	}

	return undefined;
}
