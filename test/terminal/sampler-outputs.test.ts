import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {type Schema, Validator} from '@cfworker/json-schema';
import type {Snapshot} from '../../source/output/snapshot-types.ts';
import {distFolder, openTerminal, runProgram} from '../helpers/real-terminal.ts';
import {type Reply, type Respond, reset, type ScriptedServer, startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy} from '../helpers/served.ts';
import {isSamplerExtras, isSamplerMetrics, samplerQueryOf, servedSampler} from '../helpers/served-sampler.ts';
import {temporaryFile} from '../helpers/temporary-folder.ts';

const withSampler = healthy({sampler: 'ACTIVE'});
const schema = JSON.parse(readFileSync(path.join(distFolder, 'schema.json'), 'utf8')) as Schema;
const validator = new Validator(schema, '2020-12', false);

async function serve(context: TestContext, respond: Respond = withSampler): Promise<ScriptedServer> {
	const server = await startScriptedServer(respond);
	context.after(async () => server.close());
	return server;
}

async function run({url}: ScriptedServer, ...args: readonly string[]): ReturnType<typeof runProgram> {
	return runProgram(['k4q95w5', '--api-url', url, ...args], {env: {BASETEN_API_KEY: 'sk-x'}});
}

async function snapshotOf(server: ScriptedServer, ...args: readonly string[]): Promise<Snapshot> {
	const {stdout, stderr, exitCode} = await run(server, '-o', 'json', ...args);
	assert.equal(stderr, '');
	assert.equal(exitCode, 0);
	const snapshot = JSON.parse(stdout) as Snapshot;
	assert.deepEqual(validator.validate(snapshot).errors, []);
	return snapshot;
}

/** The newest values of metrics that only a sampler has, by name. */
const own = {
	replicas: 2,
	replicas_desired: 4,
	replicas_starting: 1,
	restarts: 0.05,
	first_byte_p50: 211,
	first_byte_p95: 876,
	async_queue: 17,
	async_queue_time_p95: 4320,
	tokens_in: 2340,
	tokens_out: 780,
	kv_cache_hits: 0.815,
	engine_requests: 35,
} as const;

test('with two requests, -o json gets every value of the sampler, and its output matches the schema', async context => {
	const server = await serve(context);
	const {sampler} = await snapshotOf(server);
	assert.ok(sampler !== null);
	assert.deepEqual([sampler.status, sampler.failure], ['ACTIVE', null]);
	const {metrics, replicas, restarts} = sampler;
	assert.equal(metrics.requests.value?.toFixed(1), '20.6');
	assert.deepEqual([metrics.requests_in_progress.value, metrics.latency_p99.value], [33, 5670]);
	for (const [name, value] of Object.entries(own)) {
		assert.ok(Math.abs((metrics[name as keyof typeof own].value ?? Number.NaN) - value) < 1e-6, name);
	}

	assert.equal(Math.round(restarts ?? Number.NaN), 6);
	assert.deepEqual(
		replicas.map(({id, gpus}) => [id, gpus.map(({metrics: {utilization}}) => utilization.value)]),
		[
			['7c9f2a', [0.61, 0.62]],
			['b41e08', [0.71, 0.72]],
		],
	);
	assert.equal(server.requests.filter(isSamplerMetrics).length, 1);
	assert.equal(server.requests.filter(isSamplerExtras).length, 1);
});

test('if there is no sampler, the outputs mention none, and no sampler metrics are requested', async context => {
	const server = await serve(context, healthy());
	assert.equal((await snapshotOf(server)).sampler, null);
	for (const format of ['text', 'csv', 'openmetrics', 'html']) {
		const {stdout, exitCode} = await run(server, '-o', format);
		assert.equal(exitCode, 0);
		assert.doesNotMatch(stdout, /sampler/i);
	}

	assert.ok(server.requests.every(({path: asked}) => !asked.startsWith('/v1/models/')));
});

test("text, CSV, OpenMetrics, HTML, and a recording contain the sampler's values", async context => {
	const server = await serve(context);
	const file = temporaryFile('sampler.jsonl');
	await snapshotOf(server, '--record', file);
	for (const source of [
		['k4q95w5', '--api-url', server.url],
		['--replay', file],
	]) {
		const output = async (format: string): Promise<string> => {
			const {stdout, exitCode} = await runProgram([...source, '-o', format], {env: {BASETEN_API_KEY: 'sk-x'}});
			assert.equal(exitCode, 0);
			return stdout;
		};
		assert.match(
			await output('text'),
			/\nsampler +ACTIVE, replicas: 2 active, 4 desired, 1 starting, 6 restarts in 1h\n/,
		);
		assert.match(await output('text'), /\n {2}tokens out +780\/s .*\n {2}KV hits +81\.5%/);
		assert.match(await output('csv'), /,sampler,,,first_byte_p95,ms,876\.0\r\n/);
		assert.match(await output('openmetrics'), /\nloops_sampler_kv_cache_hit_ratio\{deployment="k4q95w5"\} 0\.815\d* /);
		assert.match(await output('html'), /<h2>Sampler: tokens per second<\/h2>/);
	}
});

