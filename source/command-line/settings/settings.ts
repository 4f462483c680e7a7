import type {Environment} from '../../credentials/host-environment.ts';
import {type Comparison, comparisons, defaultWindow, findWindow, type Window, windows} from '../../metrics/windows.ts';
import type {SymbolSet} from '../../theme/tones.ts';
import type {FlagName} from '../flags.ts';
import {type Parsed, parseInterval, parseName, parseSwitch, quote, showDuration} from '../parse-value.ts';

/** The colors and symbols to draw with. `auto` means that the color depth depends on the terminal. */
export type TerminalAppearance = {readonly color: 'auto' | 'none'; readonly symbols: SymbolSet};

type Color = {readonly value: TerminalAppearance['color']; readonly from: string};
type Symbols = {readonly text: TerminalAppearance['symbols']; readonly from: string};

/** Returns whether the terminal can only print lines (TERM=dumb). */
export function isDumb({TERM: terminal}: Environment): boolean {
	return terminal === 'dumb';
}

/** Returns whether colors are used, regardless of the theme, and the source of that decision. */
export function readColor(environment: Environment, noColor: boolean): Color {
	if (noColor) {
		return {value: 'none', from: 'option --no-color'};
	}

	if ((environment['NO_COLOR'] ?? '') !== '') {
		return {value: 'none', from: 'NO_COLOR'};
	}

	return isDumb(environment) ? {value: 'none', from: 'TERM'} : {value: 'auto', from: 'default'};
}

/** Returns the default symbols for this terminal, and the source of that decision. */
export function symbolsOfTerminal(environment: Environment): Symbols {
	const {TERM: terminal = ''} = environment;
	// The fonts of the Linux console lack most of the eighth blocks. If Emacs 28 reads a character in two parts, it
	// prints the character's bytes.
	if (/^(?:screen\.)?(?:dumb$|linux|eterm)/.test(terminal)) {
		return {text: 'ascii', from: 'TERM'};
	}

	if (!showsBlocks(environment)) {
		return {text: 'ascii', from: 'locale'};
	}

	// Neovim 0.7.2 does the same as Emacs, and shifts the rest of the row. It sets NVIM in its terminal.
	if (environment['NVIM'] !== undefined) {
		return {text: 'ascii', from: 'NVIM'};
	}

	// mlterm 3.9 draws braille dots as boxes, regardless of its font.
	return terminal.startsWith('mlterm') ? {text: 'block', from: 'TERM'} : {text: 'braille', from: 'locale'};
}

/**
 * Returns whether the terminal can show symbols outside ASCII. This depends on the locale, as in htop and tmux: `C`,
 * `POSIX`, and `en_US.ISO-8859-1` aren't UTF-8. Without a locale (containers, `kubectl exec`), the terminal almost
 * certainly uses UTF-8, as systemd and btop assume. The exceptions are tmux and screen, which check the same variables,
 * and would print `_` or `?` for each symbol.
 */
function showsBlocks(environment: Environment): boolean {
	const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || '';
	if (locale !== '') {
		return /utf-?8/i.test(locale);
	}

	return !environment['TMUX'] && !environment['STY'];
}

/** A setting that can be set by a flag, by an environment variable, and in the settings file. */
export type Setting<Value> = {
	/** The key in the file, and the name in --print-config. */
	readonly name: string;
	readonly flag: FlagName;
	readonly variable: `LOOPS_TOP_${string}`;
	/** Whether the value in the file is a boolean rather than a string or a number. */
	readonly isSwitch: boolean;
	/** A valid value, as text. */
	readonly example: string;
	readonly parse: (text: string) => Parsed<Value>;
	readonly show: (value: Value) => string;
	/** The value if no source has the setting. */
	readonly preset: Value;
};

/** Any setting, regardless of the type of its value. */
export type AnySetting = Omit<Setting<unknown>, 'show'>;

/** The themes. `auto` follows the terminal's background. */
export const themes = ['auto', 'dark', 'light', 'mono', 'colorblind'] as const;

export type ThemeName = (typeof themes)[number];

/** The sets of chart characters, as named by `--symbols`. */
export const symbolSets: readonly SymbolSet[] = ['braille', 'block', 'ascii'];

const switchCommon = {isSwitch: true, example: 'true', parse: parseSwitch, show: String, preset: false} as const;

/** All settings except thresholds, which share one flag. */
export const settings = {
	window: {
		name: 'window',
		flag: 'window',
		variable: 'LOOPS_TOP_WINDOW',
		isSwitch: false,
		example: '3h',
		parse: parseWindow,
		show: ({name}) => name,
		preset: defaultWindow,
	} satisfies Setting<Window>,
	interval: {
		name: 'interval',
		flag: 'interval',
		variable: 'LOOPS_TOP_INTERVAL',
		isSwitch: false,
		example: '30s',
		parse: parseInterval,
		show: showDuration,
		preset: 10_000,
	} satisfies Setting<number>,
	compare: {
		name: 'compare',
		flag: 'compare',
		variable: 'LOOPS_TOP_COMPARE',
		isSwitch: false,
		example: '1d',
		parse: text => parseName(text, comparisons),
		show: String,
		preset: 'off',
	} satisfies Setting<Comparison>,
	theme: {
		name: 'theme',
		flag: 'theme',
		variable: 'LOOPS_TOP_THEME',
		isSwitch: false,
		example: 'dark',
		parse: text => parseName(text, themes),
		show: String,
		preset: 'auto',
	} satisfies Setting<ThemeName>,
	symbols: {
		name: 'symbols',
		flag: 'symbols',
		variable: 'LOOPS_TOP_SYMBOLS',
		isSwitch: false,
		example: 'ascii',
		parse: text => parseName(text, symbolSets),
		show: String,
		preset: 'braille',
	} satisfies Setting<TerminalAppearance['symbols']>,
	price: {
		name: 'price',
		flag: 'price',
		variable: 'LOOPS_TOP_PRICE',
		isSwitch: false,
		example: '52',
		parse: parsePrice,
		show: value => (value === undefined ? 'the list price' : `$${value} per node per hour`),
		preset: undefined,
	} satisfies Setting<number | undefined>,
	utc: {...switchCommon, name: 'utc', flag: 'utc', variable: 'LOOPS_TOP_UTC'} satisfies Setting<boolean>,
	mouse: {...switchCommon, name: 'mouse', flag: 'mouse', variable: 'LOOPS_TOP_MOUSE'} satisfies Setting<boolean>,
	plain: {...switchCommon, name: 'plain', flag: 'plain', variable: 'LOOPS_TOP_PLAIN'} satisfies Setting<boolean>,
	bell: {...switchCommon, name: 'bell', flag: 'bell', variable: 'LOOPS_TOP_BELL'} satisfies Setting<boolean>,
};

function parseWindow(text: string): Parsed<Window> {
	const value = findWindow(text);
	const names = windows.map(({name}) => name);
	return value === undefined ? {mistake: `${quote(text)} isn't one of ${names.join(', ')}.`} : {value};
}

/** The highest plausible hourly price of a node, in US dollars. */
const highestPrice = 100_000;

function parsePrice(text: string): Parsed<number | undefined> {
	const digits = /^\$?(\d+(?:\.\d+)?)$/.exec(text)?.[1];
	const value = Number(digits);
	return digits === undefined || value === 0 || value > highestPrice
		? {mistake: `${quote(text)} isn't a price in US dollars per node per hour. Use a number such as 52 or 6.50.`}
		: {value};
}
