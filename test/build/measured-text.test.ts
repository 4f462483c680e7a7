import assert from 'node:assert/strict';
import {test} from 'node:test';
import measureText from '../../.build/lighter/measured-text.ts';
import inkMeasureText from '../../node_modules/ink/build/measure-text.js';

test('a string has the size that Ink measures', () => {
	for (const text of ['', ' ', 'a', '\n\n ', 'one\nlonger\n', '模型\nab', '\u001B[1mbold\u001B[22m\n⠋']) {
		assert.deepEqual(measureText(text), inkMeasureText(text), JSON.stringify(text));
	}
});
