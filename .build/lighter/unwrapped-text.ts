/** Ink's cache of wrapped text, which stays empty. */
export const wrapTextCache = new Map<string, string>();

/** Returns the text unchanged, and replaces Ink's wrapping, because the screen cuts every line to its width itself. */
// biome-ignore lint/style/noDefaultExport: it replaces a module that has one.
export default function wrapText(text: string): string {
	return text;
}
