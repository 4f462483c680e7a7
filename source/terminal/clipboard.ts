import {isPlainTerminal} from '../theme/plain-terminal.ts';

/** The variables that say what is between the program and the terminal with the clipboard. */
export type TerminalVariables = {
	readonly TERM?: string | undefined;
	readonly TMUX?: string | undefined;
	readonly STY?: string | undefined;
};

/** In base64. Some terminals accept more, but xterm doesn't. */
const mostCharacters = 74_994;

/** The maximum that GNU screen accepts in one piece; old versions have 768 bytes for it. */
const screenPiece = 512;

const esc = '\u001B';
const bel = '\u0007';
const end = `${esc}\\`;

/**
 * What has a terminal take a text into its clipboard (OSC 52): a terminal that can't, or must not, says nothing.
 * Undefined where that would be printed, and for a text that is too long.
 *
 * Within tmux it is sent twice, as one of its settings lets each form through (`set-clipboard on`, `allow-passthrough on`).
 * GNU screen passes on what is wrapped for it, and would print what is wrapped for tmux.
 */
export function clipboardSequence(
	text: string,
	{TERM: name, TMUX: tmux, STY: sty}: TerminalVariables,
): string | undefined {
	const data = Buffer.from(text).toString('base64');
	if (isPlainTerminal(name) || data.length > mostCharacters) {
		return undefined;
	}

	const plain = `${esc}]52;c;${data}${bel}`;
	if (isSet(tmux) || name?.startsWith('tmux') === true) {
		return `${plain}${esc}Ptmux;${plain.replaceAll(esc, esc + esc)}${end}`;
	}

	return isSet(sty) || name?.startsWith('screen') === true ? inPieces(plain) : plain;
}

function isSet(variable: string | undefined): boolean {
	return variable !== undefined && variable !== '';
}

function inPieces(sequence: string): string {
	const pieces = sequence.match(new RegExp(`.{1,${screenPiece}}`, 'gsu')) ?? [];
	return pieces.map(piece => `${esc}P${piece}${end}`).join('');
}
