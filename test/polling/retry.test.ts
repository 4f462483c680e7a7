import assert from 'node:assert/strict';
import {mock, type TestContext, test} from 'node:test';
import type {Failure, Result} from '../../source/api/failure.ts';
import type {Transport} from '../../source/api/http.ts';
import {RequestGate, retryWaitMs} from '../../source/polling/retry.ts';
import {flushPromises} from '../helpers/eventually.ts';

const {signal} = new AbortController();
const done: Result<unknown> = {ok: true, value: {}, tookMs: 1};

function tooMany(retryAfterMs: number | undefined, status = 429): Result<never> {
	return {ok: false, failure: {kind: 'status', status, message: 'slow down', retryAfterMs}, tookMs: 1};
}

type Sent = {
	readonly path: string;
	readonly atMs: number;
	readonly response: (result: Result<unknown>) => void;
	/** Resolves with whether the request can be sent again. */
	readonly repeat: () => Promise<boolean>;
};

/** Creates a gate with a clock that the test controls, and a transport whose responses the test provides. */
function startRig(context: TestContext) {
	mock.timers.enable({apis: ['setTimeout']});
	context.after(() => mock.timers.reset());
	let nowMs = 0;
	const gate = new RequestGate(() => nowMs);
	const sent: Sent[] = [];
	const transport: Transport = async ({path, mayRepeat = async () => true}, stop) =>
		new Promise((resolve, reject) => {
			const repeat = async (): Promise<boolean> => {
				const may = await mayRepeat(stop);
				sent.push({path, atMs: nowMs, response: resolve, repeat});
				return may;
			};
			stop.addEventListener('abort', () => reject(stop.reason), {once: true});
			sent.push({path, atMs: nowMs, response: resolve, repeat});
		});
	const send = gate.guard(transport);
	return {
		gate,
		sent,
		send: async (path: string, stop = signal) => send({path}, stop),
		async pass(ms: number) {
			for (let passed = 0; passed < ms; passed += 10) {
				nowMs += 10;
				mock.timers.tick(10);
				await flushPromises();
			}
		},
		async response(index: number, result = done) {
			await flushPromises();
			sent[index]?.response(result);
			await flushPromises();
		},
	};
}

function failureOf(result: Result<unknown>): Failure | undefined {
	return result.ok ? undefined : result.failure;
}

test('a wait that the server specified applies to every route, and failures contain the time left', async context => {
	const {send, sent, response, pass, gate} = startRig(context);
	const first = send('/metrics');
	await response(0, tooMany(60_000));
	assert.deepEqual(failureOf(await first), {kind: 'status', status: 429, message: 'slow down', retryAfterMs: 60_000});
	await pass(20_000);
	assert.equal(gate.heldMs(), 40_000);
	for (const path of ['/metrics', '/logs', '/deployments']) {
		assert.deepEqual(failureOf(await send(path)), {
			kind: 'status',
			status: 429,
			message: 'slow down',
			retryAfterMs: 40_000,
		});
	}

	assert.equal(sent.length, 1);
	await pass(40_000);
	void send('/logs');
	await flushPromises();
	assert.equal(sent.length, 2);
});

test('the user can end a wait, and another wait begins if the server specifies one', async context => {
	const {send, sent, response, gate} = startRig(context);
	void send('/metrics');
	await response(0, tooMany(60_000, 503));
	gate.open();
	assert.equal(gate.heldMs(), 0);
	void send('/metrics');
	await flushPromises();
	assert.equal(sent.length, 2);
	await response(1, tooMany(30_000));
	assert.equal(gate.heldMs(), 30_000);
});

test("neither a shorter wait nor a response that doesn't specify one ends a longer wait", async context => {
	const {send, response, gate} = startRig(context);
	for (const path of ['/a', '/b', '/c', '/d']) {
		void send(path);
	}

	await flushPromises();
	await response(0, tooMany(60_000));
	await response(1, tooMany(5000));
	await response(2, tooMany(undefined));
	await response(3, done);
	assert.equal(gate.heldMs(), 60_000);
});

for (const [namedMs, heldMs] of [
	[0, 2000],
	[1e9, 3_600_000],
] as const) {
	test(`a wait of ${namedMs} ms becomes a wait of ${heldMs} ms`, async context => {
		const {send, response, gate} = startRig(context);
		void send('/metrics');
		await response(0, tooMany(namedMs));
		assert.equal(gate.heldMs(), heldMs);
	});
}

test('at most four requests are in flight, first come, first served', async context => {
	const {send, sent, response} = startRig(context);
	const paths = Array.from({length: 9}, (_, index) => `/${index}`);
	for (const path of paths) {
		void send(path);
	}

	await flushPromises();
	assert.equal(sent.length, 4);
	await response(2);
	assert.equal(sent.length, 5);
	await response(0);
	await response(1);
	await response(3, tooMany(undefined));
	assert.equal(sent.length, 8);
	assert.deepEqual(
		sent.map(({path}) => path),
		paths.slice(0, 8),
	);
});

test('at most ten requests are sent within any second', async context => {
	const {send, sent, response, pass} = startRig(context);
	for (let index = 0; index < 50; index++) {
		void send(`/${index}`);
	}

	await flushPromises();
	for (let turn = 0; turn < 500; turn++) {
		await response(sent.length - 1 - (turn % 4));
		for (const {response: end} of sent) {
			end(done);
		}

		await pass(10);
	}

	assert.equal(sent.length, 50);
	for (const [index, {atMs}] of sent.entries()) {
		assert.ok(atMs - (sent[index - 10]?.atMs ?? Number.NEGATIVE_INFINITY) >= 1000, `${index} at ${atMs}`);
	}

	assert.ok((sent.at(-1)?.atMs ?? 0) <= 4100);
});

