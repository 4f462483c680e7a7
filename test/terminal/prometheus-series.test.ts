import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import type {Snapshot} from '../../source/output/snapshot-types.ts';
import {needs} from '../helpers/needs.ts';
import {scrape, startPrometheus, startServing} from '../helpers/prometheus.ts';
import {runProgram} from '../helpers/real-terminal.ts';
import {type Respond, type ScriptedServer, startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy, isMetrics} from '../helpers/served.ts';
import {isSamplerMetrics, samplerQueryOf} from '../helpers/served-sampler.ts';
import {temporaryFolder} from '../helpers/temporary-folder.ts';
import {key} from './rig.ts';

const minute = 60_000;
const withAll = healthy({
	run: 'ACTIVE',
	price: '0.5',
	sampler: 'ACTIVE',
	checkpoints: [
		{checkpoint_id: 'step-9', created_at: new Date(Date.now() - 42 * minute).toISOString(), size_bytes: '33638400'},
	],
});
const instance = {
	id: 'i',
	gpu_type: 'H200',
	gpu_count: 2,
	gpu_memory_limit_mib: 143_360,
	memory_limit_mib: 500_000,
	millicpu_limit: 32_000,
};

/** Responds with data for all gauges, including storage that is filling up and the instance type of a sampler. */
const respond: Respond = async request => {
	const reply = await withAll(request);
	if (typeof reply === 'function' || !('json' in reply)) {
		return reply;
	}

	const body = JSON.parse(JSON.stringify(reply.json));
	if (body.deployment !== undefined) {
		body.deployment.sampler = {...body.deployment.sampler, instance_type: instance, node_count: 1};
	}

	if (isMetrics(request)) {
		const [{ephemeral_storage: storage}] = body.metrics.per_node_metrics;
		const last = Date.now();
		storage.utilization = storage.utilization.map((point: {readonly timestamp: string}) => ({
			...point,
			value: 0.85 - ((last - Date.parse(point.timestamp)) / minute) * 0.0025,
		}));
	}

	return {json: body};
};

async function serve(context: TestContext): Promise<ScriptedServer> {
	const server = await startScriptedServer(respond);
	context.after(async () => server.close());
	return server;
}

/** Matches the output once the prices and all data about the trainer, the run, and the sampler have been received. */
const complete =
	/^loops_last_checkpoint_size_bytes\{[\s\S]*^loops_ephemeral_storage_full_seconds\{[\s\S]*^loops_sampler_engine_requests\{/m;

/** Returns the names of the gauges in the table in `docs/prometheus.md`. */
function documentedNames(): readonly string[] {
	const page = readFileSync(path.join(import.meta.dirname, '..', '..', 'docs', 'prometheus.md'), 'utf8');
	const [, table = ''] = page.split('<!-- gauges -->');
	return [...table.matchAll(/^\| `(loops_\w+)/gm)].map(([, name = '']) => name);
}

test('exactly the documented gauges are served, in base units, with the same values as in -o json', async context => {
	const server = await serve(context);
	const serving = await startServing(context, ['k4q95w5', '--api-url', server.url]);
	const text = await scrape(serving.url, complete);
	const names = [...text.matchAll(/^# TYPE (\w+) gauge$/gm)].map(([, name = '']) => name);
	assert.deepEqual(new Set(names), new Set(documentedNames()));
	const {stdout} = await runProgram(['k4q95w5', '--api-url', server.url, '-o', 'json'], {env: {BASETEN_API_KEY: key}});
	const {cost, checkpoints, sampler, activity} = JSON.parse(stdout) as Snapshot;
	const value = (start: string): number =>
		Number(
			text
				.split('\n')
				.find(line => line.startsWith(`${start}{`) || line.startsWith(`${start},`))
				?.split('} ')[1],
		);
	assert.equal(cost?.per_hour, 120);
	assert.equal(value('loops_cost_dollars_per_hour'), cost.per_hour);
	assert.equal(sampler?.cost?.per_hour, 60);
	assert.equal(value('loops_sampler_cost_dollars_per_hour'), sampler.cost.per_hour);
	assert.equal(value('loops_last_checkpoint_size_bytes'), checkpoints?.last?.bytes);
	assert.equal(
		Math.floor(value('loops_last_checkpoint_timestamp_seconds')),
		Date.parse(checkpoints?.last?.created ?? '') / 1000,
	);
	assert.equal(value('loops_trainer_waiting'), activity === 'waiting' ? 1 : 0);
	assert.equal(value('loops_sampler_replicas_desired'), sampler.metrics.replicas_desired.value);
	assert.equal(value('loops_sampler_output_tokens_per_second'), sampler.metrics.tokens_out.value);
	assert.equal(value('loops_sampler_kv_cache_hit_ratio'), sampler.metrics.kv_cache_hits.value);
	assert.match(text, /^loops_sampler_time_to_first_byte_seconds\{[^}]*percentile="95"\} 0\.876$/m);
	assert.match(text, /^loops_top_finding\{[^}]*rule="disk-growth",node="loops-trainer-0",gpu=""\} 1$/m);
	assert.match(text, /^loops_sampler_info\{[^}]*status="ACTIVE",gpu_type="H200"\} 1$/m);
	await serving.stop('SIGTERM');
});

test('promtool and a real Prometheus accept every series', {skip: needs('prometheus', 'promtool')}, async context => {
	const server = await serve(context);
	const serving = await startServing(context, ['k4q95w5', '--api-url', server.url]);
	const input = await scrape(serving.url, complete);
	const {status, stdout, stderr} = spawnSync('promtool', ['check', 'metrics'], {input, encoding: 'utf8'});
	assert.deepEqual({status, stdout, stderr}, {status: 0, stdout: '', stderr: ''});
	const config = `global: {scrape_interval: 1s}\nscrape_configs:\n  - job_name: loops\n    static_configs: [{targets: ['${new URL(serving.url).host}']}]\n`;
	const {ask, series} = await startPrometheus(context, temporaryFolder(), config);
	await series('up{job="loops"} == 1');
	for (const name of documentedNames()) {
		const found = await series(name);
		assert.ok(
			found.every(({metric}) => metric['deployment'] === 'k4q95w5'),
			name,
		);
	}

	assert.equal((await series('loops_cost_dollars_per_hour{source="list"} == 120')).length, 1);
	assert.equal((await series('loops_sampler_gpu_utilization_ratio')).length, 4);
	assert.deepEqual(await ask('up{job="loops"} == 0'), []);
	await serving.stop('SIGTERM');
});

test("even with a longer window, the sampler's values come from the last hour", async context => {
	const server = await serve(context);
	const serving = await startServing(context, ['k4q95w5', '--api-url', server.url, '-w', '7d']);
	await scrape(serving.url, complete);
	const lengths = server.requests.filter(isSamplerMetrics).map(request => {
		const {startMs, endMs} = samplerQueryOf(request);
		return (endMs - startMs) / minute;
	});
	assert.deepEqual([...new Set(lengths)], [60]);
	await serving.stop('SIGTERM');
});
