import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {type MetricsResponse, readMetricsResponse} from '../../source/api/metrics-response.ts';
import {emptyHistory, type History} from '../../source/metrics/history.ts';
import {addMetrics, carryNewest} from '../../source/metrics/merge-history.ts';
import {compareNames} from '../../source/metrics/node.ts';
import {statusShares, takeSnapshot} from '../../source/metrics/snapshot.ts';
import {defaultThresholds} from '../../source/metrics/thresholds.ts';
import {defaultWindow, windows} from '../../source/metrics/windows.ts';
import {deploymentOf} from '../helpers/deployments.ts';
import {pairsOf, pointsOf} from '../helpers/points.ts';

type Rate = number | null;

function shares(...points: ReadonlyArray<readonly [ok: Rate, client: Rate, server: Rate]>) {
	return statusShares({
		status_2xx: pointsOf(...points.map(([ok], time) => [time, ok] as const)),
		status_4xx: pointsOf(...points.map(([, client], time) => [time, client] as const)),
		status_5xx: pointsOf(...points.map(([, , server], time) => [time, server] as const)),
	});
}

const cases: ReadonlyArray<
	readonly [what: string, actual: ReturnType<typeof shares>, expected: ReturnType<typeof shares>]
> = [
	[
		'the share of a class is its part of all requests',
		shares([6, 1, 1], [2, 0, 0]),
		{'2xx': 0.8, '4xx': 0.1, '5xx': 0.1},
	],
	['without requests, there are no shares', shares([0, 0, 0]), undefined],
	['without points, there are no shares', shares(), undefined],
	['a point with an unknown rate is skipped', shares([null, 2, 2], [9, 1, 0]), {'2xx': 0.9, '4xx': 0.1, '5xx': 0}],
	['if the rate of a class is never known, no share is known', shares([null, 2, 2], [null, 1, 0]), undefined],
];

for (const [what, actual, expected] of cases) {
	test(what, () => assert.deepEqual(actual, expected));
}

const nine = Date.UTC(2026, 10, 23, 9, 0);
const gibibyte = 1024 ** 3;
const range = {startMs: nine - 3_600_000, endMs: nine, whole: true};

function responseOf(metrics: object): MetricsResponse {
	const read = readMetricsResponse({metrics});
	assert.ok('response' in read);
	return read.response;
}

function historyOf(metrics: object): History {
	return addMetrics(emptyHistory(defaultWindow), responseOf(metrics), range);
}

/** Returns a list of points, each of them `seconds` before nine o'clock. */
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
		id: undefined,
		name: 'H100',
		gpuType: 'H100',
		gpusPerNode: 2,
		gpuMemoryBytes: 80 * gibibyte,
		ramBytes: 1000 * gibibyte,
		cores: 96,
	},
});

