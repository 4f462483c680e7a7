import assert from 'node:assert/strict';
import {once} from 'node:events';
import {createServer, type IncomingMessage, type RequestListener} from 'node:http';
import type {AddressInfo} from 'node:net';
import {type TestContext, test} from 'node:test';
import {gzipSync} from 'node:zlib';
import {createClient} from '../../source/api/client.ts';
import type {Failure, Result} from '../../source/api/failure.ts';
import {createTransport, requestJson} from '../../source/api/http.ts';
import type {LogsQuery} from '../../source/api/logs.ts';
import {maxResponseBytes} from '../../source/api/read-body.ts';
import {Secret} from '../../source/api/secret.ts';
import {describeFailure} from '../../source/text/failure-text.ts';

const key = 'a-key-that-must-not-be-seen';

async function serve(context: TestContext, listener: RequestListener): Promise<URL> {
	const server = createServer(listener);
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	context.after(() => {
		server.closeAllConnections();
		server.close();
	});
	const {port} = server.address() as AddressInfo;
	return new URL(`http://127.0.0.1:${port}`);
}

type Asking = {
	readonly timeoutMs?: number;
	readonly signal?: AbortSignal;
	readonly body?: unknown;
	readonly path?: string;
	readonly limitBytes?: number;
};

async function ask(apiUrl: URL, asking: Asking = {}): Promise<Result<unknown>> {
	const {timeoutMs = 5000, signal = new AbortController().signal, path = '/x', ...others} = asking;
	return requestJson({apiUrl, path, secret: new Secret(key), userAgent: 'loops-top/0', timeoutMs, signal, ...others});
}

async function failureOf(apiUrl: URL, asking?: Asking): Promise<Failure> {
	const result = await ask(apiUrl, asking);
	assert.ok(!result.ok);
	assert.ok(!describeFailure(result.failure).includes(key));
	return result.failure;
}

test('a response is parsed as JSON, and the duration of the request is measured', async context => {
	const url = await serve(context, (_, response) => response.end('{"a": [1, "ü"]}'));
	const result = await ask(url);
	assert.ok(result.ok);
	assert.deepEqual(result.value, {a: [1, 'ü']});
	assert.ok(result.tookMs > 0);
});

test('a POST request carries the key, a content type, a user agent, and its body as JSON', async context => {
	let seen: IncomingMessage | undefined;
	let body = '';
	const url = await serve(context, (request, response) => {
		seen = request;
		request.setEncoding('utf8').on('data', chunk => {
			body += chunk;
		});
		request.on('end', () => response.end('{}'));
	});
	await ask(new URL('/prefix/', url), {path: '/v1/a%2Fb', body: {start: 1}});
	assert.equal(seen?.method, 'POST');
	assert.equal(seen?.url, '/prefix/v1/a%2Fb');
	assert.equal(seen?.headers.authorization, `Bearer ${key}`);
	assert.equal(seen?.headers['content-type'], 'application/json');
	assert.equal(seen?.headers['user-agent'], 'loops-top/0');
	assert.equal(body, '{"start":1}');
});

test("an ID is URL-encoded, and can't lead to another route", async context => {
	const paths: Array<string | undefined> = [];
	const url = await serve(context, (request, response) => {
		paths.push(`${request.method} ${request.url}`);
		response.end('{}');
	});
	const options = {apiUrl: url, secret: () => new Secret(key), userAgent: 'loops-top/0', timeoutMs: 5000};
	const client = createClient(createTransport(options));
	const {signal} = new AbortController();
	await client.metrics('a/../b?c', {startMs: 0, endMs: 30_000, stepMs: 30_000}, signal);
	await client.deployment('ü', signal);
	await client.deployments('own', signal);
	await client.deployments('org', signal);
	await client.run('a/b', signal);
	const sampler = {modelId: 'm/1', deploymentId: 'd?2'};
	await client.samplerMetrics(sampler, {startMs: 0, endMs: 30_000, metrics: ['a_total', 'b&c']}, signal);
	await client.samplerMetrics(sampler, {startMs: 0, endMs: 30_000, metrics: []}, signal);
	const series = 'mode=SERIES&start_epoch_millis=0&end_epoch_millis=30000';
	assert.deepEqual(paths, [
		'POST /v1/loops/deployments/a%2F..%2Fb%3Fc/metrics',
		'GET /v1/loops/deployments/%C3%BC',
		'GET /v1/loops/deployments',
		'GET /v1/loops/deployments?scope=org',
		'GET /v1/loops/runs/a%2Fb',
		`GET /v1/models/m%2F1/deployments/d%3F2/metrics?${series}&metrics=a_total&metrics=b%26c`,
		`GET /v1/models/m%2F1/deployments/d%3F2/metrics?${series}`,
	]);
});

