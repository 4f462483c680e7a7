import type {Terminal} from '@xterm/headless';
import type {Cell, CellColor} from '../../source/view/picture/cells.ts';

/** Returns the cells that a terminal shows, row by row. */
export function cellsOf({buffer, rows, cols}: Terminal): ReadonlyArray<readonly Cell[]> {
	return Array.from({length: rows}, (_, y) => {
		const line = buffer.active.getLine(y);
		return Array.from({length: cols}, (__, x): Cell => {
			const cell = line?.getCell(x);
			const width = cell?.getWidth() ?? 1;
			const color: CellColor | undefined = cell?.isFgRGB()
				? {kind: 'rgb', value: cell.getFgColor()}
				: cell?.isFgPalette()
					? {kind: 'palette', index: cell.getFgColor()}
					: undefined;
			return {
				text: cell?.getChars() ?? '',
				width: width === 0 || width === 2 ? width : 1,
				color,
				bold: Boolean(cell?.isBold()),
				dim: Boolean(cell?.isDim()),
				inverse: Boolean(cell?.isInverse()),
				underline: Boolean(cell?.isUnderline()),
			};
		});
	});
}
