import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Failure} from '../../source/api/failure.ts';
import type {CurrentFinding} from '../../source/metrics/findings.ts';
import {defaultThresholds} from '../../source/metrics/thresholds.ts';
import {defaultWindow} from '../../source/metrics/windows.ts';
import {gaugesOf} from '../../source/output/gauges.ts';
import {initialState} from '../../source/state/initial-state.ts';
import {reduce} from '../../source/state/reducer.ts';
import type {State} from '../../source/state/state.ts';
import {responseOf, servedPoints} from '../helpers/responses.ts';
import {sampleNow, sampleState} from '../helpers/sample-state.ts';

const timeout: Failure = {kind: 'timeout', afterMs: 30_000};

/** Returns the samples by name and labels, such as `loops_gpu_utilization_ratio a 0`, without the deployment label. */
function samplesOf(state: State, nowMs = sampleNow): ReadonlyMap<string, number> {
	return new Map(
		gaugesOf(state, nowMs).flatMap(({name, samples}) =>
			samples.map(({labels, value}) => {
				const {deployment, ...others} = labels;
				assert.equal(deployment, state.target.kind === 'deployment' ? state.target.id : '');
				return [[name, ...Object.values(others)].join(' '), value];
			}),
		),
	);
}

function namesOf(state: State, nowMs?: number): readonly string[] {
	return [...samplesOf(state, nowMs).keys()];
}

const begun = reduce(
	initialState({
		target: {kind: 'deployment', id: 'k4q95w5'},
		host: 'host',
		window: defaultWindow,
		intervalMs: 10_000,
		nowMs: sampleNow,
	}),
	// No rule is evaluated before the request for the deployment has succeeded or failed.
	{type: 'deploymentUnavailable', atMs: sampleNow},
);

function answered(metrics: object, state: State = begun): State {
	const range = {startMs: sampleNow - 3_600_000, endMs: sampleNow, whole: true};
	return reduce(state, {
		type: 'metricsReceived',
		kind: 'live',
		window: '1h',
		response: responseOf(metrics),
		range,
		atMs: sampleNow,
		tookMs: 5,
	});
}

/** The gauges that are served after any response, even one without values. */
const own = ['loops_top_build_info 0.1.0', 'loops_top_up', 'loops_top_last_success_timestamp_seconds'];

test('every value is served in base units', () => {
	const gibibyte = 1024 ** 3;
	const at = (value: number): readonly object[] => servedPoints([sampleNow - 30_000, value]);
	const samples = samplesOf(
		answered({
			inference_volume: at(12.5),
			concurrent_requests: at(7),
			response_time_stats: [{timestamp: new Date(sampleNow).toISOString(), p50: 125, p95: 500, p99: 2000}],
			inference_volume_by_status: [
				{timestamp: new Date(sampleNow).toISOString(), status_2xx: 12, status_4xx: 0.5, status_5xx: 0},
			],
			per_node_metrics: [
				{
					node_id: 'a',
					gpu_utilization: {0: at(0.75), 1: at(0)},
					gpu_memory_usage_bytes: {0: at(61 * gibibyte)},
					cpu_usage: at(22.5),
					cpu_memory_usage_bytes: at(302 * gibibyte),
					ephemeral_storage: {usage_bytes: at(210 * gibibyte), utilization: at(0.33)},
				},
			],
		}),
	);
	assert.deepEqual(Object.fromEntries(samples), {
		'loops_top_build_info 0.1.0': 1,
		loops_top_up: 1,
		loops_top_last_success_timestamp_seconds: sampleNow / 1000,
		loops_requests_per_second: 12.5,
		loops_requests_in_progress: 7,
		'loops_responses_per_second 2xx': 12,
		'loops_responses_per_second 4xx': 0.5,
		'loops_responses_per_second 5xx': 0,
		'loops_latency_seconds 50': 0.125,
		'loops_latency_seconds 95': 0.5,
		'loops_latency_seconds 99': 2,
		'loops_cpu_used_cores a': 22.5,
		'loops_memory_used_bytes a': 302 * gibibyte,
		'loops_ephemeral_storage_used_bytes a': 210 * gibibyte,
		'loops_ephemeral_storage_used_ratio a': 0.33,
		'loops_gpu_utilization_ratio a 0': 0.75,
		'loops_gpu_utilization_ratio a 1': 0,
		'loops_gpu_memory_used_bytes a 0': 61 * gibibyte,
		loops_nodes_reporting: 1,
		loops_newest_sample_timestamp_seconds: sampleNow / 1000,
	});
});

test("the deployment's model, status, and limits are served", () => {
	const samples = samplesOf(sampleState({nodes: 4, gpus: 8}));
	assert.equal(samples.get('loops_deployment_info Qwen/Qwen3-30B-A3B-Instruct-2507 RUNNING H100'), 1);
	assert.equal(samples.get('loops_nodes_expected'), 4);
	assert.equal(samples.get('loops_nodes_reporting'), 4);
	assert.equal(samples.get('loops_cpu_limit_cores loops-trainer-3'), 96);
	assert.equal(samples.get('loops_memory_limit_bytes loops-trainer-3'), 1_000_000 * 1024 ** 2);
	assert.equal(samples.get('loops_gpu_memory_limit_bytes loops-trainer-3 7'), 80 * 1024 ** 3);
	assert.equal([...samples.keys()].filter(name => name.startsWith('loops_gpu_utilization_ratio ')).length, 32);
});

