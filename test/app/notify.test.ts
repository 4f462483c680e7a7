import assert from 'node:assert/strict';
import {test} from 'node:test';
import {bellFor} from '../../source/app/notify.ts';

test('the bell is a bell alone if a terminal would print the rest', () => {
	assert.equal(bellFor('a', 'xterm-256color'), '\u0007\u001b]9;a\u0007');
	assert.equal(bellFor('a', 'linux'), '\u0007');
	assert.equal(bellFor('a', 'eterm-color'), '\u0007');
	assert.equal(bellFor('a', undefined), '\u0007');
});
