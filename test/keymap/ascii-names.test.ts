import assert from 'node:assert/strict';
import {test} from 'node:test';
import {keyHint, keyNames} from '../../source/keymap/entry.ts';
import {keymap} from '../../source/keymap/keymap.ts';

test('in ASCII, arrow keys are named in words, because the ASCII counterparts of their symbols are other keys', () => {
	const hints = keymap.map(entry => keyHint(entry, true));
	assert.ok(hints.includes('up/down') && hints.includes('left/right') && hints.includes('+-'));
	for (const text of [...hints, ...keymap.map(entry => keyNames(entry, true))]) {
		assert.match(text, /^[ -~]*$/);
	}
});
