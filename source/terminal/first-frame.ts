import type {WriteStream} from 'node:tty';
import {cleanText} from '../api/clean-text.ts';

/** The sequence that switches to the alternate screen, empties it, and hides the cursor. */
export const enterScreen = '\u001B[?1049h\u001B[?25l\u001B[H\u001B[2J';
const erase = '\u001B[H\u001B[J';
const title = ' loops-top  ';
/**
 * The sequence that resets all modes, whether or not they are set, and shows the cursor and the shell's screen again.
 * Without an alternate screen (GNU screen by default, mosh, Emacs), the prompt is then in the last row, which is
 * cleared.
 */
export const leaveScreen =
	'\u001B[?1006l\u001B[?1000l\u001B[?2004l\u001B[0m\u001B[9999B\r\u001B[K\u001B[?25h\u001B[?1049l';

const endings = {SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143} as const;
type Ending = keyof typeof endings;

/** The process, or the part of it that is needed to end the program. */
export type Ends = {
	once(signal: Ending, listener: () => void): unknown;
	off(signal: Ending, listener: () => void): unknown;
	exit(code: number): void;
};

/**
 * The content of the terminal until there is more to show. The last two methods end the first frame; later calls do
 * nothing.
 */
type FirstFrame = {
	/** Adds a sentence below the existing text. */
	readonly say: (sentence: string) => void;
	/** Leaves an empty screen to the next renderer, which then restores the terminal itself. */
	readonly handOver: () => void;
	/** Restores the terminal. */
	readonly end: () => void;
};

/**
 * Draws one line with the name of the watch target on the alternate screen before Ink is loaded, which takes longer
 * than the rest of the startup, so that the user sees that the program has started.
 */
export function drawFirstFrame(stdout: Pick<WriteStream, 'write' | 'columns'>, name: string, ends: Ends): FirstFrame {
	let isShown = true;
	const finish = (bytes: string): void => {
		if (isShown) {
			isShown = false;
			stdout.write(bytes);
			for (const [signal, listener] of listeners) {
				ends.off(signal, listener);
			}
		}
	};
	const listeners = (Object.keys(endings) as Ending[]).map(signal => {
		const listener = (): void => {
			finish(leaveScreen);
			ends.exit(endings[signal]);
		};
		ends.once(signal, listener);
		return [signal, listener] as const;
	});
	const room = Math.max(stdout.columns - title.length, 0);
	stdout.write(`${enterScreen}${title.slice(0, stdout.columns)}${cleanText(name, room)}`);
	const say = (sentence: string): void => {
		if (isShown) {
			stdout.write(`\r\n\r\n ${cleanText(sentence, Math.max(stdout.columns - 1, 0))}`);
		}
	};
	return {say, handOver: () => finish(erase), end: () => finish(leaveScreen)};
}
