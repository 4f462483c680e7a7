import {type FileHandle, open} from 'node:fs/promises';
import {finished} from 'node:stream/promises';
import {constants, createGzip} from 'node:zlib';
import {cleanText} from '../api/clean-text.ts';
import {describeFileFault, refuseFile} from '../errors/file-error.ts';

/** A disk that doesn't keep up must not fill the memory. */
const mostPendingBytes = 64 * 1024 ** 2;

/** A disk that hangs must not hold the program. */
const timeoutMs = 2000;

/**
 * Opens a file to append to, which only its owner can read if it is new.
 *
 * @throws UserError, exit code 2, for one that can't be written
 */
export async function openToAppend(flag: string, file: string): Promise<FileHandle> {
	try {
		// Without waiting for who would read a pipe.
		return await open(file, 'a+', 0o600);
	} catch (error) {
		throw refuseFile(flag, file, `cannot be written: ${describeFileFault(error)}. Name another file.`);
	}
}

export type AppendedFileOptions = {
	readonly file: string;
	readonly handle: FileHandle;
	readonly isCompressed: boolean;
};

/** A file that is appended to while the program runs. It never fails: where it can't go on it stops, and says why. */
export class AppendedFile {
	readonly #file: string;
	readonly #output: NodeJS.WritableStream & {readonly writableLength: number};
	readonly #flush: () => void;
	readonly #done: Promise<void>;
	readonly #listeners: Array<(why: string) => void> = [];
	#stopped: string | undefined;

	constructor({file, handle, isCompressed}: AppendedFileOptions) {
		this.#file = file;
		const sink = handle.createWriteStream();
		sink.on('error', () => undefined);
		this.#done = finished(sink).catch((error: unknown) => this.#stop(describeFileFault(error)));
		if (isCompressed) {
			const gzip = createGzip();
			gzip.pipe(sink);
			this.#output = gzip;
			this.#flush = () => gzip.flush(constants.Z_SYNC_FLUSH);
		} else {
			this.#output = sink;
			this.#flush = () => undefined;
		}
	}

	/** So that a kill loses no more than what is being written, each text is handed to the disk by itself. */
	write(text: string): void {
		if (this.#stopped !== undefined) {
			return;
		}

		if (this.#output.writableLength > mostPendingBytes) {
			this.#stop('the disk does not keep up');
			return;
		}

		this.#output.write(text);
		this.#flush();
	}

	/** Why it stopped before its end, in a clause; undefined while all is well. */
	stopped(): string | undefined {
		return this.#stopped;
	}

	/** Calls the listener when it stops before its end, at once where it has. */
	onStopped(listener: (why: string) => void): void {
		this.#listeners.push(listener);
		if (this.#stopped !== undefined) {
			listener(this.#stopped);
		}
	}

	/** Waits until all is written, but not long. */
	async close(): Promise<void> {
		if (this.#stopped === undefined) {
			this.#output.end();
			await Promise.race([this.#done, new Promise(resolve => setTimeout(resolve, timeoutMs).unref())]);
		}
	}

	#stop(why: string): void {
		if (this.#stopped === undefined) {
			this.#stopped = `${why} (${cleanText(this.#file, 200)})`;
			for (const listener of this.#listeners) {
				listener(this.#stopped);
			}
		}
	}
}
