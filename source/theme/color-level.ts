import path from 'node:path';
import type {ColorLevel} from './tones.ts';

/** The first two bytes of an entry with numbers of 16 bits, and of one with numbers of 32 (term(5)). */
const magic = {short: 0o432, long: 0o1036} as const;

/** The place of `max_colors` among the numbers. */
const maxColorsIndex = 13;

/**
 * Returns how many colors a compiled terminfo entry says that a terminal has; undefined if it says nothing.
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

	// Numbers begin at an even byte.
	const start = 12 + names + booleans;
	const size = kind === magic.long ? 4 : 2;
	const at = start + (start % 2) + maxColorsIndex * size;
	const colors = size === 4 ? view.getInt32(at, true) : view.getInt16(at, true);
	return colors > 0 ? colors : undefined;
}

/** The variables that say what the terminal is, and what stands between it and the program. */
export type TerminalEnvironment = Readonly<Record<string, string | undefined>>;

/** How many colors there are, and what says so. */
type KnownLevel = {readonly level: ColorLevel; readonly from: string};

/** Terminals that have 256 colors and more, whose names don't say so. */
const richNames =
	/^(?:alacritty|foot|contour|rio|wezterm|ghostty|xterm-ghostty|xterm-kitty|kitty|mlterm|st|konsole|vte|iterm2?)(?:$|[-.+])/;

/** Reads a file; throws if it isn't there. */
export type ReadFile = (file: string) => Uint8Array;

/**
 * Returns how many colors the terminal shows, by FORCE_COLOR, TERM, STY, COLORTERM and the terminfo entry. Sixteen is the
 * least that any terminal has that isn't dumb: what a terminal can't show it leaves out. GNU screen 4.9 takes the parts of
 * a 24-bit color for attributes, whatever COLORTERM says of the terminal around it: it gets 256 at most.
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

/** Returns whether the terminal is GNU screen, by STY, or by TERM where STY doesn't reach, as over ssh. tmux uses that name too. */
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

/** The number of colors in the terminfo entry, wherever it is found first. */
function maxColors(name: string, environment: TerminalEnvironment, readFile: ReadFile): number | undefined {
	// A name is a part of a path.
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
		// By the first letter, or on macOS by its number.
		for (const sub of [name.slice(0, 1), name.charCodeAt(0).toString(16)]) {
			try {
				return readMaxColors(readFile(path.join(folder ?? '', sub, name)));
			} catch {}
		}
	}

	return undefined;
}
