import assert from 'node:assert/strict';
import {test} from 'node:test';
import {defaultWindow, findWindow, stepWindow} from '../../source/metrics/windows.ts';
import type {Action} from '../../source/state/actions.ts';
import {initialState} from '../../source/state/initial-state.ts';
import {reduce} from '../../source/state/reducer.ts';
import {activeView, effectiveScale, selectedPosition} from '../../source/state/selectors.ts';
import type {State} from '../../source/state/state.ts';
import {deploymentOf} from '../helpers/deployments.ts';
import {responseOf, servedPoints} from '../helpers/responses.ts';

const nine = Date.UTC(2026, 10, 23, 9, 0);

function start(...actions: readonly Action[]): State {
	const state = initialState({
		target: {kind: 'deployment', id: 'k4q95w5'},
		host: 'api.baseten.co',
		window: defaultWindow,
		intervalMs: 10_000,
		nowMs: nine,
	});
	return actions.reduce(reduce, state);
}

/** Returns a response with a request rate and some nodes. */
function answered(rate: number, nodes: readonly string[] = [], options: {window?: string; atMs?: number} = {}): Action {
	const {window = '1h', atMs = nine} = options;
	const lengthMs = findWindow(window)?.lengthMs ?? 0;
	const perNode = nodes.map(id => ({node_id: id, cpu_usage: servedPoints([atMs, 1])}));
	return {
		type: 'metricsReceived',
		kind: 'live',
		window,
		response: responseOf({inference_volume: servedPoints([atMs, rate]), per_node_metrics: perNode}),
		range: {startMs: atMs - lengthMs, endMs: atMs, whole: true},
		atMs,
		tookMs: 212,
	};
}

const failed: Action = {
	type: 'pollFailed',
	failure: {kind: 'timeout', afterMs: 30_000},
	atMs: nine + 1000,
	nextAtMs: nine + 11_000,
};
const rateOf = (state: State): number | undefined => activeView(state).snapshot.requests.volume;

test('after a response, the state has its values and a healthy connection', () => {
	const state = start(answered(12));
	assert.equal(rateOf(state), 12);
	assert.deepEqual(state.live.links.trainer, {kind: 'ok', atMs: nine, tookMs: 212});
});

test("a response for a window that is no longer shown is used only if that is the findings' window", () => {
	const state = reduce(start(answered(12), {type: 'changeWindow', by: 1}), answered(99));
	assert.equal(rateOf(state), 12);
	assert.equal(rateOf(reduce(state, {type: 'changeWindow', by: -1})), 99);
	const other = start({type: 'changeWindow', by: 2}, {type: 'changeWindow', by: -1});
	assert.equal(rateOf(reduce(other, answered(99, [], {window: '6h'}))), undefined);
});

test("after a failure, the values are kept, and the failure's start and the time of the next attempt are known", () => {
	const state = start(answered(12), failed, {...failed, atMs: nine + 20_000, nextAtMs: nine + 40_000});
	assert.equal(rateOf(state), 12);
	assert.deepEqual(state.live.links.trainer, {
		kind: 'failing',
		failure: {kind: 'timeout', afterMs: 30_000},
		sinceMs: nine + 1000,
		nextAtMs: nine + 40_000,
		receivedMs: nine,
	});
});

test('if a request fails before any response, the time of the last response is undefined', () => {
	const {trainer: link} = start(failed, failed).live.links;
	assert.equal(link.kind === 'failing' ? link.receivedMs : nine, undefined);
});

test('a response ends a failure', () => {
	assert.equal(start(answered(12), failed, answered(13)).live.links.trainer.kind, 'ok');
});

test('switching back and forth between windows shows each one with its own data', () => {
	const longer = start(answered(12), {type: 'changeWindow', by: 1});
	assert.equal(longer.views.trainer.window.name, '3h');
	assert.equal(longer.views.trainer.snapshot.complete, false);
	const answeredLonger = reduce(longer, answered(34, [], {window: '3h'}));
	assert.equal(rateOf(answeredLonger), 34);
	const back = reduce(answeredLonger, {type: 'changeWindow', by: -1});
	assert.equal(back.views.trainer.window.name, '1h');
	assert.equal(back.views.trainer.snapshot.complete, true);
	assert.equal(rateOf(back), 12);
});

