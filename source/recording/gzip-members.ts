import {createGunzip} from 'node:zlib';
import {type Damage, inspectMember, isGzip} from './gzip-member.ts';

/** The beginning of every member that loops-top writes: deflate, no flags, no time. Two bytes that can vary follow. */
export const memberStart = Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00]);

/**
 * The maximum size, compressed and uncompressed, of members that are read as a whole and verified before any of their
 * text is used.
 */
const maxHeldBytes = 1024 ** 2;
const maxTextBytes = 32 * 1024 ** 2;

/** The separator between the text before a damaged position and the text after it. */
const lineBreak = Buffer.from('\n');

/**
 * Reads the members of a gzip file one after another. A member that is cut off, or whose data or checksum is wrong,
 * yields nothing and is recorded as damage, unless it is so large that its beginning has already been returned. The
 * next member is found by its header.
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

	/** Returns the text of the next bytes of the file. */
	async read(chunk: Buffer): Promise<readonly Buffer[]> {
		const read: Buffer[] = [];
		let bytes = Buffer.concat([this.#held, chunk]);
		// A header was searched for in the bytes kept so far, except for the last ones.
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

	/** Returns the rest of a member's text, up to the start of the next one or the end of the file. */
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
 * Returns whether loops-top wrote a member, which it does in one piece. If such a member is cut off, its write was
 * interrupted, or damaged data happens to look like its beginning, so its text is dropped. If a member of another
 * program is cut off, the text before the end is kept.
 */
export function isOurs(member: Buffer): boolean {
	return memberStart.equals(member.subarray(0, memberStart.length));
}

/**
 * Returns whether these bytes are nothing but zeros, which a file system can leave at the end of a file after a crash;
 * true for no bytes.
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

	/** Returns the text of these bytes; nothing after the damaged position. */
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

/** Whether the first bytes of a file indicate that it is compressed, even if the very first ones are damaged. */
export function isCompressed(bytes: Buffer): boolean {
	return isGzip(bytes) || bytes.includes(memberStart);
}
