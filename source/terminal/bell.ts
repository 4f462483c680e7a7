import {isPlainTerminal} from '../theme/plain-terminal.ts';

/**
 * Returns the sequence that rings the bell and, on terminals that support OSC 9 (iTerm2, kitty, WezTerm, Ghostty and
 * Windows Terminal), shows a notification outside the window.
 */
export function bellFor(text: string, terminal: string | undefined): string {
	return isPlainTerminal(terminal) ? '\u0007' : `\u0007\u001B]9;${text}\u0007`;
}
