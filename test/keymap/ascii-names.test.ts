import assert from 'node:assert/strict';
import {test} from 'node:test';
import {keymap} from '../../source/keymap/keymap.ts';
import {keyHint, keyNames} from '../../source/keymap/names.ts';

test('in ASCII arrow keys are words: their signs are other keys', () => {
	const hints = keymap.map(entry => keyHint(entry, true));
	assert.ok(hints.includes('up/down') && hints.includes('left/right') && hints.includes('+-'));
	for (const text of [...hints, ...keymap.map(entry => keyNames(entry, true))]) {
		assert.match(text, /^[ -~]*$/);
	}
});
