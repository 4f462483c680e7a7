import assert from 'node:assert/strict';
import {test} from 'node:test';
import stringWidth from 'string-width';
import {toAscii} from '../../source/theme/theme.ts';

const cases: ReadonlyArray<readonly [text: string, ascii: string]> = [
	['plain', 'plain'],
	['▸ 88%…', '> 88%~'],
	['╭─╮│╰╯', ".-.|''"],
	['模型', '????'],
	['é', '?'],
	// A letter with a combining mark, for which there is no single Unicode character.
	['x\u0301', '?'],
	// Syllables that consist of several characters.
	['क्षि', '??'],
	['ก็', '?'],
];

for (const [text, ascii] of cases) {
	test(`${JSON.stringify(text)} in ASCII is ${ascii}, with the same width`, () => {
		assert.equal(toAscii(text), ascii);
		assert.equal(ascii.length, stringWidth(text));
	});
}
