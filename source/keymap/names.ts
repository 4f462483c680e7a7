import type {KeyEntry} from './entry.ts';

const glyphs: Readonly<Record<string, string>> = {
	up: '↑',
	down: '↓',
	left: '←',
	right: '→',
	'shift-left': 'shift-←',
	'shift-right': 'shift-→',
	pageup: 'PgUp',
	pagedown: 'PgDn',
	home: 'Home',
	end: 'End',
	f1: 'F1',
	f10: 'F10',
};

/** Returns the name of a key: a symbol, or in ASCII a word, as `<` and `^` are other keys. */
function nameOf(key: string | undefined, isAscii: boolean): string {
	if (key === undefined) {
		return '';
	}

	const name = glyphs[key] ?? key;
	return isAscii && /[\u2190-\u2193]/.test(name) ? key : name;
}

/** Formats the keys of an entry, the most common first: `↑ ↓ k j`, `1 to 5`. */
export function keyNames({bindings}: KeyEntry, isAscii = false): string {
	if (bindings.length > 2) {
		return `${nameOf(bindings[0]?.keys[0], isAscii)} to ${nameOf(bindings.at(-1)?.keys[0], isAscii)}`;
	}

	const longest = Math.max(...bindings.map(({keys}) => keys.length));
	const ranks = Array.from({length: longest}, (_, rank) => rank);
	return ranks
		.flatMap(rank => bindings.flatMap(({keys}) => keys[rank] ?? []))
		.map(key => nameOf(key, isAscii))
		.join(' ');
}

/** Formats the keys of an entry for the bottom line: `↑↓`, `+-`, `tab`. */
export function keyHint({bindings}: KeyEntry, isAscii = false): string {
	const [first, second] = bindings.map(({keys}) => nameOf(keys[0], isAscii));
	if (first !== undefined && second !== undefined && isAscii && /^(?:up|left)$/.test(first)) {
		return `${first}/${second}`;
	}

	return second !== undefined && second.length === 1 ? `${first ?? ''}${second}` : (first ?? '');
}
