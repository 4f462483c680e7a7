import assert from 'node:assert/strict';
import {test} from 'node:test';
import {parseTarget} from '../../source/command-line/resource-id.ts';
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
	test(`parseTarget accepts ${JSON.stringify(text.slice(0, 20))}`, () => {
		assert.deepEqual(parseTarget(text, 'deployment'), {kind: 'deployment', id});
		assert.doesNotThrow(() => encodeURIComponent(id));
	});
}

for (const [text, sentence] of [
	['', /is empty/],
	[' \t', /is empty/],
	['https://app.baseten.co/loops', /^This URL doesn't identify/],
	['https://app.baseten.co/loops/deployments', /^This URL doesn't identify/],
	['https://app.baseten.co/models/abc/overview', /^This URL doesn't identify/],
	['https://example.com/loops/deployments/k4q95w5', /^This URL doesn't identify/],
	['https://baseten.co.example.com/loops/k4q95w5', /^This URL doesn't identify/],
	['ftp://app.baseten.co/loops/k4q95w5', /^This URL doesn't identify/],
	['https://', /^This URL doesn't identify/],
	['https://app.baseten.co/loops/%zz', /^This URL doesn't identify/],
	['https://app.baseten.co/loops/a%2Fb', /contains a slash/],
	['https://app.baseten.co/loops/%2e%2e', /^This URL doesn't identify|only of dots/],
	['baseten.co', /^This URL doesn't identify/],
	['a/b', /contains a slash/],
	['../models', /contains a slash/],
	['a b', /a space or an invisible character/],
	['a\u{A0}b', /a space or an invisible character/],
	['a\u{0}b', /a space or an invisible character/],
	['\u{1B}[31ma', /a space or an invisible character/],
	['a\u{200B}', /a space or an invisible character/],
	['a\u{D83D}', /a space or an invisible character/],
	['x'.repeat(201), /longer than 200 characters/],
	['.', /only of dots/],
	['..', /only of dots/],
] as const) {
	test(`parseTarget rejects ${JSON.stringify(text.slice(0, 40))} and says why`, () => {
		const {message, exitCode} = thrownBy(() => parseTarget(text, 'deployment'));
		assert.match(message, sentence);
		assert.match(message, /k4q95w5\. See loops-top --help\.$/);
		assert.equal(exitCode, 2);
	});
}

test('an error message names the kind of ID', () => {
	assert.match(thrownBy(() => parseTarget('a/b', 'run')).message, /^The run ID contains a slash/);
});

for (const [text, kind, id] of [
	['https://app.baseten.co/loops/deployments/k4q95w5', 'deployment', 'k4q95w5'],
	['https://app.baseten.co/loops/deployments/k4q95w5/logs?from=1#x', 'deployment', 'k4q95w5'],
	['app.baseten.co/loops/k4q95w5/', 'deployment', 'k4q95w5'],
	[' HTTPS://APP.BASETEN.CO/loops/k4q95w5\n', 'deployment', 'k4q95w5'],
	['https://app.staging.baseten.co/loops/runs/r1', 'run', 'r1'],
	['https://api.baseten.co/v1/loops/runs/r1', 'run', 'r1'],
	['https://api.baseten.co/v1/loops/deployments/k4q95w5/metrics', 'deployment', 'k4q95w5'],
] as const) {
	test(`the URL ${text.trim()} refers to the ${kind} ${id}`, () => {
		assert.deepEqual(parseTarget(text, 'deployment'), {kind, id});
	});
}

test("a URL given to --run can be a run's, but not a deployment's", () => {
	assert.deepEqual(parseTarget('https://app.baseten.co/loops/runs/r1', 'run'), {kind: 'run', id: 'r1'});
	const {message} = thrownBy(() => parseTarget('https://app.baseten.co/loops/deployments/k4q95w5', 'run'));
	assert.match(message, /^The URL given to --run is for a deployment\. Remove --run/);
});
