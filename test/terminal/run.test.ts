import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openTerminal, runProgram} from '../helpers/real-terminal.ts';
import {type Reply, type Respond, startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy, isCheckpoints, isMetrics, isRun} from '../helpers/served.ts';
import {key, startRig} from './rig.ts';

const minute = 60_000;

function checkpoint(step: number, agoMs: number): object {
	return {
		checkpoint_id: `step-${step}`,
		created_at: new Date(Date.now() - agoMs).toISOString(),
		size_bytes: 33_638_400,
		sync_status: step === 100 ? 'SYNCING' : 'COMPLETE',
		target: 'trainer',
	};
}

const few = [checkpoint(100, 42 * minute + 5000), checkpoint(80, 300 * minute)];
const withRun = healthy({run: 'ACTIVE', checkpoints: few});

const sizes = [
	[160, 45],
	[100, 30],
	[80, 24],
	[40, 45],
	[30, 10],
] as const;

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
		}

		terminal.press('K');
		await terminal.waitFor(/12\.3\/s/);
	});
}

test('charts mark the times of checkpoints, and the past shows those that existed by then', async context => {
	const {terminal} = await startRig(context, {columns: 160, rows: 45, respond: withRun});
	await terminal.waitFor(/│ .*↑.*│/);
	terminal.press('-');
	await terminal.waitFor(/ 3h to /);
	terminal.press('\u001b[1;2D');
	await terminal.waitFor(/last checkpoint 1h ago · 33\.6 MB · step-80|last checkpoint [12]h ago · 33\.6 MB · step-80/);
});

test('a RUNNING deployment whose run is INACTIVE is shown as ended', async context => {
	const {terminal} = await startRig(context, {columns: 160, rows: 45, respond: healthy({run: 'INACTIVE'})});
	await terminal.waitFor(/! status {2}the run has ended, and its deployment is still running/);
});

test('ten thousand checkpoints delay no key', async context => {
	const many = Array.from({length: 10_000}, (_, index) => checkpoint(10_000 - index, index * minute));
	const {terminal} = await startRig(context, {
		columns: 160,
		rows: 45,
		respond: healthy({run: 'ACTIVE', checkpoints: many}),
	});
	await terminal.waitFor(/last checkpoint \ds ago/);
	terminal.press('K');
	await terminal.waitFor(/10000 checkpoints[\s\S]*▸ step-10000/);
	terminal.press('G');
	await terminal.waitFor(/▸ step-1 /);
	const beganMs = Date.now();
	terminal.press('g');
	await terminal.waitFor(/▸ step-10000/);
	assert.ok(Date.now() - beganMs < 1000);
});

const refusals: ReadonlyArray<readonly [what: string, reply: Reply]> = [
	['absent', {status: 404, json: {}}],
	['refused', {status: 403, json: {message: 'no'}}],
	['of another shape', {json: {}}],
];

for (const [what, reply] of refusals) {
	test(`routes of the run that are ${what} are requested once, and nothing else is affected`, async context => {
		const respond: Respond = request => (isRun(request) || isCheckpoints(request) ? reply : withRun(request));
		const {terminal, server} = await startRig(context, {columns: 160, rows: 45, args: ['-i', '2s'], respond});
		await server.waitForRequest(isCheckpoints);
		await server.waitForRequest(isMetrics, server.requests.length + 1);
		terminal.press('K');
		await terminal.waitFor(/K Run[\s\S]*no checkpoints: /);
		terminal.press('K');
		await terminal.waitFor(/12\.3\/s/);
		assert.equal(server.requests.filter(isRun).length, 1);
		assert.equal(server.requests.filter(isCheckpoints).length, 1);
	});
}

test('the run and its checkpoints are in JSON and in the text', async context => {
	const server = await startScriptedServer(withRun);
	context.after(async () => server.close());
	const print = async (format: string): Promise<string> =>
		(await runProgram(['k4q95w5', '--api-url', server.url, '-o', format], {env: {BASETEN_API_KEY: key}})).stdout;
	const {run, checkpoints} = JSON.parse(await print('json'));
	assert.deepEqual([run.id, run.name, run.status, run.availability], ['r1', 'my-run', 'ACTIVE', 'spot']);
	assert.deepEqual([checkpoints.count, checkpoints.last.name, checkpoints.last.bytes], [2, 'step-100', 33_638_400]);
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
	await terminal.waitFor(/! checkpoint-age {2}the last checkpoint is 4[2-9] min old, since \d/);
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
