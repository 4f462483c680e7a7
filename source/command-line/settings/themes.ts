import type {SymbolSet} from '../../theme/tones.ts';

/** The themes. `auto` asks the terminal whether its background is dark. */
export const themes = ['auto', 'dark', 'light', 'mono', 'colorblind'] as const;

export type ThemeName = (typeof themes)[number];

/** What charts are drawn with, as `--symbols` names it. */
export const symbolSets: readonly SymbolSet[] = ['braille', 'block', 'ascii'];
