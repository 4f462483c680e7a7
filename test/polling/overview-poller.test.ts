import assert from 'node:assert/strict';
import {mock, type TestContext, test} from 'node:test';
import type {Deployment} from '../../source/api/deployment.ts';
import type {Failure, Result} from '../../source/api/failure.ts';
import type {MetricsResponse} from '../../source/api/metrics-response.ts';
import {defaultWindow} from '../../source/metrics/windows.ts';
import {pollOverview} from '../../source/polling/overview-poller.ts';
import {RequestGate} from '../../source/polling/retry.ts';
import {initialState} from '../../source/state/initial-state.ts';
import {overviewRows} from '../../source/state/overview-list.ts';
import {createStore, type Store} from '../../source/state/store.ts';
import {deploymentOf, runOf} from '../helpers/deployments.ts';
import {flushPromises} from '../helpers/eventually.ts';
import {nine, ok, responseAt, status} from '../helpers/poller-rig.ts';
import {rejectingClient} from '../helpers/rejecting-client.ts';

type Asked = {readonly id: string; readonly atMs: number; readonly together: number; readonly lengthMs: number};

type Rig = {
	readonly store: Store;
	readonly asked: readonly Asked[];
	readonly runs: readonly string[];
	readonly renewed: () => number;
	heldMs: number;
	metrics: (id: string) => Promise<Result<MetricsResponse>>;
	list(...deployments: readonly Deployment[]): void;
	pass(milliseconds: number): Promise<void>;
};

function createRig(context: TestContext, isAlways = true): Rig {
	mock.timers.enable({apis: ['setTimeout', 'Date'], now: nine});
	const store = createStore(
		initialState({
			target: {kind: 'unchosen'},
			host: 'host',
			window: defaultWindow,
			intervalMs: 10_000,
			nowMs: nine,
			isWatchingAll: isAlways,
		}),
	);
	const asked: Asked[] = [];
	const runs: string[] = [];
	let underWay = 0;
	let renewals = 0;
	const stopping = new AbortController();
	const rig: Rig = {
		store,
		asked,
		runs,
		renewed: () => renewals,
		heldMs: 0,
		metrics: async () => responseAt(Date.now()),
		list(...list) {
			store.dispatch({type: 'sideRequestSucceeded', response: {kind: 'deployments', list}, atMs: Date.now()});
		},
		async pass(milliseconds) {
			for (let passed = 0; passed < milliseconds; passed += 100) {
				await flushPromises();
				mock.timers.tick(Math.min(100, milliseconds - passed));
			}

			await flushPromises();
		},
	};
	const ended = pollOverview(
		{
			client: {
				...rejectingClient,
				async metrics(id, {startMs, endMs}, signal) {
					underWay++;
					asked.push({id, atMs: Date.now() - nine, together: underWay, lengthMs: endMs - startMs});
					const aborted = new Promise<never>((_, reject) => {
						signal.addEventListener('abort', () => reject(signal.reason));
					});
					return Promise.race([rig.metrics(id), aborted]).finally(() => {
						underWay--;
					});
				},
				async run(id) {
					runs.push(id);
					return ok(runOf(id, 'd1', {status: 'INACTIVE'}));
				},
			},
			store,
			renewKey: async () => {
				renewals++;
			},
			clock: {now: Date.now, elapsed: () => Date.now() - nine},
			random: () => 0,
			heldMs: () => rig.heldMs,
		},
		stopping.signal,
	);
	context.after(async () => {
		stopping.abort();
		await ended;
		mock.timers.reset();
	});
	return rig;
}

const running = (id: string, known: Partial<Deployment> = {}): Deployment =>
	deploymentOf({id, status: 'RUNNING', activeRunId: 'r', runId: 'r', nodeCount: 1, ...known});

async function later<Value>(value: Value, delayMs: number): Promise<Value> {
	return new Promise(resolve => {
		setTimeout(resolve, delayMs, value);
	});
}

function timesOf({asked}: Rig, id: string): readonly number[] {
	return asked.filter(one => one.id === id).map(({atMs}) => atMs);
}

