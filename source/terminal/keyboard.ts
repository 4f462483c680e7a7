import {createInputReader, type InputEvent} from './input-reader.ts';
import type {MouseEvent, Report} from './queries.ts';

/** The sequence that turns on reports of button presses and the wheel (1000), with coordinates of any size (1006). */
export const mouseOn = '\u001B[?1000h\u001B[?1006h';

type Listener = (event: MouseEvent) => void;

/** Reports mouse events. */
export type Mouse = {
	readonly notify: Listener;
	/** Returns a function that ends the subscription. */
	readonly subscribe: (listener: Listener) => () => void;
};

/** Creates a source of mouse events, initially without listeners. */
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

/** A keypress or a paste. */
export type Typed = Exclude<InputEvent, {readonly kind: 'report'}>;

/** The source of keypresses and pastes. */
export type KeySource = {
	/**
	 * Calls the listener for each keypress and paste, and immediately for those that have already arrived. Returns a
	 * function that unsubscribes it.
	 */
	readonly subscribe: (listener: (typed: Typed) => void) => () => void;
};

/** The keyboard of a terminal, which is read between `start` and `stop`. */
type Keyboard = KeySource & {
	/** Reads keys as they are typed (raw mode). Called again after another program has used the terminal. */
	readonly start: () => void;
	/** Restores the terminal's own mode, and stops reading. */
	readonly stop: () => void;
	/** Drops keypresses from now on, but still reads reports: while the program exits, nothing handles keypresses. */
	readonly ignore: () => void;
};

type KeyboardOptions = {
	/** How long to wait for the rest of a sequence after an escape, in milliseconds. */
	readonly escapeMs: number;
	readonly onReport: (report: Report) => void;
	/** Called for ctrl-c while there is no listener, because in raw mode it is an ordinary key. */
	readonly onInterrupt: () => void;
};

/** The maximum number of keypresses and pastes that are kept until the screen exists. */
const maxKept = 64;

/** The part of standard input that is used. */
type KeyboardInput = Pick<NodeJS.ReadStream, 'setRawMode' | 'on' | 'off' | 'pause' | 'resume'>;

/** Creates a keyboard that reads standard input. Nothing is read before `start`. */
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
			// Nothing handles this keypress or paste.
		} else if (listener !== undefined) {
			listener(event);
		} else if (event.kind === 'key' && event.name === 'ctrl-c') {
			onInterrupt();
		} else if (kept.length < maxKept) {
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
			// The rest might have arrived while the program was busy, so available input is read first.
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
			// After a stop by the shell, Node.js assumes that raw mode is still on, and wouldn't turn it on again.
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
