/**
 * Tests rules with values at their limits and just beyond them. The values are derived from the constants, so they
 * still fit after a constant is changed.
 */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {activityOf} from '../../source/metrics/cost.ts';
import type {RuleName} from '../../source/metrics/findings.ts';
import {
	diskBand,
	fallenPart,
	gpuMemoryBand,
	gpuMemorySamples,
	minRamShare,
	ramBand,
	ramSamples,
} from '../../source/metrics/rules/capacity.ts';
import {freed, fullFrom, growthEasing, minGrowth} from '../../source/metrics/rules/disk-growth.ts';
import {caughtUp, idleBand, medianFrom, medianUntil, workFrom, workUntil} from '../../source/metrics/rules/gpus.ts';
import {errorEasing, errorsMs, minFailed} from '../../source/metrics/rules/requests.ts';
import {busiestPart, inUseSamples} from '../../source/metrics/rules/utilization.ts';
import {idleBelow} from '../../source/metrics/thresholds.ts';
import {fixedThresholds} from '../helpers/fixed-thresholds.ts';
import {
	constant,
	type DeploymentModel,
	minute,
	type NodeModel,
	type Signal,
	simulate,
} from '../helpers/simulated-deployment.ts';

/** A difference that is larger than any rounding error. */
const little = 1e-6;
const {idleGpus, straggler, disk, ram, status5xx, status4xx, diskGrowthMs} = fixedThresholds;
const {stalledMs, idleDeploymentMs} = fixedThresholds;

/** Returns a signal that changes at minute `at`: by default, long before the last sample, which is at minute 0. */
const change =
	(before: number, after: number, at = -25): Signal =>
	minutes =>
		minutes < at ? before : after;

const requests = {rate: constant(10), inProgress: constant(3)};
const ofNode = (node: NodeModel): DeploymentModel => ({...requests, gpusPerNode: 0, nodes: {a: node}});

/** Returns a deployment with four GPUs, three of which have the same utilization. */
function ofGpus(others: Signal, one: Signal): DeploymentModel {
	return {...requests, gpusPerNode: 4, nodes: {a: {gpus: {0: others, 1: others, 2: others, 3: one}}}};
}

/** Returns a deployment with 10 requests per second, of which `failed` end with 5xx, and `refused` end with 4xx. */
const failing = (failed: Signal, refused = constant(0)): DeploymentModel => ({...ofNode({}), failed, refused});

/** Returns a deployment with one request, which fails, in each of the last `count` samples. */
const failures = (count: number): DeploymentModel => {
	const first = -count / 2;
	const each = (minutes: number): number => (minutes > first && minutes <= 0 ? 1 / 30 : 0);
	return {...ofNode({}), rate: each, failed: each};
};

/** Returns a deployment in which no request has completed for this long before the last sample. */
const hung = (ms: number): DeploymentModel => ({
	...ofNode({}),
	rate: change(10, 0, -ms / minute),
	inProgress: constant(3),
});

/** Returns a deployment that has had no requests for this long, with one GPU that has this utilization. */
const unused = (ms: number, gpu: Signal): DeploymentModel => ({
	gpusPerNode: 1,
	rate: change(10, 0, -ms / minute),
	inProgress: constant(0),
	nodes: {a: {gpus: {0: gpu}}},
});

/** Returns a constant signal with a single lower sample, so that no rule skips the series. */
const dipping =
	(value: number): Signal =>
	minutes =>
		minutes === -50 ? 0 : value;

const hourAgo = -60;
/** Returns a deployment with a disk whose used share grew steadily by `growth` in the last hour, to `share`. */
const grown = (growth: number, share: number): DeploymentModel =>
	ofNode({disk: minutes => share + (growth * Math.max(minutes, hourAgo)) / 60});
/** Returns a deployment whose only GPU has this share of its memory in use. */
const ofMemory = (share: Signal): DeploymentModel => ({
	...requests,
	gpusPerNode: 1,
	nodes: {a: {gpus: {0: constant(busy)}, gpuMemory: {0: share}}},
});

const gpuMemory = 0.8;
const busy = 0.9;
const idle = idleGpus / 2;

type Case = readonly [rule: RuleName, what: string, model: DeploymentModel, isFound: boolean];

