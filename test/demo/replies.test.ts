import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {type Demo, type DemoOptions, startDemo} from '../../source/demo/server.ts';

const nowMs = Date.UTC(2026, 10, 23, 9, 17);
const deployments = '/v1/loops/deployments';

async function demoOf(context: TestContext, options: Partial<DemoOptions> = {}): Promise<Demo> {
	const demo = await startDemo({scenario: 'steady', now: () => nowMs, ...options});
	context.after(async () => demo.close());
	return demo;
}

type Asking = {readonly path: string; readonly authorization?: string | undefined; readonly body?: object};

async function ask(demo: Demo, {path, body, ...others}: Asking): Promise<{status: number; body: unknown}> {
	const authorization = 'authorization' in others ? others.authorization : `Bearer ${demo.key}`;
	const response = await fetch(demo.apiUrl + path, {
		...(authorization === undefined ? {} : {headers: {authorization}}),
		...(body === undefined ? {} : {method: 'POST', body: JSON.stringify(body)}),
	});
	assert.equal(response.headers.get('content-type'), 'application/json');
	return {status: response.status, body: await response.json()};
}

const metrics = `${deployments}/k4q95w5/metrics`;
const week = 7 * 86_400_000;
const refusals: ReadonlyArray<Asking & {readonly name: string; readonly status: number; readonly code: string}> = [
	{name: 'no key', path: deployments, authorization: undefined, status: 401, code: 'UNAUTHORIZED'},
	{name: 'a wrong key', path: deployments, authorization: 'Bearer x', status: 401, code: 'UNAUTHORIZED'},
	{name: 'another scheme', path: deployments, authorization: 'Basic x', status: 401, code: 'UNAUTHORIZED'},
	{name: 'a wrong key on no route', path: '/', authorization: 'Bearer x', status: 401, code: 'UNAUTHORIZED'},
	{name: 'another deployment', path: `${deployments}/x`, status: 404, code: 'NOT_FOUND'},
	{name: 'another deployment’s metrics', path: `${deployments}/x/metrics`, body: {}, status: 404, code: 'NOT_FOUND'},
	{name: 'another route', path: '/v1/models', status: 404, code: 'NOT_FOUND'},
	{name: 'metrics without POST', path: metrics, status: 404, code: 'NOT_FOUND'},
	{name: 'a list as the body', path: metrics, body: [], status: 400, code: 'VALIDATION_ERROR'},
	{name: 'a text as the start', path: metrics, body: {start_epoch_millis: '0'}, status: 400, code: 'VALIDATION_ERROR'},
	{name: 'a fraction as the step', path: metrics, body: {step_seconds: 1.5}, status: 400, code: 'VALIDATION_ERROR'},
	{
		name: 'a step too short for its week',
		path: metrics,
		body: {start_epoch_millis: nowMs - week, end_epoch_millis: nowMs, step_seconds: 30},
		status: 400,
		code: 'VALIDATION_ERROR',
	},
];

for (const {name, status, code, ...asking} of refusals) {
	test(`${name} is refused with ${status} in the documented shape`, async context => {
		const answer = await ask(await demoOf(context), asking);
		assert.equal(answer.status, status);
		assert.ok(typeof answer.body === 'object' && answer.body !== null);
		assert.deepEqual(Object.keys(answer.body), ['code', 'message']);
		assert.ok('code' in answer.body && answer.body.code === code);
		assert.ok('message' in answer.body && typeof answer.body.message === 'string' && answer.body.message !== '');
	});
}

test('the list of the organisation is the same list', async context => {
	const demo = await demoOf(context);
	const own = await ask(demo, {path: deployments});
	assert.deepEqual(await ask(demo, {path: `${deployments}?scope=org`}), own);
	assert.equal(own.status, 200);
});

test('without a window it is the last hour, and without a step it is no finer than the samples', async context => {
	const demo = await demoOf(context);
	const told = {start_epoch_millis: nowMs - 3_600_000, end_epoch_millis: nowMs, step_seconds: 30};
	assert.deepEqual(await ask(demo, {path: metrics, body: {}}), await ask(demo, {path: metrics, body: told}));
});

test('a step shorter than the samples is served at the distance of the samples', async context => {
	const demo = await demoOf(context);
	const span = {start_epoch_millis: nowMs - 300_000, end_epoch_millis: nowMs};
	const fine = await ask(demo, {path: metrics, body: {...span, step_seconds: 1}});
	assert.equal(fine.status, 200);
	assert.deepEqual(fine, await ask(demo, {path: metrics, body: {...span, step_seconds: 30}}));
});

test('nothing is served of the future, however far the window reaches', async context => {
	const demo = await demoOf(context);
	const span = {start_epoch_millis: nowMs - 300_000, step_seconds: 30};
	assert.deepEqual(
		await ask(demo, {path: metrics, body: {...span, end_epoch_millis: nowMs + 3_600_000}}),
		await ask(demo, {path: metrics, body: {...span, end_epoch_millis: nowMs}}),
	);
});

/** What keeps this process from ending, of the network. */
function holdingSockets(): readonly string[] {
	return process.getActiveResourcesInfo().filter(name => name.startsWith('TCP'));
}

test('a demo keeps no process from ending, not even while it is open', async context => {
	const demo = await demoOf(context);
	await ask(demo, {path: deployments});
	assert.deepEqual(holdingSockets(), []);
});

test('a closed demo answers no more, and can be closed again', async () => {
	const demo = await startDemo({scenario: 'steady'});
	await ask(demo, {path: deployments});
	await demo.close();
	await assert.rejects(
		fetch(demo.apiUrl),
		({cause}: Error) => cause instanceof Error && /ECONNREFUSED/.test(String(cause)),
	);
	await demo.close();
});
