import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {type Schema, Validator} from '@cfworker/json-schema';
import type {Snapshot} from '../../source/output/snapshot-types.ts';
import {distFolder, openTerminal, runProgram} from '../helpers/real-terminal.ts';
import {type Reply, type Respond, startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy, isCheckpoints, isMetrics, isPrices, isRun} from '../helpers/served.ts';
import {key, sizes, startRig} from './rig.ts';

const minute = 60_000;

function checkpoint(step: number, agoMs: number): object {
	return {
		// A checkpoint as the API describes it, with two IDs.
		checkpoint_id: `step-${step}`,
		id: `c${step}`,
		run_id: 'r1',
		checkpoint_type: 'weights',
		base_model: null,
		lora_adapter_config: null,
		created_at: new Date(Date.now() - agoMs).toISOString(),
		size_bytes: 33_638_400,
		sync_status: step === 100 ? 'SYNCING' : 'COMPLETE',
		target: 'trainer',
	};
}

const few = [checkpoint(100, 42 * minute + 5000), checkpoint(80, 300 * minute)];
const withRun = healthy({run: 'ACTIVE', checkpoints: few});
const priced = healthy({run: 'ACTIVE', checkpoints: few, price: 0.866_64});
const schema = JSON.parse(readFileSync(path.join(distFolder, 'schema.json'), 'utf8')) as Schema;
const validator = new Validator(schema, '2020-12', false);

/** Returns the snapshot that `-o json` prints, which must match the published schema. */
async function snapshotOf(context: TestContext, respond: Respond, ...args: readonly string[]): Promise<Snapshot> {
	const server = await startScriptedServer(respond);
	context.after(async () => server.close());
	const {stdout, exitCode} = await runProgram(['k4q95w5', '--api-url', server.url, '-o', 'json', ...args], {
		env: {BASETEN_API_KEY: key},
	});
	assert.equal(exitCode, 0);
	const snapshot = JSON.parse(stdout) as Snapshot;
	assert.deepEqual(validator.validate(snapshot).errors, []);
	return snapshot;
}

for (const [columns, rows] of sizes) {
	test(`at ${columns}×${rows}, one key shows the run and its checkpoints`, async context => {
		const {terminal} = await startRig(context, {columns, rows, respond: withRun});
		const last = columns >= 80 ? /last checkpoint 4[2-9]m ago · 33\.6 MB · step-100/ : /✓ last checkpoint 4[2-9]m ago/;
		await terminal.waitFor(rows > 10 ? last : /12\.3\/s/);
		terminal.press('K');
		await terminal.waitFor(/K Run[\s\S]*my-run \(r1\)/);
		if (rows > 10) {
			await terminal.waitFor(
				/status ACTIVE[\s\S]*session s1[\s\S]*spot: [\s\S]*▸ step-100 .* 33\.6 MB[\s\S]* step-80 /,
			);
			terminal.press('j');
			await terminal.waitFor(/▸ step-80/);
		} else {
			// On a small screen, there is no space for sizes.
			await terminal.waitFor(/checkpoint +made[\s\S]*▸ step-100 +\d\d:\d\d:\d\d +│/);
		}

		terminal.press('K');
		await terminal.waitFor(/12\.3\/s/);
	});
}

test('charts mark checkpoints, and at an earlier time, the last checkpoint up to that time is shown', async context => {
	const {terminal} = await startRig(context, {columns: 160, rows: 45, respond: withRun});
	await terminal.waitFor(/│ .*↑.*│/);
	terminal.press('-');
	await terminal.waitFor(/ 3h to /);
	terminal.press('\u001b[1;2D');
	await terminal.waitFor(/last checkpoint [12]h earlier · 33\.6 MB · step-80/);
});

test('the INACTIVE run of a RUNNING deployment is shown as ended', async context => {
	const {terminal} = await startRig(context, {columns: 160, rows: 45, respond: healthy({run: 'INACTIVE'})});
	await terminal.waitFor(/! status {2}the run has ended, but its deployment is still running/);
});

const many = Array.from({length: 10_000}, (_, index) => checkpoint(10_000 - index, index * minute));
const withMany = healthy({run: 'ACTIVE', checkpoints: many});

