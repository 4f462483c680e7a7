import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {MetricsResponse} from '../../source/api/metrics-response.ts';
import {mapRecord, type Points} from '../../source/api/points.ts';
import type {NodePoints} from '../../source/api/series-table.ts';
import {gpuSeriesPaths, nodeSeriesPaths, noGpu} from '../../source/api/series-table.ts';
import {computeOf, type History} from '../../source/metrics/history.ts';
import {defaultWindow} from '../../source/metrics/windows.ts';
import type {PollerAction} from '../../source/state/actions.ts';
import {initialState} from '../../source/state/initial-state.ts';
import {Precomputed, reduce, reduceInSteps} from '../../source/state/reducer.ts';
import type {State} from '../../source/state/state.ts';
import {createStore, type Store} from '../../source/state/store.ts';
import {deploymentOf} from '../helpers/deployments.ts';
import {responseOf, servedPoints} from '../helpers/responses.ts';

const nine = Date.UTC(2026, 10, 23, 9, 0);
const sampleMs = 30_000;
/** The number of series of a node with 8 GPUs. */
const seriesPerNode = 8 * Object.keys(gpuSeriesPaths).length + Object.keys(nodeSeriesPaths).length;
const empty = responseOf({inference_volume: servedPoints([nine, 12]), per_node_metrics: []});

function pointsUntil(endMs: number, count: number, value: number): Points {
	const times = Float64Array.from({length: count}, (_, index) => endMs - (count - 1 - index) * sampleMs);
	return {times, values: times.map((_, index) => value + (index % 7) / 100)};
}

/**
 * Returns a response with this many nodes of 8 GPUs each. The last GPU of every hundredth node lags behind the others.
 */
function largeResponse(nodes: number, endMs: number, count: number): MetricsResponse {
	const busy = pointsUntil(endMs, count, 0.8);
	const slow = {times: busy.times, values: busy.values.map(value => value / 4)};
	const half = {times: busy.times, values: busy.values.map(value => value / 2)};
	const ranks = (node: number): NodePoints['gpus'] =>
		new Map(
			Array.from({length: 8}, (_, rank) => {
				const utilization = rank === 7 && node % 100 === 50 ? slow : busy;
				return [String(rank), {...noGpu, utilization, memory: half}];
			}),
		);
	return {
		...empty,
		nodes: Array.from({length: nodes}, (_, node) => ({
			id: `trainer-${node}`,
			gpus: ranks(node),
			...mapRecord(nodeSeriesPaths, () => half),
		})),
	};
}

function received(response: MetricsResponse, endMs: number, whole: boolean): PollerAction {
	const startMs = whole ? endMs - defaultWindow.lengthMs : endMs - 2 * sampleMs;
	const range = {startMs, endMs, whole};
	return {type: 'metricsReceived', kind: 'live', window: '1h', response, range, atMs: endMs, tookMs: 100};
}

const described = deploymentOf({
	status: 'RUNNING',
	nodeCount: undefined,
	instance: {
		id: 'i',
		name: 'H100:8',
		gpuType: 'H100',
		gpusPerNode: 8,
		gpuMemoryBytes: 2,
		ramBytes: 2,
		cores: 2,
	},
});

/** Returns a state with an hour of data from this many nodes. */
function knowing(nodes: number): State {
	const state = initialState({
		target: {kind: 'deployment', id: 'k4q95w5'},
		host: 'api.baseten.co',
		window: defaultWindow,
		intervalMs: 10_000,
		nowMs: nine,
	});
	const actions: readonly PollerAction[] = [
		received(largeResponse(nodes, nine, 120), nine, true),
		{type: 'deploymentLoaded', deployment: described, atMs: nine},
	];
	return actions.reduce(reduce, state);
}

const later = nine + sampleMs;
const tail = (nodes: number): PollerAction => received(largeResponse(nodes, later, 2), later, false);

/** Counts the reads of series. */
class ReadCount {
	reads = 0;

