import {symbols} from '../theme/theme.ts';
import {cutEnd, cutMiddle, padStart, textWidth} from './line.ts';

/** A function that shortens a name to at most `width` cells. */
export type CutName = (name: string, width: number) => string;

const endsOfParts = /[-_./:]/g;

/**
 * Returns the number of characters that all names have in common at their start, up to the end of a part: 10 for
 * `ip-10-1-2-3` and `ip-10-1-2-4`.
 */
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
 * Returns a function that shortens names so that they still differ, if possible: it first omits the ending that all
 * names share (`ip-10-1-2-3.region.compute.internal`), and then also the shared start. Names without a shared ending
 * are cut at the start.
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

/** The maximum width of a rank. Ranks have been numbers so far; a longer name is cut so that values fit next to it. */
const longestRank = 12;

/** Returns the width of a column of ranks, in cells: that of the longest rank, at most 12, and at least `least`. */
export function rankWidth(ranks: readonly string[], least = 1): number {
	return ranks.reduce((width, rank) => Math.max(width, Math.min(textWidth(rank), longestRank)), least);
}

/**
 * Pads a rank on the left, or cuts it, to `width` cells. A rank that is cut still differs from the other `ranks`, if
 * possible.
 */
export function rankText(rank: string, width: number, ranks: readonly string[] = []): string {
	return textWidth(rank) <= width ? padStart(rank, width) : padStart(distinctNames(ranks)(rank, width), width);
}

/** Cuts off the end of a name, if possible between its parts, so that it fits in `width` cells: `Qwen3-30B…`. */
export function cutNameEnd(name: string, width: number): string {
	if (textWidth(name) <= width) {
		return name;
	}

	const parts = name.split(nameParts);
	for (let count = parts.length - 1; count > 0; count--) {
		const kept = parts.slice(0, count).join('').slice(0, -1);
		if (textWidth(kept) < width) {
			return kept + symbols.ellipsis;
		}
	}

	return cutEnd(name, width);
}

/**
 * Cuts off the start of a name, between its parts, so that it fits in `width` cells: `…12`. Names of nodes
 * differ at their ends. If not even the last part fits, the name is cut in the middle.
 */
export function cutNameStart(name: string, width: number): string {
	if (textWidth(name) <= width) {
		return name;
	}

	const parts = name.split(nameParts);
	for (let first = 1; first < parts.length; first++) {
		const kept = parts.slice(first).join('');
		if (textWidth(kept) < width) {
			return symbols.ellipsis + kept;
		}
	}

	return cutMiddle(name, width);
}

/** Matches the positions at which a name can be cut, which are after certain characters. */
const nameParts = /(?<=[-_./:])/;
