import assert from 'node:assert/strict';
import {mock, test} from 'node:test';
import type {Deployment} from '../../source/api/deployment.ts';
import type {Result} from '../../source/api/failure.ts';
import {targetName} from '../../source/api/target.ts';
import {defaultWindow} from '../../source/metrics/windows.ts';
import type {FatalReason} from '../../source/polling/polling-context.ts';
import {deploymentOf, runOf} from '../helpers/deployments.ts';
import {createRig, deployment, never, nine, ok, type Rig, responseAt, status, times} from '../helpers/poller-rig.ts';

function statusOf(ending: FatalReason | undefined): number | undefined {
	return ending?.kind === 'refused' && ending.failure.kind === 'status' ? ending.failure.status : undefined;
}

function watchedId({store}: Rig): string {
	return targetName(store.getState().target);
}

test('the poller sends a request immediately, and then one per interval', async context => {
	const rig = createRig(context);
	await rig.pass(35_000);
	assert.deepEqual(times(rig), [0, 10_000, 20_000, 30_000]);
});

test('each poll is reported when the store has all of its data', async context => {
	const rig = createRig(context);
	await rig.pass(15_000);
	rig.metrics = async () => status(503);
	await rig.pass(10_000);
	rig.store.dispatch({type: 'changeWindow', by: 1});
	rig.metrics = async () => responseAt(Date.now());
	await rig.pass(1000);
	assert.deepEqual(rig.rounds, ['1h RUNNING ok', '1h RUNNING ok', 'status RUNNING failing', '3h RUNNING ok']);
});

test('the first request is for the whole window, and later ones are for aligned tails', async context => {
	const rig = createRig(context);
	await rig.pass(25_000);
	const [first, ...others] = rig.asked.map(({query}) => query);
	assert.equal((first?.endMs ?? 0) - (first?.startMs ?? 0), defaultWindow.lengthMs);
	assert.equal(others.length, 2);
	for (const {startMs, endMs} of others) {
		assert.equal(startMs % defaultWindow.stepMs, 0);
		assert.equal(endMs % defaultWindow.stepMs, 0);
		assert.ok(endMs - startMs <= 120_000);
	}
});

test("a slow response delays the next request, which isn't sent before the response arrives", async context => {
	const rig = createRig(context);
	rig.metrics = async () => {
		await new Promise(resolve => setTimeout(resolve, 14_000));
		return responseAt(Date.now());
	};
	await rig.pass(40_000);
	assert.deepEqual(times(rig), [0, 15_000, 30_000]);
});

test('failures are retried after 10, 20, 40, 80, and then 120 s, until a response arrives', async context => {
	const rig = createRig(context);
	await rig.pass(1000);
	rig.metrics = async () => status(503);
	await rig.pass(10_000 + 10_000 + 20_000 + 40_000 + 80_000 + 120_000);
	assert.deepEqual(times(rig), [0, 10_000, 20_000, 40_000, 80_000, 160_000, 280_000]);
	assert.equal(rig.store.getState().live.links.trainer.kind, 'failing');
	rig.metrics = async () => responseAt(Date.now());
	await rig.pass(130_000);
	assert.deepEqual(times(rig).slice(7, 9), [400_000, 410_000]);
	assert.equal(rig.store.getState().live.links.trainer.kind, 'ok');
});

test('a wait that the server specifies is respected', async context => {
	const rig = createRig(context);
	await rig.pass(1000);
	rig.metrics = async () => status(429, 37_000);
	await rig.pass(60_000);
	assert.deepEqual(times(rig), [0, 10_000, 10_000 + 38_850]);
});

test('a refresh ends the wait after a failure', async context => {
	const rig = createRig(context);
	await rig.pass(1000);
	rig.metrics = async () => status(503);
	await rig.pass(12_000);
	rig.store.dispatch({type: 'refreshNow'});
	await rig.pass(500);
	assert.deepEqual(times(rig), [0, 10_000, 13_000]);
});

