/** Twice the largest response. Longer lines aren't from loops-top. */
const longestLineBytes = 128 * 1024 ** 2;

const lineBreak = 0x0a;

/** Splits a text into lines without line breaks; the last one may be truncated. Lines that are too long are empty. */
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
