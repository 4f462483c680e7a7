import {type FileHandle, open} from 'node:fs/promises';
import {finished} from 'node:stream/promises';
import {constants, createGzip} from 'node:zlib';
import {cleanText} from '../api/clean-text.ts';
import {nameWatched, type Watched} from '../api/watched.ts';
import {exitCodes, UserError} from '../user-error.ts';
import {describeFileFault} from './file-fault.ts';
import {encodeAnswer, encodeTake, type KeptAnswer, type Take} from './format.ts';
import {isGzip} from './gzip-members.ts';
import {readFirstTake} from './read-entries.ts';

/** Keeps answers in a file, and never fails: where it can't go on it stops, and says why. */
export type Recorder = {
	keep(answer: KeptAnswer): void;
	/** Why it stopped before its end, in a clause; undefined while all is well. */
	stopped(): string | undefined;
	/** Calls the listener when it stops before its end, at once where it has. */
	onStopped(listener: (why: string) => void): void;
	/** Waits until all is written, but not long. */
	close(): Promise<void>;
};

/** A disk that doesn't keep up must not fill the memory. */
const mostPendingBytes = 64 * 1024 ** 2;

/** A disk that hangs must not hold the program. */
const patienceMs = 2000;

/**
 * Begins to record to a file that only its owner can read, or goes on with a recording of the same deployment.
 *
 * @throws UserError, exit code 2, for a file that can't be written or is something else
 */
export async function openRecorder(file: string, take: Omit<Take, 'kind'>): Promise<Recorder> {
	const isCompressed = file.endsWith('.gz');
	const handle = await openFile(file);
	try {
		const seam = await checkFile(file, handle, {isCompressed, take});
		return new FileRecorder({file, handle, isCompressed, begin: seam + encodeTake(take)});
	} catch (error) {
		await handle.close();
		throw error;
	}
}

function refuse(file: string, problem: string): UserError {
	return new UserError(`--record ${cleanText(file, 200)} ${problem}`, exitCodes.usage);
}

async function openFile(file: string): Promise<FileHandle> {
	try {
		// Without waiting for who would read a pipe.
		return await open(file, 'a+', 0o600);
	} catch (error) {
		throw refuse(file, `cannot be written: ${describeFileFault(error)}. Name another file.`);
	}
}

/** What must stand between that which is in the file already and what is appended. */
async function checkFile(
	file: string,
	handle: FileHandle,
	{isCompressed, take}: {readonly isCompressed: boolean; readonly take: Omit<Take, 'kind'>},
): Promise<string> {
	const stats = await handle.stat();
	if (!stats.isFile() || stats.size === 0) {
		return '';
	}

	const before = await readFirstTake(file);
	if (before === undefined) {
		throw refuse(file, 'is not a recording of loops-top: name another file, or a new one.');
	}

	if (!isSame(before.watched, take.watched)) {
		throw refuse(file, `is a recording of ${describe(before.watched)}: name another file, or a new one.`);
	}

	const ends = Buffer.alloc(2);
	await handle.read(ends, 0, 2, 0);
	if (isGzip(ends) !== isCompressed) {
		const problem = isCompressed ? 'is not compressed, though its name ends in .gz' : 'is compressed';
		throw refuse(file, `${problem}: name another file, or a new one.`);
	}

	// A line that was cut off stays alone.
	await handle.read(ends, 0, 1, stats.size - 1);
	return isCompressed || ends[0] !== 0x0a ? '\n' : '';
}

function isSame(a: Watched, b: Watched): boolean {
	return a.kind === b.kind && nameWatched(a) === nameWatched(b);
}

function describe(watched: Watched): string {
	return watched.kind === 'unchosen' ? 'a deployment that was chosen on the screen' : `${watched.kind} ${watched.id}`;
}

type Opened = {
	readonly file: string;
	readonly handle: FileHandle;
	readonly isCompressed: boolean;
	/** What is written first. */
	readonly begin: string;
};

class FileRecorder implements Recorder {
	readonly #file: string;
	readonly #output: NodeJS.WritableStream & {readonly writableLength: number};
	readonly #flush: () => void;
	readonly #done: Promise<void>;
	readonly #listeners: Array<(why: string) => void> = [];
	#stopped: string | undefined;

	constructor({file, handle, isCompressed, begin}: Opened) {
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

		this.#write(begin);
	}

	keep(answer: KeptAnswer): void {
		if (this.#stopped !== undefined) {
			return;
		}

		if (this.#output.writableLength > mostPendingBytes) {
			this.#stop('the disk does not keep up');
			return;
		}

		this.#write(encodeAnswer(answer));
	}

	stopped(): string | undefined {
		return this.#stopped;
	}

	onStopped(listener: (why: string) => void): void {
		this.#listeners.push(listener);
		if (this.#stopped !== undefined) {
			listener(this.#stopped);
		}
	}

	async close(): Promise<void> {
		if (this.#stopped === undefined) {
			this.#output.end();
			await Promise.race([this.#done, new Promise(resolve => setTimeout(resolve, patienceMs).unref())]);
		}
	}

	/** So that a kill loses no more than what is being written, each line is handed to the disk by itself. */
	#write(line: string): void {
		this.#output.write(line);
		this.#flush();
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
