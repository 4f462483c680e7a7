import assert from 'node:assert/strict';
import {once} from 'node:events';
import {connect, createServer, type Socket} from 'node:net';
import {type TestContext, test} from 'node:test';
import type {ListenAddress} from '../../source/command-line/listen-address.ts';
import {UserError} from '../../source/errors/user-error.ts';
import {type MetricsServer, serveMetrics} from '../../source/output/metrics-server.ts';
import type {State} from '../../source/state/state.ts';
import {createStore} from '../../source/state/store.ts';
import {sampleState} from '../helpers/sample-state.ts';

const anyPort: ListenAddress = {host: '127.0.0.1', port: 0};

async function start(context: TestContext, state: State = sampleState({nodes: 1, gpus: 1})): Promise<MetricsServer> {
	const server = await serveMetrics(anyPort, createStore(state), Date.now);
	context.after(async () => server.close());
	return server;
}

async function refused(address: ListenAddress): Promise<UserError> {
	const error: unknown = await serveMetrics(address, createStore(sampleState({nodes: 1, gpus: 1})), Date.now).then(
		() => assert.fail('it listens'),
		(thrown: unknown) => thrown,
	);
	assert.ok(error instanceof UserError, String(error));
	return error;
}

function portOf({url}: MetricsServer): number {
	return Number(new URL(url).port);
}

/** A connection on which these bytes were sent, and all that came back until it was closed. */
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

test('GET /metrics is the values as they are at that time', async context => {
	const store = createStore(sampleState({nodes: 1, gpus: 1}));
	const server = await serveMetrics(anyPort, store, Date.now);
	context.after(async () => server.close());
	assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
	const response = await fetch(`${server.url}?a=b`);
	assert.equal(response.status, 200);
	assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
	// The sample is of another year: what it measured is no longer told.
	assert.match(await response.text(), /^loops_top_up\{deployment="k4q95w5"\} 1$/m);
	const atMs = Date.now();
	store.dispatch({type: 'pollFailed', failure: {kind: 'timeout', afterMs: 1}, atMs, nextAtMs: atMs});
	assert.match(await (await fetch(server.url)).text(), /^loops_top_up\{deployment="k4q95w5"\} 0$/m);
});

const others: ReadonlyArray<readonly [method: string, path: string, status: number, text: RegExp]> = [
	['GET', '/', 200, /<a href="\/metrics">/],
	['GET', '/metrics/', 404, /only \/metrics/],
	['GET', '/../../etc/passwd', 404, /only \/metrics/],
	['GET', '/favicon.ico', 404, /only \/metrics/],
	['POST', '/metrics', 405, /only GET/],
	['DELETE', '/', 405, /only GET/],
	['HEAD', '/metrics', 405, /^$/],
];

for (const [method, path, status, text] of others) {
	test(`${method} ${path} is ${status}`, async context => {
		const response = await fetch(new URL(path, (await start(context)).url), {method});
		assert.equal(response.status, status);
		assert.equal(response.headers.get('allow'), status === 405 ? 'GET' : null);
		assert.equal(response.headers.get('access-control-allow-origin'), null);
		assert.match(await response.text(), text);
	});
}

const hostile: ReadonlyArray<readonly [name: string, bytes: string, answer: RegExp]> = [
	['no HTTP', '\u0000\u0001\u0002\r\n\r\n', /^HTTP\/1\.1 400 /],
	['headers without end', `GET /metrics HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`, /^HTTP\/1\.1 431 /],
	['a target without end', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nhost: a\r\n\r\n`, /^HTTP\/1\.1 431 /],
	[
		'a body that never comes',
		'POST /metrics HTTP/1.1\r\nhost: a\r\ncontent-length: 999999999999\r\n\r\n',
		/^HTTP\/1\.1 405 [\s\S]*connection: close/i,
	],
	['a tunnel', 'CONNECT example.com:443 HTTP/1.1\r\nhost: a\r\n\r\n', /^$/],
	['another protocol', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', /^HTTP\/1\.1 400 /],
	[
		'requests that contradict themselves',
		'GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n',
		/^HTTP\/1\.1 400 /,
	],
];

for (const [name, bytes, answer] of hostile) {
	test(`${name} does no harm`, async context => {
		const server = await start(context);
		assert.match(await converse(server, bytes), answer);
		assert.equal((await fetch(server.url)).status, 200);
	});
}

test('many that connect and say nothing are not all let in, and go by themselves', async context => {
	const server = await start(context);
	const sockets: Socket[] = [];
	context.after(() => {
		for (const socket of sockets) {
			socket.destroy();
		}
	});
	for (let count = 0; count < 80; count++) {
		const socket = connect(portOf(server), '127.0.0.1');
		socket.on('error', () => undefined).resume();
		sockets.push(socket);
	}

	await Promise.all(sockets.map(async socket => once(socket, 'close')));
	assert.equal((await fetch(server.url)).status, 200);
});

test('a port that is in use is one sentence', async context => {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	context.after(() => server.close());
	const address = server.address();
	const port = typeof address === 'object' && address !== null ? address.port : assert.fail();
	const {message, exitCode} = await refused({host: '127.0.0.1', port});
	assert.equal(message, `127.0.0.1:${port} is already in use. Choose another port with --listen.`);
	assert.equal(exitCode, 1);
});

test('an address of another machine is one sentence', async () => {
	// Of a range that is kept for documentation.
	const {message, exitCode} = await refused({host: '192.0.2.1', port: 9464});
	assert.equal(message, "192.0.2.1:9464 isn't an address of this machine. Choose one that is with --listen.");
	assert.equal(exitCode, 2);
});