test('a change of view ends the wait after a failure', async context => {
	const rig = createRig(context);
	rig.metrics = async () => status(503);
	await rig.pass(2000);
	rig.store.dispatch({type: 'changeWindow', by: 1});
	await rig.pass(500);
	assert.deepEqual(times(rig), [0, 2100]);
});

test('metrics for another window are requested immediately, and the pending request is aborted', async context => {
	const rig = createRig(context);
	rig.metrics = async () => new Promise(() => undefined);
	await rig.pass(1000);
	rig.store.dispatch({type: 'changeWindow', by: 1});
	await rig.pass(500);
	assert.equal(rig.asked[0]?.aborted(), true);
	assert.equal(rig.asked[1]?.query.stepMs, 60_000);
	assert.ok((rig.asked[1]?.atMs ?? 0) <= 1200);
});

test('if the user switches windows quickly, metrics are requested for only some of those in between', async context => {
	const rig = createRig(context);
	await rig.pass(1000);
	for (let presses = 0; presses < 5; presses++) {
		rig.store.dispatch({type: 'changeWindow', by: 1});
		await rig.pass(50);
	}

	await rig.pass(1000);
	assert.ok(rig.asked.length <= 4, `${rig.asked.length} requests`);
	assert.equal(rig.asked.at(-1)?.query.stepMs, 1440_000);
});

test('a shorter interval also shortens the current wait', async context => {
	const rig = createRig(context, 60_000);
	await rig.pass(5000);
	rig.store.dispatch({type: 'changeInterval', by: -1});
	await rig.pass(30_000);
	assert.deepEqual(times(rig), [0, 30_000]);
});

test('information about the deployment is requested at startup and once a minute', async context => {
	const rig = createRig(context);
	await rig.pass(55_000);
	assert.equal(rig.described(), 1);
	await rig.pass(10_000);
	assert.equal(rig.described(), 2);
	assert.equal(rig.store.getState().live.deployment?.status, 'RUNNING');
});

test('the minute between requests for the deployment begins with a request, not with its response', async context => {
	const rig = createRig(context);
	await rig.pass(59_000);
	rig.deployment = async () => {
		await new Promise(resolve => setTimeout(resolve, 4000));
		return ok(deployment);
	};
	await rig.pass(59_000);
	assert.equal(rig.described(), 2);
	await rig.pass(3000);
	assert.equal(rig.described(), 3);
});

test('a status that was requested before the machine slept is requested again before it counts', async context => {
	const rig = createRig(context);
	await rig.pass(59_000);
	const statuses: string[] = [];
	rig.store.subscribe(() => statuses.push(rig.store.getState().live.deployment?.status ?? ''));
	rig.deployment = async () => {
		rig.deployment = async () => ok({...deployment, status: 'FAILED'});
		mock.timers.setTime(Date.now() + 300_000);
		return ok({...deployment, status: 'UNHEALTHY'});
	};
	await rig.pass(2000);
	assert.equal(rig.described(), 3);
	assert.deepEqual([...new Set(statuses)], ['RUNNING', 'FAILED']);
});

test("polling of metrics continues if the deployment can't be loaded", async context => {
	const rig = createRig(context);
	rig.deployment = async () => status(500);
	await rig.pass(15_000);
	assert.equal(rig.asked.length, 2);
	assert.equal(rig.store.getState().live.links.trainer.kind, 'ok');
});

for (const code of [401, 403]) {
	test(`${code} ends polling if it comes before the first response`, async context => {
		const rig = createRig(context);
		rig.metrics = async () => status(code);
		assert.equal(statusOf(await rig.ended), code);
	});
}

test('404 for the metrics and the deployment ends polling if it comes before the first response', async context => {
	const rig = createRig(context);
	rig.metrics = async () => status(404);
	rig.deployment = async () => status(404);
	assert.equal(statusOf(await rig.ended), 404);
});

