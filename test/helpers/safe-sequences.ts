/**
 * Escape sequences that every terminal in docs/terminals.md supports, or can ignore without harm. Others are left out:
 * mosh 1.4 and Emacs 28 ignore `CSI E`, `CSI F`, `CSI s`, and `CSI u`, so output that relies on these sequences
 * appears in the wrong rows. Emacs ignores `CSI d`, and counts the columns of `CSI G` from 0.
 */
const safe = [
	// Cursor movement, erasing, and styles; the queries for the terminal's status and the cursor position.
	/^ESC\[(?:\d+(?:;\d+)*)?[ABCDHJKm]$/,
	/^ESC\[[56]n$/,
	// The cursor, the alternate screen, synchronized updates, bracketed paste, and the mouse.
	/^ESC\[\?(?:25|1049|2026|2004|1000|1006)[hl]$/,
	// The background query, notifications, and the clipboard.
	/^ESC\](?:11;\?ESC\\|9;.*BEL|52;c;[\w+/=]*BEL)$/,
];

/**
 * Matches one sequence: CSI with its parameters and final character, a control string with its terminator, ESC and one
 * character, or any other control character, including each C1 control.
 */
const sequence = /ESC\[[0-?]*[ -/]*[@-~]|ESC[\]PX^_].*?(?:BEL|ESC\\|\u{9C})|ESC.?|BEL|\p{Control}/gsu;

/** Control characters that a line can contain: line endings, and the bell. */
const allowed: ReadonlySet<string> = new Set(['\r', '\n', 'BEL']);

/** Returns, in order, the sequences and control characters in the output that aren't safe in every terminal. */
export function unsafeSequences(written: string): readonly string[] {
	const readable = written.replaceAll('\u001B', 'ESC').replaceAll('\u0007', 'BEL');
	const sequences = readable.match(sequence) ?? [];
	return sequences.filter(one => !allowed.has(one) && !safe.some(known => known.test(one)));
}
