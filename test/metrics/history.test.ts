import assert from 'node:assert/strict';
import {test} from 'node:test';
import {mapRecord, typedKeys} from '../../source/api/points.ts';
import {gpuSeriesPaths, nodeSeriesPaths, noGpu} from '../../source/api/series-table.ts';
import {nodeFields} from '../../source/demo/served-fields.ts';
import {computeOf, emptyHistory, type History} from '../../source/metrics/history.ts';
import {addMetrics} from '../../source/metrics/merge-history.ts';
import {defaultWindow} from '../../source/metrics/windows.ts';
import {responseOf, servedPoints} from '../helpers/responses.ts';

const nine = Date.UTC(2026, 10, 23, 9, 0);
const range = {startMs: nine - 600_000, endMs: nine, whole: false};

function add(history: History, perNode: readonly object[]): History {
	return addMetrics(history, responseOf({per_node_metrics: perNode}), range);
}

function node(id: string, ranks: readonly string[] = []): object {
	const points = servedPoints([nine - 30_000, 0.5]);
	return {node_id: id, cpu_usage: points, gpu_utilization: Object.fromEntries(ranks.map(rank => [rank, points]))};
}

const empty = emptyHistory(defaultWindow);

test('a node that occurs twice in a response is one node with the points of both entries', () => {
	const first = {node_id: 'a', cpu_usage: servedPoints([nine - 60_000, 1])};
	const second = {node_id: 'a', cpu_usage: servedPoints([nine - 30_000, 2])};
	const {nodes} = add(empty, [first, second]);
	assert.deepEqual([...nodes.keys()], ['a']);
	assert.deepEqual([...(nodes.get('a')?.cpu.values ?? [])], [1, 2]);
});

test('a node without samples is known while it is reported; a node that is no longer reported is kept only if it has samples', () => {
	const known = add(add(empty, [{node_id: 'silent'}, node('heard')]), [node('new')]);
	assert.deepEqual([...known.nodes.keys()].sort(), ['heard', 'new']);
	assert.deepEqual([...add(empty, [{node_id: 'silent'}]).nodes.keys()], ['silent']);
});

test('nodes and requests to which a response adds nothing stay the same objects', () => {
	const known = add(empty, [node('a', ['0', '1']), node('b', ['0'])]);
	const again = add(known, [node('a', ['0', '1']), node('b', ['0'])]);
	assert.equal(again.requests, known.requests);
	assert.deepEqual(
		[...again.nodes.values()].map((one, index) => one === [...known.nodes.values()][index]),
		[true, true],
	);
	const changed = add(again, [{...node('a', ['0', '1']), cpu_usage: servedPoints([nine, 1])}, node('b', ['0', '1'])]);
	assert.notEqual(changed.nodes.get('a'), known.nodes.get('a'));
	assert.equal(changed.nodes.get('a')?.gpus.get('0'), known.nodes.get('a')?.gpus.get('0'));
	assert.notEqual(changed.nodes.get('b'), known.nodes.get('b'));
	const without = add(again, [node('a', ['0'])]);
	assert.deepEqual([...(without.nodes.get('a')?.gpus.keys() ?? [])], ['0', '1']);
});

/** The series of a node and of its only GPU. */
const allSeries = {...gpuSeriesPaths, ...nodeSeriesPaths};
type Series = keyof typeof allSeries;

/** Returns a node with a sample of each series, and a second sample of the series `longer`, if given. */
function nodeWithMore(longer?: Series): object {
	const sample = servedPoints([nine - 60_000, 0.5]);
	const points = (name: Series): readonly object[] =>
		name === longer ? [...sample, ...servedPoints([nine - 30_000, 0.75])] : sample;
	return {node_id: 'a', ...nodeFields(['0'], points, points)};
}

test('a new sample of any one series of a GPU or a node is kept', () => {
	const known = add(empty, [nodeWithMore()]);
	for (const name of typedKeys(allSeries)) {
		const node = add(known, [nodeWithMore(name)]).nodes.get('a') ?? assert.fail();
		const lengths = mapRecord({...noGpu, ...node.gpus.get('0'), ...computeOf(node)}, ({times}) => times.length);
		const usual = mapRecord(allSeries, () => 1);
		assert.deepEqual(lengths, {...usual, [name]: 2}, `the kept samples are wrong after a second sample of ${name}`);
	}
});

