import {createReadStream} from 'node:fs';
import {describeFileFault} from '../errors/file-error.ts';
import {decodeLine, type Entry, type RecordingSession} from './format.ts';
import {GzipMembers, isGzip} from './gzip-members.ts';
import {splitLines} from './lines.ts';

/** Small, as a few bytes of gzip may be very many when they are inflated. */
const chunkBytes = 16 * 1024;

const longestTakeBytes = 64 * 1024;

/** The file system doesn't give the file. The message is a clause that says why. */
export class UnreadableFile extends Error {}

/**
 * The entries of a recording, compressed or not, in the order of the file. What can't be read, such as the last line of a
 * recording that was cut off, is left out.
 *
 * @throws UnreadableFile
 */
export async function* readEntries(file: string): AsyncGenerator<Entry> {
	for await (const line of readLines(file)) {
		const entry = decodeLine(line);
		if (entry !== undefined) {
			yield entry;
		}
	}
}

/**
 * What a recording begins with; undefined where the file is none, however large it is.
 *
 * @throws UnreadableFile
 */
export async function readFirstSession(file: string): Promise<RecordingSession | undefined> {
	for await (const line of readLines(file, {end: longestTakeBytes})) {
		// What is appended to a compressed recording begins with an empty line, and so may what is copied from it.
		if (line.length > 0) {
			const entry = decodeLine(line);
			return entry?.kind === 'session' ? entry : undefined;
		}
	}

	return undefined;
}

function readLines(file: string, options: {readonly end?: number} = {}): AsyncGenerator<Buffer> {
	return splitLines(inflate(readChunks(file, options)));
}

async function* readChunks(file: string, options: {readonly end?: number}): AsyncGenerator<Buffer> {
	try {
		yield* createReadStream(file, {highWaterMark: chunkBytes, ...options}) as AsyncIterable<Buffer>;
	} catch (error) {
		throw new UnreadableFile(describeFileFault(error));
	}
}

/** The chunks as they are, or inflated where the first one says that they are compressed. */
async function* inflate(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
	let members: GzipMembers | undefined;
	let isFirst = true;
	try {
		for await (const chunk of chunks) {
			members ??= isFirst && isGzip(chunk) ? new GzipMembers() : undefined;
			isFirst = false;
			yield* members === undefined ? [chunk] : await members.read(chunk);
		}

		yield* (await members?.end()) ?? [];
	} finally {
		members?.close();
	}
}
