import * as zlib from 'node:zlib';
import {formatGrouped} from '../text/format.ts';

/**
 * The unreadable parts of a file: the number of places, and the number of bytes (of compressed bytes, if the file
 * is compressed).
 */
export class Damage {
	#places = 0;
	#bytes = 0;

	note(bytes: number): void {
		this.#places += 1;
		this.#bytes += bytes;
	}

	/** Returns a clause such as `1,204 bytes at 2 places can't be read`, or undefined if the whole file was read. */
	describe(): string | undefined {
		if (this.#places === 0) {
			return undefined;
		}

		const bytes = formatGrouped(this.#bytes);
		return this.#places === 1
			? `${bytes} bytes at one place can't be read`
			: `${bytes} bytes at ${this.#places} places can't be read`;
	}
}

/**
 * The sizes, in bytes, of the fixed part of a member's header, and of the checksum and length at its end (RFC 1952).
 */
const headerBytes = 10;
const trailerBytes = 8;

/** The bits of the fourth byte that indicate which optional parts follow the header. */
const flags = {headerChecksum: 2, extra: 4, name: 8, comment: 16} as const;

/**
 * The content of a piece of a gzip file that begins with a member: the text of a whole member, which takes `end` bytes;
 * the text up to the point where it is cut off; or nothing, if its checksum or its data is wrong.
 */
type Inspected =
	| {readonly kind: 'whole'; readonly text: Buffer; readonly end: number}
	| {readonly kind: 'cut'; readonly text: Buffer}
	| {readonly kind: 'broken'};

/** Whether these are the first bytes of a gzip member. */
export function isGzip(bytes: Uint8Array): boolean {
	return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Reads one member. If its text is longer than `maxBytes`, it counts as damaged. */
export function inspectMember(bytes: Buffer, maxBytes: number): Inspected {
	if (!isGzip(bytes) || (bytes.length > 2 && bytes[2] !== 8)) {
		return {kind: 'broken'};
	}

	const from = headerLength(bytes);
	if (from === undefined) {
		return {kind: 'cut', text: Buffer.alloc(0)};
	}

	try {
		// If the data is cut off, this flush mode returns the available text instead of an error.
		const options = {info: true, finishFlush: zlib.constants.Z_SYNC_FLUSH, maxOutputLength: maxBytes};
		const {text, read} = readInfo(zlib.inflateRawSync(bytes.subarray(from), options));
		const end = from + read + trailerBytes;
		// Data that is cut off is read to its last byte.
		if (end > bytes.length) {
			return {kind: 'cut', text};
		}

		return isIntact(bytes.subarray(0, end), text) ? {kind: 'whole', text, end} : {kind: 'broken'};
	} catch {
		return {kind: 'broken'};
	}
}

/** Returns the length of a member's header in bytes, or undefined if the header is cut off. */
function headerLength(bytes: Buffer): number | undefined {
	const given = bytes[3] ?? 0;
	let length = headerBytes;
	if ((given & flags.extra) !== 0) {
		length += 2 + (bytes[length] ?? 0) + 256 * (bytes[length + 1] ?? 0);
	}

	for (const flag of [flags.name, flags.comment]) {
		if ((given & flag) !== 0) {
			const end = bytes.indexOf(0, length);
			length = end < 0 ? bytes.length + 1 : end + 1;
		}
	}

	length += (given & flags.headerChecksum) === 0 ? 0 : 2;
	return length > bytes.length ? undefined : length;
}

/** Whether the checksum and the length at the end of a member match its text. */
function isIntact(member: Buffer, text: Buffer): boolean {
	// In Node.js 20, `crc32` exists only from 20.15.
	const {crc32}: Partial<Pick<typeof zlib, 'crc32'>> = zlib;
	if (crc32 !== undefined) {
		return (
			member.readUInt32LE(member.length - trailerBytes) === crc32(text) &&
			member.readUInt32LE(member.length - trailerBytes / 2) === text.length % 2 ** 32
		);
	}

	try {
		zlib.gunzipSync(member, {maxOutputLength: text.length + 1});
		return true;
	} catch {
		return false;
	}
}

/**
 * Reads the result of a zlib call with the option `info`, which the types of Node.js don't describe: the text, and the
 * number of bytes that it was read from.
 */
function readInfo(result: unknown): {readonly text: Buffer; readonly read: number} {
	if (
		typeof result === 'object' &&
		result !== null &&
		'buffer' in result &&
		Buffer.isBuffer(result.buffer) &&
		'engine' in result &&
		typeof result.engine === 'object' &&
		result.engine !== null &&
		'bytesWritten' in result.engine &&
		typeof result.engine.bytesWritten === 'number'
	) {
		return {text: result.buffer, read: result.engine.bytesWritten};
	}

	throw new TypeError('zlib returned no information');
}
