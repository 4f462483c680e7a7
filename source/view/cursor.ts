import {symbols} from '../theme/theme.ts';
import {type Line, lineCells} from './line.ts';
import type {Region} from './screen.ts';

/** A cell of the screen, from 0. */
export type CursorPosition = {readonly x: number; readonly y: number};

/**
 * Where the terminal's own cursor belongs, so that screen readers and magnifiers follow: where text is typed, or else on
 * the selected row of what has the keys, which is drawn last. It stands on the very mark that is drawn there; undefined
 * where there is none.
 */
export function cursorOf(regions: readonly Region[]): CursorPosition | undefined {
	return find(regions, symbols.caret) ?? find(regions.toReversed(), symbols.pointer);
}

function find(regions: readonly Region[], mark: string): CursorPosition | undefined {
	for (const {rect, frame, lines} of regions) {
		const within = frame === undefined ? 0 : 1;
		for (const [row, line] of lines.entries()) {
			const column = columnOf(line, mark);
			if (column !== undefined) {
				return {x: rect.x + within + column, y: rect.y + within + row};
			}
		}
	}

	return undefined;
}

/** Marks of that look are drawn for other reasons in other tones. */
function columnOf(line: Line, mark: string): number | undefined {
	const index = line.findIndex(({text, tone}) => text === mark && tone === 'selected');
	return index === -1 ? undefined : lineCells(line.slice(0, index));
}
