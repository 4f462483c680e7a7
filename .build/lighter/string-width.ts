import measure, {type Options} from 'string-width';
import {printable} from './segmenter.ts';

const esc = '\u001B';
// biome-ignore lint/suspicious/noControlCharactersInRegex: colors are what is looked for.
const sgr = /\u001B\[[\d;]*m/gu;

/** Text that consists only of such characters. */
export const singleCells = new RegExp(`^[${printable}]*$`);

/**
 * Returns the same width of a text as `string-width`, without its work if every character is one cell wide. With the
 * package alone, measuring takes half of a frame's cost in Ink.
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
