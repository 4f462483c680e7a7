import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {readDeployment} from '../../source/api/deployment.ts';
import {type MetricsResponse, readMetricsResponse} from '../../source/api/metrics-response.ts';
import type {Points} from '../../source/api/points.ts';
import {readCheckpoints, readRun} from '../../source/api/run.ts';
import {readSamplerResponse, samplerMetricNames} from '../../source/api/sampler-response.ts';
import {deploymentBody, metricsBody} from '../../source/demo/bodies.ts';
import {samplerBody} from '../../source/demo/sampler.ts';
import {type ScenarioName, scenarios} from '../../source/demo/scenarios.ts';
import {createSimulation} from '../../source/demo/simulation.ts';
import {isNetworkDown, type SimulationSettings, statusAt} from '../../source/demo/troubles.ts';
import {checkpointsBody, runBody} from '../../source/demo/workspace.ts';
import {evaluate} from '../../source/metrics/evaluate.ts';
import {noFindings, type RuleName, rules} from '../../source/metrics/findings.ts';
import {emptyHistory, type History} from '../../source/metrics/history.ts';
import {addMetrics} from '../../source/metrics/merge-history.ts';
import {statistics} from '../../source/metrics/series.ts';
import {type Snapshot, statusShares, takeSnapshot} from '../../source/metrics/snapshot.ts';
import {defaultThresholds} from '../../source/metrics/thresholds.ts';
import {defaultWindow, windows} from '../../source/metrics/windows.ts';
import {pairsOf} from '../helpers/points.ts';

const minute = 60_000;
const startedAtMs = Date.UTC(2026, 10, 23, 9, 17);

function settingOf(scenario: ScenarioName, seed = 1): SimulationSettings {
	return {scenario, seed, startedAtMs, nodes: scenario === 'single' ? 1 : 4, gpusPerNode: 8};
}

function responseOf(setting: SimulationSettings, nowMs: number, window = defaultWindow): MetricsResponse {
	const span = {startMs: nowMs - window.lengthMs, endMs: nowMs, stepMs: window.stepMs};
	const read = readMetricsResponse(metricsBody(createSimulation(setting), span, nowMs));
	assert.ok('response' in read);
	return read.response;
}

function snapshotOf(scenario: ScenarioName, nowMs = startedAtMs): Snapshot {
	const range = {startMs: nowMs - defaultWindow.lengthMs, endMs: nowMs, whole: true};
	return takeSnapshot(
		addMetrics(emptyHistory(defaultWindow), responseOf(settingOf(scenario), nowMs), range),
		undefined,
	);
}

function samplerHistoryOf(setting: SimulationSettings, nowMs: number): History {
	const span = {startMs: nowMs - defaultWindow.lengthMs, endMs: nowMs, stepMs: defaultWindow.stepMs};
	const read = readSamplerResponse(samplerBody(setting, span, samplerMetricNames, nowMs));
	assert.ok('response' in read);
	return addMetrics(emptyHistory(defaultWindow), read.response, {startMs: span.startMs, endMs: nowMs, whole: true});
}

function utilizations({nodes}: Snapshot): readonly number[] {
	return nodes.flatMap(({gpus}) => gpus.map(({utilization}) => utilization ?? Number.NaN));
}

function largestGap({times}: Points): number {
	return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? time)));
}

test('all responses have the documented format, except for one field and two points in the odd scenario', () => {
	for (const {name} of scenarios) {
		const {problems, dropped} = responseOf(settingOf(name), startedAtMs + 2 * minute);
		const isOdd = name === 'odd';
		assert.deepEqual(
			problems.map(({field}) => field),
			isOdd ? ['concurrent_requests'] : [],
			name,
		);
		assert.equal(dropped, isOdd ? 2 : 0, name);
	}
});

test('the values at a given time are always the same, in any window and whenever they are requested', () => {
	const setting = settingOf('steady');
	fc.assert(
		fc.property(fc.integer({min: 0, max: 600_000}), laterMs => {
			const first = new Map(pairsOf(responseOf(setting, startedAtMs).requests.volume));
			const later = new Map(pairsOf(responseOf(setting, startedAtMs + laterMs, windows[0]).requests.volume));
			for (const [time, value] of later) {
				assert.equal(value, first.get(time) ?? value);
			}
		}),
		{numRuns: 20},
	);
});

