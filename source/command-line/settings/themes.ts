/** The sets of colours that there are. `auto` asks the terminal whether it is dark. */
export const themes = ['auto', 'dark', 'light', 'mono', 'colorblind'] as const;

export type ThemeName = (typeof themes)[number];