test('connections are kept alive between requests', async context => {
	const ports = new Set<number | undefined>();
	const url = await serve(context, (request, response) => {
		ports.add(request.socket.remotePort);
		response.end('{}');
	});
	for (let count = 0; count < 6; count++) {
		await ask(url);
	}

	// A connection is free again a moment after its response is read; until then, a second connection can exist.
	assert.ok(ports.size <= 2, `${ports.size} connections were opened`);
});

const errors: ReadonlyArray<{
	readonly name: string;
	readonly status: number;
	readonly body: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly message: string;
	readonly retryAfterMs?: number;
}> = [
	{
		name: 'a code and a message',
		status: 400,
		body: '{"code":"VALIDATION_ERROR","message":"bad step"}',
		message: 'bad step',
	},
	{
		name: 'an error string and a wait',
		status: 429,
		body: '{"error":"Rate limit","retry_after":37}',
		message: 'Rate limit',
		retryAfterMs: 37_000,
	},
	{name: 'an error object that has a message', status: 500, body: '{"error":{"message":"oops"}}', message: 'oops'},
	{name: 'a detail', status: 403, body: '{"detail":"not yours"}', message: 'not yours'},
	{name: 'plain text', status: 502, body: 'upstream is down', message: 'upstream is down'},
	{name: 'an HTML page', status: 502, body: '<html><body>Bad Gateway</body></html>', message: ''},
	{name: 'an empty body', status: 404, body: '', message: ''},
	{name: 'unexpected JSON', status: 418, body: '{"message":7,"retry_after":"soon"}', message: ''},
	{name: 'escapes and line breaks', status: 500, body: '{"message":"a\\u001b[31mb\\nc"}', message: 'ab c'},
	{
		name: 'a wait in the header, in seconds',
		status: 503,
		body: '',
		headers: {'retry-after': '12'},
		message: '',
		retryAfterMs: 12_000,
	},
	{
		name: 'a wait in the body and a longer one in the header (which applies)',
		status: 429,
		body: '{"error":"x","retry_after":3}',
		headers: {'retry-after': '12'},
		message: 'x',
		retryAfterMs: 12_000,
	},
	{
		name: 'a wait until a past date',
		status: 503,
		body: '',
		headers: {'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT'},
		message: '',
		retryAfterMs: 0,
	},
	{
		name: 'a wait as a string',
		status: 429,
		body: '{"error":"x","retry_after":"37"}',
		message: 'x',
		retryAfterMs: 37_000,
	},
	{
		name: 'a wait with a fraction',
		status: 429,
		body: '',
		headers: {'retry-after': '1.5'},
		message: '',
		retryAfterMs: 1500,
	},
	{name: 'a negative wait', status: 503, body: '', headers: {'retry-after': '-5'}, message: ''},
	{name: "a wait that isn't a time", status: 503, body: '', headers: {'retry-after': 'later'}, message: ''},
];

for (const {name, status, body, headers, message, retryAfterMs} of errors) {
	test(`an error response with ${name} yields its message and its wait`, async context => {
		const url = await serve(context, (_, response) => response.writeHead(status, headers).end(body));
		assert.deepEqual(await failureOf(url), {kind: 'status', status, message, retryAfterMs});
	});
}

test('a wait until a date is counted from now', async context => {
	const date = new Date(Date.now() + 60_000).toUTCString();
	const url = await serve(context, (_, response) => response.writeHead(503, {'retry-after': date}).end());
	const failure = await failureOf(url);
	assert.ok(failure.kind === 'status' && failure.retryAfterMs !== undefined);
	assert.ok(failure.retryAfterMs > 50_000 && failure.retryAfterMs <= 60_000);
});

test("a redirect isn't followed, and the key is sent nowhere else", async context => {
	let visits = 0;
	const elsewhere = await serve(context, (_, response) => {
		visits++;
		response.end('{}');
	});
	const url = await serve(context, (_, response) => response.writeHead(307, {location: elsewhere.href}).end());
	assert.deepEqual(await failureOf(url), {kind: 'redirect', status: 307, host: elsewhere.host});
	assert.equal(visits, 0);
});

test("an HTML page is rejected, because it isn't JSON", async context => {
	const url = await serve(context, (_, response) =>
		response.writeHead(200, {'content-type': 'text/html; charset=utf-8'}).end('<html>Sign in</html>'),
	);
	assert.deepEqual(await failureOf(url), {kind: 'not-json', contentType: 'text/html'});
});

test('incomplete JSON is rejected as unreadable', async context => {
	const url = await serve(context, (_, response) =>
		response.writeHead(200, {'content-type': 'application/json'}).end('{"a": [1,'),
	);
	assert.deepEqual(await failureOf(url), {kind: 'not-json', contentType: 'unreadable'});
});

