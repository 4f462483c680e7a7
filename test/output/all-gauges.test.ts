import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Deployment} from '../../source/api/deployment.ts';
import {defaultWindow} from '../../source/metrics/windows.ts';
import {allGauges} from '../../source/output/gauges.ts';
import {createProbe, expose, makeReply} from '../../source/output/metrics-reply.ts';
import type {Action, PollerAction} from '../../source/state/actions.ts';
import {initialState} from '../../source/state/initial-state.ts';
import {reduce} from '../../source/state/reducer.ts';
import type {State} from '../../source/state/state.ts';
import {createStore} from '../../source/state/store.ts';
import {deploymentOf} from '../helpers/deployments.ts';
import {responseOf, servedPoints} from '../helpers/responses.ts';
import {sampleNow} from '../helpers/sample-state.ts';

const atMs = sampleNow;
const running = (id: string, status = 'RUNNING'): Deployment => deploymentOf({id, status, baseModel: `model-${id}`});

function received(rate: number, timeMs = atMs): PollerAction {
	const response = responseOf({inference_volume: servedPoints([timeMs - 30_000, rate]), per_node_metrics: []});
	const range = {startMs: timeMs - defaultWindow.lengthMs, endMs: timeMs, whole: true};
	return {
		type: 'metricsReceived',
		kind: 'live',
		window: defaultWindow.name,
		response,
		range,
		atMs: timeMs,
		tookMs: 1,
	};
}

const failed: PollerAction = {
	type: 'pollFailed',
	failure: {kind: 'timeout', afterMs: 1000},
	atMs,
	nextAtMs: atMs + 30_000,
};

function listed(...list: readonly Deployment[]): Action {
	return {type: 'sideRequestSucceeded', response: {kind: 'deployments', list}, atMs};
}

function polled(actions: Readonly<Record<string, readonly PollerAction[]>>): Action {
	return {type: 'membersPolled', news: Object.entries(actions).map(([id, news]) => ({id, actions: news})), atMs};
}

/**
 * Returns the result of applying the actions to a state with three live deployments that have been polled (every poll
 * of `c` failed), one that hasn't been polled yet, and one that has ended.
 */
function watchingAll(...actions: readonly Action[]): State {
	const target = {kind: 'unchosen'} as const;
	const begun = initialState({
		target,
		host: 'host',
		window: defaultWindow,
		intervalMs: 10_000,
		nowMs: atMs,
		isWatchingAll: true,
	});
	return [
		listed(running('a'), running('b'), running('c'), running('d'), running('e', 'FAILED')),
		polled({a: [received(1)], b: [received(2)], c: [failed], e: [received(5)]}),
		...actions,
	].reduce(reduce, begun);
}

/** Returns the samples of a gauge in their order: the ID of the deployment and the value, such as `a 1`. */
function samplesOf(state: State, name: string, nowMs = atMs): readonly string[] {
	const gauge = allGauges(state, nowMs).find(one => one.name === name);
	return (gauge?.samples ?? []).map(({labels, value}) => `${labels['deployment']} ${value}`);
}

test('with --all, values of every live deployment that was polled are served, with a loops_top_up for each', () => {
	const state = watchingAll();
	assert.deepEqual(samplesOf(state, 'loops_top_up'), ['a 1', 'b 1', 'c 0']);
	assert.deepEqual(samplesOf(state, 'loops_requests_per_second'), ['a 1', 'b 2']);
});

test("values of a new deployment are served when it appears, and those of one that has ended or is gone aren't", () => {
	const state = watchingAll(listed(running('b'), running('a', 'STOPPED'), running('f')), polled({f: [received(6)]}));
	assert.deepEqual(samplesOf(state, 'loops_top_up'), ['b 1', 'f 1']);
});

test("unlike loops_top_up, a deployment's other values are served only until its own last response is stale", () => {
	const laterMs = atMs + 400_000;
	assert.deepEqual(samplesOf(watchingAll(), 'loops_requests_per_second', laterMs), []);
	const renewed = watchingAll(polled({b: [received(3, laterMs)]}));
	assert.deepEqual(samplesOf(renewed, 'loops_requests_per_second', laterMs), ['b 3']);
	for (const state of [watchingAll(), renewed]) {
		assert.deepEqual(samplesOf(state, 'loops_top_up', laterMs), ['a 1', 'b 1', 'c 0']);
	}
});

test('values of the deployment that is opened on the screen are still served, in the same position', () => {
	const state = watchingAll({type: 'chooseDeployment', id: 'a'});
	assert.deepEqual(samplesOf(state, 'loops_requests_per_second'), ['a 1', 'b 2']);
});

test('before the list of deployments is known, loops_top_up is 0', () => {
	const begun = initialState({
		target: {kind: 'unchosen'},
		host: 'host',
		window: defaultWindow,
		intervalMs: 10_000,
		nowMs: atMs,
		isWatchingAll: true,
	});
	assert.deepEqual(samplesOf(begun, 'loops_top_up'), [' 0']);
});

const ask = async (state: State, url: string, nowMs = atMs): Promise<readonly [status: number, body: string]> => {
	const store = createStore(state);
	const exposition = async (): Promise<Buffer> => Buffer.from(await expose(allGauges(state, nowMs)));
	const request = {method: 'GET', url, host: 'localhost'};
	const {status, body} = await makeReply(
		request,
		'localhost',
		exposition,
		createProbe(store, () => nowMs),
	);
	return [status, body.toString()];
};

test('a probe returns the values of one deployment, and nothing about others', async () => {
	const [status, body] = await ask(watchingAll(), '/probe?target=b');
	assert.equal(status, 200);
	assert.match(body, /^loops_requests_per_second\{deployment="b"\} 2$/m);
	assert.doesNotMatch(body, /deployment="[^b]"/);
});

for (const [url, expected] of [
	['/probe?target=c', 503],
	['/probe?target=d', 503],
	['/probe?target=e', 404],
	['/probe?target=nobody', 404],
	['/probe?target=', 404],
	['/probe', 400],
	['/probe?other=a', 400],
	['/probe?target=%ff', 404],
] as const) {
	test(`a request for ${url} gets status ${expected}, so that Prometheus records up = 0`, async () => {
		const [status, body] = await ask(watchingAll(), url);
		assert.equal(status, expected);
		assert.doesNotMatch(body, /loops_/);
	});
}

test('a probe gets status 503 if the last response is too old, but not if only the last request failed', async () => {
	assert.equal((await ask(watchingAll(), '/probe?target=a', atMs + 400_000))[0], 503);
	const [status, body] = await ask(watchingAll(polled({a: [failed]})), '/probe?target=a');
	assert.equal(status, 200);
	assert.match(body, /^loops_top_up\{deployment="a"\} 0$/m);
});

test('without --all, only the watched deployment can be probed', async () => {
	const target = {kind: 'deployment', id: 'a'} as const;
	const begun = initialState({target, host: 'host', window: defaultWindow, intervalMs: 10_000, nowMs: atMs});
	const state = [received(1)].reduce<State>(reduce, begun);
	assert.equal((await ask(state, '/probe?target=a'))[0], 200);
	assert.equal((await ask(state, '/probe?target=b'))[0], 404);
});
