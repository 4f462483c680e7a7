import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import stringWidth from 'string-width';
import quickStringWidth from '../../.build/lighter/string-width.ts';
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

test('a string has the same width as with string-width', () => {
	fc.assert(
		fc.property(fc.array(parts, {maxLength: 8}), texts => {
			const text = texts.join('');
			assert.equal(quickStringWidth(text), stringWidth(text));
		}),
		{numRuns: 3000},
	);
});
