import assert from 'node:assert/strict';
import {once} from 'node:events';
import {createServer, type Server, type Socket} from 'node:net';
import {type TestContext, test} from 'node:test';
import {gzipSync} from 'node:zlib';
import {openDirect} from '../../source/api/direct.ts';
import type {Failure, Result} from '../../source/api/failure.ts';
import {requestJson} from '../../source/api/http.ts';
import type {Network} from '../../source/api/network.ts';
import {Secret} from '../../source/api/secret.ts';
import {describeFailure} from '../../source/text/failure-text.ts';
import {startScriptedServer} from '../helpers/scripted-server.ts';
import {trustTestCertificate} from '../helpers/trust.ts';

trustTestCertificate();

type Asking = {readonly network?: Network; readonly signal?: AbortSignal; readonly timeoutMs?: number};

async function ask(url: string, asking: Asking = {}): Promise<Result<unknown>> {
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
	const result = await ask(url, asking);
	assert.ok(!result.ok);
	return result.failure;
}

type Raw = {readonly url: string; readonly connections: () => number};

/** A server that does with each connection what the test says, which is reported how many there were before. */
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

const answer = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}';

test('a connection that the server closed in the meantime is not a fault: the request goes over a new one', async context => {
	const {url, connections} = await startRaw(context, (socket, before) => {
		socket.once('data', () => {
			socket.write(answer);
			// The next request is not answered any more on the first connection.
			socket.once('data', () => (before === 0 ? socket.destroy() : socket.write(answer)));
		});
	});
	const network = openDirect();
	for (let count = 0; count < 3; count++) {
		const result = await ask(url, {network});
		assert.ok(result.ok, 'it is asked again');
	}

	assert.equal(connections(), 2);
});

test('a new connection that is closed without an answer is a fault, and asked over once', async context => {
	const {url, connections} = await startRaw(context, socket => socket.once('data', () => socket.destroy()));
	assert.match(describeFailure(await failureOf(url)), /closed the connection$/);
	assert.equal(connections(), 1);
});

test('a connection that is not used is closed after a while', async context => {
	let closed: Promise<unknown> | undefined;
	const {url} = await startRaw(context, socket => {
		closed = once(socket, 'close');
		socket.once('data', () => socket.write(answer));
	});
	assert.ok((await ask(url, {network: openDirect({idleMs: 20})})).ok);
	await closed;
});

test('a server that never completes the handshake does not answer', async context => {
	const {url} = await startRaw(context, () => undefined);
	const network = openDirect({timeoutMs: 50});
	const failure = await failureOf(url.replace('http:', 'https:'), {network});
	assert.match(describeFailure(failure), /^127\.0\.0\.1:\d+ doesn't respond$/);
});

test('who is connected may take his time', async context => {
	const {url} = await startRaw(context, socket =>
		socket.once('data', () => setTimeout(() => socket.write(answer), 60)),
	);
	assert.ok((await ask(url, {network: openDirect({timeoutMs: 30})})).ok);
});

test('a port that browsers do not ask is one like another', async () => {
	const failure = await failureOf('http://127.0.0.1:1');
	assert.deepEqual(failure, {kind: 'network', code: 'ECONNREFUSED', host: '127.0.0.1:1'});
});

for (const [name, text, says] of [
	[
		'changes the protocol',
		'HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
		/closed the connection$/,
	],
	['says something else', 'SSH-2.0-OpenSSH_9.6\r\n', /sent invalid HTTP$/],
	['ends within the head of its answer', 'HTTP/1.1 200 O', /closed the connection$/],
	[
		'asks for a password of a proxy',
		'HTTP/1.1 407 No\r\ncontent-length: 2\r\n\r\nno',
		/^407 .* requires a password: no$/,
	],
] as const) {
	test(`a server that ${name} is described as what it is`, async context => {
		const {url} = await startRaw(context, socket => socket.once('data', () => socket.end(text)));
		assert.match(describeFailure(await failureOf(url)), says);
	});
}

const packed = gzipSync('{"packed": "ü"}');

for (const [name, encoding, bytes, says] of [
	['whole', 'gzip', packed, undefined],
	['whole, by the old name', 'X-GZIP', packed, undefined],
	['half', 'gzip', packed.subarray(0, 20), 'the response was cut off'],
	['not packed at all', 'gzip', Buffer.from('{"packed": "ü"}'), 'the response was cut off'],
	['packed otherwise than it says', 'br', packed, 'the response was cut off'],
] as const) {
	test(`of what comes packed, ${name}: ${says ?? 'it is read'}`, async context => {
		const server = await startScriptedServer(
			() => response => {
				response.writeHead(200, {'content-type': 'application/json', 'content-encoding': encoding}).end(bytes);
			},
			'trusted',
		);
		context.after(async () => server.close());
		const result = await ask(server.url);
		assert.equal(server.requests[0]?.headers['accept-encoding'], 'gzip');
		if (says === undefined) {
			assert.deepEqual(result.ok && result.value, {packed: 'ü'});
		} else {
			assert.equal(result.ok ? undefined : describeFailure(result.failure), says);
		}
	});
}

test('an answer that is being read is given up when its request is aborted, packed or not', async context => {
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
		await assert.rejects(ask(server.url, {signal: controller.signal}), {name: 'AbortError'});
		await closed;
	}
});
