import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createPainter, hasFaint} from '../../source/theme/theme.ts';
import {
	backgroundOf,
	type Color,
	contrast,
	palettes,
	type Rgb,
	rgbOf,
	type Style,
	stylesOf,
	type Tone,
} from '../../source/theme/tones.ts';

/**
 * The default backgrounds and sixteen colors of terminals, from their source code and settings files: xterm 379, urxvt
 * 9.30, kitty 0.26, konsole 22.12 (Breeze), foot 1.13, the Linux console (drivers/tty/vt/vt.c), and PuTTY 0.78.
 */
const sixteen = {
	dark: {
		xterm:
			'000000 000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff',
		urxvt:
			'000000 000000 cd0000 00cd00 cdcd00 0000cd cd00cd 00cdcd faebd7 404040 ff0000 00ff00 ffff00 0000ff ff00ff 00ffff ffffff',
		kitty:
			'000000 000000 cc0403 19cb00 cecb00 0d73cc cb1ed1 0dcdcd dddddd 767676 f2201f 23fd00 fffd00 1a8fff fd28ff 14ffff ffffff',
		konsole:
			'232627 232627 ed1515 11d116 f67400 1d99f3 9b59b6 1abc9c fcfcfc 7f8c8d c0392b 1cdc9a fdbc4b 3daee9 8e44ad 16a085 ffffff',
		foot: '111111 222222 cc9393 7f9f7f d0bf8f 6ca0a3 dc8cc3 93e0e3 dcdccc 666666 dca3a3 bfebbf f0dfaf 8cd0d3 fcace3 b3ffff ffffff',
		linux:
			'000000 000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff',
		putty:
			'000000 000000 bb0000 00bb00 bbbb00 0000bb bb00bb 00bbbb bbbbbb 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff',
	},
	light: {
		xterm:
			'ffffff 000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff',
		urxvt:
			'ffffff 000000 cd0000 00cd00 cdcd00 0000cd cd00cd 00cdcd faebd7 404040 ff0000 00ff00 ffff00 0000ff ff00ff 00ffff ffffff',
	},
} as const;

/** Backgrounds of terminals and of well-known color schemes. */
const backgrounds = {
	dark: ['#000000', '#1e1e1e', '#171421', '#282a36', '#002b36', '#2e3440', '#282828', '#0c0c0c'],
	light: ['#ffffff', '#fafafa', '#fdf6e3', '#eff1f5', '#f5f5f5'],
} as const;

const tones: readonly Tone[] = [
	...(['plain', 'dim', 'strong', 'accent', 'good', 'warn', 'bad'] as const),
	...(['first', 'second', 'third', 'little', 'some', 'much', 'selected'] as const),
];

/** Returns whether a color is in the palette of 256 colors: in its color cube or among its grays. */
function isOfPalette256(hex: string): boolean {
	const levels = [0, 95, 135, 175, 215, 255];
	const parts = rgbOf(hex).map(share => Math.round(share * 255));
	return parts.every(part => levels.includes(part)) || (new Set(parts).size === 1 && ((parts[0] ?? 0) - 8) % 10 === 0);
}

/**
 * Returns the colors in which a style can be shown. In many terminals, bold turns each of the first eight colors into
 * the corresponding one of the next eight.
 */
function shownAs({color, bold}: Style): readonly Color[] {
	return color === undefined
		? []
		: typeof color === 'number' && color < 8 && bold === true
			? [color, color + 8]
			: [color];
}

for (const background of ['dark', 'light'] as const) {
	for (const level of [1, 2, 3] as const) {
		for (const palette of palettes) {
			if (palette !== 'mono' && palette !== (background === 'dark' ? 'light' : 'dark')) {
				test(`the palette ${palette} is readable on a ${background} background at level ${level}`, () => {
					for (const [tone, style] of Object.entries(stylesOf(palette, background, level))) {
						for (const color of shownAs(style)) {
							if (typeof color === 'number') {
								for (const [name, list] of Object.entries(sixteen[background])) {
									const [own = assert.fail(), ...colors] = list.split(' ').map(hex => rgbOf(`#${hex}`));
									const ratio = contrast(colors[color] ?? assert.fail(), own);
									assert.ok(ratio >= 4.5, `${tone} ${color} in ${name} has a contrast of ${ratio}`);
								}
							} else {
								assert.ok(isOfPalette256(color), `${tone} ${color} becomes another color with 256 colors`);
								for (const one of backgrounds[background]) {
									const ratio = contrast(rgbOf(color), rgbOf(one));
									assert.ok(ratio >= 4.5, `${tone} ${color} on ${one} has a contrast of ${ratio}`);
								}
							}
						}
					}
				});
			}
		}
	}
}

