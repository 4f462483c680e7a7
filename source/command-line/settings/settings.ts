import {type Comparison, comparisons} from '../../metrics/comparison.ts';
import {defaultWindow, findWindow, type Window, windows} from '../../metrics/windows.ts';
import type {SymbolSet} from '../../theme/tones.ts';
import type {FlagName} from '../flags.ts';
import {parseInterval, showDuration} from '../moment.ts';
import {type Parsed, parseName, parseSwitch, quote} from '../parse-value.ts';
import type {TerminalAppearance} from './environment.ts';

/** A setting that a flag, an environment variable and the configuration file can set. */
export type Setting<Value> = {
	/** The key in the file, and the name in --print-config. */
	readonly name: string;
	readonly flag: FlagName;
	readonly variable: `LOOPS_TOP_${string}`;
	/** Whether the value in the file is true or false; otherwise it is a text or a number. */
	readonly isSwitch: boolean;
	/** A valid text. */
	readonly example: string;
	readonly parse: (text: string) => Parsed<Value>;
	readonly show: (value: Value) => string;
	/** The default. */
	readonly preset: Value;
};

/** Any setting, whatever its type of value. */
export type AnySetting = Omit<Setting<unknown>, 'show'>;

/** The themes. `auto` asks the terminal whether its background is dark. */
export const themes = ['auto', 'dark', 'light', 'mono', 'colorblind'] as const;

export type ThemeName = (typeof themes)[number];

/** What charts are drawn with, as `--symbols` names it. */
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
		show: value => (value === undefined ? 'the list price' : `$${value} per node and hour`),
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

/** More than any node costs. */
const highestPrice = 100_000;

function parsePrice(text: string): Parsed<number | undefined> {
	const digits = /^\$?(\d+(?:\.\d+)?)$/.exec(text)?.[1];
	const value = Number(digits);
	return digits === undefined || value === 0 || value > highestPrice
		? {mistake: `${quote(text)} is not a price in US dollars per node and hour: give a number such as 52 or 6.50.`}
		: {value};
}
