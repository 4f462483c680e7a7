import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type Failure, hasStatus} from '../../source/api/failure.ts';
import {describeFailure, nameFailure} from '../../source/text/failure-text.ts';

function status(code: number, message = ''): Failure {
	return {kind: 'status', status: code, message, retryAfterMs: undefined};
}

function proxyStatus(code: number, passwordFrom?: string): Failure {
	return {kind: 'proxy-refusal', status: code, host: 'p:3128', api: 'api.x', passwordFrom};
}

const cases: ReadonlyArray<readonly [failure: Failure, sentence: string, name: string]> = [
	[status(401), '401 the key was rejected', 'API 401'],
	[status(429, 'slow down'), '429 too many requests: slow down', 'API 429'],
	[
		status(429, 'Rate limit exceeded. Try again later.'),
		'429 too many requests: Rate limit exceeded. Try again later',
		'API 429',
	],
	[status(429, 'Wait ... '), '429 too many requests: Wait', 'API 429'],
	[status(500, '.'), '500 server error', 'API 500'],
	[status(418), '418 refused', 'API 418'],
	[status(599), '599 server error', 'API 599'],
	[{kind: 'redirect', status: 307, host: 'evil.example'}, '307 redirect to evil.example, not followed', '307 redirect'],
	[{kind: 'network', code: 'ENOTFOUND', host: 'api.x'}, "api.x can't be resolved (DNS)", 'no DNS'],
	[{kind: 'network', code: 'ECONNREFUSED', host: 'api.x'}, 'api.x refuses connections', 'no connection'],
	[{kind: 'network', code: 'EWHATEVER', host: 'api.x'}, 'api.x failed (EWHATEVER)', 'no connection'],
	[{kind: 'network', code: 'ERR_SSL_WRONG_VERSION_NUMBER', host: 'api.x'}, 'api.x sent invalid TLS', 'no connection'],
	[{kind: 'network', code: 'HPE_INVALID_CONSTANT', host: 'api.x'}, 'api.x sent invalid HTTP', 'no connection'],
	[proxyStatus(407), 'the proxy p:3128 requires a username and password (407)', 'proxy 407'],
	[
		proxyStatus(407, 'http_proxy'),
		"the proxy p:3128 doesn't accept the username and password in http_proxy (407)",
		'proxy 407',
	],
	[
		proxyStatus(401, 'HTTPS_PROXY'),
		"the proxy p:3128 doesn't accept the username and password in HTTPS_PROXY (401)",
		'proxy 401',
	],
	...[404, 410, 500, 502, 503, 504, 520, 599].map(
		code => [proxyStatus(code), `the proxy p:3128 can't reach api.x (${code})`, `proxy ${code}`] as const,
	),
	[proxyStatus(403, 'HTTPS_PROXY'), "the proxy p:3128 doesn't allow connections to api.x (403)", 'proxy 403'],
	[proxyStatus(405), "the proxy p:3128 doesn't open tunnels (405)", 'proxy 405'],
	[proxyStatus(302), 'the proxy p:3128 requires a login in a browser first (302)', 'proxy 302'],
	[proxyStatus(429), 'the proxy p:3128 received too many requests (429)', 'proxy 429'],
	[proxyStatus(418), 'the proxy p:3128 refuses the connection (418)', 'proxy 418'],
	...[
		'DEPTH_ZERO_SELF_SIGNED_CERT',
		'SELF_SIGNED_CERT_IN_CHAIN',
		'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
		'CERT_UNTRUSTED',
	].map(
		code =>
			[
				{kind: 'network', code, host: 'api.x'},
				"api.x has a TLS certificate that isn't trusted: see NODE_EXTRA_CA_CERTS",
				'no connection',
			] as const,
	),
	[
		{kind: 'proxy-network', code: 'ECONNREFUSED', host: 'p:3128'},
		'the proxy p:3128 refuses connections',
		'proxy failed',
	],
	[{kind: 'timeout', afterMs: 30_000}, 'no response within 30s', 'no response'],
	[{kind: 'too-large', limitBytes: 64 * 1024 ** 2}, 'the response is larger than 64 MiB', 'too large'],
	[{kind: 'cut-off'}, 'the response was cut off', 'cut off'],
	[{kind: 'not-json', contentType: 'text/html'}, 'the response is text/html, not JSON', 'not JSON'],
	[{kind: 'wrong-shape', problem: 'no metrics'}, 'unexpected response: no metrics', 'wrong shape'],
];

for (const [failure, sentence, name] of cases) {
	test(`${JSON.stringify(failure)} is described as "${sentence}"`, () => {
		assert.equal(describeFailure(failure), sentence);
		assert.equal(nameFailure(failure), name);
	});
}

test('a failure matches a status only if it is a response from the API with that status', () => {
	assert.equal(hasStatus(status(404), 401, 404), true);
	assert.equal(hasStatus(status(404), 401), false);
	assert.equal(hasStatus({kind: 'cut-off'}, 404), false);
});
