import type {Environment} from '../../credentials/environment.ts';

/** What the terminal can show: `auto` leaves the depth of colours to the terminal. */
export type Appearance = {readonly color: 'auto' | 'none'; readonly symbols: 'block' | 'ascii'};

type Color = {readonly value: Appearance['color']; readonly from: string};
type Symbols = {readonly text: Appearance['symbols']; readonly from: string};

/** Whether the terminal says of itself that it can do no more than add lines. */
export function isDumb({TERM: terminal}: Environment): boolean {
	return terminal === 'dumb';
}

/** Whether there are colours, whatever the theme, and what says so. */
export function readColor(environment: Environment, noColor: boolean): Color {
	if (noColor) {
		return {value: 'none', from: 'flag --no-color'};
	}

	if ((environment['NO_COLOR'] ?? '') !== '') {
		return {value: 'none', from: 'NO_COLOR'};
	}

	return isDumb(environment) ? {value: 'none', from: 'TERM'} : {value: 'auto', from: 'default'};
}

/** The symbols where none are asked for, and what says so. */
export function symbolsOfTerminal(environment: Environment): Symbols {
	const {TERM: terminal} = environment;
	// The fonts of the Linux console have none of the eighth blocks.
	if (terminal === 'dumb' || terminal === 'linux') {
		return {text: 'ascii', from: 'TERM'};
	}

	return {text: showsBlocks(environment) ? 'block' : 'ascii', from: 'locale'};
}

/**
 * A locale that is set counts, as in htop and tmux: `C`, `POSIX` and `en_US.ISO-8859-1` are not UTF-8. Where none is set
 * (containers, `kubectl exec`) the terminal is almost certainly UTF-8 today, as systemd and btop assume. Not so within
 * tmux or screen: they decide by the same variables, and would print `_` or `?` for each symbol.
 */
function showsBlocks(environment: Environment): boolean {
	const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || '';
	if (locale !== '') {
		return /utf-?8/i.test(locale);
	}

	return !environment['TMUX'] && !environment['STY'];
}
