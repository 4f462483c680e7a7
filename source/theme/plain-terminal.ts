/** Terminals that print a control string that they don't understand: the Linux console, and Emacs' `term` (eterm, eterm-color). */
const plainTerminal = /^(?:linux|dumb|eterm|$)/;

/** Whether the terminal of that name (the variable TERM) is to be sent nothing but text, colors and moves of the cursor. */
export function isPlainTerminal(name: string | undefined): boolean {
	return plainTerminal.test(name ?? '');
}
