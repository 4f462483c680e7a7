import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {LazySegmenter, printable} from '../../.build/lighter/segmenter.ts';
import {anyCharacter} from '../helpers/any-character.ts';

const own = new LazySegmenter();
const real = new Intl.Segmenter();

const text = fc
	.array(
		fc.oneof(
			fc.constantFrom('abc', '│▇⠋', '\u001B[31m', '10⁻³', '模型', 'e\u0301', '👩‍🚀', '\r\n', '\u200D', '🇩🇪'),
			fc.string({unit: anyCharacter}),
		),
		{maxLength: 6},
	)
	.map(parts => parts.join(''));

test('LazySegmenter splits a string into the same graphemes as Intl.Segmenter', () => {
	fc.assert(
		fc.property(text, fc.integer({min: -1, max: 12}), (one, index) => {
			assert.deepEqual([...own.segment(one)], [...real.segment(one)]);
			assert.deepEqual(own.segment(one).containing(index), real.segment(one).containing(index));
		}),
		{numRuns: 3000},
	);
});

test('if the characters of frames are joined, in ascending or descending order, each is a separate grapheme', () => {
	const isPrintable = new RegExp(`[${printable}]`);
	const characters = Array.from({length: 0x1_00_00}, (_, code) => String.fromCharCode(code)).filter(one =>
		isPrintable.test(one),
	);
	assert.ok(characters.length > 400);
	const all = `${characters.join('')}${characters.toReversed().join('')}`;
	assert.equal([...real.segment(all)].length, all.length);
});