const cases: readonly Case[] = [
	['disk', 'a share at the threshold', ofNode({disk: constant(disk)}), true],
	['disk', 'a share just below the threshold', ofNode({disk: constant(disk - little)}), false],
	['disk', 'a fall to the end of the band', ofNode({disk: change(disk, disk - diskBand)}), true],
	['disk', 'a fall below the band', ofNode({disk: change(disk, disk - diskBand - little)}), false],
	['ram', 'a share just above the threshold', ofNode({ram: constant(ram + little)}), true],
	['ram', 'a share just below the threshold', ofNode({ram: constant(ram - little)}), false],
	[
		'ram',
		'a fall to just above the end of the band',
		ofNode({ram: change(ram + little, ram - ramBand + little)}),
		true,
	],
	['ram', 'a fall below the band', ofNode({ram: change(ram + little, ram - ramBand - little)}), false],
	['ram', 'just enough samples above the threshold', ofNode({ram: change(0.1, 1, -(ramSamples - 1) / 2)}), true],
	['ram', 'one sample too few', ofNode({ram: change(0.1, 1, -(ramSamples - 2) / 2)}), false],
	['gpu-memory', 'a share just above the threshold', ofMemory(constant(gpuMemory + little)), true],
	['gpu-memory', 'a share just below the threshold', ofMemory(constant(gpuMemory - little)), false],
	['gpu-memory', 'a fall within the band', ofMemory(change(1, gpuMemory - gpuMemoryBand + little)), true],
	['gpu-memory', 'a fall below the band', ofMemory(change(1, gpuMemory - gpuMemoryBand - little)), false],
	['gpu-memory', 'just enough samples', ofMemory(change(0, 1, -(gpuMemorySamples - 1) / 2)), true],
	['gpu-memory', 'one sample too few', ofMemory(change(0, 1, -(gpuMemorySamples - 2) / 2)), false],
	['restarted', 'a fall from just above the minimum', ofNode({ram: change(minRamShare + little, 0.01, -5)}), true],
	['restarted', 'a fall from just below the minimum', ofNode({ram: change(minRamShare - little, 0.01, -5)}), false],
	['restarted', 'a fall that is large enough', ofNode({ram: change(0.6, 0.6 * fallenPart - little, -5)}), true],
	['restarted', 'a fall that is too small', ofNode({ram: change(0.6, 0.6 * fallenPart + little, -5)}), false],
	['idle-gpus', 'a GPU just below the threshold', ofGpus(constant(busy), constant(idleGpus - little)), true],
	['idle-gpus', 'a GPU at the threshold', ofGpus(constant(busy), dipping(idleGpus)), false],
	['idle-gpus', 'others with just enough work', ofGpus(constant(workFrom + little), constant(idle)), true],
	['idle-gpus', 'others with slightly too little work', ofGpus(constant(workFrom), constant(idle)), false],
	['idle-gpus', 'a rise within the band', ofGpus(constant(busy), change(idle, idleBand * idleGpus - little)), true],
	['idle-gpus', 'a rise to the end of the band', ofGpus(constant(busy), change(idle, idleBand * idleGpus)), false],
	['idle-gpus', 'others whose work falls within the band', ofGpus(change(busy, workUntil), constant(idle)), true],
	['idle-gpus', 'others whose work falls too low', ofGpus(change(busy, workUntil - little), constant(idle)), false],
	['straggler', 'a GPU just below the fraction', ofGpus(constant(busy), constant(straggler * busy - little)), true],
	['straggler', 'a GPU at the fraction', ofGpus(constant(busy), dipping(straggler * busy)), false],
	['straggler', 'a GPU at the idle threshold', ofGpus(constant(busy), constant(idleGpus)), true],
	['straggler', 'a GPU just below the idle threshold', ofGpus(constant(busy), constant(idleGpus - little)), false],
	['straggler', 'others that work just enough', ofGpus(constant(medianFrom), constant(0.3)), true],
	['straggler', 'others that work slightly too little', ofGpus(constant(medianFrom - little), constant(0.3)), false],
	['straggler', 'a rise within the band', ofGpus(constant(busy), change(0.3, caughtUp * busy - little)), true],
	['straggler', 'a rise to the end of the band', ofGpus(constant(busy), change(0.3, caughtUp * busy)), false],
	['straggler', 'others whose work falls within the band', ofGpus(change(busy, medianUntil), constant(0.2)), true],
	['straggler', 'others whose work falls too low', ofGpus(change(busy, medianUntil - little), constant(0.2)), false],
	['disk-growth', 'just enough growth', grown(minGrowth + little, fullFrom - 0.01), true],
	['disk-growth', 'slightly too little growth', grown(minGrowth - little, fullFrom - 0.01), false],
	['disk-growth', 'a time until full just below the limit', grown(0.06, fullIn(diskGrowthMs, 0.06) + little), true],
	['disk-growth', 'a time until full just above the limit', grown(0.06, fullIn(diskGrowthMs, 0.06) - little), false],
	['disk-growth', 'growth after a fall that frees too little', regrown(freed - little), true],
	['disk-growth', 'growth after a fall that frees storage', regrown(freed + little), false],
	['5xx', 'a share just above the threshold', failing(constant(10 * status5xx + little)), true],
	['5xx', 'a share just below the threshold', failing(constant(10 * status5xx - little)), false],
	['5xx', 'just enough failures', failures(minFailed), true],
	['5xx', 'too few failures', failures(minFailed - 1), false],
	['5xx', 'a fall within the band', fallen(errorEasing * status5xx + little), true],
	['5xx', 'a fall below the band', fallen(errorEasing * status5xx - little), false],
	['4xx', 'a share just above the threshold', failing(constant(0), constant(10 * status4xx + little)), true],
	['4xx', 'a share just below the threshold', failing(constant(0), constant(10 * status4xx - little)), false],
	['stalled', 'no completed request for as long as the threshold', hung(stalledMs), true],
	['stalled', 'no completed request for one sample less', hung(stalledMs - 30_000), false],
	['idle-deployment', 'no use for as long as the threshold', unused(idleDeploymentMs, constant(idle)), true],
	['idle-deployment', 'no use for three samples less', unused(idleDeploymentMs - 90_000, constant(idle)), false],
	['idle-deployment', 'a GPU just below the threshold', unused(3_000_000, constant(idleGpus - little)), true],
	['idle-deployment', 'a GPU at the threshold', unused(3_000_000, constant(idleGpus)), false],
	['idle-deployment', 'a rise within the band', unused(3_000_000, change(idle, idleBand * idleGpus - little)), true],
	['idle-deployment', 'a rise to the end of the band', unused(3_000_000, change(idle, idleBand * idleGpus)), false],
];

