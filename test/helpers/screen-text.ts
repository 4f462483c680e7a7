import process from 'node:process';
import type {State} from '../../source/state/state.ts';
import type {Zone} from '../../source/text/clock-time.ts';
import {symbols} from '../../source/theme/theme.ts';
import type {Size} from '../../source/view/layout.ts';
import {lineText} from '../../source/view/line.ts';
import type {Region} from '../../source/view/region.ts';
import {drawScreen} from '../../source/view/screen.ts';

function rowsOf({frame, lines, rect}: Region): readonly string[] {
	if (frame === undefined) {
		return lines.map(lineText);
	}

	const {vertical, bottomLeft, bottomRight, horizontal} = symbols.border;
	const sides = lines.map(line => vertical + lineText(line) + vertical);
	return [lineText(frame.title), ...sides, bottomLeft + horizontal.repeat(rect.width - 2) + bottomRight];
}

// Makes the local time zone the same wherever the tests run.
process.env['TZ'] = 'UTC';

/**
 * Returns the screen of a state, as rows of text without trailing spaces. Throws if two regions overlap, or if a region
 * extends beyond the screen.
 */
export function screenText(state: State, size: Size, zone: Zone = 'local'): readonly string[] {
	const cells = Array.from({length: size.rows}, () => new Array<string>(size.columns).fill(''));
	for (const region of drawScreen(state, size, zone).regions) {
		for (const [row, text] of rowsOf(region).entries()) {
			for (const [column, glyph] of [...text].entries()) {
				const line = cells[region.rect.y + row];
				const at = region.rect.x + column;
				if (line?.[at] !== '') {
					throw new Error(`row ${row} of ${region.name} is outside the screen or over another region at column ${at}`);
				}

				line[at] = glyph;
			}
		}
	}

	return cells.map(row =>
		row
			.map(glyph => (glyph === '' ? ' ' : glyph))
			.join('')
			.trimEnd(),
	);
}