test('with ten thousand checkpoints, a keypress takes effect within a second', async context => {
	const {terminal} = await startRig(context, {columns: 160, rows: 45, args: ['-w', '7d'], respond: withMany});
	await terminal.waitFor(/last checkpoint \d+[sm] ago/);
	terminal.press('n');
	await terminal.waitFor(/checkpoint step-10000 /);
	terminal.press('n');
	terminal.press('K');
	await terminal.waitFor(/10000 checkpoints[\s\S]*▸ step-10000/);
	terminal.press('G');
	await terminal.waitFor(/▸ step-1 /);
	let fastestMs = Number.POSITIVE_INFINITY;
	// On a busy machine, any single keypress can be slow.
	for (let times = 0; times < 20 && fastestMs >= 1000; times++) {
		const beganMs = performance.now();
		terminal.press('g');
		await terminal.waitFor(/▸ step-10000/);
		fastestMs = Math.min(fastestMs, performance.now() - beganMs);
		terminal.press('G');
		await terminal.waitFor(/▸ step-1 /);
	}

	assert.ok(fastestMs < 1000, `The fastest keypress took ${fastestMs} ms.`);
});

test('ten thousand checkpoints are counted in JSON', async context => {
	let {checkpoints} = await snapshotOf(context, withMany);
	// On a busy machine, any single attempt can exceed the timeout of five seconds for side requests.
	for (let times = 0; times < 5 && checkpoints === null; times++) {
		({checkpoints} = await snapshotOf(context, withMany));
	}

	assert.deepEqual([checkpoints?.count, checkpoints?.unreadable, checkpoints?.last?.name], [10_000, 0, 'step-10000']);
});

/** Entries whose name or time is unreadable, and two readable entries whose size is a string. */
const oddCheckpoints: readonly unknown[] = [
	{checkpoint_id: 'x', created_at: '1'},
	{checkpoint_id: 'x', created_at: 1_764_000_000_000},
	{checkpoint_id: null, created_at: new Date().toISOString()},
	null,
	{checkpoint_id: 'step-7', created_at: new Date(Date.now() - 42 * minute).toISOString(), size_bytes: '33638400'},
	{checkpoint_id: 'step-6', created_at: new Date(Date.now() - 90 * minute).toISOString(), size_bytes: 'big'},
];

test('unreadable checkpoints are counted, and no message says that the last checkpoint is old or missing', async context => {
	const respond = healthy({run: 'ACTIVE', checkpoints: oddCheckpoints});
	const args = ['--threshold', 'checkpoint-age=10m'];
	const {terminal} = await startRig(context, {columns: 100, rows: 30, args, respond});
	await terminal.waitFor(/last known checkpoint 4[2-9]m ago · 33\.6 MB · step-7/);
	terminal.press('K');
	await terminal.waitFor(/6 checkpoints, 4 unreadable[\s\S]*▸ step-7 .* 33\.6 MB .* – +–[\s\S]* step-6 .* – /);
	const {checkpoints, findings, problems} = await snapshotOf(context, respond, ...args);
	assert.deepEqual([checkpoints?.count, checkpoints?.unreadable, checkpoints?.last?.bytes], [6, 4, 33_638_400]);
	assert.deepEqual(findings, []);
	assert.deepEqual(problems.filter(({field}) => field === 'checkpoints').length, 1);
	const onlyOdd = healthy({run: 'ACTIVE', checkpoints: oddCheckpoints.slice(0, 4)});
	const {terminal: other} = await startRig(context, {columns: 100, rows: 30, respond: onlyOdd});
	await other.waitFor(/12\.3\/s/);
	other.press('K');
	await other.waitFor(/4 checkpoints without a readable name and time/);
});

test('if access to a run and its checkpoints is lost, they stay visible, with the time of the data', async context => {
	let status = 200;
	const respond: Respond = request =>
		status !== 200 && (isRun(request) || isCheckpoints(request) || isPrices(request))
			? {status, json: {message: 'not yours'}}
			: priced(request);
	const {terminal, server} = await startRig(context, {columns: 100, rows: 30, respond});
	await terminal.waitFor(/last checkpoint 4[2-9]m ago/);
	terminal.press('K');
	await terminal.waitFor(/my-run \(r1\)/);
	status = 403;
	const from = server.requests.length;
	terminal.press('r');
	await server.waitForRequest(isCheckpoints, from);
	await terminal.waitFor(
		/my-run \(r1\)[\s\S]*run as of \d\d:\d\d:\d\d: 403 .*not yours[\s\S]*checkpoints as of \d\d:\d\d:\d\d: 403 .*not yours[\s\S]*▸ step-100/,
	);
});