	/** Returns the same points, and counts each read of their times or values. */
	of({times, values}: Points): Points {
		const counted = (): void => {
			this.reads++;
		};
		return {
			get times() {
				counted();
				return times;
			},
			get values() {
				counted();
				return values;
			},
		};
	}

	ofNode(node: NodePoints): NodePoints {
		const gpus = [...node.gpus].map(([rank, gpu]) => [rank, mapRecord(gpu, points => this.of(points))] as const);
		return {...node, gpus: new Map(gpus), ...mapRecord(computeOf(node), points => this.of(points))};
	}

	ofHistory(history: History): History {
		return {...history, nodes: new Map([...history.nodes].map(([id, node]) => [id, this.ofNode(node)]))};
	}
}

/** Returns the state with the trainer's history replaced. */
function withHistory(state: State, change: (history: History) => History): State {
	const {trainer} = state.components;
	const [shown] = trainer.histories;
	return {...state, components: {...state.components, trainer: {...trainer, histories: [change(shown)]}}};
}

const actions: ReadonlyArray<readonly [what: string, action: PollerAction]> = [
	['a response', tail(1024)],
	['a failed poll', {type: 'pollFailed', failure: {kind: 'timeout', afterMs: 1}, atMs: later, nextAtMs: later + 1}],
	['a response about the deployment', {type: 'deploymentLoaded', deployment: {...described}, atMs: later}],
	['a tick of the clock', {type: 'tick', atMs: later}],
];

for (const [what, action] of actions) {
	test(`when ${what} is reduced with 1,024 nodes, no slice makes more reads than there are series`, () => {
		const count = new ReadCount();
		const state = withHistory(knowing(1024), history => count.ofHistory(history));
		const steps = reduceInSteps(state, action, new Precomputed());
		let longest = 0;
		let all = 0;
		for (let isDone = false; !isDone; ) {
			count.reads = 0;
			isDone = steps.next().done === true;
			longest = Math.max(longest, count.reads);
			all += count.reads;
		}

		assert.ok(all > 1024 * 8 * 4, `${all} reads`);
		assert.ok(longest <= 1024 * seriesPerNode, `${longest} reads of ${all} at once`);
	});
}

test('reducing in slices has the same result as reducing at once, regardless of keys pressed in between', async () => {
	const state = knowing(64);
	const atOnce = createStore(state);
	const inSlices = createStore(state);
	const pressed = ['toggleCursor', 'sortNext', 'focusNext'] as const;
	const press = (store: Store, type: (typeof pressed)[number]): void =>
		store.dispatch(type === 'focusNext' ? {type, by: 1} : {type});
	for (const type of pressed) {
		press(atOnce, type);
	}

	const {signal} = new AbortController();
	const under = inSlices.dispatchInSlices(tail(64), signal);
	for (const type of pressed) {
		press(inSlices, type);
		await new Promise(setImmediate);
	}

	await under;
	atOnce.dispatch(tail(64));
	const {views, findings, components} = inSlices.getState();
	const expected = atOnce.getState();
	assert.equal(findings.current.length, 1, "the straggler isn't the only finding");
	assert.deepEqual(findings, expected.findings);
	assert.deepEqual(components, expected.components);
	assert.deepEqual(views, expected.views);
});

test('a response is dropped if the user switches to another deployment while the response is being reduced', async () => {
	const store = createStore(knowing(64));
	const under = store.dispatchInSlices(tail(64), new AbortController().signal);
	store.dispatch({type: 'watchDeployment', id: 'other', atMs: later});
	await under;
	assert.equal(store.getState().components.trainer.histories[0].endMs, 0);
});

test('aborting the signal stops a reduction that is in progress, and leaves the state unchanged', async () => {
	const store = createStore(knowing(256));
	const controller = new AbortController();
	const under = store.dispatchInSlices(tail(256), controller.signal);
	controller.abort(new Error('ended'));
	await assert.rejects(under, /ended/);
	assert.equal(store.getState().components.trainer.histories[0].endMs, nine);
});
