/**
 * Replaces the part of Ink's key input that it imports even without a listener. Keys come from the program's own reader
 * (source/terminal/input-reader.ts), and no component uses `useInput`.
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

/** Returns whether a string is the whole sequence of a key: never, because there is no key input. */
export function isCompleteControlSequence(): boolean {
	return false;
}

/** The keys without a character. */
export const nonAlphanumericKeys: readonly string[] = [];

/** Returns a key without a name for any string, because Ink receives no keys. */
// biome-ignore lint/style/noDefaultExport: it replaces a module that has one.
export default function parseKeypress(): {readonly name: string} {
	return {name: ''};
}
