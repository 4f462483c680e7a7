import type {Terminal} from '@xterm/headless';

/** A color that a program set: red, green and blue from 0 to 255, or one of the terminal's sixteen. */
export type Color = {readonly kind: 'rgb'; readonly value: number} | {readonly kind: 'palette'; readonly index: number};

/** One cell of a terminal; a wide character has an empty one behind it. */
export type Cell = {
	readonly text: string;
	readonly color: Color | undefined;
	readonly bold: boolean;
	readonly dim: boolean;
	readonly inverse: boolean;
	readonly underline: boolean;
};

/** The cells that a terminal shows, row by row. */
export function cellsOf({buffer, rows, cols}: Terminal): ReadonlyArray<readonly Cell[]> {
	return Array.from({length: rows}, (_, y) => {
		const line = buffer.active.getLine(y);
		return Array.from({length: cols}, (__, x): Cell => {
			const cell = line?.getCell(x);
			const color: Color | undefined = cell?.isFgRGB()
				? {kind: 'rgb', value: cell.getFgColor()}
				: cell?.isFgPalette()
					? {kind: 'palette', index: cell.getFgColor()}
					: undefined;
			return {
				text: cell?.getChars() ?? '',
				color,
				bold: Boolean(cell?.isBold()),
				dim: Boolean(cell?.isDim()),
				inverse: Boolean(cell?.isInverse()),
				underline: Boolean(cell?.isUnderline()),
			};
		});
	});
}
