// Longer than 250 lines because it is one state machine: what can be written depends on earlier writes.
import type {Stats} from 'node:fs';
import * as fs from 'node:fs/promises';
import {cleanText} from '../api/clean-text.ts';
import {describeFileFault, rejectFile} from '../errors/user-error.ts';

/** The file system functions that are used to open a file. */
type FileOpener = Pick<typeof fs, 'open'> & {stat(file: string): Promise<Pick<Stats, 'isFile' | 'isDirectory'>>};

/**
 * Opens a file for appending and reading; a new file is readable only by its owner.
 *
 * @throws UserError with exit code 2 for a file that can't be written or isn't regular: a write to a FIFO or a device can
 * block forever, and what was written can't be read again
 */
export async function openToAppend(flag: string, file: string, {open, stat}: FileOpener = fs): Promise<fs.FileHandle> {
	let handle: fs.FileHandle | undefined;
	try {
		// Opening a FIFO or a device can block, or have side effects.
		const before = await stat(file).catch(() => undefined);
		if (before !== undefined && !before.isFile() && !before.isDirectory()) {
			throw irregular(flag, file);
		}

		handle = await open(file, 'a+', 0o600);
		// Another program might have replaced the file since then.
		if (!(await handle.stat()).isFile()) {
			throw irregular(flag, file);
		}

		surviveLimits();
		return handle;
	} catch (error) {
		await handle?.close();
		throw error instanceof Error && 'code' in error
			? rejectFile(flag, file, `can't be written: ${describeFileFault(error)}. Use another file.`)
			: error;
	}
}

/**
 * Ensures that a write that exceeds the limit on file sizes (`ulimit -f`) fails instead of ending the program. Node.js
 * ignores the corresponding signal, but signal-exit, which Ink uses, ends the program unless there is another listener.
 */
function surviveLimits(): void {
	if (process.platform !== 'win32' && !process.listeners('SIGXFSZ').includes(ignore)) {
		process.on('SIGXFSZ', ignore);
	}
}

function ignore(): void {
	// The write reports the error.
}

function irregular(flag: string, file: string): Error {
	return rejectFile(flag, file, "isn't a regular file. Use another file.");
}

/** The maximum size of pending data, so that a slow disk doesn't fill the memory. */
const maxPendingBytes = 64 * 1024 ** 2;

/**
 * The time, in milliseconds, after which a pending write counts as hung when the file is closed, and how much longer
 * to wait for a write that has already taken that long.
 */
const hungAfterMs = 1000;
const lastWaitMs = 100;

/**
 * The number of steps in which to wait. A write has several parts. A busy machine can delay each part by as much as it
 * delays a timer, so several timers in a row give the parts more time than a single timer.
 */
const waitSteps = 10;

/** The operations on an open file that are needed for appending to it. */
export type Appendable = {
	/**
	 * `nlink` is the number of the file's names: 0 after it was deleted, or on a file system that doesn't count them.
	 */
	stat(): Promise<{readonly size: number; readonly nlink?: number}>;
	write(bytes: Buffer, from: number): Promise<{readonly bytesWritten: number}>;
	truncate(length: number): Promise<void>;
	close(): Promise<void>;
};

type AppendedFileOptions = {
	/** The file's name, for messages. */
	readonly file: string;
	readonly handle: Appendable;
	/** Returns the bytes that are appended for a string; those of its UTF-8 encoding by default. */
	readonly encode?: (text: string) => Promise<Buffer>;
	/** The text to write first if another program has emptied the file. */
	readonly beginning?: string;
};

/**
 * A file that is appended to while the program runs. It never throws: if it can't continue, it stops and reports why.
 * After each write, the file is complete: if a full disk accepts only a part of a write, that part is removed, unless
 * another program also appended to the file.
 */
export class AppendedFile {
	readonly #options: AppendedFileOptions;
	readonly #stoppedListeners: Array<(why: string) => void> = [];
	readonly #emptiedListeners: Array<() => void> = [];
	#isEmptied = false;
	#pending: string[] = [];
	#pendingBytes = 0;
	#stopped: string | undefined;
	#closing: Promise<void> | undefined;
	/** The length of the file after the last write. */
	#endBytes = 0;
	#hadName = false;
	#writing: Promise<void> | undefined;
	#writingSince = 0;

