import {symbols} from '../theme/theme.ts';
import {cutMiddle, cutNameStart, padStart, textWidth} from './line.ts';

/** Cuts a name to a width. */
export type CutName = (name: string, width: number) => string;

const endsOfParts = /[-_./:]/g;

/** Returns how many characters all names share at their start, up to the end of a part: 10 for `ip-10-1-2-3` and `ip-10-1-2-4`. */
function sharedStart(names: readonly string[]): number {
	const [first = ''] = names;
	let length = first.length;
	for (const name of names) {
		while (!name.startsWith(first.slice(0, length))) {
			length--;
		}
	}

	return Math.max(0, ...[...first.slice(0, length).matchAll(endsOfParts)].map(({index}) => index + 1));
}

const reversed = (text: string): string => [...text].toReversed().join('');

/**
 * Returns what cuts names so that they still differ: first the end that all share is left out
 * (`ip-10-1-2-3.region.compute.internal`), then the start.
 */
export function distinctNames(names: readonly string[]): CutName {
	const different = [...new Set(names)];
	const end = different.length < 2 ? 0 : sharedStart(different.map(reversed));
	if (end === 0) {
		return cutNameStart;
	}

	const start = sharedStart(different);
	return (name, width) => {
		const own = name.slice(0, name.length - end);
		const candidates = [name, own + symbols.ellipsis, symbols.ellipsis + own.slice(start) + symbols.ellipsis];
		return candidates.find(one => textWidth(one) <= width) ?? cutMiddle(own.slice(start), width);
	};
}

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
