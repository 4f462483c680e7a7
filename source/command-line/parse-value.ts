import {cleanText} from '../api/clean-text.ts';

/** Two words that are as far apart are no longer alike. */
const mostEdits = 2;

/**
 * Returns the one of `names` that `text` was probably meant to be: the nearest by inserted, deleted, replaced and swapped letters (the optimal
 * string alignment distance), at most 2 of them and fewer than half of its letters; or, for 3 letters or more, the only one that begins so.
 */
export function findSimilar(text: string, names: readonly string[]): string | undefined {
	const word = text.toLowerCase();
	const begins = word.length < 3 ? [] : names.filter(name => name.toLowerCase().startsWith(word));
	if (begins.length === 1) {
		return begins[0];
	}

	const limit = Math.min(mostEdits, Math.floor((word.length - 1) / 2));
	const near = names
		.map(name => ({name, edits: countEdits(word, name.toLowerCase())}))
		.filter(({edits}) => edits <= limit)
		.sort((a, b) => a.edits - b.edits);
	return near[0]?.name;
}

/** Returns ` Did you mean …?`, or nothing if no name is similar. */
export function suggestion(text: string, names: readonly string[]): string {
	const similar = findSimilar(text, names);
	return similar === undefined ? '' : ` Did you mean ${similar}?`;
}

function countEdits(a: string, b: string): number {
	let before: readonly number[] = [];
	let row: readonly number[] = Array.from({length: b.length + 1}, (_, index) => index);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			const isSame = a[i - 1] === b[j - 1];
			const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
			next[j] = Math.min(
				(row[j] ?? 0) + 1,
				(next[j - 1] ?? 0) + 1,
				(row[j - 1] ?? 0) + (isSame ? 0 : 1),
				isSwapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
			);
		}

		before = row;
		row = next;
	}

	return row[b.length] ?? 0;
}

/** A parsed value, or what is wrong with its text: the rest of a sentence that starts with where the text is from. */
export type Parsed<Value> = {readonly value: Value} | {readonly mistake: string};

const switchWords: ReadonlyMap<string, boolean> = new Map([
	['1', true],
	['true', true],
	['yes', true],
	['0', false],
	['false', false],
	['no', false],
]);

/** Quotes an invalid text for a sentence. */
export function quote(text: string): string {
	return `"${cleanText(text, 60)}"`;
}

/** Parses a text that must be one of `names`. */
export function parseName<Name extends string>(text: string, names: readonly Name[]): Parsed<Name> {
	const value = names.find(name => name === text);
	return value === undefined
		? {mistake: `${quote(text)} isn't one of ${names.join(', ')}.${suggestion(text, names)}`}
		: {value};
}

/** Parses true or false. */
export function parseSwitch(text: string): Parsed<boolean> {
	const value = switchWords.get(text.toLowerCase());
	return value === undefined
		? {mistake: `${quote(text)} isn't one of ${[...switchWords.keys()].join(', ')}.`}
		: {value};
}
