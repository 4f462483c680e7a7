import {distinctNames} from './distinct-name.ts';
import {padStart, textWidth} from './line.ts';

/** The maximum width of a rank. Ranks are numbers so far; a longer name is cut, so that values fit next to it. */
const longestRank = 12;

/** Returns the width of a column of ranks, in cells. */
export function rankWidth(ranks: readonly string[], least = 1): number {
	return ranks.reduce((width, rank) => Math.max(width, Math.min(textWidth(rank), longestRank)), least);
}

/** Pads or cuts a rank to `width` cells, aligned right; `ranks` are those from which it has to differ. */
export function rankText(rank: string, width: number, ranks: readonly string[] = []): string {
	return textWidth(rank) <= width ? padStart(rank, width) : padStart(distinctNames(ranks)(rank, width), width);
}
