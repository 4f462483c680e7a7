/**
 * Draws nothing, and replaces the parts of Ink that the screen doesn't use: borders and backgrounds of boxes, and the
 * error page.
 */
// biome-ignore lint/style/noDefaultExport: it replaces modules that have one.
export default function drawNothing(): null {
	return null;
}
