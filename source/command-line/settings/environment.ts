import type {Environment} from '../../credentials/environment.ts';
import type {SymbolSet} from '../../theme/tones.ts';

/** What the terminal can show. `auto` leaves the color depth to the terminal. */
export type TerminalAppearance = {readonly color: 'auto' | 'none'; readonly symbols: SymbolSet};

type Color = {readonly value: TerminalAppearance['color']; readonly from: string};
type Symbols = {readonly text: TerminalAppearance['symbols']; readonly from: string};

/** Returns whether the terminal can only print lines (TERM=dumb). */
export function isDumb({TERM: terminal}: Environment): boolean {
	return terminal === 'dumb';
}

/** Returns whether there are colors, whatever the theme, and what decided it. */
export function readColor(environment: Environment, noColor: boolean): Color {
	if (noColor) {
		return {value: 'none', from: 'flag --no-color'};
	}

	if ((environment['NO_COLOR'] ?? '') !== '') {
		return {value: 'none', from: 'NO_COLOR'};
	}

	return isDumb(environment) ? {value: 'none', from: 'TERM'} : {value: 'auto', from: 'default'};
}

/** Returns the default symbols for this terminal, and what decided them. */
export function symbolsOfTerminal(environment: Environment): Symbols {
	const {TERM: terminal = ''} = environment;
	// The fonts of the Linux console don't have most eighth blocks. Emacs 28 prints the bytes of a character that it reads in two parts.
	if (/^(?:dumb|linux|eterm.*)$/.test(terminal)) {
		return {text: 'ascii', from: 'TERM'};
	}

	if (!showsBlocks(environment)) {
		return {text: 'ascii', from: 'locale'};
	}

	// Neovim 0.7.2 does the same as Emacs, and shifts the rest of the row. In its terminal it sets NVIM.
	if (environment['NVIM'] !== undefined) {
		return {text: 'ascii', from: 'NVIM'};
	}

	// mlterm 3.9 draws a box for each of the dots, whatever its font has.
	return terminal.startsWith('mlterm') ? {text: 'block', from: 'TERM'} : {text: 'braille', from: 'locale'};
}

/**
 * Returns whether the terminal shows block symbols. A locale decides, as in htop and tmux: `C`, `POSIX` and
 * `en_US.ISO-8859-1` aren't UTF-8. Without a locale (containers, `kubectl exec`) the terminal is almost certainly
 * UTF-8, as systemd and btop assume, except in tmux or screen: they check the same variables, and would print `_` or
 * `?` for each symbol.
 */
function showsBlocks(environment: Environment): boolean {
	const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || '';
	if (locale !== '') {
		return /utf-?8/i.test(locale);
	}

	return !environment['TMUX'] && !environment['STY'];
}