const refusals: ReadonlyArray<readonly [what: string, reply: Reply]> = [
	['absent', {status: 404, json: {}}],
	['refused', {status: 403, json: {message: 'no'}}],
	['malformed', {json: {}}],
];

for (const [what, reply] of refusals) {
	test(`if data about the run is ${what}, it is requested only once, and nothing else is affected`, async context => {
		const respond: Respond = request => (isRun(request) || isCheckpoints(request) ? reply : withRun(request));
		const {terminal, server} = await startRig(context, {columns: 160, rows: 45, args: ['-i', '2s'], respond});
		await server.waitForRequest(isCheckpoints);
		await server.waitForRequest(isMetrics, server.requests.length + 1);
		terminal.press('K');
		await terminal.waitFor(/K Run[\s\S]*no description of the run: [\s\S]*no checkpoints: /);
		terminal.press('K');
		await terminal.waitFor(/12\.3\/s/);
		assert.equal(server.requests.filter(isRun).length, 1);
		assert.equal(server.requests.filter(isCheckpoints).length, 1);
		const {run, checkpoints, cost, problems} = await snapshotOf(context, respond);
		assert.deepEqual([run, checkpoints, cost], [null, null, null]);
		assert.deepEqual(
			problems.map(({field}) => field),
			['cost', 'run', 'checkpoints', 'logs'],
		);
	});
}

test('the JSON and text outputs contain the run and its checkpoints', async context => {
	const server = await startScriptedServer(withRun);
	context.after(async () => server.close());
	const print = async (format: string): Promise<string> =>
		(await runProgram(['k4q95w5', '--api-url', server.url, '-o', format], {env: {BASETEN_API_KEY: key}})).stdout;
	const {run, checkpoints} = await snapshotOf(context, withRun);
	assert.deepEqual([run?.id, run?.name, run?.status, run?.availability], ['r1', 'my-run', 'ACTIVE', 'spot']);
	assert.deepEqual(
		[checkpoints?.count, checkpoints?.last?.name, checkpoints?.last?.bytes],
		[2, 'step-100', 33_638_400],
	);
	assert.match(
		await print('text'),
		/run +my-run \(r1\), status ACTIVE.*\ncheckpoint +last checkpoint 4[2-9]m ago · 33\.6 MB · step-100/,
	);
});

test('the demo has a run with checkpoints', async context => {
	const terminal = openTerminal({columns: 100, rows: 30, args: ['--demo', 'steady']});
	context.after(() => terminal.close());
	await terminal.waitFor(/last checkpoint \d+[sm] ago/);
	terminal.press('K');
	await terminal.waitFor(/math-rl[\s\S]*step-\d+ /);
});

test('an old checkpoint is a finding if a threshold is given: on the screen, in JSON, and for --fail-on', async context => {
	const {terminal, server} = await startRig(context, {
		columns: 100,
		rows: 30,
		args: ['--threshold', 'checkpoint-age=30m'],
		respond: withRun,
	});
	await terminal.waitFor(/! checkpoint-age {2}the last checkpoint is 4[2-9]m old, since \d/);
	const args = ['k4q95w5', '--api-url', server.url, '-o', 'json', '--threshold', 'checkpoint-age=30m'];
	const env = {BASETEN_API_KEY: key};
	const {stdout, stderr, exitCode} = await runProgram([...args, '--fail-on', 'checkpoint-age'], {env});
	assert.equal(exitCode, 10);
	assert.match(stderr, /checkpoint-age/);
	const [finding] = JSON.parse(stdout).findings;
	assert.deepEqual([finding.rule, finding.state, finding.reference], ['checkpoint-age', 'active', 1800]);
	assert.ok(finding.value >= 42 * 60 && finding.value < 60 * 60);
	const {stdout: late} = await runProgram([...args.slice(0, -1), 'checkpoint-age=2h'], {env});
	assert.deepEqual(JSON.parse(late).findings, []);
});

test('K says in full why the price and the checkpoints are unknown, even at 30×10', async context => {
	const respond: Respond = request =>
		isRun(request) || isCheckpoints(request) || isPrices(request) ? {status: 404, json: {}} : withRun(request);
	const {terminal, server} = await startRig(context, {columns: 30, rows: 10, respond});
	await server.waitForRequest(isCheckpoints);
	terminal.press('K');
	await terminal.waitFor(/no list price: 404 not[\s\S]*no checkpoints: 404 not +│\s+│ found/);
});