	constructor(options: AppendedFileOptions) {
		this.#options = options;
	}

	/**
	 * Appends a string after the pending ones. All strings that are pending when a write begins are in that write. Does
	 * nothing once writing has stopped or `close` has been called.
	 */
	write(text: string): void {
		if (this.#stopped !== undefined || this.#closing !== undefined) {
			return;
		}

		if (this.#pendingBytes > maxPendingBytes) {
			this.#stop('the disk is too slow');
			return;
		}

		this.#pending.push(text);
		this.#pendingBytes += text.length;
		this.#writing ??= this.#writeAll();
	}

	/** Returns a clause that says why writing has stopped early; undefined if it hasn't. */
	stopped(): string | undefined {
		return this.#stopped;
	}

	/**
	 * Returns whether a write is still pending although `close` was called. Once `close` has ended, that means that the
	 * file system doesn't respond.
	 */
	isHung(): boolean {
		return this.#closing !== undefined && this.#writing !== undefined;
	}

	/** Calls the listener when writing stops early, or immediately if it already has. */
	onStopped(listener: (why: string) => void): void {
		this.#stoppedListeners.push(listener);
		if (this.#stopped !== undefined) {
			listener(this.#stopped);
		}
	}

	/** Returns whether another program has emptied the file. */
	isEmptied(): boolean {
		return this.#isEmptied;
	}

	/** Calls the listener each time another program, such as one that rotates logs, has emptied the file. */
	onEmptied(listener: () => void): void {
		this.#emptiedListeners.push(listener);
	}

	/** Closes the file once everything is written, but doesn't wait for a file system that doesn't respond. */
	async close(): Promise<void> {
		this.#closing ??= this.#close();
		await this.#closing;
	}

	async #close(): Promise<void> {
		const leftMs = Math.max(this.#writingSince + hungAfterMs - performance.now(), lastWaitMs);
		for (let step = 0; step < waitSteps && this.#writing !== undefined; step++) {
			const {promise, cancel} = waiting(leftMs / waitSteps);
			await Promise.race([this.#writing, promise]);
			cancel();
		}

		if (this.#writing === undefined) {
			await this.#options.handle.close().catch(() => undefined);
		} else {
			this.#stop("the file system doesn't respond");
		}
	}

	async #writeAll(): Promise<void> {
		try {
			while (this.#pending.length > 0 && this.#stopped === undefined) {
				const text = this.#pending.join('');
				this.#pending = [];
				this.#pendingBytes = 0;
				this.#writingSince = performance.now();
				await this.#append(text);
			}
		} catch (error) {
			this.#stop(describeFileFault(error));
		} finally {
			this.#writing = undefined;
		}
	}

	async #append(text: string): Promise<void> {
		const {handle, encode = async given => Buffer.from(given), beginning = ''} = this.#options;
		const {size, nlink = 1} = await handle.stat();
		if (nlink === 0 && this.#hadName) {
			this.#stop('the file was deleted');
			return;
		}

		this.#hadName ||= nlink > 0;
		const isEmptied = size < this.#endBytes;
		const bytes = await encode(isEmptied ? beginning + text : text);
		let written = 0;
		try {
			while (written < bytes.length) {
				written += (await handle.write(bytes, written)).bytesWritten;
			}
		} catch (error) {
			// The part that was written is removed only if no other program has appended to the file.
			if (written > 0 && (await handle.stat()).size === size + written) {
				await handle.truncate(size);
			}

			throw error;
		}

		this.#endBytes = size + bytes.length;
		if (isEmptied) {
			this.#isEmptied = true;
			for (const listener of this.#emptiedListeners) {
				listener();
			}
		}
	}

	#stop(why: string): void {
		if (this.#stopped === undefined) {
			this.#stopped = `${why} (${cleanText(this.#options.file, 200)})`;
			this.#pending = [];
			for (const listener of this.#stoppedListeners) {
				listener(this.#stopped);
			}
		}
	}
}

function waiting(timeMs: number): {readonly promise: Promise<void>; readonly cancel: () => void} {
	let cancel = (): void => undefined;
	const promise = new Promise<void>(resolve => {
		const timer = setTimeout(resolve, timeMs);
		cancel = () => clearTimeout(timer);
	});
	return {promise, cancel};
}
