import assert from 'node:assert/strict';
import {test} from 'node:test';
import {hourlyCost, nodePriceOf, replicaPriceOf, usageOf, windowCost} from '../../source/metrics/cost.ts';
import {emptyHistory} from '../../source/metrics/history.ts';
import {addMetrics} from '../../source/metrics/merge-history.ts';
import {type Snapshot, takeSnapshot} from '../../source/metrics/snapshot.ts';
import {idleBelow} from '../../source/metrics/thresholds.ts';
import {defaultWindow} from '../../source/metrics/windows.ts';
import {deploymentOf} from '../helpers/deployments.ts';
import {pointsOf} from '../helpers/points.ts';
import {responseOf, servedPoints} from '../helpers/responses.ts';

const nine = Date.UTC(2026, 10, 23, 9, 0);
const minute = 60_000;
const instance = {
	id: 'i',
	name: undefined,
	gpuType: 'H100',
	gpusPerNode: 2,
	gpuMemoryBytes: undefined,
	ramBytes: undefined,
	cores: undefined,
};
const running = deploymentOf({status: 'RUNNING', nodeCount: 4, instance});
const unpriced = {list: undefined, atMs: undefined, own: undefined};
const list = {list: new Map([['i', 52]]), atMs: nine, own: undefined};
const listPrice = {perHour: 52, source: 'list'} as const;

type Sampled = (minutesAgo: number) => number | null | undefined;

/**
 * Returns a series with a sample every minute of the hour before nine; undefined means no sample, and null means a
 * sample without a value.
 */
function sampled(value: Sampled): readonly object[] {
	const ago = Array.from({length: 60}, (_, index) => 60 - index);
	return servedPoints(
		...ago.flatMap(minutes => {
			const known = value(minutes);
			return known === undefined ? [] : [[nine - minutes * minute, known] as const];
		}),
	);
}

function snapshotOf(...nodes: readonly Readonly<Record<string, Sampled>>[]): Snapshot {
	const response = responseOf({
		per_node_metrics: nodes.map((gpus, node) => ({
			node_id: `n${node}`,
			gpu_utilization: Object.fromEntries(Object.entries(gpus).map(([rank, value]) => [rank, sampled(value)])),
		})),
	});
	const range = {startMs: nine - 60 * minute, endMs: nine, whole: true};
	return takeSnapshot(addMetrics(emptyHistory(defaultWindow), response, range), running);
}

const busy: Sampled = () => 0.9;
const idle: Sampled = () => 0.9 * idleBelow;

test("the price is the user's own, or otherwise the list price of the instance type", () => {
	assert.deepEqual(nodePriceOf(running, list), listPrice);
	assert.deepEqual(nodePriceOf(running, {...list, own: 7}), {perHour: 7, source: 'user'});
	assert.deepEqual(nodePriceOf(running, {...unpriced, own: 7}), {perHour: 7, source: 'user'});
	assert.equal(nodePriceOf(running, unpriced), undefined);
	assert.equal(nodePriceOf(deploymentOf({instance: {...instance, id: 'j'}}), list), undefined);
	assert.equal(nodePriceOf(deploymentOf({instance: {...instance, id: undefined}}), list), undefined);
	assert.equal(nodePriceOf(undefined, {...unpriced, own: 7}), undefined);
});

test("a replica costs the list price of its nodes, regardless of the user's own price", () => {
	const sampler = {modelId: 'm', deploymentId: 'd', status: 'ACTIVE', nodeCount: 2, instance};
	assert.deepEqual(replicaPriceOf(deploymentOf({sampler}), {...list, own: 7}), {perHour: 104, source: 'list'});
	const single = deploymentOf({sampler: {...sampler, nodeCount: undefined}});
	assert.deepEqual(replicaPriceOf(single, list), listPrice);
	assert.equal(replicaPriceOf(deploymentOf(), list), undefined);
});

