/** The first two bytes of an entry with numbers of 16 bits, and of one with numbers of 32 (term(5)). */
const magic = {short: 0o432, long: 0o1036} as const;

/** The place of `max_colors` among the numbers. */
const maxColorsIndex = 13;

/**
 * Returns how many colors a compiled terminfo entry says that a terminal has; undefined if it says nothing.
 *
 * @throws RangeError for an entry that is cut short
 */
export function readMaxColors(entry: Uint8Array): number | undefined {
	const view = new DataView(entry.buffer, entry.byteOffset, entry.byteLength);
	const kind = view.getInt16(0, true);
	if (kind !== magic.short && kind !== magic.long) {
		return undefined;
	}

	const [names, booleans, numbers] = [2, 4, 6].map(offset => view.getInt16(offset, true));
	if (names === undefined || booleans === undefined || numbers === undefined || numbers <= maxColorsIndex) {
		return undefined;
	}

	// Numbers begin at an even byte.
	const start = 12 + names + booleans;
	const size = kind === magic.long ? 4 : 2;
	const at = start + (start % 2) + maxColorsIndex * size;
	const colors = size === 4 ? view.getInt32(at, true) : view.getInt16(at, true);
	return colors > 0 ? colors : undefined;
}
