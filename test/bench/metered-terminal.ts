import * as pty from '@lydell/node-pty';
import {type Usage, usageOf} from './process-usage.ts';

export type MeteredOptions = {
	readonly command: readonly [string, ...string[]];
	readonly columns: number;
	readonly rows: number;
	readonly env: Readonly<Record<string, string>>;
};

/**
 * A real terminal that runs a program, and counts and times its output. All times are in milliseconds since the program
 * was started.
 */
export type MeteredTerminal = {
	/** The number of bytes written to the terminal. */
	bytes(): number;
	/** The time at which the last byte arrived; 0 if there was none. */
	lastAtMs(): number;
	/** The number of writes after a pause. */
	bursts(): number;
	usage(): Usage;
	press(keys: string): void;
	elapsedMs(): number;
	/** Resolves with the time at which the output matches; undefined if the program exits first, or after 20 s. */
	when(isNeeded: (visible: string) => boolean): Promise<number | undefined>;
	/** Resolves as soon as nothing has been written for the given time. */
	quiet(milliseconds: number): Promise<void>;
	readonly ended: Promise<number>;
	/** Ends the program with a key, and kills it if it hasn't exited after 3 s. */
	close(quitKey: string): Promise<void>;
};

/** The minimum pause between two frames, in milliseconds. The pieces of a frame are closer together. */
const pauseMs = 30;

/** The length up to which output is stored, in characters. No more is needed to find the first frames. */
const maxText = 200_000;

/** The timeout for the awaited output of a program, in milliseconds. */
const timeoutMs = 20_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: this file searches for control sequences.
const sequences = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[^[\]]/g;

/** Returns the visible part of a string that was written to a terminal. */
export function visibleText(written: string): string {
	return written.replaceAll(sequences, '');
}

/** The query for the background color, which terminals respond to, and the response of a dark terminal. */
const query = '\u001b]11;?';
const response = '\u001b]11;rgb:1e1e/1e1e/2e2e\u001b\\';

export function openMetered({command: [file, ...args], columns, rows, env}: MeteredOptions): MeteredTerminal {
	const beganMs = performance.now();
	const child = pty.spawn(file, args, {cols: columns, rows, env: {...env}, name: 'xterm-256color'});
	const listeners = new Set<() => void>();
	let written = '';
	let bytes = 0;
	let bursts = 0;
	let lastAtMs = 0;
	let hasEnded = false;
	const elapsedMs = (): number => performance.now() - beganMs;
	const notify = (): void => {
		for (const listener of [...listeners]) {
			listener();
		}
	};
	child.onData(data => {
		const atMs = elapsedMs();
		bursts += atMs - lastAtMs > pauseMs || bytes === 0 ? 1 : 0;
		lastAtMs = atMs;
		bytes += Buffer.byteLength(data);
		written = written.length < maxText ? written + data : written;
		if (data.includes(query)) {
			child.write(response);
		}

		notify();
	});
	const ended = new Promise<number>(resolve => {
		child.onExit(() => {
			hasEnded = true;
			resolve(elapsedMs());
			notify();
		});
	});
	return {
		bytes: () => bytes,
		lastAtMs: () => lastAtMs,
		bursts: () => bursts,
		usage: () => usageOf(child.pid),
		press: keys => child.write(keys),
		elapsedMs,
		when: async isNeeded =>
			new Promise(resolve => {
				const finish = (atMs: number | undefined): void => {
					clearTimeout(timer);
					listeners.delete(look);
					resolve(atMs);
				};
				const look = (): void => {
					if (isNeeded(visibleText(written))) {
						finish(lastAtMs);
					} else if (hasEnded) {
						finish(undefined);
					}
				};
				const timer = setTimeout(() => finish(undefined), timeoutMs);
				listeners.add(look);
				look();
			}),
		quiet: async milliseconds =>
			new Promise(resolve => {
				const finish = (): void => {
					listeners.delete(start);
					resolve();
				};
				let timer = setTimeout(finish, milliseconds);
				const start = (): void => {
					clearTimeout(timer);
					timer = setTimeout(finish, milliseconds);
				};
				listeners.add(start);
			}),
		ended,
		async close(quitKey) {
			if (hasEnded) {
				return;
			}

			child.write(quitKey);
			const killing = setTimeout(() => child.kill('SIGKILL'), 3000);
			await ended;
			clearTimeout(killing);
		},
	};
}