test('a response whose connection ends early is reported as cut off', async context => {
	const url = await serve(context, (_, response) => {
		response.writeHead(200, {'content-length': '1000'});
		response.write('{"a":', () => response.destroy());
	});
	assert.deepEqual(await failureOf(url), {kind: 'cut-off'});
});

test('a connection that is reset before the response is a network failure', async context => {
	const url = await serve(context, request => request.socket.destroy());
	const failure = await failureOf(url);
	assert.equal(failure.kind, 'network');
	assert.match(describeFailure(failure), /closed the connection$/);
});

test('a refused connection is a network failure that names the host', async () => {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const {port} = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	const failure = await failureOf(new URL(`http://127.0.0.1:${port}`));
	assert.deepEqual(failure, {kind: 'network', code: 'ECONNREFUSED', host: `127.0.0.1:${port}`});
	assert.equal(describeFailure(failure), `127.0.0.1:${port} refuses connections`);
});

test('a request to a server that never responds times out', async context => {
	const url = await serve(context, () => undefined);
	assert.deepEqual(await failureOf(url, {timeoutMs: 50}), {kind: 'timeout', afterMs: 50});
});

test('a request whose response never ends also times out', async context => {
	const url = await serve(context, (_, response) => {
		response.write('{"a":');
	});
	assert.deepEqual(await failureOf(url, {timeoutMs: 50}), {kind: 'timeout', afterMs: 50});
});

test('an endless response is read only up to the limit', async context => {
	const limitBytes = 1024 ** 2;
	let sent = 0;
	const url = await serve(context, (request, response) => {
		const chunk = Buffer.alloc(64 * 1024, ' ');
		const send = (): void => {
			while (!response.destroyed && response.write(chunk)) {
				sent += chunk.length;
			}
		};
		response.on('drain', send);
		request.on('close', () => response.destroy());
		send();
	});
	assert.deepEqual(await failureOf(url, {limitBytes}), {kind: 'too-large', limitBytes});
	// The server has also sent the data that is still in transit between the two sockets.
	assert.ok(sent < limitBytes + 8 * 1024 ** 2, `${sent} bytes were sent`);
});

test("a response with a content length above the limit isn't read at all", async context => {
	const url = await serve(context, (_, response) => {
		response.writeHead(200, {'content-length': String(maxResponseBytes + 1)}).flushHeaders();
	});
	assert.deepEqual(await failureOf(url), {kind: 'too-large', limitBytes: maxResponseBytes});
});

test('a small response that inflates to a large one is read only up to the limit', async context => {
	const bomb = gzipSync(Buffer.alloc(16 * 1024 ** 2, ' '));
	const url = await serve(context, (_, response) => response.writeHead(200, {'content-encoding': 'gzip'}).end(bomb));
	assert.deepEqual(await failureOf(url, {limitBytes: 65_536}), {kind: 'too-large', limitBytes: 65_536});
});

test('an aborted request throws, and closes its connection', async context => {
	const controller = new AbortController();
	let closed = (): void => undefined;
	const ended = new Promise<void>(resolve => {
		closed = resolve;
	});
	const url = await serve(context, request => {
		request.on('close', closed);
		controller.abort();
	});
	await assert.rejects(ask(url, {signal: controller.signal}), {name: 'AbortError'});
	await ended;
});

const queries: ReadonlyArray<readonly [query: LogsQuery, parameters: string]> = [
	[
		{startMs: 1, endMs: 2, direction: 'desc', limit: 1000, minLevel: 'ERROR'},
		'start_epoch_millis=1&end_epoch_millis=2&direction=desc&limit=1000&min_level=ERROR',
	],
	[
		{startMs: 1, endMs: undefined, direction: 'asc', limit: 500, minLevel: undefined},
		'start_epoch_millis=1&direction=asc&limit=500',
	],
];

for (const [query, parameters] of queries) {
	test(`logs are requested with ${parameters}`, async context => {
		const seen: string[] = [];
		const apiUrl = await serve(context, ({method, url}, response) => {
			seen.push(`${method} ${url}`);
			response.end('{"logs": []}');
		});
		const options = {apiUrl, secret: () => new Secret(key), userAgent: 'test', timeoutMs: 5000};
		const client = createClient(createTransport(options));
		const result = await client.logs('a/b', query, new AbortController().signal);
		assert.ok(result.ok);
		assert.deepEqual(result.value, {lines: [], received: 0, dropped: 0});
		assert.deepEqual(seen, [`GET /v1/loops/deployments/a%2Fb/logs?${parameters}`]);
	});
}
