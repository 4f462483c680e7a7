import type {Background} from '../theme/theme.ts';

/** What was done with the mouse; `x` and `y` are cells from the top left corner, from 0. */
export type MouseEvent = {readonly kind: 'press' | 'up' | 'down'; readonly x: number; readonly y: number};

/** What a terminal tells by itself, among the keys. */
export type Report =
	| {readonly kind: 'mouse'; readonly event: MouseEvent}
	| {readonly kind: 'background'; readonly background: Background}
	/** It has understood all that was written before it was asked for its status. */
	| {readonly kind: 'caught-up'};

/** Asks for the colour of the background (OSC 11). A terminal that doesn't know the query says nothing. */
export const backgroundQuery = '\u001B]11;?\u0007';

const esc = '\u001B';
const mouseReport = `${esc}\\[<(\\d+);(\\d+);(\\d+)([Mm])`;
const backgroundReport = `${esc}\\]11;rgb:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})(?:\u0007|${esc}\\\\)`;
const statusReport = `${esc}\\[0n`;
const whole = new RegExp(`${mouseReport}|${backgroundReport}|${statusReport}`, 'g');

/** The beginning of a report at the end of what was read; more than its escape, which may be the key. */
const begun = new RegExp(`(?:${esc}\\[(?:0|<[\\d;]{0,12})?|${esc}\\](?:1(?:1(?:;[rgb:0-9a-fA-F/]{0,20}${esc}?)?)?)?)$`);

const buttons: ReadonlyMap<number, MouseEvent['kind']> = new Map([
	[0, 'press'],
	[64, 'up'],
	[65, 'down'],
]);

function readMouse(button: string, x: string, y: string, end: string): Report | undefined {
	const kind = end === 'M' ? buttons.get(Number(button)) : undefined;
	return kind === undefined ? undefined : {kind: 'mouse', event: {kind, x: Number(x) - 1, y: Number(y) - 1}};
}

/** An answer to a query: with a colour, or without. */
function readAnswer(color: readonly (string | undefined)[]): Report {
	const parts = color.filter(part => part !== undefined);
	return parts.length === 0 ? {kind: 'caught-up'} : readBackground(parts);
}

/** Dark or light by the luminance of a colour whose parts are hexadecimal numbers of one to four digits. */
function readBackground(parts: readonly string[]): Report {
	const [red = 0, green = 0, blue = 0] = parts.map(part => Number.parseInt(part, 16) / (16 ** part.length - 1));
	// ITU-R BT.709; the eye hardly sees blue.
	const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
	return {kind: 'background', background: luminance > 0.5 ? 'light' : 'dark'};
}

/**
 * Takes reports out of what is read from a terminal, piece by piece: what it returns is what was typed. A report may come
 * in two pieces; releases and buttons that mean nothing are taken out and not told.
 */
export function createReportReader(tell: (report: Report) => void): (piece: string) => string {
	let pending = '';
	return piece => {
		const text = pending + piece;
		const typed = text.replace(whole, (_, button?: string, x = '', y = '', end = '', ...rest) => {
			const report = button === undefined ? readAnswer(rest.slice(0, 3)) : readMouse(button, x, y, end);
			if (report !== undefined) {
				tell(report);
			}

			return '';
		});
		pending = begun.exec(typed)?.[0] ?? '';
		return typed.slice(0, typed.length - pending.length);
	};
}

/**
 * The input of a terminal without its reports, which Ink would drop or take for keys. When its reader first wants keys
 * as they are typed, the terminal is asked for its background, if `ask` is given: its answer must not be echoed.
 */
export function withoutReports(
	stdin: NodeJS.ReadStream,
	tell: (report: Report) => void,
	ask: (() => void) | undefined,
): NodeJS.ReadStream {
	const readReports = createReportReader(tell);
	let query = ask;
	return new Proxy(stdin, {
		get(target, name) {
			if (name === 'read') {
				return () => {
					const chunk: unknown = target.read();
					return chunk === null ? null : readReports(String(chunk));
				};
			}

			if (name === 'setRawMode') {
				return (isRaw: boolean) => {
					target.setRawMode(isRaw);
					query?.();
					query = undefined;
					return target;
				};
			}

			const value: unknown = Reflect.get(target, name, target);
			return typeof value === 'function' ? value.bind(target) : value;
		},
	});
}
