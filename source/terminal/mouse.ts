/** Presses and the wheel (1000), told with coordinates of any size (1006). */
export const mouseOn = '\u001B[?1000h\u001B[?1006h';
export const mouseOff = '\u001B[?1006l\u001B[?1000l';

/** What was done with the mouse; `x` and `y` are cells from the top left corner, from 0. */
export type MouseEvent = {readonly kind: 'press' | 'up' | 'down'; readonly x: number; readonly y: number};

/** A report in the SGR form, without the escape that Ink takes away: `[<0;10;5M`. */
const report = /^\[<(\d+);(\d+);(\d+)M$/;

const kinds: ReadonlyMap<number, MouseEvent['kind']> = new Map([
	[0, 'press'],
	[64, 'up'],
	[65, 'down'],
]);

/** The event of one input of Ink's; undefined where it is none, or one that means nothing: a release, another button. */
export function readMouse(input: string): MouseEvent | undefined {
	const [, button = '', x = '', y = ''] = report.exec(input) ?? [];
	const kind = button === '' ? undefined : kinds.get(Number(button));
	return kind === undefined ? undefined : {kind, x: Number(x) - 1, y: Number(y) - 1};
}
