/** What Ink keeps of wrapped texts: nothing. */
export const wrapTextCache = new Map<string, string>();

/** Returns the text as it is, in place of Ink's wrapping: the screen cuts every line to its width itself. */
// biome-ignore lint/style/noDefaultExport: it stands in the place of a module that has one.
export default function wrapText(text: string): string {
	return text;
}