test('nodes and the ranks of their GPUs are in natural order', () => {
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

test('without a breakdown by node, the leader is the only node', () => {
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

test("with a breakdown by node, the leader isn't a separate node", () => {
	const history = historyOf({...node('x', {0: 0.9}), per_node_metrics: [node('t-0', {0: 0.9})]});
	assert.deepEqual(
		takeSnapshot(history, undefined).nodes.map(({id}) => id),
		['t-0'],
	);
});

test('an empty response has no nodes and no values', () => {
	const snapshot = takeSnapshot(historyOf({inference_volume: [], per_node_metrics: []}), deployment);
	assert.deepEqual(snapshot.nodes, []);
	assert.equal(snapshot.newestMs, undefined);
	assert.equal(snapshot.requests.volume, undefined);
	assert.equal(snapshot.requests.latency.p50, undefined);
	assert.equal(snapshot.expectedNodes, 3);
});

test("memory totals are known only if the deployment's instance type is known", () => {
	const history = historyOf({per_node_metrics: [node('t-0', {0: 0.9})]});
	const [bare] = takeSnapshot(history, undefined).nodes;
	assert.equal(bare?.gpuMemoryTotal, undefined);
	assert.equal(bare?.ramTotal, undefined);
	const [full] = takeSnapshot(history, deployment).nodes;
	assert.equal(full?.gpuMemoryTotal, 80 * gibibyte);
	assert.equal(full?.ramTotal, 1000 * gibibyte);
});

test("null isn't a value, and an older value doesn't replace it", () => {
	const history = historyOf({inference_volume: points([60, 5], [30, 6], [0, null])});
	assert.equal(takeSnapshot(history, undefined).requests.volume, undefined);
});

test('requests and compute are each read at their own newest time', () => {
	const history = historyOf({
		inference_volume: points([0, 5]),
		per_node_metrics: [node('t-0', {0: 0.9}, defaultThresholds.staleMs / 1000 - 10)],
	});
	const {requests, nodes} = takeSnapshot(history, undefined);
	assert.equal(requests.volume, 5);
	assert.equal(nodes[0]?.reporting, true);
	assert.equal(nodes[0]?.utilization, 0.9);
});

test('a node that is no longer reported stays listed, without values but with the time of its last sample', () => {
	const first = historyOf({per_node_metrics: [node('t-0', {0: 0.9}, 600), node('t-1', {0: 0.9}, 600)]});
	const second = addMetrics(first, responseOf({per_node_metrics: [node('t-0', {0: 0.8}, 0)]}), {
		...range,
		whole: false,
	});
	const {nodes} = takeSnapshot(second, undefined);
	assert.deepEqual(
		nodes.map(({id, reporting, utilization}) => ({id, reporting, utilization})),
		[
			{id: 't-0', reporting: true, utilization: 0.8},
			{id: 't-1', reporting: false, utilization: undefined},
		],
	);
	assert.equal(nodes[1]?.lastSeenMs, nine - 600_000);
});

test('a node is dropped when the window no longer contains any data from it', () => {
	const first = historyOf({per_node_metrics: [node('t-0', {0: 0.9}, 3500), node('t-1', {0: 0.9}, 0)]});
	const later = {startMs: nine, endMs: nine + 300_000, whole: false};
	const second = addMetrics(first, responseOf({per_node_metrics: [node('t-1', {0: 0.8}, -240)]}), later);
	assert.deepEqual([...second.nodes.keys()], ['t-1']);
});

test('a tail is merged, and a whole window replaces earlier data', () => {
	const first = historyOf({inference_volume: points([60, 1], [30, 2], [0, 3])});
	const tail = responseOf({inference_volume: points([0, 30], [-30, 4])});
	const times = (history: History) =>
		pairsOf(history.requests.volume).map(([time, value]) => [(nine - time) / 1000, value]);
	assert.deepEqual(times(addMetrics(first, tail, {startMs: nine - 60_000, endMs: nine + 30_000, whole: false})), [
		[60, 1],
		[0, 30],
		[-30, 4],
	]);
	assert.deepEqual(times(addMetrics(first, tail, {...range, whole: true})), [
		[0, 30],
		[-30, 4],
	]);
});

test('a node that occurs twice in a response is one node', () => {
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

test('the memory of a node is unknown if one of its GPUs reports none', () => {
	const partial = {...node('t-0', {0: 0.9, 1: 0.7}), gpu_memory_usage_bytes: {0: points([0, 1])}};
	const [found] = takeSnapshot(historyOf({per_node_metrics: [partial]}), deployment).nodes;
	assert.equal(found?.gpuMemory, undefined);
	assert.equal(found?.utilization, 0.8);
});

test('a new window begins with only the newest samples', () => {
	const [shortest] = windows;
	const history = historyOf({inference_volume: points([900, 1], [30, 2], [0, 3])});
	const carried = carryNewest(history, shortest);
	assert.equal(carried.complete, false);
	assert.deepEqual(pairsOf(carried.requests.volume), [[nine, 3]]);
	assert.equal(takeSnapshot(carried, undefined).requests.volume, 3);
});

test("a sample older than the new window isn't carried over", () => {
	const [shortest] = windows;
	const carried = carryNewest(historyOf({inference_volume: points([900, 1])}), shortest);
	assert.deepEqual(pairsOf(carried.requests.volume), []);
});

test('each group has its own freshness: values without a sample within the limit are unknown', () => {
	const late = takeSnapshot(
		historyOf({inference_volume: points([0, 5]), per_node_metrics: [node('t-0', {0: 0.9}, 2400)]}),
		deployment,
	);
	assert.deepEqual(late.requests.freshness, {newestMs: nine, isFresh: true});
	assert.equal(late.requests.volume, 5);
	assert.equal(late.nodes[0]?.reporting, false);
	assert.equal(late.nodes[0]?.utilization, undefined);
	assert.equal(late.nodes[0]?.gpus[0]?.utilization, undefined);
	assert.deepEqual(late.nodes[0]?.gpus[0]?.freshness, {newestMs: nine - 2_400_000, isFresh: false});
	assert.equal(late.totals.nodesReporting, 0);
	const reverse = takeSnapshot(
		historyOf({inference_volume: points([2400, 5]), per_node_metrics: [node('t-0', {0: 0.9}, 0)]}),
		deployment,
	);
	assert.equal(reverse.requests.volume, undefined);
	assert.deepEqual(reverse.requests.freshness, {newestMs: nine - 2_400_000, isFresh: false});
	assert.equal(reverse.nodes[0]?.utilization, 0.9);
});

test('only the stale limit decides whether a value is shown, whatever the limit is', () => {
	const history = historyOf({
		inference_volume: points([300, 5]),
		per_node_metrics: [node('t-0', {0: 0.9}, 300)],
	});
	for (const [staleMs, isFresh] of [
		[600_000, true],
		[300_000, true],
		[299_999, false],
		[60_000, false],
	] as const) {
		const {requests, nodes} = takeSnapshot(history, deployment, {staleMs});
		assert.equal(requests.freshness.isFresh, isFresh);
		assert.equal(requests.volume, isFresh ? 5 : undefined);
		assert.equal(nodes[0]?.reporting, isFresh);
		assert.equal(nodes[0]?.cpu, isFresh ? 20 : undefined);
	}
});

test('a snapshot states how long it is valid', () => {
	const history = historyOf({inference_volume: points([100, 5]), per_node_metrics: [node('t-0', {0: 0.9}, 0)]});
	const {validUntilMs} = takeSnapshot(history, deployment);
	assert.equal(validUntilMs, nine - 100_000 + defaultThresholds.staleMs);
	assert.equal(takeSnapshot(history, deployment, {nowMs: validUntilMs}).requests.volume, 5);
	assert.equal(takeSnapshot(history, deployment, {nowMs: validUntilMs + 1}).requests.volume, undefined);
});

test("nodes that were replaced by others are gone, and aren't counted", () => {
	const gone = (id: string): object => node(id, {0: 0.5, 1: 0.5}, 1200);
	const {nodes, totals} = takeSnapshot(
		historyOf({per_node_metrics: [gone('a'), gone('b'), node('y', {0: 0.9, 1: 0.9}), node('z', {0: 0.7, 1: 0.7})]}),
		{...deployment, nodeCount: 2},
	);
	assert.deepEqual(
		nodes.map(({id, presence}) => [id, presence]),
		[
			['a', 'gone'],
			['b', 'gone'],
			['y', 'reporting'],
			['z', 'reporting'],
		],
	);
	assert.deepEqual(
		{...totals, utilization: totals.utilization?.toFixed(3), busy: undefined},
		{nodesReporting: 2, nodesExpected: 2, gpusReporting: 4, gpusExpected: 4, utilization: '0.800', busy: undefined},
	);
});

test('if there are too many nodes, those silent the longest are gone; other silent nodes are missing', () => {
	const history = historyOf({
		per_node_metrics: [node('a', {0: 0.5}, 2000), node('b', {0: 0.5}, 1000), node('c', {0: 0.5}, 0)],
	});
	const presences = (nodeCount: number | undefined): readonly string[] =>
		takeSnapshot(history, {...deployment, nodeCount}).nodes.map(({presence}) => presence);
	assert.deepEqual(presences(2), ['gone', 'missing', 'reporting']);
	assert.deepEqual(presences(1), ['gone', 'gone', 'reporting']);
	assert.deepEqual(presences(undefined), ['missing', 'missing', 'reporting']);
});

test("a GPU without a current sample isn't part of any mean, and doesn't count as reporting", () => {
	const late = {...node('t-0', {0: 0.9, 1: 0.7})};
	const partial = {
		...late,
		gpu_utilization: {0: points([0, 0.9]), 1: points([700, 0.1])},
		gpu_memory_usage_bytes: {0: points([0, 1]), 1: points([700, 1])},
	};
	const {nodes, totals} = takeSnapshot(historyOf({per_node_metrics: [partial]}), {...deployment, nodeCount: 1});
	assert.equal(nodes[0]?.utilization, 0.9);
	assert.equal(nodes[0]?.gpusReporting, 1);
	assert.equal(nodes[0]?.gpusExpected, 2);
	assert.equal(nodes[0]?.gpuMemory, undefined);
	assert.deepEqual([totals.gpusReporting, totals.gpusExpected], [1, 2]);
});

test('a GPU that the response omits counts as expected', () => {
	const {totals} = takeSnapshot(historyOf({per_node_metrics: [node('t-0', {0: 0.9})]}), {...deployment, nodeCount: 1});
	assert.deepEqual([totals.gpusReporting, totals.gpusExpected], [1, 2]);
});

test('`busy` contains the mean, the lowest, and the highest of all known samples in the window', () => {
	const values = points([90, 1], [60, 0], [30, null], [0, 1]);
	const history = historyOf({
		per_node_metrics: [{...node('t-0', {}), gpu_utilization: {0: values, 1: points([0, 0.5])}}],
	});
	const {nodes, totals} = takeSnapshot(history, deployment);
	assert.deepEqual(nodes[0]?.gpus[0]?.busy, {mean: 2 / 3, low: 0, high: 1, knownMs: 60_000});
	assert.deepEqual(nodes[0]?.busy, {mean: 2.5 / 4, low: 0, high: 1, knownMs: 60_000});
	assert.deepEqual(totals.busy, nodes[0]?.busy);
	assert.equal(takeSnapshot(carryNewest(history, defaultWindow), deployment).totals.busy, undefined);
});

test('no value, total, mean, or count includes a sample older than the limit', () => {
	const age = fc.integer({min: 0, max: 3000});
	const group = fc.record({cpu: age, ram: age, disk: age, gpus: fc.array(fc.tuple(age, age), {maxLength: 4})});
	fc.assert(
		fc.property(age, fc.array(group, {maxLength: 5}), fc.integer({min: 60, max: 1500}), (request, groups, limit) => {
			const byRank = (ages: readonly number[]): object =>
				Object.fromEntries(ages.map((seconds, rank) => [String(rank), points([seconds, seconds])]));
			const history = historyOf({
				inference_volume: points([request, request]),
				per_node_metrics: groups.map(({cpu, ram, disk, gpus}, index) => ({
					node_id: `n-${index}`,
					gpu_utilization: byRank(gpus.map(([utilization]) => utilization)),
					gpu_memory_usage_bytes: byRank(gpus.map(([, memory]) => memory)),
					cpu_usage: points([cpu, cpu]),
					cpu_memory_usage_bytes: points([ram, ram]),
					ephemeral_storage: {usage_bytes: points([disk, disk]), utilization: points([disk, disk])},
				})),
			});
			const {requests, nodes, totals} = takeSnapshot(history, deployment, {staleMs: limit * 1000});
			// Returns whether a value, which equals its age in seconds, is within the limit.
			const isCurrent = (seconds: number): boolean => seconds <= limit;
			assert.equal(requests.volume, isCurrent(request) ? request : undefined);
			for (const [index, node] of nodes.entries()) {
				const {cpu = 0, ram = 0, disk = 0, gpus = []} = groups[index] ?? {};
				assert.equal(node.cpu, isCurrent(cpu) ? cpu : undefined);
				assert.equal(node.ram, isCurrent(ram) ? ram : undefined);
				assert.equal(node.disk, isCurrent(disk) ? disk : undefined);
				const known = gpus.flatMap(([utilization]) => (isCurrent(utilization) ? utilization : []));
				assert.equal(node.gpusReporting, known.length);
				const sum = known.reduce((a, b) => a + b, 0);
				assert.ok(Math.abs((node.utilization ?? 0) * known.length - sum) < 1e-6);
				const memories = gpus.map(([, memory]) => memory);
				const areKnown = memories.length > 0 && memories.every(isCurrent);
				assert.equal(node.gpuMemory, areKnown ? memories.reduce((a, b) => a + b, 0) : undefined);
				assert.equal(node.reporting, [cpu, ram, disk, ...gpus.flat()].some(isCurrent));
			}

			const all = groups.flatMap(({gpus}) =>
				gpus.flatMap(([utilization]) => (isCurrent(utilization) ? utilization : [])),
			);
			assert.equal(totals.gpusReporting, all.length);
			assert.equal(totals.nodesReporting, nodes.filter(({reporting}) => reporting).length);
		}),
	);
});

test("names are in the collator's order, whether or not the shortcut for plain names applies", () => {
	const {compare} = new Intl.Collator('en', {numeric: true});
	const part = fc.constantFrom('a', 'b', 'ch', 'z', '-', '0', '1', '2', '10', '99', 'trainer', '_', 'A', 'é', '.', ' ');
	const name = fc.array(part, {maxLength: 6}).map(parts => parts.join(''));
	fc.assert(
		fc.property(name, name, (a, b) => {
			assert.equal(Math.sign(compareNames(a, b)), Math.sign(compare(a, b)), JSON.stringify([a, b]));
		}),
		{numRuns: 5000},
	);
});
