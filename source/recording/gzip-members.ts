import {createGunzip} from 'node:zlib';
import {type Damage, inspectMember, isGzip} from './gzip-member.ts';

/** How every member begins that is written here: deflate, no flags, no time. Then come two bytes that may differ. */
export const memberStart = Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00]);

/** Members up to this size, compressed and not, are read at once and checked before any of their text is used. */
const mostHeldBytes = 1024 ** 2;
const mostTextBytes = 32 * 1024 ** 2;

/** Separates what precedes a damaged place from what follows it. */
const lineBreak = Buffer.from('\n');

/**
 * Reads the members of a gzip file one after the other. One that is cut off, or whose data or checksum is wrong, gives nothing and is noted as
 * damage, unless it is so large that its beginning was given before. The next member is found by how it begins.
 */
export class GzipMembers {
	readonly #damage: Damage;
	/** The bytes of a member that may be incomplete. */
	#held = Buffer.alloc(0);
	/** A member that is too large to be held. */
	#large: LargeMember | undefined;

	constructor(damage: Damage) {
		this.#damage = damage;
	}

	/** Returns the text of the next bytes of the file. */
	async read(chunk: Buffer): Promise<readonly Buffer[]> {
		const read: Buffer[] = [];
		let bytes = Buffer.concat([this.#held, chunk]);
		// A start was looked for in what was held, except for its last bytes.
		let from = Math.max(this.#held.length - memberStart.length + 1, this.#large === undefined ? 1 : 0);
		for (let at = bytes.indexOf(memberStart, from); at >= 0; at = bytes.indexOf(memberStart, from)) {
			read.push(...(await this.#finish(bytes.subarray(0, at))));
			bytes = bytes.subarray(at);
			from = 1;
		}

		if (this.#large === undefined && bytes.length <= mostHeldBytes) {
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
			const member = inspectMember(rest, mostTextBytes);
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
 * Whether a member was written here, at once: if it is cut off, it is one that was being written, or its data is wrong in a way that looks like
 * it. Of a whole file that another program compressed, what precedes the end is worth more.
 */
export function isOurs(member: Buffer): boolean {
	return memberStart.equals(member.subarray(0, memberStart.length));
}

/** Nothing, or zeros, which a file system may leave at the end of a file after a crash. */
export function isPadding(bytes: Buffer): boolean {
	return bytes.every(byte => byte === 0);
}

/** A member that is fed piece by piece. */
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

	/** Returns the text of these bytes; nothing from where the member is broken. */
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

	/** Ends it, and returns whether its data or its checksum was wrong. A member that is cut off isn't. */
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

/** Whether the first bytes of a file say that it is compressed, even if its very first bytes are damaged. */
export function isCompressed(bytes: Buffer): boolean {
	return isGzip(bytes) || bytes.includes(memberStart);
}
