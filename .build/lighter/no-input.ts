/**
 * Returns a parser that ignores all input. This file replaces the parts of Ink's key input that Ink always imports.
 * Keys come from the program's own reader (source/terminal/input-reader.ts), and no component uses `useInput`.
 */
export function createInputParser(): {
	push(): readonly string[];
	hasPendingEscape(): boolean;
	flushPendingEscape(): undefined;
	reset(): void;
} {
	return {
		push: () => [],
		hasPendingEscape: () => false,
		flushPendingEscape: () => undefined,
		reset: () => undefined,
	};
}

/** Returns false for every string: none is the complete sequence of a key, because Ink receives no keys. */
export function isCompleteControlSequence(): boolean {
	return false;
}

/** The names of the keys that don't type a character. There are none, because Ink receives no keys. */
export const nonAlphanumericKeys: readonly string[] = [];

/** Returns, for any string, a key without a name, because Ink receives no keys. */
// biome-ignore lint/style/noDefaultExport: it replaces a module that has one.
export default function parseKeypress(): {readonly name: string} {
	return {name: ''};
}
