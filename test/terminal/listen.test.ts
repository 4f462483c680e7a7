import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import path from 'node:path';
import {test} from 'node:test';
import {eventually} from '../helpers/eventually.ts';
import {freePort} from '../helpers/free-port.ts';
import {needs} from '../helpers/needs.ts';
import {findVersions} from '../helpers/node-versions.ts';
import {scrape, startPrometheus, startServing} from '../helpers/prometheus.ts';
import {openTerminal, runProgram} from '../helpers/real-terminal.ts';
import {type Reply, startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy, isMetrics} from '../helpers/served.ts';
import {createFleet, memberId, memberRate} from '../helpers/served-fleet.ts';
import {temporaryFolder} from '../helpers/temporary-folder.ts';
import {key, startRig} from './rig.ts';

test('without a terminal, the values are served until SIGTERM, and only their URL is printed', async context => {
	const server = await startScriptedServer(healthy({nodes: 2, gpus: 2}));
	context.after(async () => server.close());
	const serving = await startServing(context, ['k4q95w5', '--api-url', server.url, '-w', '24h']);
	const text = await scrape(serving.url, /^loops_deployment_info\{[\s\S]*^loops_requests_per_second\{/m);
	for (const line of [
		'loops_top_up{deployment="k4q95w5"} 1',
		'loops_deployment_info{deployment="k4q95w5",model="Qwen/Qwen3-30B-A3B-Instruct-2507",status="RUNNING",gpu_type="H100"} 1',
		'loops_requests_per_second{deployment="k4q95w5"} 12.3',
		'loops_latency_seconds{deployment="k4q95w5",percentile="99"} 1.89',
		'loops_gpu_utilization_ratio{deployment="k4q95w5",node="loops-trainer-1",gpu="1"} 0.61',
		`loops_gpu_memory_limit_bytes{deployment="k4q95w5",node="loops-trainer-1",gpu="1"} ${80 * 1024 ** 3}`,
	]) {
		assert.ok(text.includes(`\n${line}\n`), `${line} isn't in\n${text}`);
	}

	assert.ok(!text.includes(key));
	assert.equal(await serving.stop('SIGTERM'), 0);
	assert.equal(serving.stdout(), '');
	assert.equal(serving.stderr(), `loops-top: serving ${serving.url}\n`);
});

test('with --all, a dumb terminal shows only the URL, and the values are served', async context => {
	const terminal = openTerminal({
		columns: 160,
		rows: 45,
		args: ['--demo', '--all', '--listen', '0'],
		env: {TERM: 'dumb'},
	});
	context.after(() => terminal.close());
	await terminal.waitFor(/serving http:\S+metrics/);
	const [url = ''] = /http:\S+/.exec(terminal.written()) ?? [];
	await scrape(url, /^loops_top_up\{deployment=/m);
	assert.match(terminal.written(), /^loops-top: serving http:\S+\s+$/);
	terminal.press('\u0003');
	assert.equal((await terminal.exit).exitCode, 130);
});

test('during a failure, loops_top_up is 0, and no values of the deployment are served', async context => {
	const away: Reply = {status: 503, json: {error: 'away', retry_after: 2}};
	const respond = healthy({nodes: 1, gpus: 1});
	const server = await startScriptedServer(request => (isMetrics(request) ? away : respond(request)));
	context.after(async () => server.close());
	const serving = await startServing(context, ['k4q95w5', '--api-url', server.url]);
	const text = await scrape(serving.url, /^loops_top_up\{[^}]*\} 0$/m);
	assert.doesNotMatch(text, /^loops_(?!top_)/m);
	server.respond = respond;
	await scrape(serving.url, /^loops_top_up\{[^}]*\} 1$[\s\S]*^loops_requests_in_progress\{[^}]*\} 7$/m);
	assert.equal(await serving.stop('SIGINT'), 130);
});

