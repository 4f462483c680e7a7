import {spawn} from 'node:child_process';
import {withoutKeys} from '../credentials/host-environment.ts';
import {isPlainTerminal} from '../theme/theme.ts';

/** The environment variables that show what is between the program and the terminal that has the clipboard. */
export type TerminalVariables = {
	readonly TERM?: string | undefined;
	readonly TMUX?: string | undefined;
	readonly STY?: string | undefined;
};

/** The maximum length of the text in base64, in characters. Some terminals accept more, but xterm doesn't. */
const maxCharacters = 74_994;

/** The maximum length of a piece for GNU screen, in bytes; old versions have a limit of 768 bytes. */
const screenPiece = 512;

const esc = '\u001B';
const bel = '\u0007';
const end = `${esc}\\`;

/**
 * Returns the sequence that makes a terminal put text on its clipboard (OSC 52). A terminal that can't do this, or
 * isn't allowed to, doesn't report that. Returns undefined for terminals that would print the sequence, and for a
 * string that is too long.
 *
 * Within tmux, the sequence is sent twice, because each of two settings lets one form through (`set-clipboard on`,
 * `allow-passthrough on`). GNU screen passes on sequences that are wrapped for it, and would print those wrapped for
 * tmux.
 */
export function clipboardSequence(
	text: string,
	{TERM: name, TMUX: tmux, STY: sty}: TerminalVariables,
): string | undefined {
	const data = Buffer.from(text).toString('base64');
	if (isPlainTerminal(name) || data.length > maxCharacters) {
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

/**
 * Copies text to the clipboard. Returns false if the terminal has none, or if the text is too long; a terminal that
 * refuses doesn't report this.
 */
type Copy = (text: string) => boolean;

/**
 * Creates a function that copies text through the terminal, using `write`. Within tmux, the function first tries `tmux
 * load-buffer`, because tmux ignores OSC 52 from programs by default.
 */
export function createCopy(write: (sequence: string) => void, variables: TerminalVariables): Copy {
	return text => {
		const sequence = clipboardSequence(text, variables);
		if (sequence === undefined) {
			return false;
		}

		if (variables.TMUX) {
			copyByTmux(text, () => write(sequence));
		} else {
			write(sequence);
		}

		return true;
	};
}

/**
 * Makes tmux load the text into its buffer and copy it to the terminal's clipboard; calls `orElse` if tmux can't do
 * this, such as in versions before 3.2.
 */
function copyByTmux(text: string, orElse: () => void): void {
	// A tmux server that this command starts exposes its environment to every pane, so the environment must not contain
	// API keys.
	const env = {...withoutKeys(process.env)};
	const child = spawn('tmux', ['load-buffer', '-w', '-'], {stdio: ['pipe', 'ignore', 'ignore'], env});
	let isDone = false;
	const finish = (hasWorked: boolean): void => {
		if (!isDone && !hasWorked) {
			orElse();
		}

		isDone = true;
	};
	child.on('error', () => finish(false));
	child.on('close', exitCode => finish(exitCode === 0));
	// If tmux exits before it has read everything, its exit code shows this.
	child.stdin.on('error', () => undefined);
	child.stdin.end(text);
}
