import path from 'node:path';
import {isPlainTerminal} from './theme.ts';
import type {Background, ColorLevel, Rgb} from './tones.ts';

/** The first two bytes of a terminfo entry with 16-bit numbers, and of one with 32-bit numbers (term(5)). */
const magic = {short: 0o432, long: 0o1036} as const;

/** The index of `max_colors` among the numbers. */
const maxColorsIndex = 13;

/**
 * Returns the number of colors that a compiled terminfo entry specifies; undefined if it specifies none.
 *
 * @throws RangeError for an entry that is cut short
 */
function readMaxColors(entry: Uint8Array): number | undefined {
	const view = new DataView(entry.buffer, entry.byteOffset, entry.byteLength);
	const kind = view.getInt16(0, true);
	if (kind !== magic.short && kind !== magic.long) {
		return undefined;
	}

	const [names, booleans, numbers] = [2, 4, 6].map(offset => view.getInt16(offset, true));
	if (names === undefined || booleans === undefined || numbers === undefined || numbers <= maxColorsIndex) {
		return undefined;
	}

	// The numbers begin at an even offset.
	const start = 12 + names + booleans;
	const size = kind === magic.long ? 4 : 2;
	const at = start + (start % 2) + maxColorsIndex * size;
	const colors = size === 4 ? view.getInt32(at, true) : view.getInt16(at, true);
	return colors > 0 ? colors : undefined;
}

/** The variables that identify the terminal and anything between it and the program. */
export type TerminalEnvironment = Readonly<Record<string, string | undefined>>;

/** The number of colors, and its source. */
type KnownLevel = {readonly level: ColorLevel; readonly from: string};

/** Matches the names of terminals that have 256 colors or more although their names don't show it. */
const richNames =
	/^(?:alacritty|foot|contour|rio|wezterm|ghostty|xterm-ghostty|xterm-kitty|kitty|mlterm|st|konsole|vte|iterm2?)(?:$|[-.+])/;

/** Reads a file; throws if it doesn't exist. */
export type ReadFile = (file: string) => Uint8Array;

/**
 * Returns the number of colors of the terminal, based on FORCE_COLOR, TERM, COLORTERM, STY, TMUX, and the terminfo
 * entry. Every terminal that has a name and isn't dumb has at least sixteen, and ignores colors that it can't show. GNU
 * screen 4.9 misreads the parts of a 24-bit color as attributes, regardless of what COLORTERM says about the outer
 * terminal, so at most 256 are used there, unless FORCE_COLOR is set.
 */
export function colorLevel(environment: TerminalEnvironment, readFile: ReadFile): KnownLevel {
	const {TERM: name = '', FORCE_COLOR: forced, COLORTERM: declared = '', STY: screen = ''} = environment;
	if (forced !== undefined) {
		const level = forcedLevel(forced);
		return {level, from: 'FORCE_COLOR'};
	}

	if (name === '' || name === 'dumb') {
		return {level: 0, from: name === '' ? 'no TERM' : 'TERM'};
	}

	const found = ownLevel(name, declared, environment, readFile);
	return isGnuScreen(environment) && found.level > 2 ? {level: 2, from: screen === '' ? 'TERM' : 'STY'} : found;
}

/**
 * Returns whether the terminal is GNU screen, based on STY, or on TERM if STY isn't passed on, such as over ssh. tmux
 * also uses the name `screen`.
 */
export function isGnuScreen({TERM: name = '', STY: screen = '', TMUX: tmux = ''}: TerminalEnvironment): boolean {
	return screen !== '' || (name.startsWith('screen') && tmux === '');
}

function forcedLevel(forced: string): ColorLevel {
	const levels: Readonly<Record<string, ColorLevel>> = {'0': 0, false: 0, '2': 2, '3': 3};
	return levels[forced] ?? 1;
}

function ownLevel(name: string, declared: string, environment: TerminalEnvironment, readFile: ReadFile): KnownLevel {
	if (declared === 'truecolor' || declared === '24bit') {
		return {level: 3, from: 'COLORTERM'};
	}

	if (/-(?:direct|truecolor)$/.test(name)) {
		return {level: 3, from: 'TERM'};
	}

	if (name.includes('256') || richNames.test(name)) {
		return {level: 2, from: 'TERM'};
	}

	const colors = maxColors(name, environment, readFile);
	return colors !== undefined && colors >= 256 ? {level: 2, from: 'terminfo'} : {level: 1, from: 'TERM'};
}

