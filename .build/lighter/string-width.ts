import measure, {type Options} from 'string-width';

const esc = '\u001B';
// biome-ignore lint/suspicious/noControlCharactersInRegex: colors are what is looked for.
const sgr = /\u001B\[[\d;]*m/gu;

/** ASCII, and the marks, arrows, lines, blocks and dots that the screen is drawn with: each is one cell wide. */
export const singleCells =
	/^[\x20-\x7e\u00b7\u00d7\u2013\u2026\u2190-\u2193\u2500-\u259f\u25b8\u25cb\u25cf\u2800-\u28ff]*$/;

/**
 * The width of a text as `string-width` has it, without its work where every character is one cell wide: with the package
 * alone, measuring is half of what a frame costs in Ink.
 */
// biome-ignore lint/style/noDefaultExport: it stands in the place of a package that has one.
export default function stringWidth(text: string, options?: Options): number {
	if (typeof text === 'string' && options === undefined) {
		const plain = text.includes(esc) ? text.replaceAll(sgr, '') : text;
		if (singleCells.test(plain)) {
			return plain.length;
		}
	}

	return measure(text, options);
}
