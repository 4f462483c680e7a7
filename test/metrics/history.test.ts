import assert from 'node:assert/strict';
import {test} from 'node:test';
import {addMetrics, emptyHistory, type History} from '../../source/metrics/history.ts';
import {defaultWindow} from '../../source/metrics/windows.ts';
import {answerOf, servedPoints} from '../helpers/answers.ts';

const nine = Date.UTC(2026, 10, 23, 9, 0);
const range = {startMs: nine - 600_000, endMs: nine, whole: false};

function add(history: History, perNode: readonly object[]): History {
	return addMetrics(history, answerOf({per_node_metrics: perNode}), range);
}

function node(id: string, ranks: readonly string[] = []): object {
	const points = servedPoints([nine - 30_000, 0.5]);
	return {node_id: id, cpu_usage: points, gpu_utilization: Object.fromEntries(ranks.map(rank => [rank, points]))};
}

const empty = emptyHistory(defaultWindow);

test('a node that is told twice in one answer is one node with the points of both', () => {
	const first = {node_id: 'a', cpu_usage: servedPoints([nine - 60_000, 1])};
	const second = {node_id: 'a', cpu_usage: servedPoints([nine - 30_000, 2])};
	const {nodes} = add(empty, [first, second]);
	assert.deepEqual([...nodes.keys()], ['a']);
	assert.deepEqual([...(nodes.get('a')?.cpu.values ?? [])], [1, 2]);
});

test('a node that is told without a sample is known, one that is no longer told is kept only with samples', () => {
	const known = add(add(empty, [{node_id: 'silent'}, node('heard')]), [node('new')]);
	assert.deepEqual([...known.nodes.keys()].sort(), ['heard', 'new']);
	assert.deepEqual([...add(empty, [{node_id: 'silent'}]).nodes.keys()], ['silent']);
});

test('a rank that is no longer told is kept only while the window holds samples of it', () => {
	const known = add(add(empty, [{...node('a', ['0']), gpu_memory_usage_bytes: {1: []}}]), [node('a', ['2'])]);
	assert.deepEqual([...(known.nodes.get('a')?.gpus.keys() ?? [])].sort(), ['0', '2']);
});

test('however often nodes are replaced by others, so many are kept and no more, and of these all that are told', () => {
	let history = empty;
	for (let answer = 0; answer < 5; answer++) {
		history = add(
			history,
			Array.from({length: 1000}, (_, index) => node(`n${answer}-${index}`)),
		);
	}

	assert.equal(history.nodes.size, 2048);
	assert.equal([...history.nodes.keys()].filter(id => id.startsWith('n4-')).length, 1000);
});
