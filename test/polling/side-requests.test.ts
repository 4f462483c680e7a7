import assert from 'node:assert/strict';
import {test} from 'node:test';
import {runOf} from '../helpers/deployments.ts';
import {createRig, deployment, ok} from '../helpers/poller-rig.ts';

const instance = {
	id: 'i',
	name: undefined,
	gpuType: undefined,
	gpusPerNode: undefined,
	gpuMemoryBytes: undefined,
	ramBytes: undefined,
	cores: undefined,
};

test('the run, its checkpoints, and prices together take at most one request per minute', async context => {
	const rig = createRig(context);
	rig.deployment = async () => ok({...deployment, runId: 'r1', instance});
	rig.run = async () => ok(runOf('r1', 'k4q95w5'));
	await rig.pass(15_000);
	assert.deepEqual(
		[...rig.sides].sort((a, b) => a.localeCompare(b)),
		['checkpoints', 'prices', 'run'],
	);
	const before = rig.sides.length;
	const [polls, descriptions] = [rig.asked.length, rig.described()];
	await rig.pass(600_000);
	assert.ok(rig.sides.length - before <= 10, `${rig.sides.length - before} requests in ten minutes`);
	// Without side requests, there are six requests for metrics and one for the deployment per minute.
	assert.ok(rig.asked.length - polls <= 60);
	assert.ok(rig.described() - descriptions <= 10);
	assert.ok(!rig.sides.slice(before).includes('prices'));
});

test('without a run or an instance type, nothing is requested', async context => {
	const rig = createRig(context);
	rig.deployment = async () => ok(deployment);
	await rig.pass(150_000);
	assert.deepEqual(rig.sides, []);
});
