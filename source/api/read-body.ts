/** The limits for a JSON text, which ensure that parsing it takes no longer than its size suggests. */
type JsonLimits = {
	/** The nesting depth of lists and maps. */
	readonly depth: number;
	/**
	 * The number of different strings of at most ten characters, which V8 looks up in a table, as it does field names.
	 */
	readonly names: number;
	/** The number of lists and maps per KiB, above the first few thousand. */
	readonly containersPerKib: number;
	/**
	 * The number of values in all lists and maps together. Each value takes at least 8 bytes, and twice that while a
	 * list grows.
	 */
	readonly values: number;
};

/**
 * A response from the API is six levels deep, and has a few dozen field names, one name per GPU rank, and one map of at
 * least 40 bytes per point; so a response of the maximum size has at most about 400,000 values. Each checkpoint can
 * have two short names of its own, and V8 parses objects with 65,536 different fields in 40 ms (Node.js 20).
 */
const usualJsonLimits: JsonLimits = {depth: 64, names: 65_536, containersPerKib: 32, values: 1_000_000};

const firstContainers = 5000;

/** The maximum length of the strings that V8 looks up in its table of names (Node.js 20 to 24). */
const longestName = 10;

const comma = 0x2c;
const quote = 0x22;
const backslash = 0x5c;
const listStart = 0x5b;
const listEnd = 0x5d;
const mapStart = 0x7b;
const mapEnd = 0x7d;

/** The current position in the text: between strings, inside a string, or after a backslash in a string. */
type Place = 'between' | 'string' | 'escape';

/**
 * Counts the parts of a JSON text, piece by piece, before it is parsed: V8 takes seconds and gigabytes to parse even
 * small bodies with millions of empty lists or different names (Node.js 20 to 24). Text that isn't JSON can pass,
 * because the parser rejects it immediately.
 */
export class JsonMeter {
	readonly #limits: JsonLimits;
	readonly #names = new Set<number>();
	#bytes = 0;
	#depth = 0;
	#containers = 0;
	#values = 0;
	#place: Place = 'between';
	/** The hash and the length of the current string so far. */
	#hash = 0;
	#length = 0;

	constructor(limits: JsonLimits = usualJsonLimits) {
		this.#limits = limits;
	}

	/** Counts the parts of a piece. Returns the exceeded limit, if any, as a phrase about the response. */
	add(piece: Uint8Array): string | undefined {
		this.#bytes += piece.length;
		let index = 0;
		while (index < piece.length) {
			index = this.#place === 'between' ? this.#skipTo(piece, index) : this.#skipString(piece, index);
		}

		const {depth, names, containersPerKib, values} = this.#limits;
		if (this.#depth > depth) {
			return 'nested too deeply';
		}

		if (this.#names.size > names) {
			return 'too many different fields';
		}

		if (this.#values > values) {
			return 'too many values';
		}

		return this.#containers > firstContainers + (this.#bytes / 1024) * containersPerKib
			? 'too many lists and maps'
			: undefined;
	}

	/** Advances to the next string, and returns the position after its opening quote. */
	#skipTo(piece: Uint8Array, from: number): number {
		for (let index = from; index < piece.length; index++) {
			switch (piece[index]) {
				case quote:
					this.#place = 'string';
					this.#hash = 0;
					this.#length = 0;
					return index + 1;
				case listStart:
				case mapStart:
					this.#depth++;
					this.#containers++;
					if (this.#depth > this.#limits.depth) {
						return piece.length;
					}

					break;
				case comma:
					this.#values++;
					break;
				case listEnd:
				case mapEnd:
					this.#depth--;
					break;
				default:
			}
		}

		return piece.length;
	}

	/** Advances to the end of a string, and returns the position after its closing quote. */
	#skipString(piece: Uint8Array, from: number): number {
		let hash = this.#hash;
		for (let index = from; index < piece.length; index++) {
			const byte = piece[index] ?? 0;
			if (this.#place === 'escape') {
				this.#place = 'string';
			} else if (byte === quote) {
				this.#place = 'between';
				this.#endString(hash, this.#length + index - from);
				return index + 1;
			} else if (byte === backslash) {
				this.#place = 'escape';
			}

			hash = (Math.imul(hash, 31) + byte) | 0;
		}

		this.#hash = hash;
		this.#length += piece.length - from;
		return piece.length;
	}

	#endString(hash: number, length: number): void {
		if (length <= longestName && this.#names.size <= this.#limits.names) {
			this.#names.add(hash);
		}
	}
}

/**
 * The default maximum size of a response, in bytes: one hour of data from 48 nodes with 8 GPUs each. Metrics that
 * exceed it are requested in pieces. Parsing a response of this size takes about a tenth of a second, regardless of its
 * content.
 */
export const maxResponseBytes = 8 * 1024 ** 2;

/** The parts of an HTTP response that are used here. */
export type HttpResponse = {
	readonly ok: boolean;
	readonly status: number;
	readonly url: string;
	readonly headers: {get(name: string): string | null};
	readonly body: (AsyncIterable<Uint8Array> & {cancel(): Promise<void>}) | null;
};

/** Thrown by `readBody` for a body that exceeds the size limit. */
export class TooLarge extends Error {}

/**
 * Thrown for a body that can't be decoded or would take too long to parse. The message is a phrase about the response,
 * such as `nested too deeply`.
 */
export class TooComplex extends Error {}

/** The maximum size, in bytes, at which any text is parsed in a fraction of a second, regardless of its content. */
const simpleBytes = 512 * 1024;

/**
 * Returns the text of a body of at most `limitBytes`.
 *
 * @throws TooLarge for a larger body, TooComplex for JSON that would take too long to parse, and network errors
 */
export async function readBody({headers, body}: HttpResponse, limitBytes: number): Promise<string> {
	const pieces: Uint8Array[] = [];
	const meter = new JsonMeter();
	let metered = 0;
	let size = 0;
	if (body === null) {
		return '';
	}

	if (Number(headers.get('content-length') ?? 0) > limitBytes) {
		await body.cancel();
		throw new TooLarge();
	}

	// Leaving the loop early cancels the stream, which closes the connection.
	for await (const chunk of body) {
		size += chunk.byteLength;
		if (size > limitBytes) {
			throw new TooLarge();
		}

		pieces.push(chunk);
		for (; size > simpleBytes && metered < pieces.length; metered++) {
			const problem = meter.add(pieces[metered] ?? chunk);
			if (problem !== undefined) {
				throw new TooComplex(problem);
			}
		}
	}

	// The pieces are joined only at the end: otherwise, the text of an aborted response would fill the heap.
	return takeText(pieces);
}

/**
 * Decodes pieces of text, releasing each piece once it is decoded, so that a large response isn't in memory
 * twice.
 */
function takeText(pieces: Uint8Array[]): string {
	const decoder = new TextDecoder();
	let text = '';
	for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) {
		text += decoder.decode(piece, {stream: true});
	}

	return text + decoder.decode();
}