test('a different seed produces different values', () => {
	const one = responseOf(settingOf('steady', 1), startedAtMs).requests.volume;
	const two = responseOf(settingOf('steady', 2), startedAtMs).requests.volume;
	assert.notDeepEqual(one.values, two.values);
});

test('every window has points at its step, or every 30 s if that is longer, and none in the future', () => {
	for (const window of windows) {
		const {requests} = responseOf(settingOf('steady'), startedAtMs, window);
		const {times} = requests.volume;
		const stepMs = Math.max(window.stepMs, 30_000);
		assert.ok(times.length > (0.9 * window.lengthMs) / stepMs, window.name);
		assert.ok(times.every(time => time % stepMs === 0 && time <= startedAtMs));
	}
});

test('the steady scenario is always healthy: busy GPUs, few errors, free disk space, and a short data gap', () => {
	for (let hour = 0; hour < 24; hour++) {
		const snapshot = snapshotOf('steady', startedAtMs + hour * 60 * minute);
		assert.equal(snapshot.nodes.length, 4);
		assert.ok(utilizations(snapshot).every(value => value > 0.7 && value <= 1));
		const shares = statusShares(snapshot.requests.series.status);
		assert.ok((shares?.['5xx'] ?? 1) < 0.01);
		assert.ok((shares?.['4xx'] ?? 1) < 0.05);
		assert.ok(snapshot.nodes.every(({diskShare}) => (diskShare ?? 1) < 0.8));
		const gap = largestGap(snapshot.requests.series.volume);
		assert.ok(gap >= 2.5 * minute && gap < 3 * minute, `a gap of ${gap} ms`);
	}
});

test("the single scenario has one node, and doesn't report nodes separately", () => {
	assert.deepEqual(responseOf(settingOf('single'), startedAtMs).nodes, []);
	assert.deepEqual(
		snapshotOf('single').nodes.map(({id}) => id),
		['leader'],
	);
});

test('in the straggler scenario, one GPU falls far behind the others eight minutes before the start, and latency rises', () => {
	const snapshot = snapshotOf('straggler');
	const slow = snapshot.nodes.flatMap(({id, gpus}) =>
		gpus.filter(({utilization = 1}) => utilization < 0.4).map(({rank}) => `${id} ${rank}`),
	);
	assert.deepEqual(slow, ['loops-trainer-2 5']);
	const before = pairsOf(snapshot.requests.series.latency.p99).filter(([time]) => time < startedAtMs - 9 * minute);
	const lowest = Math.min(...before.map(([, value]) => value ?? Number.POSITIVE_INFINITY));
	assert.ok((snapshot.requests.latency.p99 ?? 0) > 2 * lowest);
	const series = snapshot.nodes[2]?.gpus[5]?.series.utilization;
	assert.ok(series !== undefined);
	for (const [time, value] of pairsOf(series)) {
		assert.equal((value ?? 1) < 0.4, time >= startedAtMs - 8 * minute);
	}
});

test('in the errors scenario, more than 5% of the requests fail with 5xx, and more than 20% with 4xx', () => {
	const {status} = snapshotOf('errors').requests;
	const all = (status.status_2xx ?? 0) + (status.status_4xx ?? 0) + (status.status_5xx ?? 0);
	assert.ok((status.status_5xx ?? 0) / all > 0.05);
	assert.ok((status.status_4xx ?? 0) / all > 0.2);
});

/** The findings of scenarios, with thresholds for GPU memory and checkpoint age, which are off by default. */
const found: ReadonlyArray<readonly [scenario: ScenarioName, rules: readonly RuleName[]]> = [
	['steady', []],
	['straggler', ['straggler']],
	['errors', ['5xx', '4xx']],
	['missing', ['missing-node']],
	['half', ['idle-gpus']],
	['crash', ['restarted', 'missing-gpu']],
	['hung', ['stalled', 'sampler-stalled', 'checkpoint-age']],
	['sampler', ['sampler-status', 'sampler-5xx']],
	['waiting', []],
	['unused', ['status', 'idle-deployment']],
	['full', ['disk', 'disk-growth', 'ram', 'gpu-memory']],
	['stale', ['stale', 'missing-node']],
	['failed', ['status']],
	['empty', ['stale', 'missing-node']],
	['idle', ['status']],
	['odd', []],
];