test("if a run's ID is given as a deployment's, the deployment of that run is watched", async context => {
	const rig = createRig(context);
	rig.metrics = async () => (watchedId(rig) === 'k4q95w5' ? status(404) : responseAt(Date.now()));
	rig.deployment = async () => (watchedId(rig) === 'k4q95w5' ? status(404) : ok(deployment));
	rig.run = async () => ok(runOf('k4q95w5', 'w7x2m1p'));
	await rig.pass(12_000);
	assert.equal(watchedId(rig), 'w7x2m1p');
	assert.equal(rig.store.getState().live.links.trainer.kind, 'ok');
	assert.deepEqual(times(rig), [0, 0, 10_000]);
});

test('404 for the metrics alone means that there are no metrics now, and polling continues', async context => {
	const rig = createRig(context);
	rig.metrics = async () => status(404);
	rig.deployment = async () => ok({...deployment, status: 'SCALED_TO_ZERO'});
	await rig.pass(15_000);
	assert.deepEqual(times(rig), [0, 10_000]);
	assert.equal(rig.store.getState().live.links.trainer.kind, 'no-metrics');
	assert.equal(rig.store.getState().live.deployment?.status, 'SCALED_TO_ZERO');
});

test('404 for the metrics is a failure if the request for the deployment fails', async context => {
	const rig = createRig(context);
	rig.metrics = async () => status(404);
	rig.deployment = async () => status(500);
	await rig.pass(1000);
	const {trainer: link} = rig.store.getState().live.links;
	assert.equal(link.kind === 'failing' && link.failure.kind === 'status' && link.failure.status, 500);
});

for (const code of [401, 403, 404]) {
	test(`${code} after the first response is retried`, async context => {
		const rig = createRig(context);
		await rig.pass(1000);
		rig.metrics = async () => status(code);
		rig.deployment = async () => status(code);
		await rig.pass(31_000);
		assert.deepEqual(times(rig), [0, 10_000, 20_000]);
		assert.equal(rig.renewed(), code === 401 ? 1 : 0);
	});
}

test('if the server rejects the step, all later requests omit it', async context => {
	const rig = createRig(context);
	rig.metrics = async ({stepMs}) => (stepMs === undefined ? responseAt(Date.now()) : status(422));
	await rig.pass(25_000);
	assert.deepEqual(
		rig.asked.map(({query}) => [query.stepMs, query.endMs - query.startMs]),
		[
			[30_000, 3_600_000],
			[undefined, 3_600_000],
			[undefined, 3_600_000],
			[undefined, 3_600_000],
		],
	);
});

test('a rejection for another reason is reported, and the step is kept', async context => {
	const rig = createRig(context);
	rig.metrics = async () => status(400);
	await rig.pass(11_000);
	assert.deepEqual(
		rig.asked.map(({query}) => query.stepMs),
		[30_000, undefined, 30_000, undefined],
	);
	const {trainer: link} = rig.store.getState().live.links;
	assert.equal(link.kind === 'failing' && link.failure.kind === 'status' && link.failure.status, 400);
});

test('during failures, the age on the screen is updated once a minute', async context => {
	const rig = createRig(context);
	await rig.pass(1000);
	rig.metrics = async () => status(429, 300_000);
	await rig.pass(10_000);
	const before = rig.store.getState().live.nowMs;
	await rig.pass(125_000);
	assert.equal(rig.store.getState().live.nowMs - before, 120_000);
});

test('without failures, nothing changes between two responses', async context => {
	const rig = createRig(context);
	await rig.pass(1000);
	let changes = 0;
	rig.store.subscribe(() => changes++);
	await rig.pass(8900);
	assert.equal(changes, 0);
});

test("a clock that is set back doesn't stop polling, and the whole window is requested again", async context => {
	const rig = createRig(context);
	await rig.pass(1000);
	rig.setClock(-3_600_000);
	await rig.pass(10_000);
	assert.deepEqual(times(rig), [0, 10_000]);
	const query = rig.asked[1]?.query;
	assert.equal(query?.endMs, Math.ceil((nine + 10_000 - 3_600_000) / 30_000) * 30_000);
	assert.equal((query?.endMs ?? 0) - (query?.startMs ?? 0), defaultWindow.lengthMs);
});

const left = {type: 'moveInTime', by: -1, far: false} as const;
const right = {type: 'moveInTime', by: 1, far: false} as const;

