/** Terminals that would print what they do not understand. */
const plainTerminals: ReadonlySet<string | undefined> = new Set(['linux', 'dumb', undefined]);

/** Whether the terminal of that name (the variable TERM) is to be told nothing but text and colours. */
export function isPlainTerminal(name: string | undefined): boolean {
	return plainTerminals.has(name);
}