for (const [scenario, wanted] of found) {
	test(`the ${scenario} scenario has these findings: ${wanted.join(', ') || 'none'}`, () => {
		const setting = settingOf(scenario);
		const nowMs = startedAtMs + 90_000;
		const deployment = readDeployment({deployment: deploymentBody(setting, nowMs)});
		const run = readRun({run: runBody(setting, nowMs, {id: deployment?.runId ?? '', deploymentId: 'k4q95w5'})});
		const range = {startMs: nowMs - defaultWindow.lengthMs, endMs: nowMs, whole: true};
		const history = addMetrics(emptyHistory(defaultWindow), responseOf(setting, nowMs), range);
		const thresholds = {...defaultThresholds, gpuMemory: 0.9, checkpointAgeMs: 3_600_000};
		const evaluationContext = {
			deployment,
			samplerHistory: samplerHistoryOf(setting, nowMs),
			run: run && {run, atMs: nowMs},
			checkpoints: run && {
				runId: run.id,
				...(readCheckpoints(checkpointsBody(setting, nowMs)) ?? assert.fail()),
				atMs: nowMs,
			},
			isResponding: true,
			hasUnreadable: history.dropped > 0,
			nowMs,
			thresholds,
		};
		const {current} = evaluate(noFindings, history, evaluationContext);
		const names = [...new Set(current.filter(({state}) => state === 'active').map(({rule}) => rule))];
		assert.deepEqual(names.toSorted(), wanted.toSorted());
	});
}

test('every rule has a scenario that shows it', () => {
	const shown = new Set(found.flatMap(([, names]) => names));
	assert.deepEqual(
		rules.filter(rule => !shown.has(rule)),
		[],
	);
});

test('in the missing scenario, one node stops reporting six minutes before the start', () => {
	const heard = snapshotOf('missing').nodes.map(({lastSeenMs = 0}) => lastSeenMs);
	assert.deepEqual(
		heard.map(timeMs => timeMs < startedAtMs - 6 * minute),
		[false, false, false, true],
	);
});

test('the deployment in the empty scenario is running, but has no samples', () => {
	assert.equal(snapshotOf('empty').newestMs, undefined);
	assert.equal(statusAt(settingOf('empty'), startedAtMs), 'RUNNING');
});

test('the idle scenario has samples, but none from the last twenty minutes', () => {
	const snapshot = snapshotOf('idle');
	assert.ok(statistics(snapshot.requests.series.volume).count > 30);
	assert.ok((snapshot.newestMs ?? 0) < startedAtMs - 20 * minute);
	assert.equal(statusAt(settingOf('idle'), startedAtMs), 'SCALED_TO_ZERO');
});

test('the deployment in the deploying scenario is ready after a minute, and has data from then on', () => {
	const setting = settingOf('deploying');
	assert.equal(statusAt(setting, startedAtMs + 59_000), 'DEPLOYING');
	assert.equal(statusAt(setting, startedAtMs + minute), 'RUNNING');
	const {times} = responseOf(setting, startedAtMs + 3 * minute).requests.volume;
	assert.ok(times.length > 0 && times.every(time => time >= startedAtMs + minute));
});

test('in the outage scenario, requests fail for fifty seconds every three minutes, but not at first', () => {
	const setting = settingOf('outage');
	const down = Array.from({length: 36}, (_, index) => isNetworkDown(setting, startedAtMs + index * 5000));
	assert.deepEqual(down.slice(0, 8), new Array(8).fill(false));
	assert.equal(down.filter(Boolean).length, 10);
	assert.equal(isNetworkDown(settingOf('steady'), startedAtMs + 50_000), false);
});