test('metrics for a whole earlier range are requested at once, and the live window is still polled', async context => {
	const rig = createRig(context);
	await rig.pass(1000);
	rig.store.dispatch(left);
	await rig.pass(500);
	const past = rig.asked.at(-1);
	assert.equal(rig.asked.length, 2);
	assert.equal((past?.query.endMs ?? 0) - nine < 0, true);
	assert.equal((past?.query.endMs ?? 0) - (past?.query.startMs ?? 0), defaultWindow.lengthMs);
	assert.equal((past?.query.endMs ?? 0) % (15 * 60_000), 0);
	assert.equal(rig.store.getState().views.trainer.snapshot.complete, true);
	await rig.pass(9000);
	assert.equal(rig.asked.length, 3);
	assert.ok((rig.asked.at(-1)?.query.endMs ?? 0) > nine);
});

test("earlier ranges that are known aren't requested again", async context => {
	const rig = createRig(context);
	await rig.pass(1000);
	rig.store.dispatch(left);
	await rig.pass(500);
	rig.store.dispatch(left);
	await rig.pass(500);
	const before = rig.asked.length;
	for (const action of [right, left, right, left]) {
		rig.store.dispatch(action);
		await rig.pass(500);
	}

	assert.equal(before, 3);
	assert.equal(rig.asked.length, before);
});

test('while a key is held, the ranges in between are skipped, and only the last one is requested', async context => {
	const rig = createRig(context);
	await rig.pass(1000);
	for (let times = 0; times < 10; times++) {
		rig.store.dispatch(left);
		await rig.pass(50);
	}

	await rig.pass(500);
	assert.equal(rig.asked.length, 2);
});

test('after a response that is too large, only pieces are requested, even if a request is aborted', async context => {
	const rig = createRig(context);
	const steps: number[] = [];
	rig.metrics = async ({startMs, endMs}) => {
		steps.push((endMs - startMs) / 30_000);
		return endMs - startMs > 4 * 30_000 ? {ok: false, failure: {kind: 'too-large', limitBytes: 1}, tookMs: 5} : never();
	};
	await rig.pass(100);
	for (let moves = 0; moves < 3; moves++) {
		rig.store.dispatch({type: 'moveInTime', by: -1, far: true});
		await rig.pass(1000);
	}

	assert.deepEqual(steps, [120, 4, 4, 4, 4]);
	assert.equal(rig.asked.at(-2)?.aborted(), true);
});

test('a range that late samples can still reach is requested again with each poll', async context => {
	const rig = createRig(context);
	await rig.pass(1000);
	rig.store.dispatch({type: 'changeWindow', by: -3});
	await rig.pass(500);
	rig.store.dispatch(left);
	await rig.pass(500);
	const ended = rig.store.getState().mode;
	assert.ok(ended.kind === 'past');
	const asksOf = (): number => rig.asked.filter(({query}) => query.endMs === ended.endMs).length;
	assert.equal(asksOf(), 1);
	await rig.pass(10_000);
	assert.equal(asksOf(), 2);
	await rig.pass(15 * 60_000);
	const settled = asksOf();
	await rig.pass(60_000);
	assert.equal(asksOf(), settled);
});

test('while another window is shown, metrics for findings are requested every half minute', async context => {
	const rig = createRig(context);
	await rig.pass(1000);
	rig.store.dispatch({type: 'changeWindow', by: 4});
	await rig.pass(500);
	const before = rig.asked.length;
	await rig.pass(60_000);
	const steps = rig.asked.slice(before).map(({query}) => query.stepMs);
	const target = steps.filter(stepMs => stepMs === defaultWindow.stepMs).length;
	assert.equal(target, 2);
	assert.equal(steps.length - target, 6);
});

test('a failed request for an earlier range is retried after the wait', async context => {
	const rig = createRig(context);
	await rig.pass(1000);
	rig.metrics = async () => status(503);
	rig.store.dispatch(left);
	await rig.pass(500);
	assert.equal(rig.store.getState().live.links.trainer.kind, 'failing');
	assert.equal(rig.store.getState().views.trainer.snapshot.complete, false);
	rig.metrics = async () => responseAt(Date.now());
	await rig.pass(15_000);
	assert.equal(rig.store.getState().views.trainer.snapshot.complete, true);
});