test("a request that is aborted in the queue doesn't count toward the limit", async context => {
	const {send, sent, response} = startRig(context);
	for (let index = 0; index < 4; index++) {
		void send(`/${index}`);
	}

	await flushPromises();
	const controller = new AbortController();
	const givenUp = send('/given-up', controller.signal);
	void send('/next');
	controller.abort();
	await assert.rejects(givenUp, {name: 'AbortError'});
	await response(0);
	assert.deepEqual(
		sent.map(({path}) => path),
		['/0', '/1', '/2', '/3', '/next'],
	);
});

test('queued requests fail instead of being sent if a wait begins', async context => {
	const {send, sent, response} = startRig(context);
	const results = Array.from({length: 6}, async (_, index) => send(`/${index}`));
	await flushPromises();
	await response(0, tooMany(60_000));
	const [, , , , ...waiting] = results;
	for (const index of [1, 2, 3]) {
		await response(index);
	}

	for (const result of await Promise.all(waiting)) {
		assert.equal(failureOf(result)?.kind, 'status');
	}

	assert.equal(sent.length, 4);
});

test('a request whose transport throws frees its slot', async context => {
	const {gate} = startRig(context);
	const failing = gate.guard(async () => {
		throw new Error('aborted');
	});
	for (let index = 0; index < 8; index++) {
		await assert.rejects(failing({path: '/'}, signal), {message: 'aborted'});
	}
});

const closed: Result<never> = {ok: false, failure: {kind: 'network', code: 'ECONNRESET', host: 'h'}, tookMs: 1};

test('a request that is sent again counts as another request', async context => {
	const {send, sent, pass} = startRig(context);
	void send('/closed');
	await flushPromises();
	for (let count = 1; count < 30; count++) {
		void sent.at(-1)?.repeat();
		await pass(100);
	}

	assert.ok(sent.length > 10);
	for (const [index, {atMs}] of sent.entries()) {
		assert.ok(atMs - (sent[index - 10]?.atMs ?? Number.NEGATIVE_INFINITY) >= 1000, `${index} at ${atMs}`);
	}
});

test('a request that is sent again queues behind the waiting requests', async context => {
	const {send, sent, response} = startRig(context);
	for (let index = 0; index < 6; index++) {
		void send(`/${index}`);
	}

	await flushPromises();
	void sent[0]?.repeat();
	await flushPromises();
	assert.deepEqual(
		sent.map(({path}) => path),
		['/0', '/1', '/2', '/3', '/4'],
	);
	await response(1);
	await response(2);
	assert.deepEqual(
		sent.map(({path}) => path),
		['/0', '/1', '/2', '/3', '/4', '/5', '/0'],
	);
});

test("a request isn't sent again after a wait has begun, and frees its slot", async context => {
	const {gate, send, sent, response} = startRig(context);
	const result = send('/closed');
	void send('/limited');
	await response(1, tooMany(60_000));
	assert.equal(await sent[0]?.repeat(), false);
	await response(0, closed);
	assert.equal(failureOf(await result)?.kind, 'status');
	gate.open();
	const {length} = sent;
	for (let index = 0; index < 4; index++) {
		void send(`/${index}`);
	}

	await flushPromises();
	assert.equal(sent.length, length + 4);
});

test('a request that is aborted before it is sent again frees its slot once', async context => {
	const {send, sent} = startRig(context);
	const controller = new AbortController();
	const givenUp = send('/given-up', controller.signal);
	for (let index = 0; index < 4; index++) {
		void send(`/${index}`);
	}

	await flushPromises();
	const repeated = sent[0]?.repeat();
	controller.abort();
	await assert.rejects(givenUp, {name: 'AbortError'});
	await assert.rejects(async () => repeated, {name: 'AbortError'});
	void send('/next');
	await flushPromises();
	assert.equal(sent.filter(({path}) => path === '/next').length, 0, 'a request was sent while four were in flight');
});

const waits: ReadonlyArray<readonly [failures: number, seconds: number]> = [
	[1, 10],
	[2, 20],
	[3, 40],
	[4, 80],
	[5, 120],
	[6, 120],
	[1000, 120],
];

for (const [failures, seconds] of waits) {
	test(`the wait after failure number ${failures} since the last success is ${seconds} s, plus or minus 10%`, () => {
		assert.equal(retryWaitMs(failures, 0.5), seconds * 1000);
		assert.equal(retryWaitMs(failures, 0), seconds * 900);
		assert.equal(retryWaitMs(failures, 0.999_999), seconds * 1100);
	});
}

const named: ReadonlyArray<readonly [retryAfterMs: number, minMs: number, maxMs: number]> = [
	[37_000, 37_000, 40_700],
	[300_000, 300_000, 330_000],
	[0, 2000, 2200],
	[1e12, 3_600_000, 3_960_000],
];

for (const [retryAfterMs, minMs, maxMs] of named) {
	test(`a specified wait of ${retryAfterMs} ms becomes at least ${minMs} ms and at most ${maxMs} ms`, () => {
		assert.equal(retryWaitMs(4, 0, retryAfterMs), minMs);
		assert.equal(retryWaitMs(4, 1, retryAfterMs), maxMs);
	});
}
