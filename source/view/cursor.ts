import {symbols} from '../theme/theme.ts';
import {type Line, lineWidth} from './line.ts';
import type {Region} from './region.ts';

/** A cell of the screen, counted from 0. */
type CursorPosition = {readonly x: number; readonly y: number};

/**
 * Returns the position of the terminal's own cursor, which screen readers and magnifiers follow: at the text being
 * typed, or otherwise on the mark of the selected row in the focused region. Undefined if there is neither.
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

/** The same glyph has other meanings in other tones. */
function columnOf(line: Line, mark: string): number | undefined {
	const index = line.findIndex(({text, tone}) => text === mark && tone === 'selected');
	return index === -1 ? undefined : lineWidth(line.slice(0, index));
}