test('the list of deployments is requested while it is open, without delaying the metrics', async context => {
	const rig = createRig(context);
	let lists = 0;
	rig.deployments = async () => {
		lists++;
		return ok([deployment]);
	};
	await rig.pass(12_000);
	assert.equal(lists, 0);
	rig.store.dispatch({type: 'toggleOverlay', overlay: 'deployments'});
	await rig.pass(15_000);
	assert.equal(lists, 2);
	assert.deepEqual(times(rig), [0, 10_000, 20_000]);
	rig.store.dispatch({type: 'toggleOverlay', overlay: 'deployments'});
	await rig.pass(30_000);
	assert.equal(lists, 2);
});

test("a list that can't be loaded is requested again after a while, and polling continues", async context => {
	const rig = createRig(context);
	let lists = 0;
	rig.deployments = async () => {
		lists++;
		return status(503);
	};
	rig.store.dispatch({type: 'toggleOverlay', overlay: 'deployments'});
	await rig.pass(35_000);
	assert.equal(lists, 3);
	assert.deepEqual(times(rig), [0, 10_000, 20_000, 30_000]);
	const {live, sideFailures} = rig.store.getState();
	assert.equal(live.links.trainer.kind, 'ok');
	assert.equal(sideFailures.deployments?.failure.kind, 'status');
});

test('a pending request for the list is aborted when the list is closed', async context => {
	const rig = createRig(context);
	let lists = 0;
	rig.deployments = async () => {
		lists++;
		return never();
	};
	await rig.pass(5000);
	rig.store.dispatch({type: 'toggleOverlay', overlay: 'deployments'});
	await rig.pass(7000);
	assert.deepEqual(times(rig), [0]);
	rig.store.dispatch({type: 'toggleOverlay', overlay: 'deployments'});
	await rig.pass(15_000);
	assert.equal(lists, 1);
	assert.deepEqual(times(rig), [0, 12_100, 22_100]);
	assert.deepEqual(rig.store.getState().sideFailures, {});
});

test('a pending request for the list is aborted when the metrics have waited for five seconds', async context => {
	const rig = createRig(context);
	rig.deployments = never;
	await rig.pass(4000);
	rig.store.dispatch({type: 'toggleOverlay', overlay: 'deployments'});
	await rig.pass(14_000);
	assert.deepEqual(times(rig), [0, 15_000]);
	const {sideFailures, live} = rig.store.getState();
	assert.deepEqual(sideFailures.deployments, {
		failure: {kind: 'timeout', afterMs: 11_000},
		nextAtMs: nine + 15_000 + 10_000,
	});
	assert.equal(live.links.trainer.kind, 'ok');
});

test('at most one unanswered request at a time delays the metrics, and such delays become rarer', async context => {
	const rig = createRig(context);
	rig.deployments = never;
	rig.logs = never;
	await rig.pass(4000);
	rig.store.dispatch({type: 'toggleLogs'});
	rig.store.dispatch({type: 'toggleOverlay', overlay: 'deployments'});
	await rig.pass(600_000);
	const between = times(rig).map((atMs, index, all) => atMs - (all[index - 1] ?? 0));
	assert.ok(Math.max(...between) <= 15_000, String(between));
	assert.ok(times(rig).length >= 50, String(times(rig).length));
});

test("unanswered requests for the deployment don't delay the metrics", async context => {
	const rig = createRig(context);
	await rig.pass(5000);
	rig.deployment = never;
	await rig.pass(130_000);
	assert.equal(rig.described(), 3);
	assert.deepEqual(
		times(rig),
		Array.from({length: 14}, (_, index) => index * 10_000),
	);
});

