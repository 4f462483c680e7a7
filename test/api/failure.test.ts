import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type Failure, hasStatus} from '../../source/api/failure.ts';
import {describeFailure, nameFailure} from '../../source/text/failure-text.ts';

function status(code: number, message = ''): Failure {
	return {kind: 'status', status: code, message, retryAfterMs: undefined};
}

const cases: ReadonlyArray<readonly [failure: Failure, sentence: string, name: string]> = [
	[status(401), '401 the key is not accepted', '401'],
	[status(429, 'slow down'), '429 too many requests: slow down', '429'],
	[status(418), '418 refused', '418'],
	[status(599), '599 server error', '599'],
	[{kind: 'redirect', status: 307, host: 'evil.example'}, '307 redirect to evil.example, not followed', '307 redirect'],
	[{kind: 'network', code: 'ENOTFOUND', host: 'api.x'}, 'api.x has no address (DNS)', 'no DNS'],
	[{kind: 'network', code: 'ECONNREFUSED', host: 'api.x'}, 'api.x refuses connections', 'no connection'],
	[{kind: 'network', code: 'EWHATEVER', host: 'api.x'}, 'api.x failed (EWHATEVER)', 'no connection'],
	[
		{kind: 'network', code: 'ERR_SSL_WRONG_VERSION_NUMBER', host: 'api.x'},
		'api.x does not speak TLS as it should',
		'no connection',
	],
	[
		{kind: 'network', code: 'HPE_INVALID_CONSTANT', host: 'api.x'},
		'api.x does not speak HTTP as it should',
		'no connection',
	],
	[
		{kind: 'proxy-refusal', status: 407, host: 'p:3128'},
		'the proxy p:3128 wants a user and a password (407)',
		'proxy 407',
	],
	[{kind: 'proxy-refusal', status: 418, host: 'p:3128'}, 'the proxy p:3128 refuses the connection (418)', 'proxy 418'],
	[{kind: 'proxy-network', code: 'ECONNREFUSED', host: 'p:3128'}, 'the proxy p:3128 refuses connections', 'no proxy'],
	[{kind: 'timeout', afterMs: 30_000}, 'no answer within 30s', 'no answer'],
	[{kind: 'too-large', limitBytes: 64 * 1024 ** 2}, 'the answer is larger than 64 MiB', 'too large'],
	[{kind: 'cut-off'}, 'the answer was cut off', 'cut off'],
	[{kind: 'not-json', contentType: 'text/html'}, 'the answer is text/html, not JSON', 'not JSON'],
	[
		{kind: 'wrong-shape', problem: 'it has no metrics'},
		'the answer has another shape: it has no metrics',
		'wrong shape',
	],
];

for (const [failure, sentence, name] of cases) {
	test(`${JSON.stringify(failure)} is told as "${sentence}"`, () => {
		assert.equal(describeFailure(failure), sentence);
		assert.equal(nameFailure(failure), name);
	});
}

test('only a status has a status', () => {
	assert.equal(hasStatus(status(404), 401, 404), true);
	assert.equal(hasStatus(status(404), 401), false);
	assert.equal(hasStatus({kind: 'cut-off'}, 404), false);
});