test('only a running deployment has a cost per hour, which is proportional to its number of nodes', () => {
	assert.equal(hourlyCost(running, listPrice), 208);
	assert.equal(hourlyCost(running, undefined), undefined);
	assert.equal(hourlyCost({...running, nodeCount: undefined}, listPrice), undefined);
	for (const status of ['DEPLOYING', 'SCALED_TO_ZERO', 'FAILED', 'PREEMPTED', undefined]) {
		assert.equal(hourlyCost({...running, status}, listPrice), undefined);
	}
});

const cases: ReadonlyArray<
	readonly [what: string, nodes: readonly Readonly<Record<string, Sampled>>[], hours: number, idle: number | undefined]
> = [
	[
		'two busy nodes',
		[
			{0: busy, 1: busy},
			{0: busy, 1: busy},
		],
		2,
		0,
	],
	['a node with one idle GPU of two', [{0: busy, 1: idle}], 1, 0.5],
	["GPUs at the limit, which aren't idle", [{0: () => idleBelow, 1: () => idleBelow}], 1, 0],
	['a node that reports for a quarter of an hour', [{0: minutes => (minutes > 45 ? 0.9 : undefined)}], 0.25, 0],
	['a gap of ten minutes', [{0: minutes => (minutes > 20 && minutes <= 30 ? undefined : idleBelow / 2)}], 5 / 6, 1],
	['a node idle for the last half hour', [{0: minutes => (minutes > 30 ? 0.9 : 0.01)}], 1, 0.5],
	[
		'a GPU whose utilization is unknown half of the time',
		[{0: busy, 1: minutes => (minutes > 30 ? 0.9 : null)}],
		1,
		undefined,
	],
];

for (const [what, nodes, hours, share] of cases) {
	test(`${what}: ${hours} node hours`, () => {
		const cost = windowCost(snapshotOf(...nodes), listPrice);
		assert.ok(Math.abs((cost?.total ?? 0) - 52 * hours) < 1e-6, `the total is ${cost?.total}`);
		assert.equal(cost?.idle === undefined, share === undefined);
		assert.ok(Math.abs((cost?.idle?.share ?? 0) - (share ?? 0)) < 1e-6, `the idle share is ${cost?.idle?.share}`);
		assert.ok(Math.abs((cost?.idle?.cost ?? 0) - 52 * hours * (share ?? 0)) < 1e-6);
	});
}

test("without a price, samples, or the window's response, there is no cost", () => {
	assert.equal(windowCost(snapshotOf({0: busy}), undefined), undefined);
	assert.equal(windowCost(snapshotOf(), listPrice), undefined);
	assert.equal(windowCost(snapshotOf({0: () => null}), listPrice), undefined);
	assert.equal(windowCost({...snapshotOf({0: busy}), complete: false}, listPrice), undefined);
});

test("time after the end of the window isn't counted, and use for less than a second has no cost", () => {
	const series = (atMs: number): Snapshot => {
		const replicas = pointsOf([atMs, 2], [atMs + minute, 2]);
		return {...snapshotOf(), replicas: {series: replicas, active: 2}};
	};
	assert.equal(usageOf(series(nine - minute / 2)).nodeMs, minute);
	assert.equal(windowCost(series(nine - minute / 2), {perHour: 60, source: 'list'})?.total, 1);
	assert.equal(windowCost(series(nine - 500), listPrice), undefined);
});

test("the cost includes every active replica, even if replicas aren't reported separately", () => {
	const replicas = pointsOf(
		[nine - 60 * minute, 2],
		[nine - 59 * minute, 3],
		[nine - 58 * minute, null],
		[nine - minute, 1],
	);
	const snapshot = {...snapshotOf(), replicas: {series: replicas, active: 1}};
	assert.equal(usageOf(snapshot).nodeMs, 6 * minute);
	assert.equal(windowCost(snapshot, {perHour: 60, source: 'list'})?.total, 6);
	assert.equal(windowCost(snapshot, listPrice)?.idle, undefined);
});