for (const [name, action] of [
	['refreshes', {type: 'refreshNow'}],
	['switches to another window', {type: 'changeWindow', by: 1}],
] as const) {
	test(`a user who ${name} waits no more than five seconds for a list that doesn't arrive`, async context => {
		const rig = createRig(context, 3_600_000);
		rig.deployments = never;
		await rig.pass(4000);
		rig.store.dispatch({type: 'toggleOverlay', overlay: 'deployments'});
		await rig.pass(2000);
		rig.store.dispatch(action);
		await rig.pass(3000);
		// Other actions neither restart the wait nor end it.
		rig.store.dispatch({type: 'changeInterval', by: -1});
		await rig.pass(3000);
		assert.deepEqual(times(rig).slice(0, 2), [0, 11_000]);
	});
}

test('after a rejection, the list is requested again only when it is reopened or refreshed', async context => {
	const rig = createRig(context);
	let lists = 0;
	rig.deployments = async () => {
		lists++;
		return status(404);
	};
	rig.store.dispatch({type: 'toggleOverlay', overlay: 'deployments'});
	await rig.pass(60_000);
	assert.equal(lists, 1);
	assert.equal(rig.store.getState().sideFailures.deployments?.nextAtMs, undefined);
	rig.store.dispatch({type: 'refreshNow'});
	await rig.pass(1000);
	assert.equal(lists, 2);
	rig.store.dispatch({type: 'toggleOverlay', overlay: 'deployments'});
	await rig.pass(100);
	rig.store.dispatch({type: 'toggleOverlay', overlay: 'deployments'});
	await rig.pass(1000);
	assert.equal(lists, 3);
});

test('without an ID, the list is requested, and the only live deployment is polled', async context => {
	const rig = createRig(context, 10_000, {kind: 'unchosen'});
	rig.deployments = async () => ok([deploymentOf({id: 'live1', status: 'RUNNING'})]);
	await rig.pass(15_000);
	assert.equal(watchedId(rig), 'live1');
	assert.equal(times(rig).length, 2);
});

test('the poller waits for the renewed key, and then requests metrics for the current view', async context => {
	const rig = createRig(context);
	await rig.pass(5000);
	rig.metrics = async () => status(401);
	let renew = (): void => undefined;
	rig.renewKey = async () =>
		new Promise(resolve => {
			renew = resolve;
		});
	await rig.pass(40_000);
	assert.equal(rig.renewed(), 1);
	assert.deepEqual(times(rig), [0, 10_000]);
	rig.store.dispatch({type: 'changeWindow', by: 1});
	rig.metrics = async () => responseAt(Date.now());
	renew();
	await rig.pass(1000);
	const {query} = rig.asked[2] ?? assert.fail();
	assert.equal(query.endMs - query.startMs, 3 * 3_600_000);
});

test('the poller can end while waiting for a key', async context => {
	const rig = createRig(context);
	await rig.pass(5000);
	rig.metrics = async () => status(401);
	rig.renewKey = async signal =>
		new Promise((_, reject) => {
			signal.addEventListener('abort', () => reject(signal.reason));
		});
	await rig.pass(40_000);
	assert.equal(rig.renewed(), 1);
	await rig.stop();
});

for (const code of [401, 403, 404]) {
	test(`${code} for the list ends polling if it comes before the first response`, async context => {
		const rig = createRig(context, 10_000, {kind: 'unchosen'});
		rig.deployments = async () => status(code);
		assert.equal(statusOf(await rig.ended), code);
	});
}

test('a failed request for the list is retried even if nothing else is requested', async context => {
	const rig = createRig(context, 10_000, {kind: 'unchosen'});
	rig.deployments = async () => status(503);
	await rig.pass(5000);
	rig.deployments = async () => ok([deploymentOf({id: 'live1', status: 'RUNNING'})]);
	await rig.pass(10_000);
	assert.equal(watchedId(rig), 'live1');
});

test('if the user chooses another deployment, metrics for its whole window are requested at once', async context => {
	const rig = createRig(context);
	await rig.pass(12_000);
	rig.store.dispatch({type: 'chooseDeployment', id: 'other1'});
	await rig.pass(1000);
	assert.equal(rig.asked.length, 3);
	assert.equal((rig.asked[2]?.query.endMs ?? 0) - (rig.asked[2]?.query.startMs ?? 0), defaultWindow.lengthMs);
	assert.equal(rig.store.getState().live.links.trainer.kind, 'ok');
});