/** Returns the number of colors in the first terminfo entry that is found. */
function maxColors(name: string, environment: TerminalEnvironment, readFile: ReadFile): number | undefined {
	// The name becomes part of a path.
	if (!/^[\w.+-]+$/.test(name) || name.startsWith('.')) {
		return undefined;
	}

	const {TERMINFO: own, HOME: home, TERMINFO_DIRS: more = ''} = environment;
	const folders = [
		own,
		home === undefined ? undefined : path.join(home, '.terminfo'),
		...more.split(':'),
		'/etc/terminfo',
		'/lib/terminfo',
		'/usr/share/terminfo',
	].filter(folder => folder !== undefined && path.isAbsolute(folder));
	for (const folder of folders) {
		// The folders are named after the first letter or, on macOS, after its character code in hexadecimal.
		for (const sub of [name.slice(0, 1), name.charCodeAt(0).toString(16)]) {
			try {
				return readMaxColors(readFile(path.join(folder ?? '', sub, name)));
			} catch {}
		}
	}

	return undefined;
}

/** The properties that the terminal has reported about itself so far. */
export type TerminalReports = {
	readonly background?: Rgb;
	/** The width of a bar's glyph, in cells; more than one in some East Asian terminals, or without UTF-8. */
	readonly glyphWidth?: number;
};

/** One decision about the terminal: the capability, its value, and its source. */
type Capability = readonly [name: string, value: string, from: string];

/**
 * Returns the variable that shows that keystrokes arrive over a network, in which case an escape sequence can arrive in
 * two packets; undefined if there is none.
 */
export function remoteVariable(environment: TerminalEnvironment): string | undefined {
	return Object.keys(environment).find(
		name => environment[name] !== '' && /^(?:SSH_(?:CONNECTION|CLIENT|TTY)|MOSH_\w+)$/.test(name),
	);
}

/**
 * Returns the background if it is known without a query, and undefined otherwise: rxvt and konsole report it in
 * COLORFGBG, and the Linux console is black.
 */
export function backgroundByVariables({TERM: name, COLORFGBG: colors = ''}: TerminalEnvironment): Background {
	const [, number] = /^\d+;(?:[^;]*;)?(\d+)$/.exec(colors) ?? [];
	if (number !== undefined) {
		return ['7', '15'].includes(number) ? 'light' : ['0', '8'].includes(number) ? 'dark' : undefined;
	}

	return name === 'linux' ? 'dark' : undefined;
}

const levelNames = ['none', '16 colors', '256 colors', '16 million colors'] as const;

/**
 * Returns the decisions about the terminal and their sources, for --print-config and the debug log, because bug reports
 * need them. `reports` contains what the terminal reported about itself, if it was queried.
 */
export function capabilities(
	environment: TerminalEnvironment,
	readFile: ReadFile,
	reports?: TerminalReports,
): readonly Capability[] {
	const {TERM: name, TMUX: tmux = '', STY: screen = ''} = environment;
	const {level, from} = colorLevel(environment, readFile);
	const remote = remoteVariable(environment);
	const isPlain = isPlainTerminal(name);
	return [
		['terminal', name ?? 'unknown', name === undefined ? 'no TERM' : 'TERM'],
		['colors', levelNames[level], from],
		backgroundRow(environment, reports),
		reports?.glyphWidth === undefined
			? ['block symbols', 'assumed to be one cell wide', reports === undefined ? 'not queried' : 'no response']
			: [
					'block symbols',
					reports.glyphWidth === 1 ? 'one cell wide' : `${reports.glyphWidth} cells wide: ASCII instead`,
					'CSI 6n',
				],
		[
			'multiplexer',
			tmux === '' ? (screen === '' ? 'none' : 'GNU screen') : 'tmux',
			tmux === '' ? (screen === '' ? 'TMUX, STY' : 'STY') : 'TMUX',
		],
		['escape timeout', remote === undefined ? '25ms' : '100ms', remote ?? 'no SSH_*, MOSH_*'],
		['control strings', isPlain ? 'not sent' : 'sent', 'TERM'],
	];
}

function backgroundRow(environment: TerminalEnvironment, reports: TerminalReports | undefined): Capability {
	if (reports?.background !== undefined) {
		const hex = reports.background
			.map(share =>
				Math.round(share * 255)
					.toString(16)
					.padStart(2, '0'),
			)
			.join('');
		return ['background', `#${hex}`, 'OSC 11'];
	}

	const known = backgroundByVariables(environment);
	if (known !== undefined) {
		return ['background', known, environment['COLORFGBG'] === undefined ? 'TERM' : 'COLORFGBG'];
	}

	return ['background', 'unknown', reports === undefined ? 'not queried' : 'no response'];
}
