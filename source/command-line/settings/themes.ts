/** The themes. `auto` asks the terminal whether its background is dark. */
export const themes = ['auto', 'dark', 'light', 'mono', 'colorblind'] as const;

export type ThemeName = (typeof themes)[number];