test('each live deployment is polled every 30 s, first for the whole window and then for its tail', async context => {
	const rig = createRig(context);
	rig.list(running('d1'), running('d2', {status: 'DEPLOYING'}));
	await rig.pass(65_000);
	assert.deepEqual(timesOf(rig, 'd1'), [0, 30_000, 60_000]);
	assert.deepEqual(timesOf(rig, 'd2'), [0, 30_000, 60_000]);
	assert.deepEqual(
		rig.asked.filter(({id}) => id === 'd1').map(({lengthMs}) => lengthMs === defaultWindow.lengthMs),
		[true, false, false],
	);
	assert.equal(overviewRows(rig.store.getState())[0]?.measures?.requests, 1);
});

test('fifty deployments are polled every 75 s, with at most three requests at once', async context => {
	const rig = createRig(context);
	rig.metrics = async () => later(responseAt(Date.now()), 200);
	rig.list(...Array.from({length: 50}, (_, index) => running(`d${index}`)));
	await rig.pass(149_000);
	assert.equal(rig.asked.length, 100);
	assert.equal(Math.max(...rig.asked.map(({together}) => together)), 3);
});

test('all deployments share one rate limit: four requests at once, and ten within any second', async context => {
	const rig = createRig(context);
	const gate = new RequestGate(() => Date.now());
	const begun: number[] = [];
	let underWay = 0;
	let most = 0;
	/** Sends a request through the gate. The response arrives after `tookMs` milliseconds. */
	const send = async <Value>(
		response: Result<Value>,
		tookMs: number,
		signal: AbortSignal,
	): Promise<Result<unknown>> => {
		const transport = gate.guard(async () => {
			begun.push(Date.now());
			underWay++;
			most = Math.max(most, underWay);
			return later(response, tookMs).finally(() => {
				underWay--;
			});
		});
		return transport({path: '/'}, signal);
	};
	rig.metrics = async () => {
		const response = responseAt(Date.now());
		const sent = await send(response, 50, new AbortController().signal);
		return sent.ok ? response : sent;
	};
	rig.list(...Array.from({length: 50}, (_, index) => running(`d${index}`)));
	const waitedMs: number[] = [];
	for (let turn = 0; turn < 60; turn++) {
		const sinceMs = Date.now();
		void send(ok({}), 300, new AbortController().signal).then(() => waitedMs.push(Date.now() - sinceMs));
		await rig.pass(500);
	}

	await rig.pass(120_000);
	assert.equal(new Set(rig.asked.map(({id}) => id)).size, 50);
	assert.equal(most, 4);
	for (const [index, atMs] of begun.entries()) {
		assert.ok(
			atMs - (begun[index - 10] ?? 0) >= 1000,
			`11 requests were sent within ${atMs - (begun[index - 10] ?? 0)} ms`,
		);
	}

	assert.ok(begun.length >= 60 + 100, `${begun.length} requests`);
	assert.ok(Math.max(...waitedMs) <= 1500, `the watched deployment waits ${Math.max(...waitedMs)} ms`);
});

test('ended deployments are polled once, and again when their status changes', async context => {
	const rig = createRig(context);
	rig.list(running('d1', {status: 'FAILED'}), running('d2', {status: 'SCALED_TO_ZERO'}));
	rig.metrics = async id => (id === 'd2' ? status(404) : responseAt(Date.now()));
	await rig.pass(120_000);
	assert.equal(rig.asked.length, 2);
	const [failed, idle] = overviewRows(rig.store.getState());
	assert.deepEqual(
		failed?.findings?.map(({rule}) => rule),
		['status'],
	);
	assert.equal(idle?.link.kind, 'no-metrics');
	rig.list(running('d1', {status: 'RUNNING'}), running('d2', {status: 'STOPPED'}));
	await rig.pass(5000);
	assert.equal(rig.asked.length, 4);
	assert.deepEqual(overviewRows(rig.store.getState())[0]?.findings, []);
});

test('the overview polls neither the watched deployment nor one that is no longer listed', async context => {
	const rig = createRig(context);
	rig.list(running('d1'), running('d2'), running('d3'));
	await rig.pass(2000);
	rig.store.dispatch({type: 'chooseDeployment', id: 'd1'});
	rig.list(running('d1'), running('d2'));
	await rig.pass(60_000);
	assert.deepEqual([timesOf(rig, 'd1').length, timesOf(rig, 'd3').length], [1, 1]);
	assert.equal(timesOf(rig, 'd2').length, 3);
	assert.deepEqual([...rig.store.getState().overview.members.keys()], ['d2']);
	rig.store.dispatch({type: 'chooseDeployment', id: 'd2'});
	await rig.pass(1000);
	assert.equal(timesOf(rig, 'd1').length, 2);
});

