// Longer than 250 lines because it is one table: the style of every tone on every background.

/** A color as its shares of red, green, and blue, 0–1. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Returns the color of `#rrggbb`. */
export function rgbOf(hex: string): Rgb {
	const share = (from: number): number => Number.parseInt(hex.slice(from, from + 2), 16) / 255;
	return [share(1), share(3), share(5)];
}

/** Returns the relative luminance, 0–1, as WCAG 2 defines it. */
function luminance(color: Rgb): number {
	const [red, green, blue] = color.map(share => (share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4));
	return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

/** Returns the contrast between two colors, 1–21, as WCAG 2 defines it. Text requires 4.5. */
export function contrast(one: Rgb, other: Rgb): number {
	const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
	return (high + 0.05) / (low + 0.05);
}

/** The role of a piece of text, which the theme maps to its appearance. */
export type Tone =
	| 'plain'
	| 'dim'
	| 'strong'
	| 'accent'
	| 'good'
	| 'warn'
	| 'bad'
	| 'first'
	| 'second'
	| 'third'
	| 'little'
	| 'some'
	| 'much'
	| 'selected';

/**
 * A color: `#rrggbb`, which is also in the palette of 256, or the number of one of the terminal's own sixteen colors.
 */
export type Color = `#${string}` | number;

/** The style of a tone. Without a color, it has the default foreground. */
export type Style = {
	readonly color?: Color;
	readonly bold?: true;
	readonly underline?: true;
	readonly faint?: true;
};

type Styles = Readonly<Record<Tone, Style>>;

/** The colors of the tones that have their own color if there are 256 colors or more. */
type Colors = Readonly<
	Record<
		'dim' | 'accent' | 'good' | 'warn' | 'bad' | 'first' | 'second' | 'third' | 'little' | 'some' | 'much',
		`#${string}`
	>
>;

function rich({dim, accent, good, warn, bad, first, second, third, little, some, much}: Colors): Styles {
	return {
		plain: {},
		dim: {color: dim},
		strong: {bold: true},
		accent: {color: accent},
		good: {color: good},
		warn: {color: warn},
		bad: {color: bad, bold: true},
		first: {color: first},
		second: {color: second},
		third: {color: third},
		little: {color: little},
		some: {color: some},
		much: {color: much},
		selected: {color: accent, bold: true},
	};
}

/**
 * The styles without any color: important text is bold or underlined. Text is never in reverse video, because bars and
 * charts would be upside down.
 */
const colorless: Styles = {
	plain: {},
	dim: {faint: true},
	strong: {bold: true},
	accent: {},
	good: {},
	warn: {underline: true},
	bad: {bold: true, underline: true},
	first: {},
	second: {},
	third: {},
	little: {},
	some: {},
	much: {},
	selected: {bold: true},
};

/**
 * The colors of medium amounts: shades of teal or blue, which aren't warning colors. Small amounts are dim, and amounts
 * near the maximum have the default color.
 */
const amountsDark = {little: '#5fafaf', some: '#5fd7d7', much: '#afd7d7'} as const;
const amountsLight = {little: '#5f5faf', some: '#005f87', much: '#00005f'} as const;

/**
 * The styles for 256 colors or more on a dark background. If they were chosen based on the exact color of the
 * background (`backgroundOf`), every color has a contrast of at least 4.5 on it.
 */
const richDark = rich({
	dim: '#9e9e9e',
	accent: '#5fd7ff',
	good: '#87d787',
	warn: '#ffd75f',
	bad: '#ff8787',
	first: '#5fd7ff',
	second: '#87afff',
	third: '#d7afff',
	...amountsDark,
});
const richLight = rich({
	dim: '#626262',
	accent: '#005f87',
	good: '#005f00',
	warn: '#875f00',
	bad: '#af0000',
	first: '#005f87',
	second: '#0000d7',
	third: '#870087',
	...amountsLight,
});

/**
 * The styles for 256 colors or more on an unknown background: some of the few colors that have a contrast of at least
 * 4.5 on both white and black. On other backgrounds, the contrast can be lower, so important text is also bold or
 * underlined.
 */
const richUnknown: Styles = {
	...colorless,
	accent: {color: '#5f5fff'},
	good: {color: '#00875f'},
	bad: {color: '#d700af', bold: true, underline: true},
	// The curve of most charts is as bright as text; no curve has a warning color.
	first: {},
	second: {color: '#00875f'},
	third: {color: '#5f5fff'},
	selected: {color: '#5f5fff', bold: true},
};

/**
 * The styles for color-blind users on an unknown background, without green: blue for healthy, magenta for unhealthy.
 */
const colorblindUnknown: Styles = {
	...richUnknown,
	good: {color: '#5f5fff'},
	second: {color: '#767676'},
};

/**
 * The styles for sixteen colors on a dark background. Only 2, 6, 7, 10, 11, 14, and 15 have a contrast of 4.5 on the
 * default dark backgrounds of eleven terminals; no red does. Bold can turn 0–7 into 8–15 (xterm, urxvt, konsole).
 */
const sixteenDark: Styles = {
	...colorless,
	accent: {color: 14},
	good: {color: 2},
	warn: {color: 11},
	bad: {color: 11, bold: true, underline: true},
	first: {color: 14},
	second: {color: 10},
	third: {color: 15},
	little: {color: 6},
	some: {color: 14},
	selected: {color: 14, bold: true},
};

/**
 * The styles for sixteen colors on a light background. Only 0, 1, 4, 5, and 12 have a contrast of 4.5 on the white
 * backgrounds of xterm, urxvt, and mlterm: no green, no yellow, and no bold red.
 */
const sixteenLight: Styles = {
	...colorless,
	accent: {color: 4},
	warn: {color: 5},
	bad: {color: 1, underline: true},
	first: {color: 4},
	second: {color: 5},
	third: {color: 1},
	little: {color: 12},
	some: {color: 4},
	selected: {color: 4, bold: true},
};

/**
 * The styles for color-blind users, based on Okabe and Ito: blue for healthy; for unhealthy, orange on a dark
 * background, and magenta on a light one. No curve has a warning color.
 */
const colorblindDark = rich({
	dim: '#9e9e9e',
	accent: '#87d7ff',
	good: '#5fafff',
	warn: '#ffd75f',
	bad: '#ff8700',
	first: '#87d7ff',
	second: '#5fafff',
	third: '#d7afff',
	...amountsDark,
});
const colorblindLight = rich({
	dim: '#626262',
	accent: '#005f87',
	good: '#005faf',
	warn: '#875f00',
	bad: '#af005f',
	first: '#005f87',
	second: '#0000d7',
	third: '#870087',
	...amountsLight,
});

/** The terminal's background, as far as it is known. */
export type Background = 'dark' | 'light' | undefined;

/** The number of colors: none, 16, 256, or 16 million. */
export type ColorLevel = 0 | 1 | 2 | 3;

/** The sets of colors: for a dark or a light background, without any color, and without red–green contrasts. */
export const palettes = ['dark', 'light', 'mono', 'colorblind'] as const;
/** The name of a set of colors. */
export type Palette = (typeof palettes)[number];

/** The characters for charts and bars: curves of braille dots or of lines, or ASCII only. */
export type SymbolSet = 'braille' | 'block' | 'ascii';

const sets = {
	usual: {rich: {dark: richDark, light: richLight}, sixteen: {dark: sixteenDark, light: sixteenLight}},
	colorblind: {rich: {dark: colorblindDark, light: colorblindLight}, sixteen: {dark: sixteenDark, light: sixteenLight}},
} as const;

/** Returns the style of each tone in a palette, on a background, with this number of colors. */
export function stylesOf(palette: Palette | 'auto', background: Background, level: ColorLevel): Styles {
	if (palette === 'mono' || level === 0) {
		return colorless;
	}

	const known = palette === 'dark' || palette === 'light' ? palette : background;
	const set = sets[palette === 'colorblind' ? 'colorblind' : 'usual'];
	if (known === undefined) {
		return level === 1 ? colorless : palette === 'colorblind' ? colorblindUnknown : richUnknown;
	}

	return set[level === 1 ? 'sixteen' : 'rich'][known];
}

/** The minimum contrast of readable text (WCAG 2, level AA). */
const minContrast = 4.5;

function fits(styles: Styles, background: Rgb): boolean {
	return Object.values(styles).every(
		({color}) => typeof color !== 'string' || contrast(rgbOf(color), background) >= minContrast,
	);
}

/**
 * Returns the set of colors, dark or light, that is readable on a background of this color; undefined if neither is.
 */
export function backgroundOf(color: Rgb): Background {
	return fits(richDark, color) ? 'dark' : fits(richLight, color) ? 'light' : undefined;
}
