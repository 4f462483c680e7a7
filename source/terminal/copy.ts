import {spawn} from 'node:child_process';
import {withoutKeys} from '../credentials/environment.ts';
import {clipboardSequence, type TerminalVariables} from './clipboard.ts';

/** Copies a text to the clipboard. Returns false if the terminal has none; one that refuses says nothing. */
export type Copy = (text: string) => boolean;

/**
 * Copies through the terminal with `write`, or through `tmux load-buffer`: by default, tmux ignores OSC 52 from
 * programs.
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

/** Has tmux take the text into its buffer and pass it on; calls `orElse` if it can't, before version 3.2. */
function copyByTmux(text: string, orElse: () => void): void {
	// A server that this starts would show its environment to every pane.
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
	// If tmux exits before it has read everything, its exit code says so.
	child.stdin.on('error', () => undefined);
	child.stdin.end(text);
}
