import assert from 'node:assert/strict';
import {test} from 'node:test';
import {parseId} from '../../source/command-line/resource-id.ts';
import {thrownBy} from '../helpers/fake-input.ts';

for (const [text, id] of [
	['k4q95w5', 'k4q95w5'],
	[' k4q95w5\r\n', 'k4q95w5'],
	['a-b_c.d~e', 'a-b_c.d~e'],
	['baseten.cool', 'baseten.cool'],
	['a?b#c%2F', 'a?b#c%2F'],
	['Zürich', 'Zürich'],
	['x'.repeat(200), 'x'.repeat(200)],
	['...', '...'],
] as const) {
	test(`parseId accepts ${JSON.stringify(text.slice(0, 20))}`, () => {
		assert.equal(parseId(text, 'deployment'), id);
		assert.doesNotThrow(() => encodeURIComponent(id));
	});
}

for (const [text, sentence] of [
	['', /is empty/],
	[' \t', /is empty/],
	['https://app.baseten.co/loops/k4q95w5', /^A URL isn't a deployment id/],
	['app.baseten.co/loops/k4q95w5', /^A URL isn't a deployment id/],
	['baseten.co', /^A URL isn't a deployment id/],
	['a/b', /has a slash/],
	['../models', /has a slash/],
	['a b', /a space or an invisible character/],
	['a\u{A0}b', /a space or an invisible character/],
	['a\u{0}b', /a space or an invisible character/],
	['\u{1B}[31ma', /a space or an invisible character/],
	['a\u{200B}', /a space or an invisible character/],
	['a\u{D83D}', /a space or an invisible character/],
	['x'.repeat(201), /longer than 200 characters/],
	['.', /only dots/],
	['..', /only dots/],
] as const) {
	test(`parseId refuses ${JSON.stringify(text.slice(0, 40))} with a sentence`, () => {
		const {message, exitCode} = thrownBy(() => parseId(text, 'deployment'));
		assert.match(message, sentence);
		assert.match(message, /k4q95w5\. See loops-top --help\.$/);
		assert.equal(exitCode, 2);
	});
}

test('a mistake names what the id is of', () => {
	assert.match(thrownBy(() => parseId('a/b', 'run')).message, /^The run id has a slash/);
});