test("choosing a deployment that doesn't exist causes a failure, and another one can then be chosen", async context => {
	const rig = createRig(context);
	await rig.pass(1000);
	rig.metrics = async () => (watchedId(rig) === 'gone1' ? status(404) : responseAt(Date.now()));
	rig.deployment = async () => (watchedId(rig) === 'gone1' ? status(404) : ok(deployment));
	rig.store.dispatch({type: 'chooseDeployment', id: 'gone1'});
	await rig.pass(1000);
	assert.equal(rig.store.getState().live.links.trainer.kind, 'failing');
	rig.deployments = async () => ok([deployment]);
	rig.store.dispatch({type: 'toggleOverlay', overlay: 'deployments'});
	await rig.pass(1000);
	assert.equal(rig.store.getState().deployments.list?.length, 1);
	rig.store.dispatch({type: 'chooseDeployment', id: 'k4q95w5'});
	await rig.pass(1000);
	assert.equal(rig.store.getState().live.links.trainer.kind, 'ok');
});

test('a newly chosen deployment is polled immediately, even if a request about another is pending', async context => {
	const rig = createRig(context);
	await rig.pass(1000);
	rig.metrics = async () => (watchedId(rig) === 'gone1' ? status(404) : never());
	rig.deployment = never;
	rig.store.dispatch({type: 'chooseDeployment', id: 'gone1'});
	await rig.pass(1000);
	assert.equal(rig.described(), 2);
	rig.store.dispatch({type: 'chooseDeployment', id: 'other1'});
	await rig.pass(1000);
	assert.equal(rig.asked.length, 3);
	assert.equal(rig.store.getState().live.links.trainer.kind, 'connecting');
});

test("a late response about the previous deployment doesn't affect the new one", async context => {
	const rig = createRig(context);
	await rig.pass(1000);
	let respond: (result: Result<Deployment>) => void = () => undefined;
	rig.metrics = async () => (watchedId(rig) === 'gone1' ? status(404) : never());
	rig.deployment = async () =>
		new Promise(resolve => {
			respond = resolve;
		});
	rig.store.dispatch({type: 'chooseDeployment', id: 'gone1'});
	await rig.pass(1000);
	rig.store.dispatch({type: 'chooseDeployment', id: 'other1'});
	respond(status(404));
	await rig.pass(1000);
	assert.equal(rig.store.getState().live.links.trainer.kind, 'connecting');
});

test("the request for a run is retried after a failure, and then the run's deployment is polled", async context => {
	const rig = createRig(context, 10_000, {kind: 'run', id: 'r1'});
	rig.run = async () => status(503);
	await rig.pass(1000);
	assert.equal(rig.store.getState().live.links.trainer.kind, 'failing');
	rig.run = async () => ok(runOf('r1', 'w7x2m1p'));
	await rig.pass(11_000);
	assert.equal(watchedId(rig), 'w7x2m1p');
	assert.equal(rig.store.getState().live.links.trainer.kind, 'ok');
});

test('a serverless run ends polling', async context => {
	const rig = createRig(context, 10_000, {kind: 'run', id: 'r1'});
	rig.run = async () => ok(runOf('r1'));
	assert.deepEqual(await rig.ended, {kind: 'serverless', run: 'r1'});
});

test('a refresh requests the whole window again, and the next poll requests its tail', async context => {
	const rig = createRig(context);
	rig.metrics = async () => responseAt(Date.now());
	await rig.pass(25_000);
	rig.store.dispatch({type: 'refreshNow'});
	await rig.pass(20_000);
	const lengths = rig.asked.map(({query}) => query.endMs - query.startMs);
	const whole = 3_600_000;
	assert.equal(lengths[0], whole);
	assert.ok((lengths[2] ?? whole) < whole);
	assert.equal(lengths[3], whole);
	assert.ok((lengths[4] ?? whole) < whole, lengths.join(' '));
});
