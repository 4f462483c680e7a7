import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {gzipSync} from 'node:zlib';
import type {Failure, Result} from '../../source/api/failure.ts';
import {requestJson} from '../../source/api/http.ts';
import type {Network} from '../../source/api/network.ts';
import {readBody} from '../../source/api/read-body.ts';
import {Secret} from '../../source/api/secret.ts';
import {openTunnel} from '../../source/api/tunnel.ts';
import {describeFailure} from '../../source/text/failure-text.ts';
import {type ScriptedProxy, startScriptedProxy} from '../helpers/scripted-proxy.ts';
import {type Respond, type ScriptedServer, startScriptedServer} from '../helpers/scripted-server.ts';
import {trustTestCertificate} from '../helpers/trust.ts';

trustTestCertificate();

const key = 'a-key-that-must-not-be-seen';
const password = 'Basic YWRhOnNlY3JldA==';

type Rig = {
	readonly proxy: ScriptedProxy;
	readonly server: ScriptedServer;
	readonly network: Network;
	ask(asking?: {readonly body?: unknown; readonly signal?: AbortSignal}): Promise<Result<unknown>>;
	failure(): Promise<Failure>;
};

const allIsWell: Respond = () => ({json: {ok: true}});

/** Starts an API over HTTPS that is reachable only through a proxy, because its name can't be resolved. */
async function startRig(context: TestContext, respond: Respond = allIsWell, timeoutMs = 5000): Promise<Rig> {
	const server = await startScriptedServer(respond, 'trusted');
	const proxy = await startScriptedProxy(Number(new URL(server.url).port));
	context.after(async () => {
		await proxy.close();
		await server.close();
	});
	const network = openTunnel({url: proxy.url, from: 'HTTPS_PROXY', authorization: new Secret(password)}, timeoutMs);
	const ask: Rig['ask'] = async ({body, signal = new AbortController().signal} = {}) => {
		const apiUrl = new URL('https://api.test');
		const secret = new Secret(key);
		return requestJson({
			apiUrl,
			path: '/a-path-that-must-not-be-seen',
			body,
			secret,
			userAgent: 'test',
			timeoutMs: 5000,
			signal,
			network,
		});
	};
	return {
		proxy,
		server,
		network,
		ask,
		async failure() {
			const result = await ask();
			assert.ok(!result.ok);
			return result.failure;
		},
	};
}

test('requests go through a tunnel, and the proxy sees neither the key nor the path', async context => {
	const {ask, server, proxy} = await startRig(context);
	const result = await ask({body: {start: 1}});
	assert.deepEqual(result.ok && result.value, {ok: true});
	const [request] = server.requests;
	assert.equal(request?.method, 'POST');
	assert.equal(request?.path, '/a-path-that-must-not-be-seen');
	assert.equal(request?.headers.host, 'api.test');
	assert.equal(request?.headers.authorization, `Bearer ${key}`);
	assert.equal(request?.headers['proxy-authorization'], undefined);
	assert.deepEqual(request?.body, {start: 1});
	assert.deepEqual(
		proxy.connects.map(({target, headers}) => [target, headers['proxy-authorization'], headers.authorization]),
		[['api.test:443', password, undefined]],
	);
	assert.ok(proxy.passed().length > 500);
	assert.ok(!proxy.passed().includes(key));
	assert.ok(!proxy.passed().includes('/a-path-that-must-not-be-seen'));
});

test('each request has its own tunnel, which ends with the request', async context => {
	const {ask, proxy, server} = await startRig(context);
	for (let count = 0; count < 5; count++) {
		assert.ok((await ask()).ok);
	}

	assert.equal(server.requests.length, 5);
	assert.equal(proxy.connects.length, 5);
	await proxy.idle();
});

test('a compressed response in a tunnel is decompressed', async context => {
	const {ask} = await startRig(context, () => response => {
		response.writeHead(200, {'content-encoding': 'gzip'}).end(gzipSync('{"packed": "ü"}'));
	});
	const result = await ask();
	assert.deepEqual(result.ok && result.value, {packed: 'ü'});
});

