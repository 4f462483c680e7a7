import {statSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {cleanText} from '../api/clean-text.ts';
import type {Client} from '../api/client.ts';
import {withNoun} from '../text/format.ts';
import {isPlainTerminal} from '../theme/theme.ts';
import {beforeEnding} from './process.ts';

/** A line on standard error that shows the progress of slow work. */
type Progress = {
	/**
	 * Sets the text of the line. Once the work has taken a second, the line is also drawn, unless it was just drawn.
	 */
	say(text: string): void;
	/** Clears the line until there is new text. */
	clear(): void;
};

/** The time before the line appears, in milliseconds. Faster work would be done before the line could be read. */
const delayMs = 1000;
const everyMs = 200;

/** The terminal that progress is shown on, and a monotonic clock in milliseconds. */
type ProgressTerminal = {
	readonly stderr: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'>;
	/** The variable TERM. */
	readonly name: string | undefined;
	readonly elapsed: () => number;
};

const silent: Progress = {say: () => undefined, clear: () => undefined};

/**
 * Shows progress on standard error: one line with the elapsed time, which appears after one second and is redrawn at
 * most five times per second. Does nothing if standard error isn't a terminal that can clear a line. A signal that ends
 * the program also clears the line.
 */
function showProgress({stderr, name, elapsed}: ProgressTerminal): Progress {
	if (!stderr.isTTY || isPlainTerminal(name)) {
		return silent;
	}

	const startMs = elapsed();
	let text = '';
	let drawnMs = Number.NEGATIVE_INFINITY;
	let isShown = false;
	let timer: NodeJS.Timeout | undefined;
	const draw = (): void => {
		const nowMs = elapsed();
		if (nowMs - startMs < delayMs || nowMs - drawnMs < everyMs) {
			return;
		}

		if (!Number.isFinite(drawnMs)) {
			beforeEnding(async () => clear());
		}

		drawnMs = nowMs;
		isShown = true;
		const line = `loops-top: ${text}, ${Math.floor((nowMs - startMs) / 1000)}s`;
		stderr.write(`\r${line.slice(0, Math.max((stderr.columns || 80) - 1, 1))}\x1b[K`);
	};
	const clear = (): void => {
		clearInterval(timer);
		timer = undefined;
		if (isShown) {
			isShown = false;
			stderr.write('\r\x1b[K');
		}
	};
	return {
		say(next) {
			text = next;
			timer ??= setInterval(draw, everyMs).unref();
			draw();
		},
		clear,
	};
}

/** Returns the progress line of this process. */
export function processProgress(): Progress {
	return showProgress({stderr: process.stderr, name: process.env['TERM'], elapsed: () => performance.now()});
}

/** Returns a client whose responses are counted in the progress line. */
export function countResponses(client: Client, progress: Progress, what: string): Client {
	let count = 0;
	const say = (): void => progress.say(`loading ${what}${count === 0 ? '' : `: ${withNoun(count, 'response')}`}`);
	say();
	return new Proxy(client, {
		get(target, property, receiver) {
			const method: unknown = Reflect.get(target, property, receiver);
			if (typeof method !== 'function') {
				return method;
			}

			return async (...given: readonly unknown[]): Promise<unknown> => {
				const result: unknown = await Reflect.apply(method, target, given);
				count++;
				say();
				return result;
			};
		},
	});
}

/**
 * Returns a function that counts the bytes read from a file, and shows them in the progress line as a percentage of the
 * size of the file multiplied by `times`.
 */
export function countBytes(file: string, times: number, progress: Progress): (bytes: number) => void {
	const name = cleanText(path.basename(file), 60);
	let size = 0;
	try {
		({size} = statSync(file));
	} catch {
		// The error is reported when the file is read.
	}

	let read = 0;
	const say = (): void => {
		const share = size === 0 ? 0 : Math.min(read / (size * times), 1);
		progress.say(`reading ${name}: ${Math.floor(share * 100)}%`);
	};
	say();
	return bytes => {
		read += bytes;
		say();
	};
}
