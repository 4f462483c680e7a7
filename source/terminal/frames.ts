import type {WriteStream} from 'node:tty';
import {cleanText} from '../api/clean-text.ts';

/** The sequence that switches to the alternate screen, empties it, and hides the cursor. */
export const enterScreen = '\u001B[?1049h\u001B[?25l\u001B[H\u001B[2J';
const erase = '\u001B[H\u001B[J';
const title = ' loops-top  ';
/**
 * The sequence that resets all modes that the program uses, whether or not they are set, and shows the cursor and the
 * shell's screen again. Without an alternate screen (GNU screen by default, mosh, Emacs), the prompt is then in the
 * last row, which is cleared first.
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
	/** Leaves an empty screen for the next renderer, which then restores the terminal itself. */
	readonly handOver: () => void;
	/** Restores the terminal. */
	readonly end: () => void;
};

/**
 * Draws one line with the name of the watch target on the alternate screen before Ink is loaded, so that the user sees
 * that the program has started: loading Ink takes longer than the rest of the startup. While the first frame is shown,
 * the terminal is restored before a signal ends the program.
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

/**
 * The number of bytes that can be in flight without a query: they take a quarter of a second on a link of 8,000 bytes
 * per second.
 */
const askAfterBytes = 2048;

/** The time, in milliseconds, after which a query counts as lost, or the terminal as one that never responds. */
const timeoutMs = 3000;

/** Tracks whether the terminal has yet to process much of what was written. */
export type Pacing = {
	/** Begins pacing: from now on, the terminal's responses are read. */
	readonly begin: () => void;
	/** Notes that this number of bytes was written. */
	readonly wrote: (bytes: number) => void;
	readonly responded: () => void;
	/** Returns whether drawing should be postponed. The output never waits for a terminal that has never responded. */
	readonly isBehind: () => boolean;
	/**
	 * Calls the listener whenever the terminal has caught up, or a query counts as lost. Returns a function that ends
	 * the subscription.
	 */
	readonly subscribe: (listener: () => void) => () => void;
};

/**
 * Paces drawing by a terminal's responses. On a slow link, frames would otherwise queue up, and the effect of a
 * keypress would be visible only after all of these frames. `ask` requests the status, and returns false if a query
 * isn't possible now, in which case there is no wait.
 */
export function createPacing(ask: () => boolean): Pacing {
	const listeners = new Set<() => void>();
	let isAsked = false;
	let hasResponded = false;
	let unasked = 0;
	let asking: NodeJS.Timeout | undefined;

	const query = (): void => {
		if (ask()) {
			unasked = 0;
			asking = setTimeout(giveUp, timeoutMs).unref();
		}
	};
	const giveUp = (): void => {
		isAsked = hasResponded;
		caughtUp();
	};
	const caughtUp = (): void => {
		clearTimeout(asking);
		asking = undefined;
		if (isAsked && unasked >= askAfterBytes) {
			query();
		}

		if (asking !== undefined) {
			return;
		}

		for (const listener of [...listeners]) {
			listener();
		}
	};
	const subscribe = (listener: () => void): (() => void) => {
		listeners.add(listener);
		return () => listeners.delete(listener);
	};
	return {
		begin() {
			isAsked = true;
			query();
		},
		wrote(bytes) {
			unasked += bytes;
			if (isAsked && asking === undefined && unasked >= askAfterBytes) {
				query();
			}
		},
		responded() {
			hasResponded = true;
			isAsked = true;
			if (asking !== undefined) {
				caughtUp();
			}
		},
		isBehind: () => hasResponded && asking !== undefined,
		subscribe,
	};
}

/** A length greater than that of any control sequence, and less than that of any frame. */
const longestControl = 64;

/** Standard output, as the renderer sees it. */
type PacedOutput = {
	readonly output: NodeJS.WriteStream;
	/** Drops further frames: the last frame before a screen is removed would never be seen. */
	readonly leave: () => void;
};

/** Creates an output that reports to `pacing` how much is written to standard output. */
export function createPacedOutput(stdout: NodeJS.WriteStream, pacing: Pick<Pacing, 'wrote'>): PacedOutput {
	let isLeft = false;
	const write = (data: string, ...rest: readonly never[]): boolean => {
		const kept = isLeft && data.length > longestControl ? '' : data;
		const isRoomy = stdout.write(kept, ...rest);
		pacing.wrote(Buffer.byteLength(kept));
		return isRoomy;
	};
	const proxy = new Proxy(stdout, {
		get(target, name) {
			if (name === 'write') {
				return write;
			}

			const value: unknown = Reflect.get(target, name, target);
			return typeof value === 'function' ? value.bind(target) : value;
		},
	});
	return {
		output: proxy,
		leave() {
			isLeft = true;
		},
	};
}
