import assert from 'node:assert/strict';
import {subscribe, unsubscribe} from 'node:diagnostics_channel';
import dns from 'node:dns';
import {once} from 'node:events';
import {connect, createServer, Socket} from 'node:net';
import {hostname} from 'node:os';
import process from 'node:process';
import {type TestContext, test} from 'node:test';
import type {ListenAddress} from '../../source/command-line/parse-value.ts';
import {UserError} from '../../source/errors/user-error.ts';
import {type MetricsServer, serveMetrics} from '../../source/output/metrics-server.ts';
import type {State} from '../../source/state/state.ts';
import {createStore} from '../../source/state/store.ts';
import {sampleNow, sampleState} from '../helpers/sample-state.ts';

const anyPort: ListenAddress = {host: '127.0.0.1', port: 0};

/** The server's clock, by which the samples are current. */
const now = (): number => sampleNow;

async function start(context: TestContext, state: State = sampleState({nodes: 1, gpus: 1})): Promise<MetricsServer> {
	const server = await serveMetrics(anyPort, createStore(state), now);
	context.after(async () => server.close());
	return server;
}

async function refused(address: ListenAddress): Promise<UserError> {
	const error: unknown = await serveMetrics(address, createStore(sampleState({nodes: 1, gpus: 1})), now).then(
		() => assert.fail('the server is listening'),
		(thrown: unknown) => thrown,
	);
	assert.ok(error instanceof UserError, String(error));
	return error;
}

function portOf({url}: MetricsServer): number {
	return Number(new URL(url).port);
}

/** Sends bytes on a new connection, and returns everything that is received until the connection closes. */
async function converse(server: MetricsServer, bytes: string): Promise<string> {
	const socket = connect(portOf(server), '127.0.0.1');
	socket.on('error', () => undefined);
	socket.write(bytes);
	let text = '';
	socket.setEncoding('utf8').on('data', chunk => {
		text += chunk;
	});
	await once(socket, 'close');
	return text;
}

test('GET /metrics returns the current values', async context => {
	const store = createStore(sampleState({nodes: 1, gpus: 1}));
	const server = await serveMetrics(anyPort, store, now);
	context.after(async () => server.close());
	assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
	const response = await fetch(`${server.url}?a=b`);
	assert.equal(response.status, 200);
	assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
	const text = await response.text();
	assert.match(text, /^loops_top_up\{deployment="k4q95w5"\} 1$/m);
	assert.match(text, /^loops_gpu_utilization_ratio\{deployment="k4q95w5",node="loops-trainer-0",gpu="0"\} 0\.\d+$/m);
	store.dispatch({
		type: 'pollFailed',
		failure: {kind: 'timeout', afterMs: 1},
		atMs: sampleNow + 1,
		nextAtMs: sampleNow + 30_000,
	});
	assert.match(await (await fetch(server.url)).text(), /^loops_top_up\{deployment="k4q95w5"\} 0$/m);
});

const others: ReadonlyArray<readonly [method: string, path: string, status: number, text: RegExp]> = [
	['GET', '/', 200, /<a href="\/metrics">/],
	['GET', '/metrics/', 404, /Use \/metrics/],
	['GET', '/../../etc/passwd', 404, /Use \/metrics/],
	['GET', '/favicon.ico', 404, /Use \/metrics/],
	['POST', '/metrics', 405, /Only GET/],
	['DELETE', '/', 405, /Only GET/],
	['HEAD', '/metrics', 200, /^$/],
	['HEAD', '/favicon.ico', 404, /^$/],
];

for (const [method, path, status, text] of others) {
	test(`${method} ${path} returns ${status}`, async context => {
		const response = await fetch(new URL(path, (await start(context)).url), {method});
		assert.equal(response.status, status);
		assert.equal(response.headers.get('allow'), status === 405 ? 'GET, HEAD' : null);
		assert.equal(response.headers.get('access-control-allow-origin'), null);
		assert.match(await response.text(), text);
	});
}

const hostile: ReadonlyArray<readonly [name: string, bytes: string, response: RegExp]> = [
	['data other than HTTP', '\u0000\u0001\u0002\r\n\r\n', /^HTTP\/1\.1 400 /],
	[
		'a header that is too long',
		`GET /metrics HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`,
		/^HTTP\/1\.1 431 /,
	],
	['a target that is too long', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nhost: a\r\n\r\n`, /^HTTP\/1\.1 431 /],
	[
		'a body that never arrives',
		'POST /metrics HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 999999999999\r\n\r\n',
		/^HTTP\/1\.1 405 [\s\S]*connection: close/i,
	],
	['a request for a tunnel', 'CONNECT example.com:443 HTTP/1.1\r\nhost: a\r\n\r\n', /^$/],
	['a request in another protocol', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', /^$/],
	[
		'a request that contradicts itself',
		'GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n',
		/^HTTP\/1\.1 400 /,
	],
];

for (const [name, bytes, response] of hostile) {
	test(`${name} doesn't affect the server`, async context => {
		const server = await start(context);
		assert.match(await converse(server, bytes), response);
		assert.equal((await fetch(server.url)).status, 200);
	});
}

