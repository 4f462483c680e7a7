/** The limits of a JSON text, so that parsing takes no longer than its size suggests. */
type JsonLimits = {
	/** The nesting depth of lists and maps. */
	readonly depth: number;
	/**
	 * The number of different strings of at most ten characters, which V8 looks up in a table, like the names of fields.
	 */
	readonly names: number;
	/** The number of lists and maps per KiB, above the first few thousand. */
	readonly containersPerKib: number;
	/**
	 * The number of values in all lists and maps together, each of which takes at least 8 bytes, and twice that while a
	 * list grows.
	 */
	readonly values: number;
	/** The length of a string in bytes, with its escapes; what exceeds it is dropped. */
	readonly string: number;
};

/**
 * A response of the API is six levels deep, and has a few dozen field names, one name per GPU rank, and one map of at
 * least 40 bytes per point; so the largest response that is read has 400,000 values. Each checkpoint can have two short
 * names of its own, and V8 parses objects with this many different fields in 40 ms (Node.js 20). The
 * longest string is a message in a log: Loki accepts lines of 256 KiB unless it is configured otherwise.
 */
const usualJsonLimits: JsonLimits = {
	depth: 64,
	names: 65_536,
	containersPerKib: 32,
	values: 1_000_000,
	string: 256 * 1024,
};

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
const letterU = 0x75;

/** The number of digits after `\\u`. */
const digitsOfEscape = 4;

/** The end of a string that was too long. */
const ellipsis = new TextEncoder().encode('…');

/** Between strings, inside a string, or after a backslash in a string. */
type Place = 'between' | 'string' | 'escape';

/** What follows in a string: nothing that exceeds the limit, a rest that can't begin yet, or a rest that is dropped. */
type Rest = 'none' | 'pending' | 'dropped';

/**
 * Counts the parts of a JSON text, piece by piece, before it is parsed: V8 takes seconds and gigabytes for small text
 * with millions of empty lists or different names (Node.js 20 to 24). It also shortens its strings, so that none of them
 * is decoded, searched, cleaned, or kept at a length that nothing needs. Text that isn't JSON passes, since the parser
 * rejects it at once.
 */
export class JsonMeter {
	readonly #limits: JsonLimits;
	readonly #names = new Set<number>();
	#bytes = 0;
	#depth = 0;
	#containers = 0;
	#values = 0;
	#place: Place = 'between';
	/** The hash of the current string so far, and its length so far. */
	#hash = 0;
	#length = 0;
	#rest: Rest = 'none';
	/** The number of the next bytes that can belong to an escape. */
	#escapeLeft = 0;
	/** The kept parts of the current piece, and where the next one begins; nothing if all of the piece is kept. */
	#kept: Uint8Array[] = [];
	#keptTo = 0;

	constructor(limits: JsonLimits = usualJsonLimits) {
		this.#limits = limits;
	}

	/** Counts a piece. Returns what is kept of it, or the exceeded limit as a clause about the response. */
	add(piece: Uint8Array): Uint8Array | string {
		this.#kept = [];
		this.#keptTo = 0;
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
			: this.#keep(piece);
	}

	#keep(piece: Uint8Array): Uint8Array {
		return this.#kept.length === 0 && this.#keptTo === 0
			? piece
			: Buffer.concat([...this.#kept, piece.subarray(this.#keptTo)]);
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
		const end = Math.min(from + this.#limits.string - this.#length, piece.length);
		for (let index = from; index < end; index++) {
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
		this.#length += end - from;
		if (end === piece.length) {
			return end;
		}

		if (this.#rest === 'none') {
			// This can be in the middle of an escape.
			this.#rest = 'pending';
			this.#escapeLeft = digitsOfEscape;
		}

		return this.#dropRest(piece, end);
	}

	/** Drops the rest of a string that is too long, except the rest of its last character or escape. */
	#dropRest(piece: Uint8Array, from: number): number {
		for (let index = from; index < piece.length; index++) {
			const byte = piece[index] ?? 0;
			if (this.#place === 'escape') {
				this.#place = 'string';
				this.#escapeLeft = byte === letterU ? digitsOfEscape : 0;
				continue;
			}

			const isEnd = byte === quote;
			const isBetween = byte === backslash || (this.#escapeLeft === 0 && !isContinuation(byte));
			if (this.#rest === 'pending' && !isEnd && isBetween) {
				this.#rest = 'dropped';
				this.#kept.push(piece.subarray(this.#keptTo, index), ellipsis);
			}

			if (isEnd) {
				this.#place = 'between';
				this.#keptTo = this.#rest === 'dropped' ? index : this.#keptTo;
				this.#rest = 'none';
				return index + 1;
			}

			this.#place = byte === backslash ? 'escape' : 'string';
			this.#escapeLeft = Math.max(this.#escapeLeft - 1, 0);
		}

		this.#keptTo = this.#rest === 'dropped' ? piece.length : this.#keptTo;
		return piece.length;
	}

	#endString(hash: number, length: number): void {
		if (length <= longestName && this.#names.size <= this.#limits.names) {
			this.#names.add(hash);
		}
	}
}

/** Whether a byte is part of a character in UTF-8, but not its first byte. */
function isContinuation(byte: number): boolean {
	return (byte & 0xc0) === 0x80;
}
