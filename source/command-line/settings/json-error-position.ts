/** All that is made of pieces that JSON has, whatever their order. */
const pieces = /^(?:[\s{}[\],:]|"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)*/;

/**
 * Where a text stops being JSON, as far as the error of JSON.parse tells. Its message itself is of no use here: V8 quotes
 * the text around the mistake, which may be a key.
 */
export function describeJsonMistake(text: string, error: unknown): string {
	const message = error instanceof Error ? error.message : '';
	const told = / at position (\d+)/.exec(message)?.[1];
	if (message.includes('end of JSON') || Number(told) >= text.length) {
		return 'it ends too early';
	}

	// V8 doesn't tell the place of a word or a sign that JSON doesn't have.
	const place = told === undefined ? (pieces.exec(text)?.[0].length ?? 0) : Number(told);
	if (place >= text.length) {
		return 'a value is missing';
	}

	const lines = text.slice(0, place).split('\n');
	return `see line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}