test('HEAD returns the same content type and content length as GET', async context => {
	const {url} = await start(context);
	const [head, get] = [await fetch(url, {method: 'HEAD'}), await fetch(url)];
	for (const name of ['content-type', 'content-length']) {
		assert.equal(head.headers.get(name), get.headers.get(name));
	}

	assert.equal(head.headers.get('content-length'), String((await get.text()).length));
});

const hosts: ReadonlyArray<readonly [host: string, status: number]> = [
	['127.0.0.1', 200],
	['127.0.0.1:9464', 200],
	['localhost:9464', 200],
	['LOCALHOST', 200],
	['loops.localhost', 200],
	['[::1]:9464', 200],
	['10.1.2.3:9464', 200],
	[hostname(), 200],
	['evil.example', 421],
	['evil.example:9464', 421],
	['127.0.0.1.evil.example', 421],
	['localhost.evil.example', 421],
	['evil.example#127.0.0.1', 421],
	['', 421],
];

for (const [host, status] of hosts) {
	test(`a request for host "${host}" gets status ${status}`, async context => {
		const server = await start(context);
		const bytes = `GET /metrics HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`;
		const response = await converse(server, bytes);
		assert.match(response, new RegExp(`^HTTP/1\\.1 ${status} `));
		assert.equal(response.includes('loops_top_up'), status === 200);
	});
}

