// Longer than 250 lines because what counts as an intact member decides how a damaged file is read.

import * as zlib from 'node:zlib';
import {createGunzip} from 'node:zlib';
import {formatGrouped, withNoun} from '../text/format.ts';

/**
 * The unreadable parts of a file: the number of places, and their size in bytes. For a damaged member of a compressed
 * file, these are the compressed bytes.
 */
export class Damage {
	#places = 0;
	#bytes = 0;

	note(bytes: number): void {
		this.#places += 1;
		this.#bytes += bytes;
	}

	/** Returns a clause such as `1,204 bytes at 2 places can't be read`, or undefined if no damage was noted. */
	describe(): string | undefined {
		if (this.#places === 0) {
			return undefined;
		}

		const bytes = withNoun(formatGrouped(this.#bytes), 'byte');
		return this.#places === 1
			? `${bytes} at one place can't be read`
			: `${bytes} at ${this.#places} places can't be read`;
	}
}

/**
 * The sizes, in bytes, of the fixed part of a member's header, and of the checksum and length at its end (RFC 1952).
 */
const headerBytes = 10;
const trailerBytes = 8;

/** The bits of the fourth byte that indicate which optional parts follow the fixed part of the header. */
const flags = {headerChecksum: 2, extra: 4, name: 8, comment: 16} as const;

/**
 * The content of a piece of a gzip file that begins with a member: the text of a whole member, which takes up `end`
 * bytes; the available text of a member that is cut off; or nothing, if the member's header, checksum, or data is
 * wrong, or if its text is too long.
 */
type Inspected =
	| {readonly kind: 'whole'; readonly text: Buffer; readonly end: number}
	| {readonly kind: 'cut'; readonly text: Buffer}
	| {readonly kind: 'broken'};

/** Returns whether these are the first bytes of a gzip member. */
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

/** Returns whether the checksum and the length at the end of a member match its text. */
function isIntact(member: Buffer, text: Buffer): boolean {
	// In Node.js 20, `crc32` is available only in version 20.15 and later.
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
 * Reads the result of a zlib call with the option `info`, which the types for Node.js don't describe: the text, and the
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

/** The beginning of every member that loops-top writes: deflate, no flags, no time. Two bytes that can vary follow. */
export const memberStart = Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00]);

/**
 * The maximum compressed size, and the maximum uncompressed size, of members that are read as a whole and verified
 * before any of their text is used, in bytes.
 */
const maxHeldBytes = 1024 ** 2;
const maxTextBytes = 32 * 1024 ** 2;

/** The separator between the text before a damaged position and the text after it. */
const lineBreak = Buffer.from('\n');

/**
 * Reads the members of a gzip file one after another. A member whose data or checksum is wrong is recorded as damage,
 * and so is a member that loops-top wrote and that is cut off. Such a member yields nothing, unless it is too large to
 * be kept in memory: then its text is returned as it is read, and it doesn't count as damaged if it is only cut off.
 * After damage, reading continues at the next header of a member that loops-top wrote.
 */
export class GzipMembers {
	readonly #damage: Damage;
	/** The bytes of a member that might be incomplete. */
	#held = Buffer.alloc(0);
	/** A member that is too large to be kept in memory. */
	#large: LargeMember | undefined;

	constructor(damage: Damage) {
		this.#damage = damage;
	}

