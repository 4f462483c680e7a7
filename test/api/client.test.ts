import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type Client, createClient} from '../../source/api/client.ts';
import type {Result} from '../../source/api/failure.ts';

const {signal} = new AbortController();
const span = {startMs: 0, endMs: 60_000};
const serverMs = Date.UTC(2026, 10, 23, 9);
const metrics = {inference_volume: []};
const deployment = {id: 'k4q95w5', status: {name: 'RUNNING'}};

type Route = (client: Client) => Promise<Result<unknown>>;

const ofMetrics: Route = async client => client.metrics('k4q95w5', {...span, stepMs: 30_000}, signal);
const ofDeployment: Route = async client => client.deployment('k4q95w5', signal);
const ofSampler: Route = async client =>
	client.samplerMetrics({modelId: 'm', deploymentId: 'd'}, {...span, metrics: []}, signal);

/** Returns the result of a route for a response, and the server times that were reported. */
async function read(route: Route, result: Result<unknown>) {
	const times: number[] = [];
	const outcome = await route(
		createClient(
			async () => result,
			time => times.push(time),
		),
	);
	return {times, outcome};
}

function response(value: unknown): Result<unknown> {
	return {ok: true, value, tookMs: 1, serverMs};
}

const own: ReadonlyArray<readonly [name: string, route: Route, body: unknown]> = [
	['metrics', ofMetrics, {deployment_id: 'k4q95w5', metrics}],
	['metrics without a deployment ID', ofMetrics, {metrics}],
	['metrics with a null deployment ID', ofMetrics, {deployment_id: null, metrics}],
	['a deployment', ofDeployment, {deployment}],
	['the list of deployments', async client => client.deployments('own', signal), {deployments: [deployment]}],
	['a run', async client => client.run('r1', signal), {run: {id: 'r1', deployment_id: 'k4q95w5'}}],
	['metrics of the sampler', ofSampler, {metric_descriptors: [], metric_values: []}],
	[
		'logs',
		async client => client.logs('k4q95w5', {...span, direction: 'asc', limit: 1, minLevel: undefined}, signal),
		{logs: []},
	],
];

for (const [name, route, body] of own) {
	test(`a response with ${name} reports the server's time, but a failure or unrelated JSON doesn't`, async () => {
		const {times, outcome} = await read(route, response(body));
		assert.equal(outcome.ok, true);
		assert.deepEqual(times, [serverMs]);
		assert.deepEqual((await read(route, response({hello: 'sign in'}))).times, []);
		const failure = {kind: 'status', status: 503, message: '', retryAfterMs: undefined} as const;
		assert.deepEqual((await read(route, {ok: false, failure, tookMs: 1})).times, []);
	});
}

const others: ReadonlyArray<readonly [route: Route, body: unknown, problem: string]> = [
	[ofMetrics, {deployment_id: 'other', metrics}, 'about deployment other'],
	[ofMetrics, {deployment_id: 'K4Q95W5\u001b[2J', metrics}, 'about deployment K4Q95W5'],
	[ofMetrics, {deployment_id: '', metrics}, 'about deployment '],
	[ofDeployment, {deployment: {...deployment, id: 'other'}}, 'about deployment other'],
];

for (const [route, body, problem] of others) {
	test(`${JSON.stringify(body)} isn't a response about k4q95w5`, async () => {
		const {times, outcome} = await read(route, response(body));
		assert.deepEqual(outcome.ok || outcome.failure, {kind: 'wrong-shape', problem});
		assert.deepEqual(times, []);
	});
}

test('the size limit of a response depends on the number of requested steps', async () => {
	const limits: Array<number | undefined> = [];
	const client = createClient(
		async ({limitBytes}) => {
			limits.push(limitBytes);
			return response({metrics});
		},
		() => undefined,
	);
	for (const [steps, stepMs] of [
		[1, 30_000],
		[2, 30_000],
		[120, 30_000],
		[1, undefined],
	] as const) {
		await client.metrics('k4q95w5', {startMs: 0, endMs: steps * 30_000, stepMs}, signal);
	}

	// The limit is 4 MiB plus 1.5 MiB per step, of which 1,024 nodes with 8 GPUs each take 1.3 MiB. Without a step, or
	// for an hour, the general limit applies.
	assert.deepEqual(limits, [5.5 * 1024 ** 2, 7 * 1024 ** 2, undefined, undefined]);
});
