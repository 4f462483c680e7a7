import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import type {Failure, Result} from '../../source/api/failure.ts';
import {decodeLine, encodeResponse, encodeSession, type ResponseRecord} from '../../source/recording/format.ts';
import {recordedAt, session} from '../helpers/recordings.ts';

function lineOf(text: string): Buffer {
	assert.ok(text.endsWith('\n'));
	return Buffer.from(text.slice(0, -1));
}

function readBack(response: ResponseRecord): ResponseRecord {
	const entry = decodeLine(lineOf(encodeResponse(response)));
	assert.ok(entry?.kind === 'response');
	const {kind, isGood, bytes: _, readResult, ...head} = entry;
	const result = readResult();
	assert.ok(result !== undefined);
	assert.equal(isGood, result.ok);
	return {...head, result};
}

function responseOf(result: Result<unknown>): ResponseRecord {
	const request = {path: '/v1/loops/deployments/k4q95w5'};
	return {sentMs: recordedAt, receivedMs: recordedAt + 7, window: '5m', request, result};
}

for (const target of [{kind: 'deployment', id: 'k4q95w5'}, {kind: 'run', id: 'r1'}, {kind: 'unchosen'}] as const) {
	test(`a session is read as it was written (target: ${target.kind})`, () => {
		assert.deepEqual(decodeLine(lineOf(encodeSession({...session, target}))), {...session, target, kind: 'session'});
	});
}

const failures: readonly Failure[] = [
	{kind: 'status', status: 503, message: 'no healthy upstream', retryAfterMs: undefined},
	{kind: 'status', status: 429, message: '', retryAfterMs: 37_000},
	{kind: 'redirect', status: 302, host: 'elsewhere.example'},
	{kind: 'network', code: 'ECONNREFUSED', host: 'api.baseten.co'},
	{kind: 'proxy-refusal', status: 407, host: 'proxy.example:3128', api: 'api.example', passwordFrom: undefined},
	{kind: 'proxy-refusal', status: 407, host: 'proxy.example:3128', api: 'api.example', passwordFrom: 'HTTPS_PROXY'},
	{kind: 'proxy-network', code: 'ECONNREFUSED', host: 'proxy.example:3128'},
	{kind: 'timeout', afterMs: 30_000},
	{kind: 'too-large', limitBytes: 1024},
	{kind: 'cut-off'},
	{kind: 'not-json', contentType: 'text/html'},
	{kind: 'wrong-shape', problem: 'no metrics'},
];

for (const failure of failures) {
	test(`a failure is read as it was written: ${JSON.stringify(failure)}`, () => {
		const response = responseOf({ok: false, failure, tookMs: 7.25});
		assert.deepEqual(readBack(response), response);
	});
}

test("a request with a field that has the name of the response's first field is read as it was written", () => {
	const request = {path: '/', body: {query: {limit: 3, ok: false}}};
	const response = {...responseOf({ok: true, value: {limit: 3, ok: 1}, tookMs: 1}), request};
	assert.deepEqual(readBack(response), response);
});

/** JSON without names that end with a backslash: after one, JSON.parse in Node.js 24 reads other names incorrectly. */
function anyJson(maxDepth: number): fc.Arbitrary<unknown> {
	return fc.jsonValue({maxDepth}).filter(value => !JSON.stringify(value).includes('\\":'));
}

test('any response is read as it was written', () => {
	const path = fc.webPath().map(text => `/${text}`);
	const body = fc.option(fc.dictionary(fc.stringMatching(/^[^\\]*$/), anyJson(1), {maxKeys: 4}), {nil: undefined});
	fc.assert(
		fc.property(anyJson(2), path, body, (json, asked, sent) => {
			const value: unknown = JSON.parse(JSON.stringify(json));
			const request = sent === undefined ? {path: asked} : {path: asked, body: JSON.parse(JSON.stringify(sent))};
			const response = {...responseOf({ok: true, value, tookMs: 1}), request};
			const back = readBack(response);
			assert.deepEqual(JSON.stringify(back), JSON.stringify(response));
		}),
	);
});

test('an invalid or truncated line is ignored without an exception', () => {
	for (const line of ['', '{}', 'null', '[1]', '{"loops-top":"recording"}', '{"asked":"yesterday"}', '\u0000\u00ff']) {
		assert.equal(decodeLine(Buffer.from(line)), undefined);
	}

	const line = lineOf(encodeResponse(responseOf({ok: true, value: {text: 'ü'}, tookMs: 1})));
	for (let length = 0; length < line.length; length++) {
		const entry = decodeLine(line.subarray(0, length));
		assert.ok(entry === undefined || (entry.kind === 'response' && entry.readResult() === undefined), `${length}`);
	}
});

test("a session in a later version of the format isn't read", () => {
	assert.equal(decodeLine(lineOf(encodeSession(session).replace('"version":1', '"version":2'))), undefined);
});

test('strings in a recording are cleaned like those from a server', () => {
	const failure: Failure = {kind: 'status', status: 500, message: '\u001b]0;title\u0007bad', retryAfterMs: undefined};
	const {result} = readBack(responseOf({ok: false, failure, tookMs: 1}));
	assert.ok(!result.ok && result.failure.kind === 'status');
	assert.equal(result.failure.message, 'bad');
	const entry = decodeLine(lineOf(encodeSession({...session, host: 'a\u001b[31mb'})));
	assert.equal(entry?.kind === 'session' && entry.host, 'ab');
});
