import stringWidth from './string-width.ts';

/**
 * Returns the size of a string in cells. Replaces Ink's function, which caches the sizes of thousands of strings,
 * although the layout keeps its own measurements.
 */
// biome-ignore lint/style/noDefaultExport: it replaces a module that has one.
export default function measureText(text: string): {readonly width: number; readonly height: number} {
	const lines = text === '' ? [] : text.split('\n');
	return {width: lines.reduce((widest, line) => Math.max(widest, stringWidth(line)), 0), height: lines.length};
}