test('if the server rejects one metric, -o json requests the others and contains their values', async context => {
	const server = await serve(context, request =>
		isSamplerExtras(request) && samplerQueryOf(request).metrics.includes('baseten_llm_num_requests')
			? {status: 400, json: {message: 'invalid metric'}}
			: withSampler(request),
	);
	const {sampler} = await snapshotOf(server);
	assert.equal(sampler?.metrics.engine_requests.value, null);
	for (const [name, value] of Object.entries({...own, engine_requests: null})) {
		assert.equal(sampler?.metrics[name as keyof typeof own].value?.toFixed(3), value?.toFixed(3), name);
	}
});

const faults: ReadonlyArray<readonly [name: string, reply: Reply, failure: RegExp | undefined]> = [
	['a 403', {status: 403, json: {message: 'no'}}, /403/],
	['a 404', {status: 404, json: {}}, /404/],
	['a 500', {status: 500, text: 'oops'}, /500/],
	['a closed connection', reset, /closed/],
	['an unexpected response', {json: []}, /unexpected/],
	['a response without series', {json: {step_seconds: 30, metric_descriptors: [], metric_values: []}}, undefined],
];

for (const [name, reply, failure] of faults) {
	test(`if requests for the sampler's metrics lead to ${name}, only those metrics are unknown`, async context => {
		const server = await serve(context, request =>
			isSamplerMetrics(request) || isSamplerExtras(request) ? reply : withSampler(request),
		);
		const {sampler, metrics} = await snapshotOf(server);
		assert.equal(metrics.requests.value, 12.3);
		assert.equal(sampler?.status, 'ACTIVE');
		assert.equal(sampler?.metrics.requests.value, null);
		assert.equal(sampler?.metrics.tokens_out.value, null);
		if (failure === undefined) {
			assert.equal(sampler?.failure, null);
		} else {
			assert.match(sampler?.failure ?? '', failure);
		}
	});
}

test('values that are null or text are unknown in JSON, never zero', async context => {
	const odd: Respond = request => {
		if (!isSamplerMetrics(request) && !isSamplerExtras(request)) {
			return withSampler(request);
		}

		const body = servedSampler(request) as {metric_values: {values: unknown[][]}[]};
		const values = body.metric_values.map(step => ({
			...step,
			values: step.values.map((series, place) => (place % 2 === 0 ? series.map(() => null) : series.map(() => '7'))),
		}));
		return {json: {...body, metric_values: values}};
	};
	const server = await serve(context, odd);
	const {sampler} = await snapshotOf(server);
	const all = Object.values(sampler?.metrics ?? {});
	assert.ok(all.length >= 20, `There are only ${all.length} metrics.`);
	assert.deepEqual(
		all.flatMap(({value}) => (value === null ? [] : [value])),
		[],
	);
});

test('outputs report unreadable points of the sampler, and --plain reports unreadable checkpoints', async context => {
	const others = healthy({
		sampler: 'ACTIVE',
		run: 'ACTIVE',
		checkpoints: [{checkpoint_id: 'step-9', created_at: new Date().toISOString()}, {checkpoint_id: null}],
	});
	const server = await serve(context, request => {
		if (!isSamplerMetrics(request)) {
			return others(request);
		}

		const body = servedSampler(request) as {readonly metric_values: ReadonlyArray<{values: unknown}>};
		const unreadable = (values: unknown): unknown => (Array.isArray(values) ? values.map(unreadable) : 'NaN');
		return {json: {...body, metric_values: body.metric_values.map(at => ({...at, values: unreadable(at.values)}))}};
	});
	const {sampler} = await snapshotOf(server);
	assert.equal(sampler?.metrics.requests.value, null);
	assert.match(
		JSON.stringify(sampler.problems),
		/the sampler's points","problem":"don't include \d+ that can't be read or are in the future/,
	);
	assert.match(
		(await run(server, '-o', 'text')).stdout,
		/problem +the sampler's points don't include \d+ that can't be read/,
	);
	for (const format of ['csv', 'openmetrics', 'html']) {
		const {stdout, stderr, exitCode} = await run(server, '-o', format);
		assert.equal(exitCode, 0);
		assert.match(
			stderr,
			/^loops-top: The export is incomplete: the sampler's points don't include \d+ that can't be read .*\n$/,
		);
		assert.doesNotMatch(stdout, /NaN|undefined/);
		assert.match(stdout, /loops-trainer-0/);
	}

	const env = {BASETEN_API_KEY: 'sk-x'};
	const args = ['k4q95w5', '--api-url', server.url, '--plain', '-i', '2s'];
	const terminal = openTerminal({columns: 150, rows: 45, args, env});
	context.after(() => terminal.close());
	await terminal.waitFor(rows =>
		[/last known checkpoint is step-9/, /points in the sampler's response are left out/i].every(says =>
			says.test(rows.join(' ')),
		),
	);
});

test("an export without the sampler's metrics says why they are missing", async context => {
	for (const [refusal, why] of [
		[{status: 403, json: {message: 'not yours'}}, '403 no access: not yours'],
		[{status: 404, json: {}}, '404 not found'],
		[{status: 500, text: 'oops'}, '500 server error: oops'],
	] as const) {
		const server = await serve(context, request => (isSamplerMetrics(request) ? refusal : withSampler(request)));
		const {stdout, stderr, exitCode} = await run(server, '-o', 'csv');
		assert.equal(exitCode, 0);
		assert.ok(
			stderr.includes(`loops-top: The export is incomplete: the sampler's metrics are unknown: ${why}.\n`),
			stderr,
		);
		assert.match(stdout, /,trainer,/);
		assert.doesNotMatch(stdout, /,sampler,/);
	}
});
