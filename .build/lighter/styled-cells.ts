/**
 * The style of a cell, as the SGR numbers that turn it on, such as `1` and `38;5;81`. Equal styles are the same object.
 */
export type Style = readonly string[];

/** A line in which each UTF-16 code unit of the text takes one cell, and the style of each cell. */
export type StyledCells = {readonly text: string; readonly styles: readonly Style[]};

/** The style of a cell without attributes or colors. */
export const plain: Style = [];

/** The only object for each known style, by its sorted SGR numbers. */
const known = new Map<string, Style>([['', plain]]);

// biome-ignore lint/suspicious/noControlCharactersInRegex: this searches for colors.
const sgr = /\u001B\[([\d;]*)m/g;
const numbers = /[34]8;(?:5;\d+|2;\d+;\d+;\d+)|\d+/g;

/** Returns the cells of a line; undefined if it has an unsupported SGR number. Other sequences stay in the text. */
export function readCells(line: string): StyledCells | undefined {
	const styles: Style[] = [];
	let text = '';
	let style: Style | undefined = plain;
	let end = 0;
	// An iterator would create several objects for each sequence.
	sgr.lastIndex = 0;
	for (let match = sgr.exec(line); match !== null; match = sgr.exec(line)) {
		text += line.slice(end, match.index);
		pushTimes(styles, style, match.index - end);
		style = follow(style, match[1] ?? '');
		if (style === undefined) {
			return undefined;
		}

		end = sgr.lastIndex;
	}

	text += line.slice(end);
	pushTimes(styles, style, line.length - end);
	return {text, styles};
}

function pushTimes(styles: Style[], style: Style, times: number): void {
	for (let time = 0; time < times; time++) {
		styles.push(style);
	}
}

/** The style that follows a sequence, by the previous style and the parameters of the sequence. */
const followed = new Map<Style, Map<string, Style | undefined>>();

/** Returns the style that follows a sequence with these parameters; undefined if one of them isn't supported. */
function follow(style: Style, parameters: string): Style | undefined {
	const known = followed.get(style) ?? new Map<string, Style | undefined>();
	followed.set(style, known);
	if (!known.has(parameters)) {
		known.set(parameters, apply(style, parameters));
	}

	return known.get(parameters);
}

/**
 * Returns the style at the end of a line that begins without any; undefined if the line has an SGR number that isn't
 * supported here.
 */
export function followAll(line: string): Style | undefined {
	let style: Style | undefined = plain;
	sgr.lastIndex = 0;
	for (let match = sgr.exec(line); match !== null && style !== undefined; match = sgr.exec(line)) {
		style = follow(style, match[1] ?? '');
	}

	return style;
}

function apply(style: Style, parameters: string): Style | undefined {
	let next = [...style];
	for (const [code] of (parameters || '0').matchAll(numbers)) {
		const off = offOf(code);
		if (code === '0') {
			next = [];
		} else if (off === undefined) {
			return undefined;
		} else if (code === off) {
			next = next.filter(on => offOf(on) !== off);
		} else {
			next = [...next.filter(on => offOf(on) !== off || (off === intensityOff && on !== code)), code];
		}
	}

	const name = next.sort().join(' ');
	const same = known.get(name) ?? next;
	known.set(name, same);
	return same;
}

/** The number that turns bold and dim off together. Both can be on at the same time. */
const intensityOff = '22';

/**
 * Returns the number that turns off what this number turns on or off; undefined for a number that isn't supported here.
 */
function offOf(code: string): string | undefined {
	const number = Number.parseInt(code, 10);
	if (number === 1 || number === 2 || number === 22) {
		return intensityOff;
	}

	if ([3, 4, 7, 9].includes(number) || [23, 24, 27, 29].includes(number)) {
		return String(number < 20 ? number + 20 : number);
	}

	const isBright = number >= 90 && number <= 107;
	const base = isBright ? number - 60 : number;
	return base >= 30 && base <= 39 ? '39' : base >= 40 && base <= 49 ? '49' : undefined;
}

/** Returns the shortest sequence that turns one style into another; empty if they are the same. */
export function restyle(from: Style, to: Style): string {
	if (from === to) {
		return '';
	}

	const offs = new Set(from.filter(on => !to.includes(on)).map(on => offOf(on) ?? '0'));
	const replaced = (off: string): boolean => off !== intensityOff && to.some(on => offOf(on) === off);
	const ons = to.filter(on => !from.includes(on) || offs.has(offOf(on) ?? '0'));
	const little = [...[...offs].filter(off => !replaced(off)), ...ons].join(';');
	const fromScratch = to.length === 0 ? '' : ['0', ...to].join(';');
	return `\u001B[${fromScratch.length < little.length ? fromScratch : little}m`;
}
