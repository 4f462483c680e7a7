import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type MetricsAnswer, readMetricsAnswer} from '../../source/api/metrics-answer.ts';
import {addAnswer, carryNewest, emptyHistory, type History} from '../../source/metrics/history.ts';
import {takeSnapshot} from '../../source/metrics/snapshot.ts';
import {defaultWindow, windows} from '../../source/metrics/windows.ts';
import {deploymentOf} from '../helpers/deployments.ts';
import {pairsOf} from '../helpers/points.ts';

const nine = Date.UTC(2026, 10, 23, 9, 0);
const gibibyte = 1024 ** 3;
const range = {startMs: nine - 3_600_000, endMs: nine, whole: true};

function answerOf(metrics: object): MetricsAnswer {
	const read = readMetricsAnswer({metrics});
	assert.ok('answer' in read);
	return read.answer;
}

function historyOf(metrics: object): History {
	return addAnswer(emptyHistory(defaultWindow), answerOf(metrics), range);
}

/** A list of points, `seconds` before nine o'clock. */
function points(...pairs: ReadonlyArray<readonly [seconds: number, value: number | null]>): readonly object[] {
	return pairs.map(([seconds, value]) => ({timestamp: new Date(nine - seconds * 1000).toISOString(), value}));
}

function node(id: string, utilization: Readonly<Record<string, number>>, seconds = 0): object {
	const byRank = (value: (rank: number) => number): object =>
		Object.fromEntries(Object.entries(utilization).map(([rank, one]) => [rank, points([seconds, value(one)])]));
	return {
		node_id: id,
		gpu_utilization: byRank(value => value),
		gpu_memory_usage_bytes: byRank(() => 60 * gibibyte),
		cpu_usage: points([seconds, 20]),
		cpu_memory_usage_bytes: points([seconds, 300 * gibibyte]),
		ephemeral_storage: {usage_bytes: points([seconds, 100 * gibibyte]), utilization: points([seconds, 0.5])},
	};
}

const deployment = deploymentOf({
	baseModel: 'a model',
	status: 'RUNNING',
	nodeCount: 3,
	instance: {
		name: 'H100',
		gpuType: 'H100',
		gpusPerNode: 2,
		gpuMemoryBytes: 80 * gibibyte,
		ramBytes: 1000 * gibibyte,
		cores: 96,
	},
});

test('nodes come in natural order, and so do the ranks of their GPUs', () => {
	const ranks = Object.fromEntries(Array.from({length: 12}, (_, rank) => [String(rank), 0.5]));
	const {nodes} = takeSnapshot(historyOf({per_node_metrics: [node('t-10', ranks), node('t-2', ranks)]}), undefined);
	assert.deepEqual(
		nodes.map(({id}) => id),
		['t-2', 't-10'],
	);
	assert.deepEqual(
		nodes[0]?.gpus.map(({rank}) => rank),
		['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11'],
	);
});

test('without a breakdown by node the leader is the one node', () => {
	const {nodes} = takeSnapshot(historyOf({...node('x', {0: 0.9, 1: 0.7}), per_node_metrics: []}), deployment);
	assert.equal(nodes.length, 1);
	const [leader] = nodes;
	assert.equal(leader?.id, 'leader');
	assert.equal(leader?.utilization, 0.8);
	assert.equal(leader?.gpuMemory, 120 * gibibyte);
	assert.equal(leader?.gpuMemoryTotal, 160 * gibibyte);
	assert.equal(leader?.cpu, 20);
	assert.equal(leader?.diskShare, 0.5);
});

test('with a breakdown by node the leader is not a node of its own', () => {
	const history = historyOf({...node('x', {0: 0.9}), per_node_metrics: [node('t-0', {0: 0.9})]});
	assert.deepEqual(
		takeSnapshot(history, undefined).nodes.map(({id}) => id),
		['t-0'],
	);
});

test('an empty answer has no nodes and no values', () => {
	const snapshot = takeSnapshot(historyOf({inference_volume: [], per_node_metrics: []}), deployment);
	assert.deepEqual(snapshot.nodes, []);
	assert.equal(snapshot.newestMs, undefined);
	assert.equal(snapshot.requests.volume, undefined);
	assert.equal(snapshot.requests.latency.p50, undefined);
	assert.equal(snapshot.expectedNodes, 3);
});