test('JSON lines and the values for Prometheus come from the same polls', async context => {
	const server = await startScriptedServer(healthy({nodes: 1, gpus: 1}));
	context.after(async () => server.close());
	const serving = await startServing(context, ['k4q95w5', '--api-url', server.url, '-o', 'jsonl', '-i', '1m']);
	await scrape(serving.url, /^loops_deployment_info\{/m);
	await serving.stop('SIGTERM');
	assert.match(serving.stdout(), /^\{"schema":"loops-top\/1","type":"snapshot",[^\n]+\}\n$/);
	assert.equal(server.requests.filter(isMetrics).length, 1);
});

test('the values of the watched deployment are served while the screen is open', async context => {
	const port = await freePort();
	const {terminal} = await startRig(context, {args: ['--listen', String(port)]});
	await terminal.waitFor('12.3/s');
	await scrape(`http://127.0.0.1:${port}/metrics`, /^loops_requests_per_second\{deployment="k4q95w5"\} 12\.3$/m);
	terminal.press('q');
	assert.equal((await terminal.exit).exitCode, 0);
	assert.doesNotMatch(terminal.written(), /serving/);
});

test('the message about a port that is in use is the same with and without a terminal', async context => {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	context.after(() => server.close());
	const address = server.address();
	const port = typeof address === 'object' && address !== null ? address.port : assert.fail();
	const sentence = `loops-top: 127.0.0.1:${port} is already in use. Choose another port with --listen.`;
	const output = await runProgram(['--demo', '--listen', String(port)]);
	assert.deepEqual(output, {stdout: '', stderr: `${sentence}\n`, exitCode: 1});
	const {terminal} = await startRig(context, {columns: 100, args: ['--listen', String(port)]});
	assert.equal((await terminal.exit).exitCode, 1);
	assert.equal(terminal.isAlternate(), false);
	assert.equal(terminal.screen().join('\n').trim(), sentence);
});

for (const [version, node] of findVersions()) {
	test(`the values are served on Node.js ${version}`, async context => {
		const serving = await startServing(context, ['--demo', 'single'], node);
		await scrape(serving.url, /^loops_gpu_utilization_ratio\{deployment="k4q95w5",node="leader",gpu="7"\} [\d.]+$/m);
		assert.equal(await serving.stop('SIGTERM'), 0);
	});
}

test('--listen is rejected in combination with an output that is printed only once', async () => {
	const {stderr, exitCode} = await runProgram(['--demo', '-o', 'json', '--listen', '0']);
	assert.match(stderr, /^loops-top: --listen and -o json can't be combined: [^\n]+\n$/);
	assert.equal(exitCode, 2);
});

/** The part of a Grafana dashboard that contains queries. */
type Dashboard = {readonly panels: ReadonlyArray<{readonly targets: ReadonlyArray<{readonly expr: string}>}>};

/** Returns the YAML blocks in the documentation: those for scraping and probing, and the rules. */
function documented(): {readonly scrape: string; readonly probe: string; readonly rules: string} {
	const page = readFileSync(path.join(import.meta.dirname, '..', '..', 'docs', 'prometheus.md'), 'utf8');
	const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, block]) => block ?? '');
	const find = (part: string): string => blocks.find(block => block.includes(part)) ?? assert.fail(part);
	return {scrape: find('job_name: loops\n'), probe: find('job_name: loops-probe\n'), rules: find('groups:\n')};
}

/** Returns every query of the dashboard, for all deployments and nodes. */
async function dashboardQueries(): Promise<readonly string[]> {
	const dashboard = JSON.parse((await runProgram(['grafana', 'dashboard'])).stdout) as Dashboard;
	const queries = dashboard.panels.flatMap(({targets}) => targets.map(({expr}) => expr));
	assert.ok(queries.length >= dashboard.panels.length);
	return queries.map(query => query.replaceAll(/\$(?:deployment|node)/g, '.*'));
}

