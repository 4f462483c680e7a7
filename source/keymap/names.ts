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
};

function nameOf(key: string | undefined): string {
	return key === undefined ? '' : (glyphs[key] ?? key);
}

/** Formats the keys of an entry, the most common first: `↑ ↓ k j`, `1 to 5`. */
export function keyNames({bindings}: KeyEntry): string {
	if (bindings.length > 2) {
		return `${nameOf(bindings[0]?.keys[0])} to ${nameOf(bindings.at(-1)?.keys[0])}`;
	}

	const longest = Math.max(...bindings.map(({keys}) => keys.length));
	const ranks = Array.from({length: longest}, (_, rank) => rank);
	return ranks
		.flatMap(rank => bindings.flatMap(({keys}) => keys[rank] ?? []))
		.map(nameOf)
		.join(' ');
}

/** Formats the keys of an entry for the bottom line: `↑↓`, `+-`, `tab`. */
export function keyHint({bindings}: KeyEntry): string {
	const [first, second] = bindings.map(({keys}) => nameOf(keys[0]));
	return second !== undefined && second.length === 1 ? `${first ?? ''}${second}` : (first ?? '');
}
