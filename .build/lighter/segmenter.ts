/**
 * The content of a character class: printable ASCII, and the marks, arrows, lines, blocks, dots, and superscripts
 * that the screen consists of. Each is one cell wide, one UTF-16 code unit long, and a grapheme of its own.
 */
export const printable =
	'\\x20-\\x7e\\u00b2\\u00b3\\u00b7\\u00b9\\u00d7\\u2013\\u2026\\u2070-\\u207f\\u2190-\\u2193\\u2212\\u2500-\\u259f\\u25b8\\u25cb\\u25cf\\u2713\\u2800-\\u28ff';

const {Segmenter} = Intl;

type Segment = {readonly segment: string; readonly index: number; readonly input: string};
type SegmentsOf = Iterable<Segment> & {containing(index?: number): Segment | undefined};

/**
 * Matches text in which each UTF-16 code unit is a grapheme: the characters of a frame and the sequences that color it.
 */
const simple = new RegExp(`^[\\x1b${printable}]*$`);

let made: Intl.Segmenter | undefined;

/**
 * Replaces `Intl.Segmenter`, which several packages in the bundle use to split text into graphemes. The original takes
 * 1.5 MB as soon as it is created, so it is created only for text that `simple` doesn't match.
 */
export class LazySegmenter {
	segment(text: string): SegmentsOf {
		if (!simple.test(text)) {
			made ??= new Segmenter();
			return made.segment(text);
		}

		return {
			*[Symbol.iterator]() {
				for (let index = 0; index < text.length; index++) {
					yield {segment: text.charAt(index), index, input: text};
				}
			},
			containing: (index = 0) =>
				index >= 0 && index < text.length
					? {segment: text.charAt(index), index: Math.trunc(index), input: text}
					: undefined,
		};
	}
}
