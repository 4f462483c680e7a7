import {Chalk, type ChalkInstance} from 'chalk';
import stringWidth from 'string-width';
import {
	type Background,
	type ColorLevel,
	type Palette,
	rgbOf,
	type Style,
	type SymbolSet,
	stylesOf,
	type Tone,
} from './tones.ts';

/**
 * Matches the names of terminals that print control strings that they don't understand: the Linux console, Emacs'
 * `term` (eterm, eterm-color), and dumb or unnamed terminals.
 */
const plainTerminal = /^(?:linux|dumb|eterm|$)/;

/**
 * Returns whether the terminal with this name (the variable TERM) would print control strings, in which case it can be
 * sent only text, colors, and cursor movements.
 */
export function isPlainTerminal(name: string | undefined): boolean {
	return plainTerminal.test(name ?? '');
}

/**
 * Returns whether the terminal with this name shows dim text legibly. The Linux console shows it in color 8, a dark
 * gray with a contrast of 2.8 on black.
 */
export function hasFaint(name: string | undefined): boolean {
	return !/^(?:screen\.)?linux/.test(name ?? '');
}

export type {SymbolSet, Tone} from './tones.ts';

/** Converts text to what is written to the terminal: in the style of its tone and, if necessary, in ASCII. */
export type Painter = (text: string, tone: Tone) => string;

const names = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;

/** The levels of the color cube, which begins at 16 in xterm's palette; the grays begin at 232. */
const cubeLevels = [0, 95, 135, 175, 215, 255];

/** Returns the index of a color in the palette of 256: in the cube, or otherwise among the grays. */
function ansi256Of(color: string): number {
	const parts = rgbOf(color).map(share => Math.round(share * 255));
	const [red = -1, green = -1, blue = -1] = parts.map(part => cubeLevels.indexOf(part));
	return Math.min(red, green, blue) < 0 ? 232 + ((parts[0] ?? 0) - 8) / 10 : 16 + 36 * red + 6 * green + blue;
}

/** Returns a function that writes a string in a style. */
function writerOf(chalk: ChalkInstance, {color, bold, underline, faint}: Style): (text: string) => string {
	let written = chalk;
	if (typeof color === 'string') {
		// chalk would round a color in the palette of 256 to a brighter one.
		written = chalk.level === 2 ? written.ansi256(ansi256Of(color)) : written.hex(color);
	} else if (color !== undefined) {
		const name = names[color % 8] ?? 'white';
		written = written[color < 8 ? name : (`${name}Bright` as const)];
	}

	written = bold === true ? written.bold : written;
	written = faint === true ? written.dim : written;
	if (underline === true) {
		return underlined(written, written.underline);
	}

	return written === chalk ? text => text : written;
}

/** Returns a style without dim text. */
function legible({faint: _, ...style}: Style): Style {
	return style;
}

/** Underlines text from its first to its last glyph, because underlined spaces around it would look like glyphs. */
function underlined(plain: ChalkInstance, lined: ChalkInstance): (text: string) => string {
	return text => {
		const glyphs = text.trim();
		const start = text.indexOf(glyphs);
		const [before, after] = [text.slice(0, start), text.slice(start + glyphs.length)];
		return glyphs === '' ? plain(text) : plain(before) + lined(glyphs) + plain(after);
	};
}

/** The tones of amounts, in five steps: small amounts are dim, and those near the maximum have the default color. */
const amountTones = ['dim', 'little', 'some', 'much', 'plain'] as const;

/**
 * Returns the tone of an amount, a fraction 0–1, in five steps, for cells of a sparkline or a heat map. None of these
 * tones is a warning color.
 */
export function amountTone(amount: number): Tone {
	return amountTones[Math.min(Math.max(Math.floor(amount * amountTones.length), 0), amountTones.length - 1)] ?? 'plain';
}

/**
 * Returns the tone of a utilization (a fraction 0–1) in the trend of a straggling GPU: bad if the GPU lags behind the
 * others.
 */
export function laggingTone(utilization: number): Tone {
	return utilization < laggingBelow ? 'bad' : 'plain';
}

/** The utilization below which a straggler lags behind the others, as a fraction 0–1. */
const laggingBelow = 0.6;

