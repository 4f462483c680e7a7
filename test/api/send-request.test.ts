import assert from 'node:assert/strict';
import {once} from 'node:events';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {type TestContext, test} from 'node:test';
import * as zlib from 'node:zlib';
import type {Result} from '../../source/api/failure.ts';
import {requestJson} from '../../source/api/http.ts';
import {Secret} from '../../source/api/secret.ts';

const text = JSON.stringify({metrics: 'ü'.repeat(100_000)});
const json = JSON.parse(text) as unknown;

/** What comes of a response with that body and encoding, and which encodings were asked for. */
async function ask(context: TestContext, encoding: string, body: Buffer, status = 200) {
	let asked: string | undefined;
	const server = createServer((request, response) => {
		asked = request.headers['accept-encoding']?.toString();
		response.writeHead(status, {'content-encoding': encoding, 'content-type': 'application/json'}).end(body);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	context.after(() => server.close());
	const {port} = server.address() as AddressInfo;
	const {signal} = new AbortController();
	const apiUrl = new URL(`http://127.0.0.1:${port}`);
	const secret = new Secret('sk-a-key-that-must-not-be-seen');
	const result: Result<unknown> = await requestJson({
		...{apiUrl, path: '/', secret, userAgent: 'test', signal},
		timeoutMs: 10_000,
		limitBytes: 1024 ** 2,
	});
	return {result, asked};
}

const encodings: ReadonlyArray<readonly [encoding: string, body: Buffer]> = [
	['identity', Buffer.from(text)],
	['', Buffer.from(text)],
	['gzip', zlib.gzipSync(text)],
	['X-GZip', zlib.gzipSync(text)],
	['deflate', zlib.deflateSync(text)],
	['deflate', zlib.deflateRawSync(text)],
	['br', zlib.brotliCompressSync(text)],
	['deflate, gzip', zlib.gzipSync(zlib.deflateSync(text))],
	['br , identity', zlib.brotliCompressSync(text)],
	...('zstdCompressSync' in zlib ? [['zstd', zlib.zstdCompressSync(text)] as const] : []),
];

for (const [encoding, body] of encodings) {
	test(`a response encoded as "${encoding}" is decoded, and only gzip is asked for`, async context => {
		const {result, asked} = await ask(context, encoding, body);
		assert.deepEqual(result.ok && result.value, json);
		assert.equal(asked, 'gzip');
	});

	test(`half a response encoded as "${encoding}" is not taken for a whole one`, async context => {
		const {result} = await ask(context, encoding, body.subarray(0, body.length >> 1));
		assert.ok(!result.ok);
		assert.ok(['cut-off', 'not-json'].includes(result.failure.kind), result.failure.kind);
	});
}

for (const encoding of ['compress', 'dcb', 'constructor', 'gzip, gzip, gzip', '\u00a0sk-a-key-that-must-not-be-seen']) {
	test(`a response encoded as "${encoding}" is refused in a sentence`, async context => {
		const {result} = await ask(context, encoding, Buffer.from(text));
		assert.ok(!result.ok && result.failure.kind === 'wrong-shape');
		assert.match(result.failure.problem, /^encoded (?:as .*, which Node\.js [\d.]+ can't decode|too many times)$/);
		assert.ok(!result.failure.problem.includes('must-not-be-seen'));
	});

	test(`an error encoded as "${encoding}" is reported by its status`, async context => {
		const {result} = await ask(context, encoding, Buffer.from([1, 2, 3]), 503);
		assert.ok(!result.ok && result.failure.kind === 'status');
		assert.equal(result.failure.status, 503);
	});
}

test('what is small but becomes large is given up at the limit', async context => {
	for (const body of [
		zlib.gzipSync(Buffer.alloc(64 * 1024 ** 2)),
		zlib.gzipSync(zlib.gzipSync(Buffer.alloc(64 * 1024 ** 2))),
	]) {
		const {result} = await ask(context, body.length > 10_000 ? 'gzip' : 'gzip, gzip', body);
		assert.deepEqual(result.ok || result.failure, {kind: 'too-large', limitBytes: 1024 ** 2});
	}
});