test('each finding is a sample with a value of 1, labeled with its rule, node, and GPU', () => {
	const samples = samplesOf(sampleState({nodes: 4, gpus: 8}));
	const findings = [...samples].filter(([name]) => name.startsWith('loops_top_finding'));
	assert.deepEqual(findings, [['loops_top_finding straggler loops-trainer-2 5', 1]]);
});

test('before the first response, the only gauges are the version and loops_top_up, which is 0', () => {
	assert.deepEqual(Object.fromEntries(samplesOf(begun)), {'loops_top_build_info 0.1.0': 1, loops_top_up: 0});
	const unchosen = initialState({...begun, target: {kind: 'unchosen'}, window: defaultWindow, nowMs: sampleNow});
	assert.equal(samplesOf(unchosen).get('loops_top_up'), 0);
});

test('null, missing, and unreadable values have no sample', () => {
	const names = namesOf(
		answered({
			inference_volume: servedPoints([sampleNow - 30_000, 5], [sampleNow, null]),
			concurrent_requests: 'many',
			per_node_metrics: [{node_id: 'a', gpu_utilization: {0: servedPoints([sampleNow, null])}}],
		}),
	);
	assert.deepEqual(names, [...own, 'loops_nodes_reporting', 'loops_newest_sample_timestamp_seconds']);
});

test('for a deployment without metrics, no values are served, even if the last ones are recent', () => {
	const state = reduce(sampleState({nodes: 2, gpus: 2}), {type: 'noMetrics', atMs: sampleNow, tookMs: 5});
	assert.deepEqual(namesOf(state), [...own, 'loops_deployment_info Qwen/Qwen3-30B-A3B-Instruct-2507 RUNNING H100']);
	assert.equal(samplesOf(state).get('loops_top_up'), 1);
});

const {staleMs} = defaultThresholds;

test('during a failure, values are served until they are stale', () => {
	const failed = sampleState(
		{nodes: 2, gpus: 2},
		{type: 'pollFailed', failure: timeout, atMs: sampleNow + 10_000, nextAtMs: sampleNow + 20_000},
	);
	const soon = samplesOf(failed, sampleNow + staleMs);
	assert.equal(soon.get('loops_top_up'), 0);
	assert.equal(soon.get('loops_top_last_success_timestamp_seconds'), sampleNow / 1000);
	assert.ok(soon.has('loops_requests_per_second'));
	assert.deepEqual(namesOf(failed, sampleNow + staleMs + 1), own);
});

test('with a long interval, values are served until two intervals have passed without a response', () => {
	const state = {...sampleState({nodes: 1, gpus: 1}), intervalMs: 600_000};
	assert.ok(samplesOf(state, sampleNow + 1_200_000).has('loops_requests_per_second'));
	assert.deepEqual(namesOf(state, sampleNow + 1_200_001), own);
});

test("a value whose own sample is stale isn't served, even if others are new", () => {
	const names = namesOf(
		answered({
			inference_volume: servedPoints([sampleNow - staleMs - 1, 5]),
			per_node_metrics: [
				{node_id: 'new', cpu_usage: servedPoints([sampleNow, 8])},
				{node_id: 'gone', cpu_usage: servedPoints([sampleNow - 3 * staleMs, 8])},
			],
		}),
	);
	assert.deepEqual(
		names.filter(name => !own.includes(name)),
		[
			'loops_top_finding stale  ',
			'loops_top_finding missing-node gone ',
			'loops_cpu_used_cores new',
			'loops_nodes_reporting',
			'loops_newest_sample_timestamp_seconds',
		],
	);
});

test('all values come from the last hour, regardless of what the screen shows', () => {
	const live = samplesOf(sampleState({nodes: 2, gpus: 2}));
	for (const actions of [
		[{type: 'togglePause'}],
		[{type: 'changeWindow', by: 3}],
		[{type: 'moveInTime', by: -1, far: true}],
		[{type: 'toggleCursor'}, {type: 'moveInTime', by: -1, far: true}],
		[{type: 'editFilter'}, {type: 'typeText', text: 'nothing'}, {type: 'applyFilter'}],
	] as const) {
		assert.deepEqual(samplesOf(sampleState({nodes: 2, gpus: 2}, ...actions)), live);
	}
});

test("a response for another window doesn't change any gauge", () => {
	const live = sampleState({nodes: 2, gpus: 2});
	const other = reduce(reduce(live, {type: 'changeWindow', by: 3}), {
		type: 'metricsReceived',
		kind: 'live',
		window: '12h',
		response: responseOf({inference_volume: servedPoints([sampleNow, 99]), per_node_metrics: []}),
		range: {startMs: sampleNow - 43_200_000, endMs: sampleNow, whole: true},
		atMs: sampleNow,
		tookMs: 5,
	});
	assert.deepEqual(samplesOf(other), samplesOf(live));
});

test("while a node's storage grows, the time until it is full is served in seconds", () => {
	const state = answered({per_node_metrics: [{node_id: 'a', cpu_usage: servedPoints([sampleNow, 1])}]});
	const name = 'loops_ephemeral_storage_full_seconds a';
	assert.equal(samplesOf(state).get(name), undefined);
	const growing: CurrentFinding = {
		rule: 'disk-growth',
		subject: {kind: 'node', node: 'a'},
		state: 'active',
		value: 0.7,
		fullInMs: 14_400_000,
		sinceMs: sampleNow - 600_000,
		sinceIsLowerBound: false,
	};
	const grown = {...state, findings: {...state.findings, current: [growing]}};
	assert.equal(samplesOf(grown).get(name), 14_400);
});
