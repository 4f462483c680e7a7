import assert from 'node:assert/strict';
import {test} from 'node:test';
import {runOf} from '../helpers/deployments.ts';
import {createRig, deployment, ok, type Rig} from '../helpers/poller-rig.ts';

const instance = {
	id: 'i',
	name: undefined,
	gpuType: undefined,
	gpusPerNode: undefined,
	gpuMemoryBytes: undefined,
	ramBytes: undefined,
	cores: undefined,
};

test('requests for the run, its checkpoints, and prices total at most one per minute', async context => {
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
	// There are no more than the usual six requests for metrics and one for the deployment per minute.
	assert.ok(rig.asked.length - polls <= 60);
	assert.ok(rig.described() - descriptions <= 10);
	assert.ok(!rig.sides.slice(before).includes('prices'));
});

const sampler = {modelId: 'm', deploymentId: 's', status: 'ACTIVE', nodeCount: 1, instance};

/** The number of requests to each route of a deployment, in total or per minute. */
type Counts = Readonly<Record<string, number>>;

/** Lets ten minutes pass. Returns, by route, the largest number of requests in any minute, and the total number. */
async function tenMinutes(rig: Rig): Promise<{readonly perMinute: Counts; readonly inAll: Counts}> {
	const perMinute: Record<string, number> = {};
	const inAll: Record<string, number> = {};
	for (let minute = 0; minute < 10; minute++) {
		const [sides, polls, descriptions] = [rig.sides.length, rig.asked.length, rig.described()];
		await rig.pass(60_000, 100);
		const counts: Record<string, number> = {
			metrics: rig.asked.length - polls,
			deployment: rig.described() - descriptions,
		};
		for (const name of rig.sides.slice(sides)) {
			counts[name] = (counts[name] ?? 0) + 1;
		}

		for (const [name, count] of Object.entries(counts)) {
			perMinute[name] = Math.max(perMinute[name] ?? 0, count);
			inAll[name] = (inAll[name] ?? 0) + count;
		}
	}

	return {perMinute, inAll};
}

/**
 * Checks that only these routes received requests: in ten minutes, as many as the rates per minute imply, or one fewer;
 * in each minute, no more than the rate, rounded up.
 */
function checkRates({perMinute, inAll}: Awaited<ReturnType<typeof tenMinutes>>, rates: Counts): void {
	assert.deepEqual(new Set(Object.keys(inAll)), new Set(Object.keys(rates)));
	for (const [name, rate] of Object.entries(rates)) {
		const [count = 0, most = 0] = [inAll[name], perMinute[name]];
		assert.ok(most <= Math.ceil(rate), `${name}: ${most} requests in a minute`);
		assert.ok(count <= rate * 10 && count >= rate * 10 - 1, `${name}: ${count} requests in ten minutes`);
	}
}

test('each route of a healthy deployment receives as many requests as documented', async context => {
	const rig = createRig(context);
	rig.deployment = async () => ok({...deployment, runId: 'r1', activeRunId: 'r1', instance, sampler});
	rig.run = async () => ok(runOf('r1', 'k4q95w5', {status: 'ACTIVE'}));
	await rig.pass(15_000);
	const trainer = {metrics: 6, deployment: 1, run: 0.5, checkpoints: 0.5};
	// While only the trainer is shown, the sampler's metrics aren't requested. Prices are requested only once a day.
	checkRates(await tenMinutes(rig), trainer);

	rig.store.dispatch({type: 'toggleOverlay', overlay: 'run'});
	checkRates(await tenMinutes(rig), {...trainer, checkpoints: 1});
	rig.store.dispatch({type: 'toggleOverlay', overlay: 'run'});

	rig.store.dispatch({type: 'toggleComponent'});
	// Showing the sampler causes a request right away, which isn't counted here.
	await rig.pass(15_000);
	checkRates(await tenMinutes(rig), {...trainer, sampler: 6, samplerExtras: 1});

	rig.store.dispatch({type: 'toggleComponent'});
	checkRates(await tenMinutes(rig), trainer);
	assert.equal(rig.sides.filter(name => name === 'prices').length, 1);
});

test('one request is sent for the prices of all deployments, including those that are listed later', async context => {
	const rig = createRig(context, 10_000, {kind: 'unchosen'});
	const types = ['a', 'b', 'c', 'd', 'e'];
	let known = 3;
	rig.deployments = async () =>
		ok(types.slice(0, known).map(id => ({...deployment, id, runId: id, instance: {...instance, id}})));
	rig.store.dispatch({type: 'toggleOverlay', overlay: 'deployments'});
	await rig.pass(15_000);
	known = 5;
	const {perMinute, inAll} = await tenMinutes(rig);
	assert.deepEqual([perMinute['deployments'], inAll['deployments']], [6, 60]);
	assert.equal(rig.store.getState().deployments.list?.length, 5);
	assert.equal(rig.sides.filter(name => name === 'prices').length, 1);
	assert.deepEqual(new Set(rig.sides), new Set(['deployments', 'prices']));
});

test('without a run or an instance type, no side requests are sent', async context => {
	const rig = createRig(context);
	rig.deployment = async () => ok(deployment);
	await rig.pass(150_000);
	assert.deepEqual(rig.sides, []);
});
