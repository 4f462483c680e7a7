import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {createClient} from '../../source/api/client.ts';
import {createTransport} from '../../source/api/http.ts';
import {samplerMetricNames} from '../../source/api/sampler-response.ts';
import {Secret} from '../../source/api/secret.ts';
import {scenarios} from '../../source/demo/scenarios.ts';
import {type Demo, type DemoOptions, startDemo} from '../../source/demo/server.ts';
import {demoSampler} from '../../source/demo/workspace.ts';

const {signal} = new AbortController();

async function demoOf(context: TestContext, options: Partial<DemoOptions> = {}): Promise<Demo> {
	const demo = await startDemo({scenario: 'steady', ...options});
	context.after(async () => demo.close());
	return demo;
}

function clientOf({apiUrl, key}: Demo) {
	const options = {apiUrl: new URL(apiUrl), secret: () => new Secret(key), userAgent: 'test', timeoutMs: 10_000};
	return createClient(createTransport(options));
}

const samplerPath = `/v1/models/${demoSampler.modelId}/deployments/${demoSampler.deploymentId}/metrics`;

test("the program's own client reads the sampler's metrics in the trainer's units", async context => {
	const client = clientOf(await demoOf(context));
	const endMs = Math.floor(Date.now() / 30_000) * 30_000;
	const query = {startMs: endMs - 3_600_000, endMs, metrics: samplerMetricNames};
	const response = await client.samplerMetrics(demoSampler, query, signal);
	assert.ok(response.ok);
	const {requests, replicas, nodes, problems, dropped} = response.value;
	const last = (values: Float64Array): number => values.at(-1) ?? assert.fail('There is no value.');
	assert.deepEqual({problems, dropped}, {problems: [], dropped: 0});
	assert.ok(last(requests.volume.values) > 2 && last(requests.volume.values) < 30);
	assert.equal(requests.volume.times.length, 120);
	assert.ok(last(requests.latency.p50.values) > 500 && last(requests.latency.p50.values) < 5000);
	assert.ok([2, 3].includes(last(replicas.values)));
	assert.equal(nodes.length, 3);
	assert.ok(last(nodes[0]?.gpus.get('1')?.memory.values ?? assert.fail()) > 60 * 1024 ** 3);
});

test('if a query names no metrics, the sampler returns the metrics of its requests, but no nodes', async context => {
	const client = clientOf(await demoOf(context));
	const response = await client.samplerMetrics(demoSampler, {startMs: 0, endMs: 600_000, metrics: []}, signal);
	assert.ok(response.ok);
	assert.deepEqual(response.value.nodes, []);
	assert.ok(response.value.requests.volume.times.length > 0);
});

test("with longer steps, the sampler's rates stay in the same range", async context => {
	const client = clientOf(await demoOf(context));
	const endMs = Math.floor(Date.now() / 3_600_000) * 3_600_000;
	for (const days of [1, 7]) {
		const query = {startMs: endMs - days * 86_400_000, endMs, metrics: samplerMetricNames};
		const response = await client.samplerMetrics(demoSampler, query, signal);
		assert.ok(response.ok);
		assert.ok(response.value.requests.volume.values.every(value => value > 2 && value < 30));
	}
});

test("the program's own client reads a deployment and its metrics", async context => {
	const demo = await demoOf(context);
	const client = clientOf(demo);
	const now = Date.now();
	const metrics = await client.metrics(demo.deploymentId, {startMs: now - 600_000, endMs: now, stepMs: 30_000}, signal);
	assert.ok(metrics.ok && metrics.value.nodes.length === 4);
	const deployment = await client.deployment(demo.deploymentId, signal);
	assert.ok(deployment.ok);
	assert.equal(deployment.value.nodeCount, 4);
	assert.equal(deployment.value.instance?.gpuType, 'H100');
});

test('every scenario has a deployment with a run, and some of the deployments belong to the user', async context => {
	const demo = await demoOf(context);
	const client = clientOf(demo);
	const own = await client.deployments('own', signal);
	const all = await client.deployments('org', signal);
	assert.ok(own.ok && all.ok);
	assert.deepEqual(
		own.value.map(({id}) => id),
		[demo.deploymentId, 'demo-straggler', 'demo-idle'],
	);
	assert.equal(all.value.length, scenarios.length);
	for (const {id, runId = ''} of all.value) {
		const run = await client.run(runId, signal);
		assert.ok(run.ok);
		assert.equal(run.value.deploymentId, id);
	}

	const now = Date.now();
	const fleet = await client.metrics('demo-fleet', {startMs: now - 600_000, endMs: now, stepMs: 30_000}, signal);
	assert.ok(fleet.ok && fleet.value.nodes.length === 16);
	assert.equal((await client.deployment('demo-nothing', signal)).ok, false);
});

