import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {type MetricsResponse, readMetricsResponse} from '../../source/api/metrics-response.ts';
import {pairsOf} from '../helpers/points.ts';

const time = '2026-11-23T09:00:00Z';
const at = Date.parse(time);
const point = (value: unknown): object => ({timestamp: time, value});

function read(metrics: object): MetricsResponse {
	const result = readMetricsResponse({deployment_id: 'k4q95w5', metrics});
	assert.ok('response' in result);
	return result.response;
}

const complete = {
	inference_volume: [point(12.3)],
	concurrent_requests: [point(7)],
	response_time_stats: [{timestamp: time, p50: 123, p95: 456, p99: null}],
	inference_volume_by_status: [{timestamp: time, status_2xx: 11, status_4xx: 1, status_5xx: 0.3}],
	gpu_utilization: {0: [point(0.88)]},
	gpu_memory_usage_bytes: {0: [point(65_000_000_000)]},
	cpu_usage: [point(22.5)],
	cpu_memory_usage_bytes: [point(300_000_000_000)],
	ephemeral_storage: {usage_bytes: [point(1e11)], utilization: [point(0.3)]},
	per_node_metrics: [],
};

test('every field of the documented response is parsed into its own series', () => {
	const {requests, leader, nodes, problems, dropped} = read(complete);
	assert.deepEqual(pairsOf(requests.volume), [[at, 12.3]]);
	assert.deepEqual(pairsOf(requests.inProgress), [[at, 7]]);
	assert.deepEqual(pairsOf(requests.latency.p50), [[at, 123]]);
	assert.deepEqual(pairsOf(requests.latency.p99), [[at, null]]);
	assert.deepEqual(pairsOf(requests.status.status_5xx), [[at, 0.3]]);
	assert.deepEqual(pairsOf(leader.gpus.get('0')?.utilization ?? assert.fail()), [[at, 0.88]]);
	assert.deepEqual(pairsOf(leader.gpus.get('0')?.memory ?? assert.fail()), [[at, 65_000_000_000]]);
	assert.deepEqual(pairsOf(leader.cpu), [[at, 22.5]]);
	assert.deepEqual(pairsOf(leader.ram), [[at, 300_000_000_000]]);
	assert.deepEqual(pairsOf(leader.disk), [[at, 1e11]]);
	assert.deepEqual(pairsOf(leader.diskShare), [[at, 0.3]]);
	assert.deepEqual(nodes, []);
	assert.deepEqual(problems, []);
	assert.equal(dropped, 0);
});

test('a node has its series along with its name, which is cleaned of terminal sequences', () => {
	const {nodes} = read({...complete, per_node_metrics: [{...complete, node_id: 'trainer\u001b[31m-0\n'}]});
	assert.equal(nodes[0]?.id, 'trainer-0');
	assert.deepEqual(pairsOf(nodes[0]?.cpu ?? assert.fail()), [[at, 22.5]]);
});

const wrong: ReadonlyArray<readonly [field: keyof typeof complete, value: unknown, problem: string]> = [
	['inference_volume', undefined, 'is missing, not a list'],
	['inference_volume', null, 'is null, not a list'],
	['inference_volume', 'text', 'is a string, not a list'],
	['response_time_stats', {}, 'is a map, not a list'],
	['gpu_utilization', [], 'is a list, not a map of ranks'],
	['gpu_utilization', {0: 7}, 'is a number, not a list'],
	['ephemeral_storage', 7, 'is a number, not a map'],
	['per_node_metrics', {}, 'is a map, not a list'],
	['per_node_metrics', [7], 'entry 0 is a number, not a node'],
];

for (const [field, value, problem] of wrong) {
	test(`the problem "${field} ${problem}" is reported, and the rest is parsed`, () => {
		const response = read({...complete, [field]: value});
		assert.deepEqual(response.problems, [{field, problem}]);
		const others = [
			...(field === 'inference_volume' ? [] : [response.requests.volume]),
			...(field === 'response_time_stats' ? [] : [response.requests.latency.p50]),
			response.leader.cpu,
		];
		assert.ok(others.every(({times}) => times.length === 1));
	});
}

test('a problem that all nodes share is reported once', () => {
	const odd = {...complete, node_id: 'x', cpu_usage: 'none'};
	const {problems} = read({...complete, per_node_metrics: [odd, {...odd, node_id: 'y'}]});
	assert.deepEqual(problems, [{field: 'cpu_usage', problem: 'is a string, not a list'}]);
});

test('a node without a name is named after its position in the list, and reported', () => {
	const {nodes, problems} = read({...complete, per_node_metrics: [{...complete}]});
	assert.deepEqual(
		nodes.map(({id}) => id),
		['node 0'],
	);
	assert.deepEqual(problems, [{field: 'per_node_metrics', problem: 'entry 0 has no node_id'}]);
});

test('nodes beyond the maximum of 1,024 are omitted and reported', () => {
	const many = Array.from({length: 100_000}, (_, index) => ({node_id: `n${index}`}));
	const {nodes, problems} = read({...complete, per_node_metrics: many});
	assert.equal(nodes.length, 1024);
	assert.ok(problems.some(({problem}) => problem === 'has 100000 nodes, of which 1024 are shown'));
});

test('GPUs beyond 256 per node are omitted, and so are nodes beyond a total of 8,192 GPUs', () => {
	const ranks = Object.fromEntries(Array.from({length: 300}, (_, rank) => [String(rank), [point(1)]]));
	const node = {...complete, gpu_utilization: ranks, gpu_memory_usage_bytes: {}};
	const list = Array.from({length: 100}, (_, index) => ({...node, node_id: `n${index}`}));
	const {nodes, problems} = read({...complete, per_node_metrics: list});
	assert.equal(nodes[0]?.gpus.size, 256);
	assert.equal(nodes.length, 32);
	assert.ok(problems.some(({problem}) => problem === 'has 300 ranks, of which 256 are shown'));
	assert.ok(problems.some(({problem}) => problem === 'has 100 nodes, of which 32 are shown'));
});

test('two ranks with the same name are reported as a problem', () => {
	const {problems} = read({...complete, gpu_utilization: {'0': [], '\u001b[31m0': []}});
	assert.deepEqual(problems, [{field: 'gpu_utilization', problem: 'has rank 0 twice'}]);
});

const strangers: ReadonlyArray<readonly [name: string, body: unknown]> = [
	['null', null],
	['a list', []],
	['a string', 'hello'],
	['an empty map', {}],
	["metrics that aren't a map", {metrics: 7}],
	['metrics without a known field', {metrics: {temperature: []}}],
	['a deployment', {deployment: {id: 'x'}}],
];

for (const [name, body] of strangers) {
	test(`${name} isn't a response from the metrics route`, () => {
		assert.ok('problem' in readMetricsResponse(body));
	});
}

test('unreadable points of all series are counted together', () => {
	const {dropped} = read({...complete, inference_volume: [point('x'), {value: 1}], cpu_usage: [7]});
	assert.equal(dropped, 3);
});

test('no JSON makes the reader throw', () => {
	const field = fc.constantFrom(...Object.keys(complete), 'node_id', '__proto__', 'constructor');
	const value = fc.oneof(fc.jsonValue(), fc.constant(complete), fc.constant([complete]));
	fc.assert(
		fc.property(fc.dictionary(field, value), metrics => {
			const body: unknown = JSON.parse(JSON.stringify({metrics}));
			assert.ok(typeof readMetricsResponse(body) === 'object');
		}),
	);
});
