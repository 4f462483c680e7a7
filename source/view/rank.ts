import {cells, cutNameStart, padStart} from './line.ts';

/** Ranks are numbers as far as is known; a longer name is cut, so that values have room beside it. */
const longestRank = 12;

/** How many cells the ranks of GPUs are given, so that they stand under one another. */
export function rankWidth(ranks: readonly string[], least = 1): number {
	return ranks.reduce((width, rank) => Math.max(width, Math.min(cells(rank), longestRank)), least);
}

/** A rank in so many cells, at their right. */
export function rankText(rank: string, width: number): string {
	return padStart(cutNameStart(rank, width), width);
}