test('nothing is requested while the overview is closed, unless all deployments are watched', async context => {
	const rig = createRig(context, false);
	rig.list(running('d1'), running('d2'));
	await rig.pass(1000);
	assert.equal(rig.asked.length, 2);
	rig.store.dispatch({type: 'chooseDeployment', id: 'd1'});
	await rig.pass(90_000);
	assert.equal(rig.asked.length, 2);
	rig.store.dispatch({type: 'toggleOverlay', overlay: 'deployments'});
	await rig.pass(1000);
	assert.deepEqual(timesOf(rig, 'd2').length, 2);
});

test('a wait that the server specified applies to all deployments, but only one counts as failing', async context => {
	const rig = createRig(context);
	rig.metrics = async id => {
		if (id === 'd1') {
			rig.heldMs = 20_000;
			setTimeout(() => {
				rig.heldMs = 0;
			}, 20_000);
			return status(429, 20_000);
		}

		return responseAt(Date.now());
	};
	rig.list(...Array.from({length: 9}, (_, index) => running(`d${index}`)));
	await rig.pass(15_000);
	assert.ok(rig.asked.length <= 5, `${rig.asked.length} requests`);
	await rig.pass(10_000);
	assert.equal(new Set(rig.asked.map(({id}) => id)).size, 9);
	const failing = overviewRows(rig.store.getState()).filter(({link}) => link.kind === 'failing');
	assert.deepEqual(
		failing.map(({deployment}) => deployment.id),
		['d1'],
	);
});

test('slow deployments delay others once, and a failure is retried after at least 30 s', async context => {
	const rig = createRig(context);
	const slow = new Set(['d0', 'd1', 'd2']);
	const fault: Failure = {kind: 'network', code: 'ECONNRESET', host: 'host'};
	rig.metrics = async id => {
		if (slow.has(id)) {
			return later(responseAt(Date.now()), 8000);
		}

		return id === 'd3' ? {ok: false, failure: fault, tookMs: 1} : responseAt(Date.now());
	};
	rig.list(...Array.from({length: 8}, (_, index) => running(`d${index}`, {createdAtMs: 100 - index})));
	await rig.pass(60_000);
	assert.deepEqual(timesOf(rig, 'd4').slice(0, 1), [8000]);
	const second = timesOf(rig, 'd7')[1] ?? Number.POSITIVE_INFINITY;
	assert.ok(second < 40_000, `${second} ms`);
	assert.deepEqual(timesOf(rig, 'd3'), [8000, 38_000]);
	assert.ok(timesOf(rig, 'd0').length >= 2);
});

test('a request without a response times out after 15 s, and the key is read again after a 401', async context => {
	const rig = createRig(context);
	rig.metrics = async id => (id === 'd1' ? new Promise(() => undefined) : status(401));
	rig.list(running('d1'), running('d2'));
	await rig.pass(16_500);
	const [hanging] = overviewRows(rig.store.getState());
	assert.equal(hanging?.link.kind === 'failing' ? hanging.link.failure.kind : '', 'timeout');
	await rig.pass(20_000);
	assert.equal(rig.renewed(), 1);
});

test('information about the latest run is requested only for a deployment without an active run', async context => {
	const rig = createRig(context);
	rig.list(running('d1', {activeRunId: undefined, runId: 'r1'}), running('d2'));
	await rig.pass(100_000);
	assert.deepEqual(rig.runs, ['r1']);
	const [ended, other] = overviewRows(rig.store.getState());
	assert.deepEqual(
		ended?.findings?.map(({rule}) => rule),
		['status'],
	);
	assert.deepEqual(other?.findings, []);
});

test('a refresh in the overview polls all deployments again', async context => {
	const rig = createRig(context, false);
	rig.list(running('d1'), running('d2'));
	await rig.pass(5000);
	rig.store.dispatch({type: 'refreshNow'});
	await rig.pass(1000);
	assert.equal(rig.asked.length, 4);
});
