/**
 * Draws nothing, and replaces the parts of Ink that the program doesn't use: borders and backgrounds of boxes, the
 * error page, and the connection to React DevTools.
 */
// biome-ignore lint/style/noDefaultExport: it replaces modules that have one.
export default function drawNothing(): null {
	return null;
}
