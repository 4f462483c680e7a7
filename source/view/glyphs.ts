import {symbols, type Tone} from '../theme/theme.ts';
import {type Line, type Span, span} from './line.ts';

/** One cell of a picture: its glyph, which is one cell wide, and its tone. */
export type Glyph = {readonly glyph: string; readonly tone: Tone};

/** Returns the cells as spans: neighboring ones of one tone are one span, and blanks go with what is before them. */
export function joinGlyphs(row: ReadonlyArray<Glyph | undefined>): Line {
	const spans: Span[] = [];
	for (const cell of row) {
		const {glyph, tone} = cell ?? {glyph: ' ', tone: 'plain'};
		const last = spans.at(-1);
		if (last !== undefined && (last.tone === tone || glyph === ' ')) {
			spans[spans.length - 1] = span(last.text + glyph, last.tone);
		} else {
			spans.push(span(glyph, tone));
		}
	}

	return spans;
}

/** Stands for the time after the newest sample, if that is old. */
export const noData: Glyph = {glyph: symbols.noData, tone: 'dim'};