/** The glyphs of the screen, each one cell wide. */
export const symbols = {
	border: {topLeft: '╭', topRight: '╮', bottomLeft: '╰', bottomRight: '╯', horizontal: '─', vertical: '│'},
	/** In the order that asciichart expects. */
	chart: ['┼', '┤', '╶', '╴', '─', '╰', '╭', '╮', '╯', '│'],
	/** Eight levels, from low to high. */
	levels: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
	/** Five steps of an amount, from small to large. */
	steps: ['▁', '▃', '▅', '▆', '▇'],
	bar: '▇',
	/** A bar next to another bar, and its track. */
	thinBar: '━',
	thinTrack: '─',
	/** The last cell of a bar, in eighths; one eighth also stands for a bar above zero that would round to nothing. */
	barParts: ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'],
	track: '░',
	/** Marks time for which there is no data. */
	noData: '╱',
	/** No findings. */
	well: '✓',
	/** The insertion point of typed text. */
	caret: '▁',
	rising: '↑',
	falling: '↓',
	pointer: '▸',
	/** The cursor line in each chart. */
	cursor: '│',
	/** Marks the subject of a finding. */
	mark: '!',
	above: '↑',
	below: '↓',
	/** The states of a deployment: live, waiting, and broken. */
	live: '●',
	waiting: '○',
	broken: '×',
	dot: '·',
	ellipsis: '…',
	/** Shown for every unknown value. */
	unknown: '–',
} as const;

/** The ASCII counterpart of each glyph. */
const asciiSymbols: Readonly<Record<string, string>> = {
	'╭': '.',
	'╮': '.',
	'╰': "'",
	'╯': "'",
	'─': '-',
	'━': '=',
	'│': '|',
	'┼': '+',
	'┤': '|',
	'╶': '-',
	'╴': '-',
	'▁': '_',
	'▂': '.',
	'▃': ':',
	'▄': '-',
	'▅': '=',
	'▆': '+',
	'▇': '*',
	'█': '#',
	'▏': '|',
	'▎': '|',
	'▍': '|',
	'▌': '|',
	'▋': '*',
	'▊': '*',
	'▉': '*',
	'░': '.',
	'╱': '/',
	'✓': '+',
	'▸': '>',
	'↑': '^',
	'↓': 'v',
	'←': '<',
	'→': '>',
	'●': '*',
	'○': 'o',
	'×': 'x',
	'·': '-',
	'…': '~',
	'–': '-',
};

/** Matches text with only ASCII characters and these glyphs. Only text from the server or the user can have others. */
const ownGlyphs = new RegExp(`^[ -~${Object.keys(asciiSymbols).join('')}]*$`);
const graphemes = new Intl.Segmenter();

function glyphToAscii(glyph: string): string {
	return asciiSymbols[glyph] ?? (/^[ -~]$/.test(glyph) ? glyph : '?'.repeat(stringWidth(glyph)));
}

/** Converts text to ASCII, cell by cell: a character without a counterpart becomes one question mark per cell. */
export function toAscii(text: string): string {
	const glyphs = ownGlyphs.test(text) ? [...text] : Array.from(graphemes.segment(text), ({segment}) => segment);
	return glyphs.map(glyphToAscii).join('');
}

/** Returns lines of text in ASCII. */
export function toAsciiLines(text: string): string {
	return text.split('\n').map(toAscii).join('\n');
}

/**
 * The appearance of the screen. While the background is unknown, the theme `auto` uses colors that are legible on both
 * black and white, or no colors if there are only 16.
 */
type Appearance = {
	readonly color: 'auto' | 'none';
	readonly symbols: SymbolSet;
	readonly theme: Palette | 'auto';
	/** The number of colors. */
	readonly level: ColorLevel;
	/** Whether dim text is legible; otherwise, it is written as plain text. */
	readonly hasFaint?: boolean;
};

/** Returns whether knowing the background would change anything. */
export function wantsBackground({color, theme, level}: Appearance): boolean {
	return color !== 'none' && level > 0 && (theme === 'auto' || theme === 'colorblind');
}

/**
 * Returns the painter for the colors and glyphs of this appearance. Without colors, important text is still bold or
 * underlined, unless `level` is 0.
 */
export function createPainter(appearance: Appearance, background?: Background): Painter {
	const {color, symbols: glyphs, theme, level, hasFaint: canDim = true} = appearance;
	const colors = color === 'none' ? 0 : level;
	// Chalk writes bold, underlined, and dim text only if its level is above 0, even if no color is used.
	const chalk = new Chalk({level: colors === 0 && level === 0 ? 0 : (Math.max(colors, 1) as ColorLevel)});
	const styles = Object.entries(stylesOf(theme, background, colors));
	const byTone = Object.fromEntries(
		styles.map(([tone, style]) => [tone, writerOf(chalk, canDim ? style : legible(style))]),
	);
	const write: Painter = (text, tone) => byTone[tone]?.(text) ?? text;
	return glyphs === 'ascii' ? (text, tone) => write(toAscii(text), tone) : write;
}