test('the name given to --listen is accepted as a host, and other names are rejected', async context => {
	const {lookup} = dns;
	context.mock.method(dns, 'lookup', (name: string, ...rest: readonly unknown[]) =>
		Reflect.apply(lookup, dns, [name === 'GPU-box.example' ? '127.0.0.1' : name, ...rest]),
	);
	const address = {host: 'GPU-box.example', port: 0};
	const server = await serveMetrics(address, createStore(sampleState({nodes: 1, gpus: 1})), now);
	context.after(async () => server.close());
	for (const [host, status] of [
		['gpu-box.example:9464', 200],
		['other.example:9464', 421],
	] as const) {
		const response = await converse(server, `GET /metrics HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
		assert.match(response, new RegExp(`^HTTP/1\\.1 ${status} `));
	}
});

test('requests that arrive together are all answered, and the values are computed once', async context => {
	let reads = 0;
	// The findings are read only when the values are computed.
	const {findings, ...rest} = sampleState({nodes: 1, gpus: 1});
	const store = createStore({
		...rest,
		get findings() {
			reads += 1;
			return findings;
		},
	});
	const server = await serveMetrics(anyPort, store, now);
	context.after(async () => server.close());
	const one = 'GET /metrics HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n';
	const last = 'GET /metrics HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n';
	await converse(server, last);
	const readsOfOne = reads;
	assert.ok(readsOfOne > 0);
	const response = await converse(server, `${one.repeat(3)}${last}`);
	assert.equal(response.match(/^loops_top_up\{/gm)?.length, 4);
	assert.equal(reads, readsOfOne);
});

test('requests on a connection are answered at least 100 ms apart, even if they arrive together', async context => {
	const server = await start(context);
	const one = 'GET /metrics HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n';
	for (const together of [4, 1]) {
		const socket = connect(portOf(server), '127.0.0.1').setNoDelay();
		const begun = performance.now();
		socket.write(one.repeat(together));
		let responses = 0;
		for await (const chunk of socket.setEncoding('utf8')) {
			responses += String(chunk).match(/^HTTP\/1\.1 200 /gm)?.length ?? 0;
			if (responses === 4) {
				break;
			}

			if (together === 1) {
				socket.write(one);
			}
		}

		assert.equal(responses, 4);
		// A timer can fire a millisecond early.
		assert.ok(performance.now() - begun >= 3 * 99, `${together} at a time, requests were answered too fast`);
	}
});

test("a client that sends thousands of requests and reads nothing doesn't block others", async context => {
	const store = createStore(sampleState({nodes: 64, gpus: 8}));
	let answered = 0;
	const counting = {
		...store,
		getState() {
			answered++;
			return store.getState();
		},
	};
	const server = await serveMetrics(anyPort, counting, now);
	context.after(async () => server.close());
	const flood = 'GET /metrics HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'.repeat(500);
	const {length} = await (await fetch(server.url)).text();
	assert.ok(length > 100_000, `${length} bytes`);
	const before = process.memoryUsage.rss();
	const sockets: Socket[] = [];
	for (let count = 0; count < 100; count++) {
		const socket = connect(portOf(server), '127.0.0.1');
		socket.on('error', () => undefined).pause();
		socket.write(flood);
		sockets.push(socket);
	}

	for (let scrapes = 0; scrapes < 5; scrapes++) {
		assert.equal((await fetch(server.url)).status, 200);
	}

	// Requests on a connection are answered 100 ms apart, and only until the responses fill the buffers.
	assert.ok(answered < 5000, `${answered} of ${sockets.length * 500} requests were answered`);
	const grownMiB = (process.memoryUsage.rss() - before) / 2 ** 20;
	assert.ok(grownMiB < 150, `memory use grew by ${grownMiB} MiB`);
	const closing = performance.now();
	await server.close();
	// A connection whose responses aren't read would be closed only after ten seconds.
	assert.ok(performance.now() - closing < 5000);
	for (const socket of sockets) {
		socket.destroy();
	}
});

/** Resolves with the server's side of the next connection that is accepted in this process. */
async function nextAccepted(context: TestContext): Promise<Socket> {
	return new Promise(resolve => {
		const accept = (message: unknown): void => {
			if (typeof message === 'object' && message !== null && 'socket' in message && message.socket instanceof Socket) {
				unsubscribe('net.server.socket', accept);
				resolve(message.socket);
			}
		};
		subscribe('net.server.socket', accept);
		context.after(() => unsubscribe('net.server.socket', accept));
	});
}

test('a client that reads nothing is dropped ten seconds after the last request that was answered', {
	timeout: 60_000,
}, async context => {
	const store = createStore(sampleState({nodes: 128, gpus: 8}));
	let answeredMs = 0;
	const noting = {
		...store,
		getState() {
			answeredMs = performance.now();
			return store.getState();
		},
	};
	const server = await serveMetrics(anyPort, noting, now);
	context.after(async () => server.close());
	const accepted = nextAccepted(context);
	const socket = connect(portOf(server), '127.0.0.1');
	socket.on('error', () => undefined).pause();
	// The responses, 37 MB in total, don't fit into the buffers.
	const requests = 100;
	socket.write('GET /metrics HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'.repeat(requests));
	await once(await accepted, 'close');
	const waitedMs = performance.now() - answeredMs;
	assert.ok(waitedMs > 9990 && waitedMs < 15_000, `${waitedMs} ms`);
	let received = '';
	for await (const chunk of socket.setEncoding('utf8')) {
		received += String(chunk);
	}

	const responses = received.match(/^HTTP\/1\.1 200 /gm)?.length ?? 0;
	assert.ok(responses > 0 && responses < requests, `${responses} of ${requests} responses`);
});

/** Opens idle connections, which are closed after the test. */
function connectOften(context: TestContext, server: MetricsServer, count: number): readonly Socket[] {
	const sockets = Array.from({length: count}, () => {
		const socket = connect(portOf(server), '127.0.0.1');
		return socket.on('error', () => undefined).resume();
	});
	context.after(() => {
		for (const socket of sockets) {
			socket.destroy();
		}
	});
	return sockets;
}

test('each connection beyond the limit closes the oldest one', {timeout: 60_000}, async context => {
	const server = await start(context);
	// Without this, all connections would be closed after ten seconds.
	context.mock.timers.enable({apis: ['setTimeout']});
	const sockets = connectOften(context, server, 80);
	const closed = sockets.map(async socket => once(socket, 'close'));
	await Promise.all(closed.slice(0, 16));
	const newest = sockets.at(-1) ?? assert.fail();
	newest.write('GET /metrics HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
	const [response] = await once(newest, 'data');
	assert.match(String(response), /^HTTP\/1\.1 200 /);
	assert.equal(sockets.filter(socket => socket.closed).length, 16);
});

test('idle connections are closed after a timeout', async context => {
	const server = await start(context);
	const sockets = connectOften(context, server, 4);
	await Promise.all(sockets.map(async socket => once(socket, 'close')));
	assert.equal((await fetch(server.url)).status, 200);
});

test('the message about a port that is in use says what to do', async context => {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	context.after(() => server.close());
	const address = server.address();
	const port = typeof address === 'object' && address !== null ? address.port : assert.fail();
	const {message, exitCode} = await refused({host: '127.0.0.1', port});
	assert.equal(message, `127.0.0.1:${port} is already in use. Choose another port with --listen.`);
	assert.equal(exitCode, 1);
});

test('the message about an address of another machine says what to do', async () => {
	// This address is from a range that is reserved for documentation.
	const {message, exitCode} = await refused({host: '192.0.2.1', port: 9464});
	assert.equal(message, "192.0.2.1:9464 isn't an address of this machine. Choose another with --listen.");
	assert.equal(exitCode, 2);
});
