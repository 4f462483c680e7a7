import assert from 'node:assert/strict';
import path from 'node:path';
import {test} from 'node:test';
import {build} from 'esbuild';
import fc from 'fast-check';
import stringWidth from 'string-width';
import quickStringWidth from '../../.build/lighter/string-width.ts';
import {lighterInk} from '../../.build/lighter-ink.ts';
import {anyCharacter} from '../helpers/any-character.ts';

const parts = fc.oneof(
	fc.constantFrom(
		'',
		' ',
		'abc',
		'│╭╮╰╯─┤▁▂▃▄▅▆▇█▏░',
		'▸↑↓←→●○×·…–',
		'⠋⠙',
		'\u001b[31m',
		'\u001b[38;2;1;2;3;1m',
		'\u001b[0m',
	),
	fc.constantFrom(
		'模型',
		'ﾊﾟ',
		'e\u0301',
		'👩‍🚀',
		'☺️',
		'◽',
		'\t',
		'\n',
		'\u001b[2J',
		'\u001b]0;a\u0007',
		'\u0000',
		'\u200d',
	),
	fc.string({unit: 'grapheme'}),
	fc.string({unit: anyCharacter}),
);

const {
	outputFiles: [bundled],
} = await build({
	stdin: {contents: "export {default} from 'string-width'", resolveDir: path.join(import.meta.dirname, '..', '..')},
	bundle: true,
	write: false,
	format: 'esm',
	define: {'Intl.Segmenter': 'LazySegmenter'},
	plugins: [lighterInk],
});
assert.ok(bundled);
const {default: bundledStringWidth}: {readonly default: typeof stringWidth} = await import(
	`data:text/javascript;base64,${Buffer.from(bundled.contents).toString('base64')}`
);

const emoji = [
	'\u00A9',
	'\u00A9\uFE0F',
	'1\uFE0F\u20E3',
	'1\u20E3',
	'🇩🇪',
	'🇩',
	'🏴󠁧󠁢󠁥󠁮󠁧󠁿',
	'☝🏽',
	'⛓️‍💥',
	'❤‍🔥',
	'🏽',
	'👁️‍🗨️',
	'👁‍🗨',
];

test('the bundled string-width measures emoji like the original, with and without a variation selector', () => {
	for (const text of emoji) {
		assert.equal(bundledStringWidth(text), stringWidth(text), text);
	}

	for (let code = 0; code < 0x2_00_00; code++) {
		const character = String.fromCodePoint(code);
		for (const text of /\p{Emoji}/u.test(character) ? [character, `${character}\uFE0F`] : []) {
			assert.equal(bundledStringWidth(text), stringWidth(text), JSON.stringify(text));
		}
	}
});

test('the faster replacement for string-width returns the same widths as the original', () => {
	fc.assert(
		fc.property(fc.array(parts, {maxLength: 8}), texts => {
			const text = texts.join('');
			assert.equal(quickStringWidth(text), stringWidth(text));
		}),
		{numRuns: 3000},
	);
});
