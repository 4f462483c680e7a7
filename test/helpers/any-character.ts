import fc from 'fast-check';

/** The surrogates, which aren't characters: each is one of the two UTF-16 code units of a character beyond U+FFFF. */
const surrogates = {first: 0xd800, count: 0x800};

/**
 * Any character, for `fc.string({unit: anyCharacter})`. fast-check's unit `binary` generates the same characters, but
 * first creates a table of all of them, which takes almost a second and 100 MB.
 */
export const anyCharacter: fc.Arbitrary<string> = fc.nat({max: 0x10_ffff - surrogates.count}).map(
	index => String.fromCodePoint(index < surrogates.first ? index : index + surrogates.count),
	character => {
		const code = typeof character === 'string' ? (character.codePointAt(0) ?? Number.NaN) : Number.NaN;
		if (Number.isNaN(code) || character !== String.fromCodePoint(code)) {
			throw new Error('not a character');
		}

		return code < surrogates.first ? code : code - surrogates.count;
	},
);
