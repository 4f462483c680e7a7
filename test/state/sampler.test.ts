import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Client, SamplerQuery} from '../../source/api/client.ts';
import type {Failure, Result} from '../../source/api/failure.ts';
import type {MetricsResponse} from '../../source/api/metrics-response.ts';
import {samplerMetricNames} from '../../source/api/sampler-response.ts';
import {samplerRequest} from '../../source/polling/sampler-request.ts';
import type {Action} from '../../source/state/actions.ts';
import {activeHistory} from '../../source/state/derive-views.ts';
import {reduce} from '../../source/state/reducer.ts';
import {activeComponent, activeView, selectedPosition, selectedWindow} from '../../source/state/selectors.ts';
import type {State} from '../../source/state/state.ts';
import {sampleSampler, sampleSamplerId} from '../helpers/sample-sampler.ts';
import {sampleNow, samplerAnswered, sampleState} from '../helpers/sample-state.ts';

const four = {nodes: 4, gpus: 8};
const unasked = {...four, sampler: 'unasked'} as const;
const answered = {...four, sampler: 'answered'} as const;
const toggle: Action = {type: 'toggleComponent'};
const left: Action = {type: 'moveInTime', by: -1, far: false};
const refusal: Failure = {kind: 'status', status: 403, message: '', retryAfterMs: undefined};

function failed(failure: Failure, nextAtMs?: number): Action {
	return {type: 'sideRequestFailed', request: 'sampler', fault: {failure, nextAtMs}, atMs: sampleNow};
}

test('the sampler has the same window, mode, and cursor as the trainer', () => {
	const state = sampleState(answered, {type: 'changeWindow', by: 1}, left, {type: 'toggleCursor'}, left);
	const sampler = reduce(state, toggle);
	assert.equal(sampler.component, 'sampler');
	assert.equal(selectedWindow(sampler).name, '3h');
	assert.deepEqual(sampler.mode, state.mode);
	assert.equal(sampler.cursorMs, state.cursorMs);
	const {startMs, endMs} = activeHistory(sampler);
	assert.deepEqual({startMs, endMs}, {startMs: activeHistory(state).startMs, endMs: activeHistory(state).endMs});
	assert.deepEqual(reduce(sampler, toggle), state);
});

test('each component has its own selection', () => {
	const state = sampleState(answered, {type: 'selectNode', by: 2}, toggle, {type: 'selectNode', by: 1});
	assert.equal(activeComponent(state).selected, 'b41e08');
	assert.equal(selectedPosition(state), 1);
	assert.equal(activeComponent(reduce(state, toggle)).selected, 'loops-trainer-2');
});

test("the sampler's responses affect only the sampler", () => {
	const before = sampleState(unasked);
	const state = reduce(before, samplerAnswered);
	assert.equal(state.views.trainer.snapshot, before.views.trainer.snapshot);
	const {snapshot, link} = activeView(reduce(state, toggle));
	assert.equal(snapshot.replicas.active, 3);
	assert.ok(Math.abs((snapshot.requests.volume ?? 0) - 24.2) < 0.05);
	assert.equal(snapshot.requests.latency.p95, 2400);
	assert.deepEqual(link, {kind: 'ok', atMs: sampleNow, tookMs: 87});
});

test("the sampler's nodes have no totals of memory and CPU, because the reported ones are the trainer's", () => {
	const [replica] = activeView(sampleState(answered, toggle)).nodes;
	assert.equal(replica?.gpuMemoryTotal, undefined);
	assert.equal(replica?.ramTotal, undefined);
	assert.equal(replica?.cpuTotal, undefined);
});

test("a response from another deployment's sampler is dropped", () => {
	assert.equal(samplerAnswered.type, 'sideRequestSucceeded');
	const state = sampleState(four);
	const answered = reduce(state, samplerAnswered);
	assert.deepEqual(answered.components, state.components);
	assert.equal(answered.live.links.sampler.kind, 'connecting');
});

test("a failed request for the sampler's metrics affects neither the trainer nor the findings", () => {
	const before = sampleState(answered);
	const state = reduce(before, failed(refusal));
	assert.deepEqual(state.live.links.trainer, before.live.links.trainer);
	assert.deepEqual(state.findings, before.findings);
	assert.deepEqual(state.components, before.components);
	assert.deepEqual(state.live.links.sampler, {
		kind: 'refused',
		failure: refusal,
		sinceMs: sampleNow,
		receivedMs: sampleNow,
	});
	const timeout: Failure = {kind: 'timeout', afterMs: 30_000};
	const again = reduce(before, failed(timeout, sampleNow + 10_000));
	assert.equal(again.live.links.sampler.kind, 'failing');
	assert.equal(reduce(again, samplerAnswered).live.links.sampler.kind, 'ok');
});

test('a view that was paused before the sampler had data shows the first response, but no later ones', () => {
	const paused = sampleState(unasked, {type: 'togglePause'}, toggle);
	assert.equal(activeHistory(paused).complete, false);
	const first = reduce(paused, samplerAnswered);
	assert.equal(activeView(first).snapshot.replicas.active, 3);
	assert.equal(activeView(first).link.kind, 'ok');
	const history = activeHistory(first);
	assert.equal(activeHistory(reduce(first, samplerAnswered)), history);
	assert.notEqual(activeHistory(reduce(reduce(first, samplerAnswered), {type: 'togglePause'})), history);
});

test('opening a finding about the trainer returns to the trainer', () => {
	const state = sampleState(answered, toggle, {type: 'toggleOverlay', overlay: 'findings'}, {type: 'enter'});
	assert.equal(state.component, 'trainer');
	assert.equal(activeComponent(state).selected, 'loops-trainer-2');
	assert.deepEqual(
		state.findings.current.map(({rule}) => rule),
		['straggler'],
	);
});

