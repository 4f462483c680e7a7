import {isPlainTerminal} from '../theme/plain-terminal.ts';

/**
 * What makes a terminal ring, and, where it can (OSC 9, as iTerm2, kitty, WezTerm, Ghostty and Windows Terminal do), tell
 * the text outside of its window.
 */
export function bellFor(text: string, terminal: string | undefined): string {
	return isPlainTerminal(terminal) ? '\u0007' : `\u0007\u001B]9;${text}\u0007`;
}
