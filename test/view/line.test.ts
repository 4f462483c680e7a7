import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import stringWidth from 'string-width';
import {
	breakAtWidth,
	cutEnd,
	cutMiddle,
	firstFitting,
	fitLine,
	lineText,
	lineWidth,
	spaceBetween,
	span,
	textWidth,
	wrapWords,
} from '../../source/view/line.ts';

/** Clean text: characters of all widths, but no control characters. */
const word = fc.string({unit: fc.constantFrom('a', 'Z', '0', '-', ' ', '·', '▇', '模', '型', 'é', 'ñ')});
const width = fc.integer({min: 0, max: 40});

test('widths are the same as those of string-width', () => {
	fc.assert(fc.property(word, text => assert.equal(textWidth(text), stringWidth(text))));
});

test('a cut string is never wider than requested, and a string that fits is unchanged', () => {
	fc.assert(
		fc.property(word, width, (text, room) => {
			for (const cut of [cutEnd, cutMiddle]) {
				assert.ok(textWidth(cut(text, room)) <= room);
				assert.ok(textWidth(text) > room || cut(text, room) === text);
			}
		}),
	);
});

test('a fitted line has exactly the requested width', () => {
	fc.assert(
		fc.property(fc.array(word), width, (texts, room) => {
			const line = fitLine(
				texts.map(text => span(text)),
				room,
			);
			assert.equal(lineWidth(line), room);
		}),
	);
});

const cuts: ReadonlyArray<readonly [text: string, room: number, end: string, middle: string]> = [
	['loops-trainer-12', 16, 'loops-trainer-12', 'loops-trainer-12'],
	['loops-trainer-12', 13, 'loops-traine…', 'loops-…ner-12'],
	['loops-trainer-12', 4, 'loo…', 'lo…2'],
	['loops-trainer-12', 1, '…', '…'],
	['loops-trainer-12', 0, '', ''],
	['模型模型', 5, '模型…', '模…型'],
];

for (const [text, room, end, middle] of cuts) {
	test(`${text} is cut to ${room} cells at its end and in its middle`, () => {
		assert.equal(cutEnd(text, room), end);
		assert.equal(cutMiddle(text, room), middle);
	});
}

test("spaceBetween puts both parts at the ends, and omits the right one if they don't fit", () => {
	assert.equal(lineText(spaceBetween([span('ab')], [span('cd')], 8)), 'ab    cd');
	assert.equal(lineText(spaceBetween([span('ab')], [span('cd')], 4)), 'ab  ');
});

test('the first form that fits is used, or the last one if none does', () => {
	const forms = [[span('long form')], [span('short')], [span('x')]];
	assert.equal(lineText(firstFitting(forms, 9)), 'long form');
	assert.equal(lineText(firstFitting(forms, 6)), 'short');
	assert.equal(lineText(firstFitting(forms, 0)), 'x');
});

test('text is wrapped between words, and only overlong words are cut', () => {
	assert.deepEqual(wrapWords('no requests in the last 1h', 12), ['no requests', 'in the last', '1h']);
	assert.deepEqual(wrapWords('unbelievable', 6), ['unbel…']);
});

test('a string that is broken into pieces of the available width loses nothing', () => {
	fc.assert(
		fc.property(word, fc.integer({min: 2, max: 40}), (text, room) => {
			const pieces = breakAtWidth(text, room);
			assert.equal(pieces.join(''), text);
			assert.ok(pieces.every(piece => textWidth(piece) <= room));
			// A wide character that doesn't fit can leave one cell empty.
			assert.ok(pieces.slice(0, -1).every(piece => textWidth(piece) >= room - 1));
		}),
	);
});
