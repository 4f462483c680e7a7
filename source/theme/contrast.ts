/** A color by the shares of red, green and blue, 0–1. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Returns the color of `#rrggbb`. */
export function rgbOf(hex: string): Rgb {
	const share = (from: number): number => Number.parseInt(hex.slice(from, from + 2), 16) / 255;
	return [share(1), share(3), share(5)];
}

/** Relative luminance, 0–1, as WCAG 2 defines it. */
function luminance(color: Rgb): number {
	const [red, green, blue] = color.map(share => (share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4));
	return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

/** Returns the contrast of two colors, 1–21, as WCAG 2 defines it. Text needs 4.5. */
export function contrast(one: Rgb, other: Rgb): number {
	const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
	return (high + 0.05) / (low + 0.05);
}
