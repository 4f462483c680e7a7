/** The longest beginning of a text that consists of JSON tokens, in any order. */
const pieces = /^(?:[\s{}[\],:]|"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)*/;

/**
 * Describes where a text stops being JSON. Doesn't use V8's message, which quotes the text around the error, possibly a
 * key.
 */
export function describeJsonMistake(text: string, error: unknown): string {
	const message = error instanceof Error ? error.message : '';
	const position = / at position (\d+)/.exec(message)?.[1];
	if (message.includes('end of JSON') || Number(position) >= text.length) {
		return 'it ends unexpectedly';
	}

	// V8 doesn't report the position of an unknown word or character.
	const place = position === undefined ? (pieces.exec(text)?.[0].length ?? 0) : Number(position);
	if (place >= text.length) {
		return 'a value is missing';
	}

	const lines = text.slice(0, place).split('\n');
	return `see line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}
