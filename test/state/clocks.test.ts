import assert from 'node:assert/strict';
import {mock, type TestContext, test} from 'node:test';
import type {Client, MetricsQuery} from '../../source/api/client.ts';
import {createServerClock} from '../../source/app/session.ts';
import {defaultWindow} from '../../source/metrics/windows.ts';
import {poll} from '../../source/polling/poller.ts';
import {initialState} from '../../source/state/initial-state.ts';
import {createStore} from '../../source/state/store.ts';
import {rejectingClient} from '../helpers/rejecting-client.ts';
import {responseOf, servedPoints} from '../helpers/responses.ts';

const nine = Date.UTC(2026, 10, 23, 9, 0, 12);
const second = 1000;
const hour = 3600 * second;
const {stepMs, lengthMs} = defaultWindow;

/** Creates a poller for a machine whose local clock is wrong, and whose monotonic clock stops during sleep. */
function createRig(context: TestContext, wrongByMs: number) {
	mock.timers.enable({apis: ['setTimeout', 'Date'], now: nine});
	const local = {wrongByMs, sleptMs: 0};
	const trueNow = (): number => Date.now() + local.sleptMs;
	const {now, notice} = createServerClock(() => trueNow() + local.wrongByMs);
	const asked: MetricsQuery[] = [];
	const during = {run: (): void => undefined};
	const client: Client = {
		...rejectingClient,
		async metrics(_, query) {
			asked.push(query);
			during.run();
			// The server returns the samples of the last two minutes, regardless of the requested range.
			const points = servedPoints(...[120, 90, 60, 30, 0].map(age => [trueNow() - age * second, 1] as const));
			notice(trueNow());
			const response = responseOf({inference_volume: points, per_node_metrics: []});
			return {ok: true, value: response, tookMs: 5};
		},
		deployment: async () => ({ok: false, failure: {kind: 'cut-off'}, tookMs: 5}),
	};
	const target = {kind: 'deployment', id: 'k4q95w5'} as const;
	const store = createStore(
		initialState({target, host: 'host', window: defaultWindow, intervalMs: 10 * second, nowMs: now()}),
	);
	const stopping = new AbortController();
	const clock = {now, elapsed: () => Date.now()};
	const ended = poll({client, store, renewKey: async () => undefined, clock, random: () => 0.5}, stopping.signal);
	context.after(async () => {
		stopping.abort();
		await ended;
		mock.timers.reset();
	});
	const settle = async (): Promise<void> => {
		for (let turn = 0; turn < 40; turn++) {
			await Promise.resolve();
		}
	};
	return {
		store,
		asked,
		local,
		during,
		trueNow,
		settle,
		/** Advances by one polling interval. */
		async pass() {
			mock.timers.tick(10 * second);
			await settle();
		},
	};
}

type Rig = ReturnType<typeof createRig>;

function endOf(trueMs: number): number {
	return Math.ceil(trueMs / stepMs) * stepMs;
}

function assertNewest({store, trueNow}: Rig): void {
	const {snapshot, nowMs} = store.getState().views.trainer;
	assert.equal(snapshot.endMs, endOf(trueNow()));
	assert.equal(nowMs, trueNow());
	assert.equal(snapshot.requests.volume, 1);
}

for (const wrongByMs of [-2 * hour, 5 * hour]) {
	test(`with a clock that is wrong by ${wrongByMs / hour} h, the newest samples are requested immediately`, async context => {
		const rig = createRig(context, wrongByMs);
		await rig.settle();
		assert.deepEqual(
			rig.asked.map(({endMs}) => endMs),
			[endOf(nine + wrongByMs), endOf(nine)],
		);
		assertNewest(rig);
		await rig.pass();
		assert.equal(rig.asked.length, 3);
		assertNewest(rig);
	});
}

test('with a clock that is wrong by only 3 s, nothing is requested twice', async context => {
	const rig = createRig(context, 3 * second);
	await rig.settle();
	await rig.pass();
	assert.equal(rig.asked.length, 2);
});

test('if the clock is set back while the program runs, nothing disappears from the screen', async context => {
	const rig = createRig(context, 0);
	await rig.settle();
	await rig.pass();
	rig.local.wrongByMs = -hour;
	await rig.pass();
	assertNewest(rig);
	await rig.pass();
	assert.equal(rig.asked.length, 5);
	assertNewest(rig);
});

test('after an hour of sleep, the whole window is requested, and the newest data is shown', async context => {
	const rig = createRig(context, 0);
	await rig.settle();
	await rig.pass();
	rig.local.sleptMs = hour;
	await rig.pass();
	const last = rig.asked.at(-1);
	assert.equal(last?.endMs, endOf(rig.trueNow()));
	assert.equal((last?.endMs ?? 0) - (last?.startMs ?? 0), lengthMs);
	assertNewest(rig);
});

test('a request during which the machine slept is repeated', async context => {
	const rig = createRig(context, 0);
	await rig.settle();
	rig.during.run = () => {
		rig.during.run = () => undefined;
		rig.local.sleptMs = hour;
	};
	await rig.pass();
	assert.deepEqual(
		rig.asked.slice(1).map(({endMs}) => endMs),
		[endOf(rig.trueNow() - hour), endOf(rig.trueNow())],
	);
	assertNewest(rig);
});
