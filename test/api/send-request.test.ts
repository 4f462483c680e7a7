import assert from 'node:assert/strict';
import {once} from 'node:events';
import {createServer as createHttpServer} from 'node:http';
import {type AddressInfo, createServer, type Server, type Socket} from 'node:net';
import {type TestContext, test} from 'node:test';
import * as zlib from 'node:zlib';
import {gzipSync} from 'node:zlib';
import type {Failure, Result} from '../../source/api/failure.ts';
import {createTransport, requestJson} from '../../source/api/http.ts';
import type {Network} from '../../source/api/network.ts';
import {Secret} from '../../source/api/secret.ts';
import {openDirect} from '../../source/api/send-request.ts';
import {RequestGate} from '../../source/polling/retry.ts';
import {describeFailure} from '../../source/text/failure-text.ts';
import {startScriptedServer} from '../helpers/scripted-server.ts';
import {trustTestCertificate} from '../helpers/trust.ts';

trustTestCertificate();

type Asking = {readonly network?: Network; readonly signal?: AbortSignal; readonly timeoutMs?: number};

async function askOpen(url: string, asking: Asking = {}): Promise<Result<unknown>> {
	const {network = openDirect(), signal = new AbortController().signal, timeoutMs = 5000} = asking;
	const secret = new Secret('a-key-that-must-not-be-seen');
	return requestJson({
		apiUrl: new URL(url),
		path: '/x',
		body: {start: 1},
		secret,
		userAgent: 'test',
		timeoutMs,
		signal,
		network,
	});
}

async function failureOf(url: string, asking?: Asking): Promise<Failure> {
	const result = await askOpen(url, asking);
	assert.ok(!result.ok);
	return result.failure;
}

type Raw = {readonly url: string; readonly connections: () => number};