test("three windows and the findings' window are kept, and the least recently shown one is dropped", () => {
	let state = start(answered(1));
	const names = (): readonly string[] => state.components.trainer.histories.map(({window}) => window.name);
	const show = (window: string, by: number): void => {
		state = reduce(reduce(state, {type: 'changeWindow', by}), answered(2, [], {window}));
	};
	show('3h', 1);
	show('6h', 1);
	show('12h', 1);
	assert.deepEqual(names(), ['12h', '6h', '3h', '1h']);
	show('3h', -2);
	assert.deepEqual(names(), ['3h', '12h', '6h', '1h']);
	show('24h', 3);
	assert.deepEqual(names(), ['24h', '3h', '12h', '1h']);
	assert.equal(reduce(state, {type: 'changeWindow', by: -3}).views.trainer.snapshot.complete, true);
	assert.equal(reduce(state, {type: 'changeWindow', by: -2}).views.trainer.snapshot.complete, false);
});

test("a window that was left before its response arrived isn't kept", () => {
	const state = start(answered(1), {type: 'changeWindow', by: 1}, {type: 'changeWindow', by: 1});
	assert.deepEqual(
		state.components.trainer.histories.map(({window}) => window.name),
		['6h', '1h'],
	);
});

test('switching windows stops at the shortest and the longest one', () => {
	assert.equal(stepWindow(defaultWindow, -100).name, '5m');
	assert.equal(stepWindow(defaultWindow, 100).name, '7d');
	const state = start({type: 'changeWindow', by: 100}, {type: 'resetWindow'});
	assert.equal(state.views.trainer.window, defaultWindow);
});

test('pausing freezes the view while polling continues, and resuming shows newer data', () => {
	const paused = start(answered(12), {type: 'togglePause'}, answered(99), failed);
	assert.equal(rateOf(paused), 12);
	assert.equal(activeView(paused).link.kind, 'ok');
	const resumed = reduce(paused, {type: 'togglePause'});
	assert.equal(rateOf(resumed), 99);
	assert.equal(activeView(resumed).link.kind, 'failing');
});

test('switching the window ends a pause', () => {
	assert.equal(start(answered(12), {type: 'togglePause'}, {type: 'changeWindow', by: 1}).mode.kind, 'live');
	assert.equal(start(answered(12), {type: 'togglePause'}, {type: 'resetWindow'}).mode.kind, 'live');
});

const nodes = ['t-0', 't-1', 't-2', 't-3'];
const selections: ReadonlyArray<{readonly actions: readonly Action[]; readonly expected: number}> = [
	{actions: [], expected: 0},
	{actions: [{type: 'selectNode', by: 1}], expected: 1},
	{actions: [{type: 'selectNode', by: -1}], expected: 0},
	{actions: [{type: 'selectNode', by: 10}], expected: 3},
	{actions: [{type: 'selectEnd', end: 'last'}], expected: 3},
	{
		actions: [
			{type: 'selectEnd', end: 'last'},
			{type: 'selectNode', by: -1},
		],
		expected: 2,
	},
	{
		actions: [
			{type: 'selectEnd', end: 'last'},
			{type: 'selectEnd', end: 'first'},
		],
		expected: 0,
	},
];

for (const {actions, expected} of selections) {
	test(`with four nodes, ${JSON.stringify(actions)} selects the node at position ${expected}`, () => {
		assert.equal(selectedPosition(start(answered(1, nodes), ...actions)), expected);
	});
}

test('a node stays selected by its name when others come and go', () => {
	const state = start(answered(1, nodes), {type: 'selectNode', by: 2}, answered(1, ['a-0', ...nodes]));
	assert.equal(state.views.trainer.snapshot.nodes[selectedPosition(state)]?.id, 't-2');
});

test('while the selected node is gone, the first one is selected; when the node returns, it is selected again', () => {
	const gone = start(answered(1, nodes), {type: 'selectEnd', end: 'last'}, answered(1, ['t-0', 't-1']));
	assert.equal(selectedPosition(gone), 0);
	assert.equal(selectedPosition(reduce(gone, answered(1, nodes))), 3);
});