test('Prometheus scrapes the values as documented, and its rules report the findings', {
	skip: needs('prometheus', 'promtool'),
}, async context => {
	const serving = await startServing(context, ['--demo', 'straggler']);
	await scrape(serving.url, /^loops_top_finding\{/m);
	const folder = temporaryFolder();
	const {scrape: config, rules} = documented();
	const target = new URL(serving.url).host;
	const printed = (await runProgram(['prometheus', 'rules'])).stdout;
	writeFileSync(path.join(folder, 'rules.yml'), printed.replaceAll(/^ +for: .*\n/gm, ''));
	writeFileSync(path.join(folder, 'own.yml'), rules);
	const global = 'global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: [rules.yml, own.yml]\n';
	const {ask, series} = await startPrometheus(context, folder, global + config.replace('127.0.0.1:9464', target));
	await series('up{job="loops"} == 1');
	const nodes = await series('deployment_node:loops_gpu_utilization:avg');
	assert.deepEqual(
		Object.keys(nodes[0]?.metric ?? {}).sort((a, b) => a.localeCompare(b)),
		['__name__', 'deployment', 'node'],
	);
	assert.equal(nodes.length, 4);
	const [alert] = await series('ALERTS{alertname="LoopsStraggler"}');
	assert.equal(alert?.metric['gpu'], '5');
	assert.deepEqual(await ask('ALERTS{alertname="LoopsTopDown"}'), []);
	for (const expression of await dashboardQueries()) {
		assert.ok((await series(expression)).length > 0, expression);
	}

	await serving.stop('SIGKILL');
	assert.equal((await series('ALERTS{alertname="LoopsTopDown"}')).length, 1);
});

test('with --all, the values of new deployments are served, and those of ended or deleted ones no longer are', async context => {
	const fleet = createFleet(3);
	const server = await startScriptedServer(fleet.respond);
	context.after(async () => server.close());
	const serving = await startServing(context, ['--all', '--api-url', server.url]);
	const of = (number: number): RegExp =>
		new RegExp(`^loops_requests_per_second\\{.*"${memberId(number)}".* ${memberRate(number)}$`, 'm');
	for (const number of [0, 1, 2]) {
		await scrape(serving.url, of(number));
	}

	fleet.members = [{number: 1, status: 'STOPPED'}, {number: 2}, {number: 5}];
	const text = await scrape(serving.url, of(5));
	assert.match(text, of(2));
	assert.doesNotMatch(text, /ship0[01]/);
	const probe = async (number: number): Promise<number> =>
		(await fetch(serving.url.replace('/metrics', `/probe?target=${memberId(number)}`))).status;
	assert.deepEqual(await Promise.all([0, 1, 2, 5].map(probe)), [404, 404, 200, 200]);
	assert.equal(await serving.stop('SIGTERM'), 0);
});

test("with --all, a lack of live deployments is reported, and no deployment's values are served", async context => {
	const server = await startScriptedServer(createFleet(0).respond);
	context.after(async () => server.close());
	const serving = await startServing(context, ['--all', '--api-url', server.url]);
	await eventually(
		() => (serving.stderr().includes('\nloops-top: No deployment is live. Waiting for one.\n') ? true : undefined),
		listener => {
			const timer = setInterval(listener, 50);
			return () => clearInterval(timer);
		},
		serving.stderr,
	);
	assert.doesNotMatch(await scrape(serving.url, /^/), /deployment="/);
	assert.equal(await serving.stop('SIGTERM'), 0);
});

test('Prometheus scrapes all deployments at once, or each through a probe that has its own value of `up`', {
	skip: needs('prometheus', 'promtool'),
}, async context => {
	const fleet = createFleet(4);
	fleet.members = fleet.members.map(({number}) => ({number, status: number === 3 ? 'DEPLOYING' : 'RUNNING'}));
	fleet.replies.set(2, () => ({status: 503, json: {message: 'away'}}));
	const server = await startScriptedServer(fleet.respond);
	context.after(async () => server.close());
	const serving = await startServing(context, ['--all', '--api-url', server.url]);
	await scrape(serving.url, /^loops_top_up\{deployment="ship02"\} 0$/m);
	const folder = temporaryFolder();
	const target = new URL(serving.url).host;
	writeFileSync(path.join(folder, 'rules.yml'), (await runProgram(['prometheus', 'rules'])).stdout);
	const {scrape: all, probe} = documented();
	const jobs = all + probe.replace('scrape_configs:\n', '').replace('k4q95w5, w7x2m1p', 'ship00, ship02, nobody');
	const global = 'global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: [rules.yml]\n';
	const config = global + jobs.replaceAll('127.0.0.1:9464', target);
	const {ask, series} = await startPrometheus(context, folder, config);
	await series('up{job="loops"} == 1');
	await series('up{job="loops-probe", instance="ship00"} == 1');
	await series('up{job="loops-probe", instance="ship02"} == 0');
	await series('up{job="loops-probe", instance="nobody"} == 0');
	await series('count(loops_top_up{job="loops"} == 1) == 3');
	assert.deepEqual(
		(await series('loops_top_up{job="loops"} == 0')).map(({metric}) => metric['deployment']),
		['ship02'],
	);
	for (const number of [0, 1, 3]) {
		await series(`loops_requests_per_second{job="loops", deployment="${memberId(number)}"} == ${memberRate(number)}`);
	}

	assert.deepEqual(await ask('loops_requests_per_second{job="loops-probe", deployment!="ship00"}'), []);
	for (const expression of await dashboardQueries()) {
		assert.ok((await series(expression)).length > 0, expression);
	}

	const [alert] = await series('ALERTS{alertname="LoopsNoResponse"}');
	assert.equal(alert?.metric['deployment'], 'ship02');
	// However often Prometheus scrapes, each deployment is polled at most once every 30 s.
	const elapsedMs = Date.now() - (server.requests[0]?.atMs ?? 0);
	assert.ok(server.requests.filter(isMetrics).length <= 4 * (1 + Math.ceil(elapsedMs / 30_000)));
	assert.equal(await serving.stop('SIGTERM'), 0);
});

test('promtool reports no problems with the served values', {skip: needs('promtool')}, async context => {
	for (const scenario of ['straggler', 'idle', 'deploying']) {
		const serving = await startServing(context, ['--demo', scenario]);
		const input = await scrape(serving.url, /^loops_deployment_info\{/m);
		const {status, stdout, stderr} = spawnSync('promtool', ['check', 'metrics'], {input, encoding: 'utf8'});
		assert.deepEqual({status, stdout, stderr}, {status: 0, stdout: '', stderr: ''});
		await serving.stop('SIGTERM');
	}
});
