/** Puts characters together from bytes of UTF-8. */
export type TextDecoder = {
	/** Whether a character has begun and this byte continues it. */
	readonly isWithin: (byte: number) => boolean;
	readonly push: (byte: number) => void;
	/** Drops a character that has begun. */
	readonly drop: () => void;
};

/** Creates a decoder that hands on each character. Bytes that aren't UTF-8 are dropped: they are no key. */
export function createTextDecoder(emit: (character: string) => void): TextDecoder {
	let begun: number[] = [];
	let length = 0;
	const isWithin = (byte: number): boolean => begun.length > 0 && byte >= 0x80 && byte <= 0xbf;
	return {
		isWithin,
		push(byte) {
			if (isWithin(byte)) {
				begun.push(byte);
				if (begun.length === length) {
					const character = Buffer.from(begun).toString('utf8');
					begun = [];
					// What is too long or a surrogate becomes several replacement characters.
					if ([...character].length === 1 && character !== '\uFFFD') {
						emit(character);
					}
				}

				return;
			}

			begun = [];
			if (byte < 0x80) {
				emit(String.fromCharCode(byte));
			} else if (byte >= 0xc2 && byte <= 0xf4) {
				begun = [byte];
				length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
			}
		},
		drop() {
			begun = [];
		},
	};
}