test('a change of window applies to both components, and changing back shows the known data again', () => {
	const state = sampleState(answered, toggle, {type: 'changeWindow', by: 1});
	assert.equal(activeComponent(state).histories[0].complete, false);
	assert.equal(selectedWindow(reduce(state, toggle)).name, '3h');
	const back = reduce(state, {type: 'changeWindow', by: -1});
	assert.equal(activeComponent(back).histories[0].complete, true);
});

const wanted: ReadonlyArray<readonly [name: string, state: State, key: string | undefined]> = [
	['the trainer is shown', sampleState(unasked), undefined],
	['there is no sampler', sampleState(four, toggle), undefined],
	['the sampler is shown', sampleState(unasked, toggle), 'q8x2m1w w3n7k9d 1h'],
	['another window is shown', sampleState(unasked, toggle, {type: 'changeWindow', by: 2}), 'q8x2m1w w3n7k9d 6h'],
	[
		'the requests pane is in full screen',
		sampleState(unasked, {type: 'focusPane', pane: 'requests'}, {type: 'toggleFullScreen'}),
		'q8x2m1w w3n7k9d 1h',
	],
	[
		'the latency pane is in full screen',
		sampleState(unasked, {type: 'focusPane', pane: 'latency'}, {type: 'toggleFullScreen'}),
		undefined,
	],
	[
		'an earlier range is shown',
		sampleState(unasked, toggle, left),
		`q8x2m1w w3n7k9d 1h to ${Date.UTC(2026, 10, 23, 8, 45)}`,
	],
];

for (const [name, state, key] of wanted) {
	test(`if ${name}, the sampler's metrics ${key === undefined ? "aren't" : 'are'} requested`, () => {
		assert.equal(samplerRequest.wanted(state)?.key, key);
	});
}

type Asked = {readonly client: Client; readonly queries: SamplerQuery[]};

function clientOf(reply: (query: SamplerQuery) => Result<MetricsResponse>): Asked {
	const queries: SamplerQuery[] = [];
	const others = async (): Promise<never> => assert.fail("Something other than the sampler's metrics was requested.");
	return {
		queries,
		client: {
			metrics: others,
			deployment: others,
			deployments: others,
			run: others,
			runs: others,
			checkpoints: others,
			prices: others,
			logs: others,
			samplerExtras: others,
			async samplerMetrics(id, query) {
				assert.deepEqual({modelId: id.modelId, deploymentId: id.deploymentId}, sampleSamplerId);
				queries.push(query);
				return reply(query);
			},
		},
	};
}

const {signal} = new AbortController();

async function ask(state: State, {client}: Asked): Promise<State> {
	const result = await samplerRequest.send({client, state, now: () => sampleNow, signal});
	return result.ok
		? reduce(state, {type: 'sideRequestSucceeded', response: result.value, atMs: sampleNow})
		: reduce(state, failed(result.failure));
}

function responseTo({startMs, endMs}: SamplerQuery): Result<MetricsResponse> {
	return {ok: true, value: sampleSampler(startMs, endMs), tookMs: 5};
}

test('each request is for the whole window, up to the last finished step', async () => {
	const asked = clientOf(responseTo);
	let state = sampleState(unasked, toggle);
	for (let times = 0; times < 3; times++) {
		state = await ask(state, asked);
	}

	const {startMs, endMs} = asked.queries[0] ?? assert.fail();
	assert.equal(endMs, Math.floor(sampleNow / 30_000) * 30_000);
	assert.equal(endMs - startMs, 3_600_000);
	assert.deepEqual(asked.queries[2], asked.queries[0]);
	assert.deepEqual(asked.queries[0]?.metrics, samplerMetricNames);
	assert.equal(activeView(state).snapshot.replicas.active, 3);
});

test('the metrics of an earlier range are requested completely, and not again once they are final', async () => {
	const asked = clientOf(responseTo);
	const state = await ask(sampleState(unasked, toggle, left, left), asked);
	const {startMs, endMs} = activeHistory(state);
	assert.deepEqual(asked.queries, [{startMs, endMs, metrics: samplerMetricNames}]);
	assert.equal(activeHistory(state).complete, true);
	assert.equal(samplerRequest.wanted(state), undefined);
});

test('if a server rejects the full list of metrics, only the usual ones are requested from then on', async () => {
	const unknown: Failure = {kind: 'status', status: 400, message: 'unknown metric', retryAfterMs: undefined};
	const asked = clientOf(query =>
		query.metrics.length === 0 ? responseTo(query) : {ok: false, failure: unknown, tookMs: 5},
	);
	const state = await ask(sampleState(unasked, toggle), asked);
	assert.equal(state.samplerMetrics, 'usual');
	await ask(state, asked);
	assert.deepEqual(
		asked.queries.map(({metrics}) => metrics.length > 0),
		[true, false, false],
	);
});

test('a rejection for a reason other than the metrics is reported unchanged', async () => {
	const failures: readonly Failure[] = [
		{kind: 'status', status: 400, message: 'first', retryAfterMs: undefined},
		{kind: 'status', status: 400, message: 'second', retryAfterMs: undefined},
	];
	let times = 0;
	const asked = clientOf(() => ({ok: false, failure: failures[times++] ?? refusal, tookMs: 5}));
	const state = await ask(sampleState(unasked, toggle), asked);
	const {sampler: link} = state.live.links;
	assert.deepEqual(link.kind === 'refused' ? link.failure : undefined, failures[0]);
	assert.equal(state.samplerMetrics, 'all');
});