test('totals are known only where the deployment tells them', () => {
	const history = historyOf({per_node_metrics: [node('t-0', {0: 0.9})]});
	const [bare] = takeSnapshot(history, undefined).nodes;
	assert.equal(bare?.gpuMemoryTotal, undefined);
	assert.equal(bare?.ramTotal, undefined);
	const [full] = takeSnapshot(history, deployment).nodes;
	assert.equal(full?.gpuMemoryTotal, 80 * gibibyte);
	assert.equal(full?.ramTotal, 1000 * gibibyte);
});

test('a null is no value, and an older value does not stand in for it', () => {
	const history = historyOf({inference_volume: points([60, 5], [30, 6], [0, null])});
	assert.equal(takeSnapshot(history, undefined).requests.volume, undefined);
});

test('requests and compute are each read at their own newest time', () => {
	const history = historyOf({
		inference_volume: points([0, 5]),
		per_node_metrics: [node('t-0', {0: 0.9}, 240)],
	});
	const {requests, nodes} = takeSnapshot(history, undefined);
	assert.equal(requests.volume, 5);
	assert.equal(nodes[0]?.reporting, true);
	assert.equal(nodes[0]?.utilization, 0.9);
});

test('a node that stopped appearing stays, without values, with the time of its last sample', () => {
	const first = historyOf({per_node_metrics: [node('t-0', {0: 0.9}, 600), node('t-1', {0: 0.9}, 600)]});
	const second = addAnswer(first, answerOf({per_node_metrics: [node('t-0', {0: 0.8}, 0)]}), {...range, whole: false});
	const {nodes} = takeSnapshot(second, undefined);
	assert.deepEqual(
		nodes.map(({id, reporting, utilization}) => ({id, reporting, utilization})),
		[
			{id: 't-0', reporting: true, utilization: 0.8},
			{id: 't-1', reporting: false, utilization: undefined},
		],
	);
	assert.equal(nodes[1]?.lastHeardMs, nine - 600_000);
});

test('a node is forgotten when the window holds no data of it any more', () => {
	const first = historyOf({per_node_metrics: [node('t-0', {0: 0.9}, 3500), node('t-1', {0: 0.9}, 0)]});
	const later = {startMs: nine, endMs: nine + 300_000, whole: false};
	const second = addAnswer(first, answerOf({per_node_metrics: [node('t-1', {0: 0.8}, -240)]}), later);
	assert.deepEqual([...second.nodes.keys()], ['t-1']);
});

test('a tail is merged, a whole window replaces', () => {
	const first = historyOf({inference_volume: points([60, 1], [30, 2], [0, 3])});
	const tail = answerOf({inference_volume: points([0, 30], [-30, 4])});
	const times = (history: History) =>
		pairsOf(history.requests.volume).map(([time, value]) => [(nine - time) / 1000, value]);
	assert.deepEqual(times(addAnswer(first, tail, {startMs: nine - 60_000, endMs: nine + 30_000, whole: false})), [
		[60, 1],
		[30, 2],
		[0, 30],
		[-30, 4],
	]);
	assert.deepEqual(times(addAnswer(first, tail, {...range, whole: true})), [
		[0, 30],
		[-30, 4],
	]);
});

test('a node that is told twice in one answer is one node', () => {
	const history = historyOf({per_node_metrics: [node('t-0', {0: 0.9}), node('t-0', {1: 0.7})]});
	const {nodes} = takeSnapshot(history, undefined);
	assert.deepEqual(
		nodes.map(({id, gpus}) => [id, gpus.map(({rank, utilization}) => [rank, utilization])]),
		[
			[
				't-0',
				[
					['0', 0.9],
					['1', 0.7],
				],
			],
		],
	);
});

test('memory of a node is unknown when one of its GPUs tells none', () => {
	const partial = {...node('t-0', {0: 0.9, 1: 0.7}), gpu_memory_usage_bytes: {0: points([0, 1])}};
	const [found] = takeSnapshot(historyOf({per_node_metrics: [partial]}), deployment).nodes;
	assert.equal(found?.gpuMemory, undefined);
	assert.equal(found?.utilization, 0.8);
});

test('another window begins with the newest samples alone', () => {
	const [shortest] = windows;
	const history = historyOf({inference_volume: points([900, 1], [30, 2], [0, 3])});
	const carried = carryNewest(history, shortest);
	assert.equal(carried.complete, false);
	assert.deepEqual(pairsOf(carried.requests.volume), [[nine, 3]]);
	assert.equal(takeSnapshot(carried, undefined).requests.volume, 3);
});

test('a sample that is older than the other window is not carried into it', () => {
	const [shortest] = windows;
	const carried = carryNewest(historyOf({inference_volume: points([900, 1])}), shortest);
	assert.deepEqual(pairsOf(carried.requests.volume), []);
});
