import type {Rgb} from '../theme/contrast.ts';

/** What was done with the mouse; `x` and `y` are cells from the top left corner, from 0. */
export type MouseEvent = {readonly kind: 'press' | 'up' | 'down'; readonly x: number; readonly y: number};

/** What a terminal sends among the keys that is none. */
export type Report =
	| {readonly kind: 'mouse'; readonly event: MouseEvent}
	/** The color of its background (OSC 11). */
	| {readonly kind: 'background'; readonly color: Rgb}
	/** Where its cursor was when it was asked; both from 1. */
	| {readonly kind: 'cursor'; readonly row: number; readonly column: number}
	/** It has understood all that was written before it was asked for its status. */
	| {readonly kind: 'status'};

/** Asks for the color of the background. A terminal that doesn't know the query says nothing. */
export const backgroundQuery = '\u001B]11;?\u001B\\';

/** Asks for the status (DSR). It comes once all that was written before is understood, at the other end of whatever link there is. */
export const statusQuery = '\u001B[5n';

/** Asks where the cursor is. */
export const cursorQuery = '\u001B[6n';

const buttons: ReadonlyMap<string, MouseEvent['kind']> = new Map([
	['0', 'press'],
	['64', 'up'],
	['65', 'down'],
]);

/** The report in what follows `CSI`; undefined for what isn't one, or means nothing: a release, focus, another program's answer. */
export function readCsiReport(sequence: string): Report | undefined {
	const [, button = '', x, y, end] = /^<(\d+);(\d+);(\d+)([Mm])$/.exec(sequence) ?? [];
	const kind = end === 'M' ? buttons.get(button) : undefined;
	if (kind !== undefined) {
		return {kind: 'mouse', event: {kind, x: Number(x) - 1, y: Number(y) - 1}};
	}

	const [, row, column] = /^(\d+);(\d+)R$/.exec(sequence) ?? [];
	if (row !== undefined) {
		return {kind: 'cursor', row: Number(row), column: Number(column)};
	}

	return sequence === '0n' || sequence === '3n' ? {kind: 'status'} : undefined;
}

const channel = '([0-9a-fA-F]{1,4})';
const background = new RegExp(`^11;(?:rgba?:${channel}/${channel}/${channel}(?:/${channel})?|#([0-9a-fA-F]{3,12}))$`);

/** The report in a control string; undefined for all that isn't an answer to a query of ours. */
export function readStringReport(text: string): Report | undefined {
	const match = background.exec(text);
	if (match === null) {
		return undefined;
	}

	const [, red, green, blue, , hex] = match;
	const parts = hex === undefined ? [red, green, blue] : inThree(hex);
	const [r = 0, g = 0, b = 0] = parts.map((part = '0') => Number.parseInt(part, 16) / (16 ** part.length - 1));
	return {kind: 'background', color: [r, g, b]};
}

/** `#1e1e2e` in its three parts. */
function inThree(hex: string): readonly string[] {
	const length = Math.max(Math.floor(hex.length / 3), 1);
	return [0, 1, 2].map(part => hex.slice(part * length, (part + 1) * length));
}
