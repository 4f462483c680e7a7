import type {ChalkInstance} from 'chalk';
import {Chalk} from 'chalk';
import stringWidth from 'string-width';

/** What a piece of text is, not what it looks like: the theme decides on that. */
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

/** Turns a text into what is written to the terminal: in the colours of its tone, and in the glyphs it can show. */
export type Paint = (text: string, tone: Tone) => string;

function styles(chalk: ChalkInstance): Readonly<Record<Tone, (text: string) => string>> {
	return {
		plain: text => text,
		dim: chalk.dim,
		strong: chalk.bold,
		accent: chalk.cyan,
		good: chalk.green,
		warn: chalk.yellow,
		bad: chalk.red.bold,
		first: chalk.cyan,
		second: chalk.blue,
		third: chalk.magenta,
		selected: chalk.bold.cyan,
	};
}

/** A GPU that does less than this is idle, or lags behind: it is what one looks for. */
const idleUtilization = 0.1;
const lowUtilization = 0.5;

/** From these shares on, something is about to run out. */
const fullMemory = 0.95;
const fullDisk = 0.9;

function fullTone(share: number | undefined, limit: number): Tone {
	return share !== undefined && share >= limit ? 'bad' : 'plain';
}

/** The tone of a utilization, a fraction 0–1. */
export function utilizationTone(utilization: number | undefined): Tone {
	if (utilization === undefined) {
		return 'plain';
	}

	return utilization < idleUtilization ? 'bad' : utilization < lowUtilization ? 'warn' : 'good';
}

/** The tone of a share of memory in use, of a GPU's or of a node's, a fraction 0–1. */
export function memoryTone(share: number | undefined): Tone {
	return fullTone(share, fullMemory);
}

/** The tone of a share of ephemeral storage in use, a fraction 0–1. */
export function diskTone(share: number | undefined): Tone {
	return fullTone(share, fullDisk);
}

/** The glyphs that the screen is made of. Each is one cell wide. */
export const symbols = {
	border: {topLeft: '╭', topRight: '╮', bottomLeft: '╰', bottomRight: '╯', horizontal: '─', vertical: '│'},
	/** As asciichart wants them. */
	chart: ['┼', '┤', '╶', '╴', '─', '╰', '╭', '╮', '╯', '│'],
	/** Eight levels, lowest first. */
	levels: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
	bar: '▇',
	/** A bar that is not empty, but less than half a cell long. */
	barTip: '▏',
	track: '░',
	/** Where text is typed. */
	caret: '▁',
	rising: '↑',
	falling: '↓',
	pointer: '▸',
	/** The line through every chart at one time. */
	cursor: '│',
	/** Stands beside what a finding is about. */
	mark: '!',
	above: '↑',
	below: '↓',
	/** What a deployment does: it works, it waits, it is broken. */
	live: '●',
	waiting: '○',
	broken: '×',
	dot: '·',
	ellipsis: '…',
	/** Stands for every value that is not known. */
	unknown: '–',
} as const;

/** What stands for each glyph where only ASCII can be shown. */
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

/** The text in ASCII, cell by cell: what has no counterpart becomes question marks, one for each cell it took. */
export function toAscii(text: string): string {
	return text.replaceAll(/[^\x20-\x7e]/gu, glyph => asciiSymbols[glyph] ?? '?'.repeat(stringWidth(glyph)));
}

/** Colours from the terminal's own sixteen, so that they fit dark and light backgrounds; or none at all. */
export function createPaint(look: {readonly color: 'auto' | 'none'; readonly symbols: 'block' | 'ascii'}): Paint {
	const byTone = styles(look.color === 'none' ? new Chalk({level: 0}) : new Chalk());
	return look.symbols === 'ascii' ? (text, tone) => byTone[tone](toAscii(text)) : (text, tone) => byTone[tone](text);
}
