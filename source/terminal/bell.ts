/** Terminals that would print what they do not understand. */
const plainTerminals: ReadonlySet<string | undefined> = new Set(['linux', 'dumb', undefined]);

/**
 * What makes a terminal ring, and, where it can (OSC 9, as iTerm2, kitty, WezTerm, Ghostty and Windows Terminal do), tell
 * the text outside of its window.
 */
export function bellFor(text: string, terminal: string | undefined): string {
	return plainTerminals.has(terminal) ? '\u0007' : `\u0007\u001B]9;${text}\u0007`;
}
