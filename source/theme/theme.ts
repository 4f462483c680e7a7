import {Chalk, type ChalkInstance} from 'chalk';
import stringWidth from 'string-width';

/** The role of a piece of text, which the theme maps to its appearance. */
export type Tone =
	| 'plain'
	| 'dim'
	| 'strong'
	| 'accent'
	| 'good'
	| 'warn'
	| 'bad'
	| 'first'
	| 'second'
	| 'third'
	| 'selected';

/** Styles text for the terminal: the colors of its tone, and the glyphs that the terminal can show. */
export type Paint = (text: string, tone: Tone) => string;

/** The color palettes: for a dark or a light background, without colors, and without red against green. */
export const palettes = ['dark', 'light', 'mono', 'colorblind'] as const;
export type Palette = (typeof palettes)[number];

/** The terminal's background; undefined if it didn't report one. */
export type Background = 'dark' | 'light' | undefined;

type Styles = Readonly<Record<Tone, (text: string) => string>>;
type Colors = Readonly<Record<'accent' | 'good' | 'warn' | 'bad' | 'first' | 'second' | 'third', string>>;

/** Colors for terminals with 256 colors or more. Each has a contrast of at least 4.5:1 on its background. */
const colors = {
	dark: {
		accent: '#5fd7ff',
		good: '#87d787',
		warn: '#ffd75f',
		bad: '#ff8787',
		first: '#5fd7ff',
		second: '#87afff',
		third: '#d7afff',
	},
	light: {
		accent: '#005f87',
		good: '#005f00',
		warn: '#875f00',
		bad: '#af0000',
		first: '#005f87',
		second: '#0000d7',
		third: '#870087',
	},
	/** After Okabe and Ito: blue for good, orange for bad. */
	colorblindDark: {
		accent: '#87d7ff',
		good: '#5fafff',
		warn: '#ffd75f',
		bad: '#ff8700',
		first: '#87d7ff',
		second: '#ffd75f',
		third: '#d7afff',
	},
	colorblindLight: {
		accent: '#005f87',
		good: '#005faf',
		warn: '#875f00',
		bad: '#af5f00',
		first: '#005f87',
		second: '#875f00',
		third: '#870087',
	},
} as const satisfies Readonly<Record<string, Colors>>;

function colorful(chalk: ChalkInstance, {accent, good, warn, bad, first, second, third}: Colors): Styles {
	return {
		plain: text => text,
		dim: chalk.dim,
		strong: chalk.bold,
		accent: chalk.hex(accent),
		good: chalk.hex(good),
		warn: chalk.hex(warn),
		bad: chalk.hex(bad).bold,
		first: chalk.hex(first),
		second: chalk.hex(second),
		third: chalk.hex(third),
		selected: chalk.hex(accent).bold,
	};
}

/** The terminal's own sixteen colors, which suit its background. `good` and `bad` can be overridden. */
function sixteen(chalk: ChalkInstance, good = chalk.green, bad = chalk.red.bold): Styles {
	return {
		plain: text => text,
		dim: chalk.dim,
		strong: chalk.bold,
		accent: chalk.cyan,
		good,
		warn: chalk.yellow,
		bad,
		first: chalk.cyan,
		second: chalk.blue,
		third: chalk.magenta,
		selected: chalk.bold.cyan,
	};
}

function colorless(chalk: ChalkInstance): Styles {
	const plain = (text: string): string => text;
	return {
		plain,
		dim: chalk.dim,
		strong: chalk.bold,
		accent: plain,
		good: plain,
		warn: chalk.underline,
		bad: chalk.bold.inverse,
		first: plain,
		second: plain,
		third: plain,
		selected: chalk.bold,
	};
}

function stylesOf(chalk: ChalkInstance, palette: Palette | 'auto', background: Background): Styles {
	const isRich = chalk.level >= 2;
	switch (palette) {
		case 'mono':
			return colorless(chalk);
		case 'colorblind':
			return isRich
				? colorful(chalk, background === 'light' ? colors.colorblindLight : colors.colorblindDark)
				: sixteen(chalk, chalk.blue, chalk.yellow.bold);
		case 'dark':
		case 'light':
			return isRich ? colorful(chalk, colors[palette]) : sixteen(chalk);
		case 'auto':
			return isRich && background !== undefined ? colorful(chalk, colors[background]) : sixteen(chalk);
	}
}

/** Below this utilization, a fraction 0–1, a GPU is idle. */
const idleBelow = 0.1;

/** The tone of a utilization, a fraction 0–1: idle is dim. Only a finding makes it more than that, not the value itself. */
export function utilizationTone(utilization: number | undefined): Tone {
	return utilization === undefined || utilization < idleBelow ? 'dim' : 'plain';
}

/** The tone of a utilization of a GPU that lags behind, fractions 0–1: where it does is bad. */
export function laggingTone(utilization: number): Tone {
	return utilization < laggingBelow ? 'bad' : 'plain';
}

/** A GPU that lags behind the others does so below this. */
const laggingBelow = 0.6;

/** The glyphs of the screen, each one cell wide. */
export const symbols = {
	border: {topLeft: '╭', topRight: '╮', bottomLeft: '╰', bottomRight: '╯', horizontal: '─', vertical: '│'},
	/** In the order that asciichart expects. */
	chart: ['┼', '┤', '╶', '╴', '─', '╰', '╭', '╮', '╯', '│'],
	/** Eight levels, from low to high. */
	levels: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
	bar: '▇',
	/** A bar that isn't empty but shorter than half a cell. */
	barTip: '▏',
	track: '░',
	/** The time for which there is no data. */
	noData: '╱',
	/** No findings. */
	well: '✓',
	/** Where typed text goes. */
	caret: '▁',
	rising: '↑',
	falling: '↓',
	pointer: '▸',
	/** The line of the cursor through each chart. */
	cursor: '│',
	/** Marks the subject of a finding. */
	mark: '!',
	above: '↑',
	below: '↓',
	/** The states of a deployment: live, waiting, broken. */
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

/** Matches text made of ASCII and these glyphs only: everything except the server's names. */
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

/** The appearance of the screen. The theme `auto` uses the terminal's own colors until its background is known. */
export type Look = {
	readonly color: 'auto' | 'none';
	readonly symbols: 'block' | 'ascii';
	readonly theme: Palette | 'auto';
	/** The number of colors, in chalk's levels (0: none, 1: 16, 2: 256, 3: 16 million); detected by default. */
	readonly level?: 0 | 1 | 2 | 3;
};

function chalkOf({color, level}: Look): ChalkInstance {
	return color === 'none' ? new Chalk({level: 0}) : level === undefined ? new Chalk() : new Chalk({level});
}

/** Whether a background of that color (the shares of red, green and blue, 0–1) is dark or light, by its luminance. */
export function backgroundOf([red, green, blue]: readonly [red: number, green: number, blue: number]): Background {
	// ITU-R BT.709; the eye hardly sees blue.
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.5 ? 'light' : 'dark';
}

/** Returns whether knowing the background would change anything. */
export function wantsBackground(look: Look): boolean {
	return (look.theme === 'auto' || look.theme === 'colorblind') && chalkOf(look).level >= 2;
}

/** Creates the function that styles text for an appearance. */
export function createPaint(look: Look, background?: Background): Paint {
	const byTone = stylesOf(chalkOf(look), look.theme, background);
	return look.symbols === 'ascii' ? (text, tone) => byTone[tone](toAscii(text)) : (text, tone) => byTone[tone](text);
}