async function statusOf(
	{apiUrl, key}: Demo,
	path: string,
	init: {authorization?: string; body?: string} = {},
): Promise<number> {
	const {authorization = `Bearer ${key}`, body} = init;
	const response = await fetch(apiUrl + path, {
		headers: {authorization},
		...(body === undefined ? {} : {method: 'POST', body}),
	});
	await response.body?.cancel();
	return response.status;
}

const logsPath = '/v1/loops/deployments/k4q95w5/logs';
const hour = {start_epoch_millis: 0, end_epoch_millis: 3_600_000};
const statuses: ReadonlyArray<{
	readonly name: string;
	readonly path?: string;
	readonly authorization?: string;
	readonly body?: string;
	readonly status: number;
}> = [
	{name: 'with an empty body', body: '{}', status: 200},
	{name: 'with nulls', body: '{"start_epoch_millis":null,"end_epoch_millis":null,"step_seconds":null}', status: 200},
	{name: 'with the other form of the key', authorization: 'Api-Key loops-top-demo', body: '{}', status: 200},
	{name: 'with a wrong key', authorization: 'Bearer x', body: '{}', status: 401},
	{name: 'for metrics of another deployment', path: '/v1/loops/deployments/x/metrics', body: '{}', status: 404},
	{name: "with a body that isn't JSON", body: '{', status: 400},
	{name: 'with a step of zero', body: JSON.stringify({...hour, step_seconds: 0}), status: 400},
	{name: 'with an end before the start', body: '{"start_epoch_millis":2,"end_epoch_millis":1}', status: 400},
	{name: 'for 8 days', body: JSON.stringify({start_epoch_millis: 0, end_epoch_millis: 8 * 86_400_000}), status: 400},
	{name: 'for sampler metrics', path: `${samplerPath}?mode=SERIES`, status: 200},
	{name: 'for sampler metrics without a mode', path: samplerPath, status: 400},
	{name: "for a metric that the sampler doesn't have", path: `${samplerPath}?mode=SERIES&metrics=x`, status: 400},
	{name: 'for over 7 days of sampler metrics', path: `${samplerPath}?mode=SERIES&start_epoch_millis=0`, status: 400},
	{name: 'for metrics of another model', path: '/v1/models/x/deployments/y/metrics?mode=SERIES', status: 404},
	{name: 'for logs', path: logsPath, status: 200},
	{name: 'for 1000 log entries', path: `${logsPath}?limit=1000&direction=asc&min_level=ERROR`, status: 200},
	{name: 'for more than 1000 log entries', path: `${logsPath}?limit=1001`, status: 400},
	{name: "for logs at a level that doesn't exist", path: `${logsPath}?min_level=LOUD`, status: 400},
	{name: "for logs in a direction that doesn't exist", path: `${logsPath}?direction=up`, status: 400},
	{name: 'for over 7 days of logs', path: `${logsPath}?start_epoch_millis=0`, status: 400},
	{name: 'for logs of another deployment', path: '/v1/loops/deployments/x/logs', status: 404},
	{name: 'with a body that is too long', body: ' '.repeat(100_000), status: 400},
];

for (const {name, path = '/v1/loops/deployments/k4q95w5/metrics', authorization, body, status} of statuses) {
	test(`the response to a request ${name} has status ${status}`, async context => {
		const demo = await demoOf(context);
		const init = {...(authorization === undefined ? {} : {authorization}), ...(body === undefined ? {} : {body})};
		assert.equal(await statusOf(demo, path, init), status);
	});
}

test('a deployment that is being deployed has no metrics until it runs', async context => {
	let now = Date.now();
	const demo = await demoOf(context, {scenario: 'deploying', now: () => now});
	const metrics = '/v1/loops/deployments/k4q95w5/metrics';
	assert.equal(await statusOf(demo, metrics, {body: '{}'}), 404);
	assert.equal(await statusOf(demo, '/v1/loops/deployments/k4q95w5'), 200);
	now += 61_000;
	assert.equal(await statusOf(demo, metrics, {body: '{}'}), 200);
});

test('in an outage, requests alternately end with a closed connection and with status 503', async context => {
	let now = Date.now();
	const demo = await demoOf(context, {scenario: 'outage', now: () => now});
	const path = '/v1/loops/deployments/k4q95w5';
	assert.equal(await statusOf(demo, path), 200);
	now += 45_000;
	await assert.rejects(statusOf(demo, path));
	assert.equal(await statusOf(demo, path), 503);
	now += 50_000;
	assert.equal(await statusOf(demo, path), 200);
});

test('a demo can have a different number of nodes and GPUs than its scenario', async context => {
	const demo = await demoOf(context, {nodes: 3, gpusPerNode: 2});
	const metrics = await clientOf(demo).metrics(demo.deploymentId, {startMs: 0, endMs: 30_000, stepMs: 30_000}, signal);
	assert.ok(metrics.ok);
	assert.equal(metrics.value.nodes.length, 3);
	assert.equal(metrics.value.nodes[0]?.gpus.size, 2);
});