for (const palette of ['auto', 'mono', 'colorblind'] as const) {
	test(`with the theme ${palette} on an unknown background, important text is also bold or underlined`, () => {
		for (const level of [0, 1, 2, 3] as const) {
			const styles = stylesOf(palette, undefined, level);
			const {bad, warn, strong, selected} = styles;
			assert.ok(bad.bold && bad.underline && warn.underline && strong.bold && selected.bold);
			for (const [tone, {color, faint}] of Object.entries(styles)) {
				assert.ok(faint === undefined || tone === 'dim', `${tone} is dim`);
				assert.ok(typeof color !== 'number');
				if (color !== undefined) {
					const [onBlack, onWhite] = [contrast(rgbOf(color), [0, 0, 0]), contrast(rgbOf(color), [1, 1, 1])];
					assert.ok(onBlack >= 4.5 && onWhite >= 4.5, `${tone} ${color}: ${onBlack}, ${onWhite}`);
				}
			}
		}
	});
}

test('no text is dim in the Linux console, which shows dim text in dark gray', () => {
	for (const theme of ['auto', ...palettes] as const) {
		const look = {color: 'auto', symbols: 'block', theme, level: 1} as const;
		for (const name of ['linux', 'linux-16color', 'screen.linux']) {
			assert.equal(createPainter({...look, hasFaint: hasFaint(name)}, 'dark')('x', 'dim'), 'x');
		}

		assert.match(createPainter({...look, hasFaint: hasFaint('xterm')}, 'dark')('x', 'dim'), /\[2m/);
	}
});

test('no curve and no amount has a warning color', () => {
	for (const palette of palettes.filter(one => one !== 'mono')) {
		for (const background of ['dark', 'light', undefined] as const) {
			const {warn, bad, first, second, third, little, some, much} = stylesOf(palette, background, 3);
			const curves = [first, second, third].map(({color}) => color);
			assert.equal(new Set(curves).size, 3, `curves of ${palette} have the same color`);
			for (const color of [...curves, little.color, some.color, much.color].filter(one => one !== undefined)) {
				assert.ok(color !== warn.color && color !== bad.color, `${color} of ${palette} is a warning color`);
			}
		}
	}
});

/** Returns the color with a number from 16 to 255 in xterm's palette of 256 colors. */
function colorOf256(number: number): Rgb {
	const levels = [0, 95, 135, 175, 215, 255].map(part => part / 255);
	const gray = (8 + 10 * (number - 232)) / 255;
	const [red = 0, green = 0, blue = 0] = [36, 6, 1].map(unit => levels[Math.floor((number - 16) / unit) % 6]);
	return number >= 232 ? [gray, gray, gray] : [red, green, blue];
}

test('text written for 256 colors has exactly the color of its tone', () => {
	for (const theme of ['auto', ...palettes] as const) {
		for (const background of ['dark', 'light', undefined] as const) {
			const paint = createPainter({color: 'auto', symbols: 'block', theme, level: 2}, background);
			for (const tone of tones) {
				const [, number] = /\[38;5;(\d+)m/.exec(paint('x', tone)) ?? [];
				const {color} = stylesOf(theme, background, 2)[tone];
				assert.equal(number === undefined, color === undefined);
				if (typeof color === 'string') {
					assert.deepEqual(colorOf256(Number(number)), rgbOf(color), `${theme} ${tone}`);
				}
			}
		}
	}
});

test('the spaces before and after text are never underlined', () => {
	const paint = createPainter({color: 'none', symbols: 'block', theme: 'mono', level: 1});
	assert.equal(paint(' a b ', 'warn').replaceAll('\u001b', '^'), ' ^[4ma b^[24m ');
	assert.doesNotMatch(paint('  ', 'bad'), /4m/);
	assert.equal(paint('', 'bad'), '');
});

test('a background counts as dark or light only if the colors for it are readable on it', () => {
	for (const background of ['dark', 'light'] as const) {
		for (const one of backgrounds[background]) {
			assert.equal(backgroundOf(rgbOf(one)), background, one);
		}
	}

	for (const one of ['#808080', '#555555', '#b0b0b0']) {
		assert.equal(backgroundOf(rgbOf(one)), undefined, one);
	}
});

test('the contrast of black and white is 21, and the contrast of a color with itself is 1', () => {
	const black: Rgb = [0, 0, 0];
	assert.equal(contrast(black, [1, 1, 1]), 21);
	assert.equal(contrast(rgbOf('#5fd7ff'), rgbOf('#5fd7ff')), 1);
});

test('nothing is in reverse video, and without colors, text is at most bold, underlined, or dim', () => {
	for (const theme of ['auto', ...palettes] as const) {
		for (const level of [0, 1, 2, 3] as const) {
			for (const tone of ['plain', 'dim', 'strong', 'accent', 'good', 'warn', 'bad', 'selected'] as const) {
				const colorful = createPainter({color: 'auto', symbols: 'block', theme, level})('▇', tone);
				assert.doesNotMatch(colorful, /\[(?:\d+;)*7m/);
				const colorless = createPainter({color: 'none', symbols: 'block', theme, level})('▇', tone);
				assert.doesNotMatch(colorless, /\[[34]\d|\[9\d/);
			}
		}
	}

	assert.equal(createPainter({color: 'auto', symbols: 'block', theme: 'auto', level: 0})('x', 'bad'), 'x');
});
