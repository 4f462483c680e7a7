/** Ink's cache of wrapped text, which stays empty. */
export const wrapTextCache = new Map<string, string>();

/** Returns the text unchanged, and replaces Ink's wrapping, because this program itself cuts lines to fit. */
// biome-ignore lint/style/noDefaultExport: it replaces a module that has one.
export default function wrapText(text: string): string {
	return text;
}