/**
 * Returns a deployment with a disk whose used share grows by 0.1 in the 20 minutes after its first sample, falls by
 * `fall`, and then grows back to just below its maximum.
 */
function regrown(fall: number): DeploymentModel {
	const peak = fullFrom - 0.01;
	return ofNode({
		disk: minutes =>
			minutes <= -40
				? peak - (0.1 * (-40 - Math.max(minutes, hourAgo))) / 20
				: peak - little / 2 - fall * Math.min(-minutes / 20, 1),
	});
}

/** Returns the share that a disk must have reached to be full after this time, if it grows by `growth` per hour. */
function fullIn(ms: number, growth: number): number {
	return 1 - (growth * ms) / 3_600_000;
}

/**
 * Returns a deployment whose share of failed requests fell to this value before the range over which errors are
 * counted.
 */
function fallen(share: number): DeploymentModel {
	return failing(change(5, 10 * share, -errorsMs / minute - 1));
}

for (const [rule, what, model, isFound] of cases) {
	test(`${rule} is ${isFound ? 'found' : 'not found'}: ${what}`, () => {
		const {current} = simulate(model, [0], {...fixedThresholds, gpuMemory}).state.findings;
		assert.equal(
			current.some(finding => finding.rule === rule),
			isFound,
			current.map(finding => finding.rule).join(),
		);
	});
}

test('a disk-growth finding continues within its band, and ends below it', () => {
	for (const [growth, isFound] of [
		[growthEasing * minGrowth + little, true],
		[growthEasing * minGrowth - little, false],
	] as const) {
		const slowed: Signal = minutes =>
			minutes < 0
				? fullFrom - 0.02 - growth + (minGrowth * 2 * Math.max(minutes, -60)) / 60
				: fullFrom - 0.02 - growth + (growth * minutes) / 60;
		const {current} = simulate(ofNode({disk: slowed}), [0, 5, 30, 60, 61]).state.findings;
		assert.equal(
			current.some(({rule}) => rule === 'disk-growth'),
			isFound,
		);
	}
});

test('the rule idle-gpus requires at least one GPU in every 1 / busiestPart to be busy', () => {
	const each = 1 / busiestPart;
	const withBusy = (count: number): boolean => {
		const gpus = Array.from({length: 2 * each}, (_, rank) => [String(rank), constant(rank < count ? busy : idle)]);
		const model = {...requests, gpusPerNode: 2 * each, nodes: {a: {gpus: Object.fromEntries(gpus)}}};
		return simulate(model, [0]).state.findings.current.some(({rule}) => rule === 'idle-gpus');
	};
	assert.deepEqual([withBusy(1), withBusy(2)], [false, true]);
});

test('an idle-deployment finding ends after enough samples with requests, and not before', () => {
	for (const [samples, isFound] of [
		[inUseSamples - 1, true],
		[inUseSamples, false],
	] as const) {
		const work = (value: number): Signal => change(0, value, -(samples - 1) / 2);
		const idling = unused(0, constant(idle));
		const {current} = simulate({...idling, rate: work(10), inProgress: work(3)}, [0]).state.findings;
		assert.equal(
			current.some(({rule}) => rule === 'idle-deployment'),
			isFound,
			String(samples),
		);
	}
});

test('a trainer is busy at or above the limit for idle GPUs, and waiting below it', () => {
	for (const [utilization, activity] of [
		[idleBelow, 'busy'],
		[idleBelow - little, 'waiting'],
	] as const) {
		const {state} = simulate(unused(3_000_000, constant(utilization)), [0]);
		assert.equal(activityOf(state.views.trainer.snapshot), activity);
	}
});