test('selecting without nodes changes nothing', () => {
	const state = start(answered(1));
	assert.equal(reduce(state, {type: 'selectNode', by: 1}), state);
});

test('escape closes one view at a time, topmost first', () => {
	let state = start(
		answered(1),
		{type: 'togglePause'},
		{type: 'toggleFullScreen'},
		{type: 'toggleOverlay', overlay: 'help'},
	);
	state = reduce(state, {type: 'close'});
	assert.deepEqual([state.overlay.kind, state.zoom, state.mode.kind], ['none', 'full', 'paused']);
	state = reduce(state, {type: 'close'});
	assert.deepEqual([state.zoom, state.mode.kind], ['overview', 'paused']);
	state = reduce(state, {type: 'close'});
	assert.equal(state.mode.kind, 'live');
	assert.deepEqual(reduce(state, {type: 'close'}), state);
});

test('the focus cycles through the panes', () => {
	assert.equal(start({type: 'focusNext', by: 1}).focus, 'requests');
	assert.equal(start({type: 'focusNext', by: -1}).focus, 'gpus');
	assert.equal(start({type: 'focusPane', pane: 'latency'}).focus, 'latency');
});

test('help scrolls within its limit', () => {
	const open: Action = {type: 'toggleOverlay', overlay: 'help'};
	assert.deepEqual(start(open, {type: 'scrollHelp', by: 3, limit: 5}).overlay, {kind: 'help', scroll: 3, filter: ''});
	assert.deepEqual(start(open, {type: 'scrollHelp', by: 9, limit: 5}).overlay, {kind: 'help', scroll: 5, filter: ''});
	assert.deepEqual(start(open, {type: 'scrollHelp', by: -1, limit: 5}).overlay, {kind: 'help', scroll: 0, filter: ''});
});

const intervals: ReadonlyArray<readonly [fromMs: number, by: number, toMs: number]> = [
	[10_000, 1, 15_000],
	[10_000, -1, 5000],
	[2000, -1, 2000],
	[300_000, 1, 300_000],
	[7000, 1, 10_000],
	[7000, -1, 5000],
	[3_600_000, -1, 300_000],
];

for (const [fromMs, by, toMs] of intervals) {
	test(`a step to a ${by > 0 ? 'longer' : 'shorter'} interval changes ${fromMs} ms to ${toMs} ms`, () => {
		const state = {...start(), intervalMs: fromMs};
		assert.equal(reduce(state, {type: 'changeInterval', by}).intervalMs, toMs);
	});
}

test('the latency axis becomes logarithmic if p99 is far above p50, and v overrides this choice', () => {
	const latencies = (p99: number): Action =>
		({
			...answered(1),
			...{
				response: responseOf({
					response_time_stats: [{timestamp: new Date(nine).toISOString(), p50: 100, p95: 200, p99}],
				}),
			},
		}) as Action;
	const scaleOf = (state: State): string => effectiveScale(state.choices, activeView(state));
	assert.equal(scaleOf(start(latencies(1000))), 'linear');
	const state = start(latencies(1001));
	assert.equal(scaleOf(state), 'logarithmic');
	assert.equal(scaleOf(reduce(state, {type: 'toggleScale'})), 'linear');
	assert.equal(scaleOf(start(latencies(1000), {type: 'toggleScale'})), 'logarithmic');
});

test('changes to the deployment are visible immediately', () => {
	const described: Action = {
		type: 'deploymentLoaded',
		deployment: deploymentOf({baseModel: 'm', status: 'RUNNING', nodeCount: 4}),
		atMs: nine,
	};
	const state = start(answered(1), described);
	assert.equal(state.views.trainer.snapshot.expectedNodes, 4);
	assert.equal(state.live.deployment?.status, 'RUNNING');
});

test("a deployment without metrics isn't a failure", () => {
	const state = start({type: 'noMetrics', atMs: nine, tookMs: 12});
	assert.deepEqual(state.live.links.trainer, {kind: 'no-metrics', atMs: nine, tookMs: 12});
});
