import {createGunzip} from 'node:zlib';

/** How every member begins that is written here: deflate, no flags, no time. Then come two bytes that may differ. */
const memberStart = Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00]);

/** Whether these are the first bytes of something compressed. */
export function isGzip(bytes: Uint8Array): boolean {
	return bytes[0] === memberStart[0] && bytes[1] === memberStart[1];
}

/**
 * Reads the members of a gzip file one after the other. A member that is cut off or broken gives what could be read of it:
 * the next one, of a later run of the program, is found by how it begins.
 */
export class GzipMembers {
	#member = new Member();
	/** The last bytes, in which the next member may begin. */
	#rest = Buffer.alloc(0);

	/** What the next bytes of the file say. */
	async read(chunk: Buffer): Promise<readonly Buffer[]> {
		const read: Buffer[] = [];
		let bytes = Buffer.concat([this.#rest, chunk]);
		for (let at = bytes.indexOf(memberStart); at >= 0; at = bytes.indexOf(memberStart)) {
			read.push(...(await this.#member.inflate(bytes.subarray(0, at))));
			this.close();
			this.#member = new Member();
			read.push(...(await this.#member.inflate(memberStart)));
			bytes = bytes.subarray(at + memberStart.length);
		}

		const end = Math.max(bytes.length - memberStart.length + 1, 0);
		this.#rest = bytes.subarray(end);
		return [...read, ...(await this.#member.inflate(bytes.subarray(0, end)))];
	}

	/** What is left when the file ends. */
	async end(): Promise<readonly Buffer[]> {
		return this.#member.inflate(this.#rest);
	}

	close(): void {
		this.#member.close();
	}
}

/** One member, which is fed piece by piece. */
class Member {
	readonly #gunzip = createGunzip();
	#inflated: Buffer[] = [];
	#wake = (): void => undefined;

	constructor() {
		this.#gunzip.on('data', (data: Buffer) => this.#inflated.push(data));
		// What is written to a broken one, or after its end, is not always acknowledged.
		for (const event of ['error', 'end', 'close']) {
			this.#gunzip.on(event, () => this.#wake());
		}
	}

	/** What these bytes say; nothing from where the member is broken. */
	async inflate(bytes: Buffer): Promise<readonly Buffer[]> {
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

	close(): void {
		this.#gunzip.destroy();
	}
}
