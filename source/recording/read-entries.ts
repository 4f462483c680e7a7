import {createReadStream} from 'node:fs';
import {describeFileFault} from '../errors/user-error.ts';
import {decodeLine, type Entry, type RecordedResponse} from './format.ts';
import {Damage, GzipMembers, isCompressed} from './gzip.ts';

/**
 * The length of the longest line that is read, in bytes: eight times the largest response. Longer lines aren't from
 * loops-top.
 */
const longestLineBytes = 128 * 1024 ** 2;

const lineBreak = 0x0a;

/** Splits bytes into lines without line breaks; the last one can be truncated. Lines that are too long become empty. */
export async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
	const line = new Line();
	for await (const chunk of chunks) {
		let from = 0;
		for (let to = chunk.indexOf(lineBreak); to >= 0; to = chunk.indexOf(lineBreak, from)) {
			line.add(chunk.subarray(from, to));
			yield line.take();
			from = to + 1;
		}

		line.add(chunk.subarray(from));
	}

	yield line.take();
}

class Line {
	#parts: Buffer[] = [];
	#bytes = 0;

	add(part: Buffer): void {
		this.#bytes += part.length;
		if (this.#bytes > longestLineBytes) {
			this.#parts = [];
		} else {
			this.#parts.push(part);
		}
	}

	take(): Buffer {
		const line = Buffer.concat(this.#parts);
		this.#parts = [];
		this.#bytes = 0;
		return line;
	}
}

/** The size of a chunk, in bytes. It is small because a few bytes of gzip can inflate to a large number of bytes. */
const chunkBytes = 16 * 1024;

/** Called for each piece of the file that is read, with its size in bytes. */
export type OnRead = (bytes: number) => void;

type ReadOptions = {readonly end?: number; readonly onRead?: OnRead | undefined};

/** An error for a file that can't be read. The message is a clause that says why. */
export class UnreadableFile extends Error {}

/**
 * The maximum number of failures and sessions that are held back until a successful response shows the correct time.
 */
const maxHeld = 100;

/**
 * Returns the entries of a recording, compressed or not, in the order of the file. Unreadable entries, such as the last
 * line of a recording that was cut off, are skipped and recorded in `damage`.
 *
 * Only successful responses correct the clock, so a failure can have a later time than the successful response after
 * it; such a failure gets the time of the request for that response.
 *
 * @throws UnreadableFile
 */
export async function* readEntries(file: string, damage = new Damage(), onRead?: OnRead): AsyncGenerator<Entry> {
	let held: Entry[] = [];
	for await (const entry of readInOrder(file, damage, onRead)) {
		if (entry.kind === 'response' && entry.isGood) {
			for (const earlier of held) {
				yield noLater(earlier, entry);
			}

			held = [];
			yield entry;
		} else if (held.push(entry) > maxHeld) {
			yield* held.splice(0);
		}
	}

	yield* held;
}

function noLater(entry: Entry, next: RecordedResponse): Entry {
	if (entry.kind === 'session' || entry.receivedMs <= next.receivedMs) {
		return entry;
	}

	const limitMs = Math.min(next.sentMs, next.receivedMs);
	return {...entry, sentMs: limitMs, receivedMs: limitMs};
}

/** Returns the entries in the order of the file, with the recorded times. */
async function* readInOrder(file: string, damage: Damage, onRead: OnRead | undefined): AsyncGenerator<Entry> {
	for await (const line of readLines(file, damage, {onRead})) {
		const entry = decodeLine(line);
		if (entry !== undefined) {
			yield entry;
		} else if (line.length > 0) {
			// Data that is appended to a compressed recording begins with an empty line, so a recording can contain
			// empty lines, which aren't damage.
			damage.note(line.length);
		}
	}
}

/**
 * Returns the first entry of a recording, regardless of damage before it; undefined if there is none within the first
 * `maxBytes` of the file.
 *
 * @throws UnreadableFile
 */
export async function readFirstEntry(file: string, damage: Damage, maxBytes: number): Promise<Entry | undefined> {
	for await (const line of readLines(file, damage, {end: maxBytes})) {
		const entry = decodeLine(line);
		if (entry !== undefined) {
			return entry;
		}

		if (line.length > 0) {
			damage.note(line.length);
		}
	}

	return undefined;
}

function readLines(file: string, damage: Damage, options: ReadOptions = {}): AsyncGenerator<Buffer> {
	return splitLines(inflate(readChunks(file, options), damage));
}

async function* readChunks(file: string, {onRead, ...options}: ReadOptions): AsyncGenerator<Buffer> {
	try {
		for await (const chunk of createReadStream(file, {
			highWaterMark: chunkBytes,
			...options,
		}) as AsyncIterable<Buffer>) {
			onRead?.(chunk.length);
			yield chunk;
		}
	} catch (error) {
		throw new UnreadableFile(describeFileFault(error));
	}
}

/** Returns the chunks unchanged, or inflated if the first one indicates that they are compressed. */
async function* inflate(chunks: AsyncIterable<Buffer>, damage: Damage): AsyncGenerator<Buffer> {
	let members: GzipMembers | undefined;
	let isFirst = true;
	try {
		for await (const chunk of chunks) {
			members ??= isFirst && isCompressed(chunk) ? new GzipMembers(damage) : undefined;
			isFirst = false;
			yield* members === undefined ? [chunk] : await members.read(chunk);
		}

		yield* (await members?.end()) ?? [];
	} finally {
		members?.close();
	}
}
