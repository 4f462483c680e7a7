import {createInputReader, type InputEvent} from './input-reader.ts';
import type {MouseEvent, Report} from './queries.ts';

/** Presses and the wheel (1000), reported with coordinates of any size (1006). */
export const mouseOn = '\u001B[?1000h\u001B[?1006h';

type Listener = (event: MouseEvent) => void;

/** Reports mouse events. */
export type Mouse = {
	readonly notify: Listener;
	/** Returns the function that ends the subscription. */
	readonly subscribe: (listener: Listener) => () => void;
};

export function createMouse(): Mouse {
	const listeners = new Set<Listener>();
	return {
		notify(event) {
			for (const listener of listeners) {
				listener(event);
			}
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}

/** A key or a paste. */
export type Typed = Exclude<InputEvent, {readonly kind: 'report'}>;

/** Where keys and pastes come from. */
export type KeySource = {
	/** Calls the listener for each key and paste, and at once for those that were typed before. Returns the function that ends this. */
	readonly subscribe: (listener: (typed: Typed) => void) => () => void;
};

/** The keyboard of a terminal, which is read from the start of the program to its end. */
type Keyboard = KeySource & {
	/** Reads keys as they are typed (raw mode); once more after the terminal was another program's. */
	readonly start: () => void;
	/** Gives the terminal its own mode back, and reads nothing. */
	readonly stop: () => void;
	/** Drops keys from now on, and still reads reports: on the way out they are for nobody. */
	readonly ignore: () => void;
};

type KeyboardOptions = {
	/** How long an escape waits for the rest of a sequence, in milliseconds. */
	readonly escapeMs: number;
	readonly onReport: (report: Report) => void;
	/** Called for ctrl-c while nobody listens: in raw mode it is a key like any other. */
	readonly onInterrupt: () => void;
};

/** So many keys are kept for the screen that isn't there yet. */
const mostKept = 64;

/** What is used of standard input. */
type KeyboardInput = Pick<NodeJS.ReadStream, 'setRawMode' | 'on' | 'off' | 'pause' | 'resume'>;

/** Creates the keyboard of a terminal's standard input. Nothing is read before `start`. */
export function createKeyboard(stdin: KeyboardInput, {escapeMs, onReport, onInterrupt}: KeyboardOptions): Keyboard {
	let listener: ((typed: Typed) => void) | undefined;
	let kept: Typed[] = [];
	let isIgnored = false;
	let timer: NodeJS.Timeout | undefined;
	let pieces = 0;

	const reader = createInputReader(event => {
		if (event.kind === 'report') {
			onReport(event.report);
		} else if (isIgnored) {
			// It is for nobody.
		} else if (listener !== undefined) {
			listener(event);
		} else if (event.kind === 'key' && event.name === 'ctrl-c') {
			onInterrupt();
		} else if (kept.length < mostKept) {
			kept.push(event);
		}
	}, escapeMs);
	const expireLater = (): void => {
		clearTimeout(timer);
		const waitMs = reader.waitMs();
		if (waitMs === undefined) {
			return;
		}

		const seen = pieces;
		timer = setTimeout(() => {
			// The rest may have come while the program was busy: what can be read is read before.
			setImmediate(() => {
				if (seen === pieces) {
					reader.expire();
					expireLater();
				}
			});
		}, waitMs).unref();
	};
	const read = (piece: Uint8Array | string): void => {
		pieces++;
		reader.push(Buffer.from(piece));
		expireLater();
	};
	return {
		start() {
			// After a stop by the shell Node believes that the mode is still its own, and would do nothing.
			stdin.setRawMode(false);
			stdin.setRawMode(true);
			stdin.off('data', read);
			stdin.on('data', read);
			stdin.resume();
		},
		stop() {
			pieces++;
			clearTimeout(timer);
			reader.expire();
			stdin.off('data', read);
			stdin.pause();
			stdin.setRawMode(false);
		},
		ignore() {
			isIgnored = true;
		},
		subscribe(next) {
			listener = next;
			const before = kept;
			kept = [];
			for (const typed of before) {
				next(typed);
			}

			return () => {
				listener = undefined;
			};
		},
	};
}
