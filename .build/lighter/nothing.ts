/** Draws nothing, in place of what the screen doesn't use of Ink: borders and backgrounds of boxes, and its page for errors. */
// biome-ignore lint/style/noDefaultExport: it stands in the place of modules that have one.
export default function drawNothing(): null {
	return null;
}