test('a rank that is no longer reported is kept only while the window contains samples of it', () => {
	const known = add(add(empty, [{...node('a', ['0']), gpu_memory_usage_bytes: {1: []}}]), [node('a', ['2'])]);
	assert.deepEqual([...(known.nodes.get('a')?.gpus.keys() ?? [])].sort(), ['0', '2']);
});

test('however often nodes are replaced, the number of kept nodes is limited, and no reported node is dropped', () => {
	let history = empty;
	for (let response = 0; response < 5; response++) {
		history = add(
			history,
			Array.from({length: 1000}, (_, index) => node(`n${response}-${index}`)),
		);
	}

	assert.equal(history.nodes.size, 2048);
	assert.equal([...history.nodes.keys()].filter(id => id.startsWith('n4-')).length, 1000);
});

const step = defaultWindow.stepMs;

/**
 * Returns the times of the request volume and of each node's CPU use, in steps from the end of the range, and the
 * number of dropped points, after a response for the whole window and responses for tails.
 */
function afterTails(first: object, ...tails: readonly object[]) {
	const whole = {startMs: nine - defaultWindow.lengthMs, endMs: nine, whole: true};
	const tail = {startMs: nine - 4 * step, endMs: nine, whole: false};
	let history = addMetrics(emptyHistory(defaultWindow), responseOf(first), whole);
	for (const response of tails) {
		history = addMetrics(history, responseOf(response), tail);
	}

	const stepsOf = ({times}: {readonly times: Float64Array}) => [...times].map(time => (time - nine) / step);
	return {
		volume: stepsOf(history.requests.volume),
		nodes: Object.fromEntries([...history.nodes].map(([id, {cpu}]) => [id, stepsOf(cpu)])),
		dropped: history.dropped,
	};
}

function at(...steps: readonly number[]): object[] {
	return steps.map(count => ({timestamp: new Date(nine + count * step).toISOString(), value: 1}));
}

function cpuOf(id: string, ...steps: readonly number[]): object {
	return {
		node_id: id,
		gpu_utilization: {},
		gpu_memory_usage_bytes: {},
		cpu_usage: at(...steps),
		cpu_memory_usage_bytes: [],
		ephemeral_storage: {usage_bytes: [], utilization: []},
	};
}

test('points that a later response for their range no longer contains are dropped', () => {
	const {volume} = afterTails(
		{inference_volume: at(-6, -5, -4, -3, -2.4, -1.7)},
		{inference_volume: at(-3, -2, -1.2)},
		{inference_volume: at(-3, -2, -1, -0.2)},
	);
	assert.deepEqual(volume, [-6, -5, -4, -3, -2, -1, -0.2]);
});

test('points that are more than a step after the end of the requested range are omitted and counted', () => {
	const {volume, dropped} = afterTails({inference_volume: at(-6, -1, 1, 1.5, 20, 2880)});
	assert.deepEqual(volume, [-6, -1, 1]);
	assert.equal(dropped, 3);
});

test('a later response replaces future points of an earlier one', () => {
	const {volume, dropped} = afterTails({inference_volume: at(-6, -1, 1)}, {inference_volume: at(-1, 0)});
	assert.deepEqual(volume, [-6, -1, 0]);
	assert.equal(dropped, 0);
});

test("a node whose clock is ahead doesn't affect the others, and recovers when its clock is corrected", () => {
	const first = {per_node_metrics: [cpuOf('a', -3, -2, -1), cpuOf('b', 17, 18, 19)]};
	assert.deepEqual(afterTails(first), {volume: [], nodes: {a: [-3, -2, -1], b: []}, dropped: 3});
	const later = {per_node_metrics: [cpuOf('a', -3, -2, -1, 0), cpuOf('b', -2, -1, 0)]};
	assert.deepEqual(afterTails(first, later).nodes, {a: [-3, -2, -1, 0], b: [-2, -1, 0]});
});

test('a node that is missing from a later response keeps its points', () => {
	const first = {per_node_metrics: [cpuOf('a', -3, -2, -1), cpuOf('b', -3, -2)]};
	const {nodes} = afterTails(first, {per_node_metrics: [cpuOf('a', -3, -2, -1, 0)]});
	assert.deepEqual(nodes, {a: [-3, -2, -1, 0], b: [-3, -2]});
});

test('a node that occurs twice in a tail is one node with the points of both entries', () => {
	const {nodes} = afterTails(
		{per_node_metrics: [cpuOf('a', -6, -3)]},
		{per_node_metrics: [cpuOf('a', -2, -1), cpuOf('a', -1, 0)]},
	);
	assert.deepEqual(nodes, {a: [-6, -2, -1, 0]});
});