	/**
	 * Reads the next bytes of the file, and returns the text of the members that they complete. The text of a large
	 * member is returned piece by piece.
	 */
	async read(chunk: Buffer): Promise<readonly Buffer[]> {
		const read: Buffer[] = [];
		let bytes = Buffer.concat([this.#held, chunk]);
		// The bytes kept so far, except for the last ones, have already been searched for a header.
		let from = Math.max(this.#held.length - memberStart.length + 1, this.#large === undefined ? 1 : 0);
		for (let at = bytes.indexOf(memberStart, from); at >= 0; at = bytes.indexOf(memberStart, from)) {
			read.push(...(await this.#finish(bytes.subarray(0, at))));
			bytes = bytes.subarray(at);
			from = 1;
		}

		if (this.#large === undefined && bytes.length <= maxHeldBytes) {
			this.#held = bytes;
			return read;
		}

		this.#large ??= new LargeMember();
		const end = Math.max(bytes.length - memberStart.length + 1, 0);
		this.#held = bytes.subarray(end);
		return [...read, ...(await this.#large.inflate(bytes.subarray(0, end)))];
	}

	/** Returns the remaining text at the end of the file. */
	async end(): Promise<readonly Buffer[]> {
		const rest = this.#held;
		this.#held = Buffer.alloc(0);
		return this.#finish(rest);
	}

	close(): void {
		this.#large?.close();
	}

	/**
	 * Reads the last bytes of a member, up to the start of the next one or the end of the file, and returns the rest of
	 * its text.
	 */
	async #finish(bytes: Buffer): Promise<readonly Buffer[]> {
		if (this.#large === undefined) {
			return this.#inspect(bytes);
		}

		const member = this.#large;
		this.#large = undefined;
		const text = await member.inflate(bytes);
		const isBroken = await member.end();
		if (isBroken) {
			this.#damage.note(member.bytes);
		}

		return isBroken ? [...text, lineBreak] : text;
	}

	#inspect(bytes: Buffer): readonly Buffer[] {
		const texts: Buffer[] = [];
		for (let rest = bytes; !isPadding(rest); ) {
			const member = inspectMember(rest, maxTextBytes);
			if (member.kind === 'broken' || (member.kind === 'cut' && isOurs(rest))) {
				this.#damage.note(rest.length);
				return [...texts, lineBreak];
			}

			texts.push(member.text);
			rest = member.kind === 'whole' ? rest.subarray(member.end) : Buffer.alloc(0);
		}

		return texts;
	}
}

/**
 * Returns whether a member begins like those of loops-top, which writes each of them in one piece. If such a member is
 * cut off, either its write was interrupted, or damaged data happens to look like the beginning of a member, so its
 * text is dropped. If a member written by another program is cut off, its available text is kept.
 */
export function isOurs(member: Buffer): boolean {
	return memberStart.equals(member.subarray(0, memberStart.length));
}

/**
 * Returns whether these bytes are all zeros, which a file system can leave at the end of a file after a crash. Also
 * true if there are no bytes.
 */
export function isPadding(bytes: Buffer): boolean {
	return bytes.every(byte => byte === 0);
}

/** A member that is read piece by piece. */
class LargeMember {
	readonly #gunzip = createGunzip();
	#inflated: Buffer[] = [];
	#error: string | undefined;
	#wake = (): void => undefined;
	bytes = 0;

	constructor() {
		this.#gunzip.on('data', (data: Buffer) => this.#inflated.push(data));
		this.#gunzip.on('error', error => {
			this.#error = 'code' in error ? String(error.code) : error.message;
		});
		// A broken stream doesn't always acknowledge a write.
		for (const event of ['error', 'end', 'close']) {
			this.#gunzip.on(event, () => this.#wake());
		}
	}

	/** Returns the text of these bytes; no text after damaged data. */
	async inflate(bytes: Buffer): Promise<readonly Buffer[]> {
		this.bytes += bytes.length;
		if (!this.#gunzip.destroyed && bytes.length > 0) {
			await new Promise<void>(resolve => {
				this.#wake = resolve;
				this.#gunzip.write(bytes, () => resolve());
			});
		}

		const inflated = this.#inflated;
		this.#inflated = [];
		return inflated;
	}

	/**
	 * Ends the stream, and returns whether its data or its checksum was wrong, which isn't the case for a member that
	 * is cut off.
	 */
	async end(): Promise<boolean> {
		if (!this.#gunzip.destroyed && !this.#gunzip.readableEnded) {
			await new Promise<void>(resolve => {
				this.#wake = resolve;
				this.#gunzip.end();
			});
		}

		this.close();
		return this.#error !== undefined && this.#error !== 'Z_BUF_ERROR';
	}

	close(): void {
		this.#gunzip.destroy();
	}
}

/** Returns whether the first bytes of a file indicate that it is compressed, even if the very first ones are damaged. */
export function isCompressed(bytes: Buffer): boolean {
	return isGzip(bytes) || bytes.includes(memberStart);
}
