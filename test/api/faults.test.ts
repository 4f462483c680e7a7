import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {inspect} from 'node:util';
import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {type Client, createClient} from '../../source/api/client.ts';
import type {Failure, Result} from '../../source/api/failure.ts';
import {requestJson} from '../../source/api/http.ts';
import {Secret} from '../../source/api/secret.ts';
import {direct} from '../../source/api/send-request.ts';
import {openTunnel} from '../../source/api/tunnel.ts';
import {describeFailure, nameFailure} from '../../source/text/failure-text.ts';
import {breakableNames} from '../helpers/breakable-names.ts';
import {type Fault, faults, type Place, repair} from '../helpers/fault-table.ts';
import {isMetrics} from '../helpers/served.ts';
import {startTestNetwork, type TestNetwork} from '../helpers/test-network.ts';
import {trustTestCertificate} from '../helpers/trust.ts';

trustTestCertificate();

const key = 'sk-a-key-that-must-not-be-seen';

type Rig = {readonly network: TestNetwork; readonly place: Place; readonly ask: () => ReturnType<Client['metrics']>};

async function startRig(context: TestContext, {way, isSlow = false}: Pick<Fault, 'way' | 'isSlow'>): Promise<Rig> {
	const network = await startTestNetwork(way, breakableNames());
	context.after(async () => network.close());
	const {apiUrl, proxy, elsewhere} = network;
	const timeoutMs = isSlow ? 200 : 10_000;
	const limitBytes = 1024 ** 2;
	const clientNetwork = way === 'proxy' ? openTunnel({url: proxy.url, from: 'HTTPS_PROXY'}, timeoutMs / 2) : direct;
	const client = createClient(async (inquiry, signal) =>
		requestJson({
			...inquiry,
			apiUrl,
			secret: new Secret(key),
			userAgent: 'test',
			timeoutMs,
			limitBytes,
			network: clientNetwork,
			signal,
		}),
	);
	const nowMs = Date.now();
	const query = {startMs: nowMs - 300_000, endMs: nowMs, stepMs: 30_000};
	return {
		network,
		place: {
			host: apiUrl.host,
			proxyHost: proxy.url.host,
			elsewhere: new URL(elsewhere.url).host,
			timeoutMs,
			limitBytes,
		},
		ask: async () => client.metrics('k4q95w5', query, new AbortController().signal),
	};
}

function failureOf(result: Result<unknown>): Failure {
	assert.ok(!result.ok);
	return result.failure;
}

function retryAfterMs(failure: Failure): number {
	return failure.kind === 'status' ? (failure.retryAfterMs ?? 0) : 0;
}

for (const fault of faults) {
	test(`${fault.what}: each request is attempted once, and its failure is described correctly`, async context => {
		const {network, place, ask} = await startRig(context, fault);
		const {server, proxy, elsewhere} = network;
		assert.ok((await ask()).ok);
		// Kept-alive connections are tested elsewhere.
		server.dropConnections();
		await fault.begin(network);
		const expected = fault.failure(place);
		const before = server.requests.filter(isMetrics).length;
		const connections = server.connections() + proxy.connects.length;
		const polls = 3;
		for (let poll = 0; poll < polls; poll++) {
			const failure = failureOf(await ask());
			assert.equal(describeFailure(failure), describeFailure(expected));
			assert.equal(nameFailure(failure), nameFailure(expected));
			// A date in Retry-After has no fractions of a second.
			assert.ok(Math.abs(retryAfterMs(failure) - retryAfterMs(expected)) <= 2000, `${retryAfterMs(failure)} ms`);
			assert.ok(!inspect(failure, {depth: 9}).includes(key));
		}

		assert.equal(server.requests.filter(isMetrics).length - before, fault.requests > 0 ? polls : 0);
		assert.ok(
			server.connections() + proxy.connects.length - connections <= 2 * polls,
			'a request is attempted more than once',
		);
		await repair(fault, network);
		assert.ok((await ask()).ok);
		assert.equal(elsewhere.requests.length, 0);
		assert.equal(proxy.connects.length > 0, fault.way === 'proxy');
		assert.ok(!proxy.passed().includes(key));
	});
}

test("every status from 400 to 599 is a failure with that status and the server's message", async context => {
	const {network, ask} = await startRig(context, {way: 'direct'});
	for (let status = 400; status < 600; status++) {
		network.server.respond = () => ({status, json: {message: `this is ${status}`}});
		const failure = failureOf(await ask());
		const message = `this is ${status}`;
		assert.deepEqual(failure, {kind: 'status', status, message, retryAfterMs: undefined});
		assert.match(describeFailure(failure), new RegExp(`^${status} [a-z ]+: ${message}$`));
		assert.equal(nameFailure(failure), `API ${status}`);
	}
});

test("repeated failures don't leak memory", async context => {
	setFlagsFromString('--expose-gc');
	const collect = runInNewContext('gc') as () => void;
	for (const way of ['direct', 'proxy'] as const) {
		const {network, ask} = await startRig(context, {way});
		const quick = faults.filter(fault => fault.way === way && fault.isSlow !== true);
		const round = async (): Promise<void> => {
			for (const fault of quick) {
				await fault.begin(network);
				await ask();
				await repair(fault, network);
			}
		};
		const heapAfter = async (rounds: number): Promise<number> => {
			for (let count = 0; count < rounds; count++) {
				await round();
			}

			collect();
			return process.memoryUsage().heapUsed;
		};
		const before = await heapAfter(2);
		const after = await heapAfter(6);
		assert.ok(after - before < 3e6, `${way}: the heap grew from ${before} to ${after} bytes`);
	}
});
