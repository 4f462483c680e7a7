/** The environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the terminal can show: `auto` leaves the depth of colours to the terminal. */
export type Appearance = {readonly color: 'auto' | 'none'; readonly symbols: 'block' | 'ascii'};

type Wishes = {
	readonly environment: Environment;
	readonly noColor: boolean;
	readonly ascii: boolean;
};

/** Colours and symbols: what the flags ask for, else what the environment says of the terminal. */
export function readAppearance({environment, noColor, ascii}: Wishes): Appearance {
	const isDumb = environment['TERM'] === 'dumb';
	const wantsNoColor = noColor || isDumb || (environment['NO_COLOR'] ?? '') !== '';
	const wantsAscii = ascii || isDumb || !showsBlocks(environment);
	return {color: wantsNoColor ? 'none' : 'auto', symbols: wantsAscii ? 'ascii' : 'block'};
}

/**
 * A locale that is set counts, as in htop and tmux: `C`, `POSIX` and `en_US.ISO-8859-1` are not UTF-8. Where none is set
 * (containers, `kubectl exec`) the terminal is almost certainly UTF-8 today, as systemd and btop assume. Not so within
 * tmux or screen: they decide by the same variables, and would print `_` or `?` for each symbol.
 */
function showsBlocks(environment: Environment): boolean {
	// The fonts of the Linux console have none of the eighth blocks.
	if (environment['TERM'] === 'linux') {
		return false;
	}

	const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || '';
	if (locale !== '') {
		return /utf-?8/i.test(locale);
	}

	return !environment['TMUX'] && !environment['STY'];
}