const faults: ReadonlyArray<{
	readonly name: string;
	readonly begin: (rig: Rig) => Promise<void> | void;
	readonly says: RegExp;
	readonly timeoutMs?: number;
}> = [
	{
		name: 'that refuses connections',
		begin: async ({proxy}) => proxy.down(),
		says: /^the proxy 127\.0\.0\.1:\d+ refuses connections$/,
	},
	{
		name: 'that closes the connection',
		begin({proxy}) {
			proxy.behavior = 'reset';
		},
		says: /^the proxy 127\.0\.0\.1:\d+ closed the connection$/,
	},
	{
		name: 'that never responds',
		begin({proxy}) {
			proxy.behavior = 'silence';
		},
		says: /^the proxy 127\.0\.0\.1:\d+ doesn't respond$/,
		timeoutMs: 200,
	},
	{
		name: 'that rejects the password',
		begin({proxy}) {
			proxy.behavior = {status: 407};
		},
		says: /^the proxy 127\.0\.0\.1:\d+ doesn't accept the username and password in HTTPS_PROXY \(407\)$/,
	},
	{
		name: "that doesn't allow the connection",
		begin({proxy}) {
			proxy.behavior = {status: 403};
		},
		says: /^the proxy 127\.0\.0\.1:\d+ doesn't allow connections to api\.test \(403\)$/,
	},
	{
		name: "that can't reach the API",
		begin({proxy}) {
			proxy.behavior = {status: 502};
		},
		says: /^the proxy 127\.0\.0\.1:\d+ can't reach api\.test \(502\)$/,
	},
	{
		name: 'that redirects',
		begin({proxy}) {
			proxy.behavior = {status: 302};
		},
		says: /^the proxy 127\.0\.0\.1:\d+ requires a login in a browser first \(302\)$/,
	},
	{
		name: 'behind which the API is down',
		begin: async ({server}) => server.down(),
		says: /^api\.test closed the connection$/,
	},
	{
		name: 'behind which the API presents an untrusted certificate',
		begin({server}) {
			server.present('stranger');
		},
		says: /^api\.test has a TLS certificate that isn't trusted: see NODE_EXTRA_CA_CERTS$/,
	},
];

for (const {name, begin, says, timeoutMs} of faults) {
	test(`a proxy ${name} is described correctly after one attempt, and never receives the key`, async context => {
		const rig = await startRig(context, allIsWell, timeoutMs);
		assert.ok((await rig.ask()).ok);
		const asked = rig.server.requests.length;
		await begin(rig);
		const before = rig.proxy.connects.length;
		for (let count = 0; count < 3; count++) {
			assert.match(describeFailure(await rig.failure()), says);
		}

		assert.equal(rig.server.requests.length, asked);
		assert.equal(rig.proxy.connects.length - before, name.includes('refuses') ? 0 : 3);
		assert.ok(!rig.proxy.passed().includes(key));
		await rig.proxy.idle();
	});
}

test('a response that ends early in a tunnel is reported as cut off', async context => {
	const {failure} = await startRig(context, () => response => {
		response.writeHead(200, {'content-length': '1000'}).write('{"a":', () => response.destroy());
	});
	assert.deepEqual(await failure(), {kind: 'cut-off'});
});

test('a compressed response that ends early in a tunnel is reported as cut off', async context => {
	const packed = gzipSync(Buffer.alloc(100_000, 'x'));
	const {failure} = await startRig(context, () => response => {
		response.writeHead(200, {'content-encoding': 'gzip', 'content-length': packed.length});
		response.write(packed.subarray(0, 50), () => response.destroy());
	});
	assert.deepEqual(await failure(), {kind: 'cut-off'});
});

test("a redirect in a tunnel isn't followed", async context => {
	const {failure, proxy} = await startRig(context, () => ({
		status: 307,
		text: '',
		headers: {location: 'https://login.test/'},
	}));
	assert.deepEqual(await failure(), {kind: 'redirect', status: 307, host: 'login.test'});
	assert.equal(proxy.connects.length, 1);
});

test('a request in a tunnel ends when it is aborted', async context => {
	const controller = new AbortController();
	const {ask} = await startRig(context, () => {
		controller.abort();
		return () => undefined;
	});
	await assert.rejects(ask({signal: controller.signal}), {name: 'AbortError'});
});

test('reading a response fails if its tunnel breaks', async context => {
	const {network, proxy} = await startRig(context, () => response => {
		response.writeHead(200, {'content-length': '1000'}).write('{"a":');
	});
	const {signal} = new AbortController();
	const response = await network.send(new URL('https://api.test/x'), {method: 'GET', headers: {}, signal});
	const reading = readBody(response, 1000);
	proxy.cut();
	await assert.rejects(reading, {code: 'ECONNRESET'});
});

test('reading a response stops when its request is aborted', async context => {
	const controller = new AbortController();
	const {ask} = await startRig(context, () => response => {
		response.writeHead(200, {'content-length': '1000'}).write('{"a":', () => setImmediate(() => controller.abort()));
	});
	await assert.rejects(ask({signal: controller.signal}), {name: 'AbortError'});
});

test('aborting a request ends it even while it is waiting for the proxy', {timeout: 60_000}, async context => {
	const {ask, proxy} = await startRig(context, allIsWell, 15_000);
	proxy.behavior = 'silence';
	await assert.rejects(ask({signal: AbortSignal.timeout(20)}), {name: 'TimeoutError'});
	await proxy.idle();
});