/** Starts a server that handles each connection as the test specifies, given the number of earlier connections. */
async function startRaw(context: TestContext, talk: (socket: Socket, before: number) => void): Promise<Raw> {
	const sockets: Socket[] = [];
	const server: Server = createServer(socket => {
		socket.on('error', () => undefined);
		talk(socket, sockets.length);
		sockets.push(socket);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	context.after(() => {
		for (const socket of sockets) {
			socket.destroy();
		}

		server.close();
	});
	const address = server.address();
	assert.ok(typeof address === 'object' && address !== null);
	return {url: `http://127.0.0.1:${address.port}`, connections: () => sockets.length};
}

const response = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}';

test("a connection that the server has closed isn't a failure: the request uses a new one", async context => {
	const {url, connections} = await startRaw(context, (socket, before) => {
		socket.once('data', () => {
			socket.write(response);
			// The next request on the first connection gets no response.
			socket.once('data', () => (before === 0 ? socket.destroy() : socket.write(response)));
		});
	});
	const network = openDirect();
	for (let count = 0; count < 3; count++) {
		const result = await askOpen(url, {network});
		assert.ok(result.ok, 'the request failed');
	}

	assert.equal(connections(), 2);
});

test('a request that is sent again counts as another request, and waits while the limit is reached', async context => {
	const {url, connections} = await startRaw(context, socket => {
		socket.once('data', () => {
			socket.write(response);
			socket.once('data', () => socket.destroy());
		});
	});
	let nowMs = 0;
	const gate = new RequestGate(() => nowMs, {atOnce: 1, perSecond: 2});
	const secret = (): Secret => new Secret('a-key-that-must-not-be-seen');
	const options = {apiUrl: new URL(url), secret, userAgent: 'test', network: openDirect()};
	const {signal} = new AbortController();
	const path = '/x';
	assert.ok((await gate.guard(createTransport({...options, timeoutMs: 5000}))({path}, signal)).ok);
	const limited = await gate.guard(createTransport({...options, timeoutMs: 100}))({path}, signal);
	assert.deepEqual(limited.ok ? undefined : limited.failure, {kind: 'timeout', afterMs: 100});
	assert.equal(connections(), 1);
	nowMs = 1000;
	assert.ok((await gate.guard(createTransport({...options, timeoutMs: 5000}))({path}, signal)).ok);
	assert.equal(connections(), 2);
});

test("if a new connection is closed without a response, the request fails, and isn't sent again", async context => {
	const {url, connections} = await startRaw(context, socket => socket.once('data', () => socket.destroy()));
	assert.match(describeFailure(await failureOf(url)), /closed the connection$/);
	assert.equal(connections(), 1);
});

test('an unused connection is closed after the idle timeout', async context => {
	let closed: Promise<unknown> | undefined;
	const {url} = await startRaw(context, socket => {
		closed = once(socket, 'close');
		socket.once('data', () => socket.write(response));
	});
	assert.ok((await askOpen(url, {network: openDirect({idleMs: 20})})).ok);
	await closed;
});

test('a request to a server that never completes the TLS handshake times out', async context => {
	const {url} = await startRaw(context, () => undefined);
	const network = openDirect({timeoutMs: 50});
	const failure = await failureOf(url.replace('http:', 'https:'), {network});
	assert.match(describeFailure(failure), /^127\.0\.0\.1:\d+ doesn't respond$/);
});

test('after a connection is established, the response can take longer than the connection timeout', async context => {
	const {url} = await startRaw(context, socket =>
		socket.once('data', () => setTimeout(() => socket.write(response), 60)),
	);
	assert.ok((await askOpen(url, {network: openDirect({timeoutMs: 30})})).ok);
});

test('a port that browsers block works like any other', async () => {
	const failure = await failureOf('http://127.0.0.1:1');
	assert.deepEqual(failure, {kind: 'network', code: 'ECONNREFUSED', host: '127.0.0.1:1'});
});

for (const [name, text, says] of [
	[
		'changes the protocol',
		'HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
		/closed the connection$/,
	],
	['speaks another protocol', 'SSH-2.0-OpenSSH_9.6\r\n', /sent invalid HTTP$/],
	['ends within the head of its response', 'HTTP/1.1 200 O', /closed the connection$/],
	['requires a proxy password', 'HTTP/1.1 407 No\r\ncontent-length: 2\r\n\r\nno', /^407 .* requires a password: no$/],
] as const) {
	test(`a server that ${name} is described correctly`, async context => {
		const {url} = await startRaw(context, socket => socket.once('data', () => socket.end(text)));
		assert.match(describeFailure(await failureOf(url)), says);
	});
}

const packed = gzipSync('{"packed": "ü"}');

for (const [name, encoding, bytes, says] of [
	['and is complete', 'gzip', packed, undefined],
	['an old name for gzip, and is complete', 'X-GZIP', packed, undefined],
	['but is cut in half', 'gzip', packed.subarray(0, 20), 'the response was cut off'],
	["but isn't compressed", 'gzip', Buffer.from('{"packed": "ü"}'), 'the response was cut off'],
	['but is compressed with gzip', 'br', packed, 'the response was cut off'],
] as const) {
	test(`a response that is marked as ${encoding}, ${name}: ${says ?? 'it is read'}`, async context => {
		const server = await startScriptedServer(
			() => response => {
				response.writeHead(200, {'content-type': 'application/json', 'content-encoding': encoding}).end(bytes);
			},
			'trusted',
		);
		context.after(async () => server.close());
		const result = await askOpen(server.url);
		assert.equal(server.requests[0]?.headers['accept-encoding'], 'gzip');
		if (says === undefined) {
			assert.deepEqual(result.ok && result.value, {packed: 'ü'});
		} else {
			assert.equal(result.ok ? undefined : describeFailure(result.failure), says);
		}
	});
}

test('reading a response, compressed or not, stops when its request is aborted', async context => {
	for (const headers of [{}, {'content-encoding': 'gzip'}]) {
		const controller = new AbortController();
		let closed: Promise<unknown> | undefined;
		const server = await startScriptedServer(
			() => response => {
				closed = once(response, 'close');
				response.writeHead(200, headers).write(packed.subarray(0, 20), () => setImmediate(() => controller.abort()));
			},
			'trusted',
		);
		context.after(async () => server.close());
		await assert.rejects(askOpen(server.url, {signal: controller.signal}), {name: 'AbortError'});
		await closed;
	}
});

const text = JSON.stringify({metrics: 'ü'.repeat(100_000)});
const json = JSON.parse(text) as unknown;

/** Returns the result of a response with this body and encoding, and the encodings that were requested. */
async function ask(context: TestContext, encoding: string, body: Buffer, status = 200) {
	let asked: string | undefined;
	const server = createHttpServer((request, response) => {
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
	test(`a response encoded as "${encoding}" is decoded, although only gzip is requested`, async context => {
		const {result, asked} = await ask(context, encoding, body);
		assert.deepEqual(result.ok && result.value, json);
		assert.equal(asked, 'gzip');
	});

	test(`half of a response encoded as "${encoding}" isn't mistaken for a complete one`, async context => {
		const {result} = await ask(context, encoding, body.subarray(0, body.length >> 1));
		assert.ok(!result.ok);
		assert.ok(['cut-off', 'not-json'].includes(result.failure.kind), result.failure.kind);
	});
}

for (const encoding of ['compress', 'dcb', 'constructor', 'gzip, gzip, gzip', '\u00a0sk-a-key-that-must-not-be-seen']) {
	test(`a response encoded as "${encoding}" is rejected, and the message doesn't show the key`, async context => {
		const {result} = await ask(context, encoding, Buffer.from(text));
		assert.ok(!result.ok && result.failure.kind === 'wrong-shape');
		assert.match(result.failure.problem, /^encoded (?:as .*, which Node\.js [\d.]+ can't decode|too many times)$/);
		assert.ok(!result.failure.problem.includes('must-not-be-seen'));
	});

	test(`an error encoded as "${encoding}" is still reported with its status`, async context => {
		const {result} = await ask(context, encoding, Buffer.from([1, 2, 3]), 503);
		assert.ok(!result.ok && result.failure.kind === 'status');
		assert.equal(result.failure.status, 503);
	});
}

test('a small body that inflates to a large one is rejected at the limit', async context => {
	for (const body of [
		zlib.gzipSync(Buffer.alloc(64 * 1024 ** 2)),
		zlib.gzipSync(zlib.gzipSync(Buffer.alloc(64 * 1024 ** 2))),
	]) {
		const {result} = await ask(context, body.length > 10_000 ? 'gzip' : 'gzip, gzip', body);
		assert.deepEqual(result.ok || result.failure, {kind: 'too-large', limitBytes: 1024 ** 2});
	}
});
