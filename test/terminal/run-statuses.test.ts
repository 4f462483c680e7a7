import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openTerminal, runProgram} from '../helpers/real-terminal.ts';
import {type Respond, startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy, isCheckpoints, isMetrics, isPrices, isRun} from '../helpers/served.ts';
import {temporaryFile} from '../helpers/temporary-folder.ts';
import {key, startRig} from './rig.ts';

const env = {BASETEN_API_KEY: key};

for (const [status, mark, words] of [
	['STOPPED', '○', /is stopped: its run has ended, but a new run can reuse it/],
	['FAILED', '×', /has failed: the logs or the debug archive might say why/],
	['PREEMPTED', '×', /has been preempted: its run has ended; start a new one from its last checkpoint/],
] as const) {
	test(`if a deployment is ${status}, the screen shows what the status means and what to do`, async context => {
		const respond = healthy({status, run: 'INACTIVE'});
		const {terminal} = await startRig(context, {
			columns: 160,
			rows: 45,
			respond: request => (isMetrics(request) ? {status: 404, json: {}} : respond(request)),
		});
		await terminal.waitFor(rows => rows[0]?.includes(`${mark} ${status}`) === true && words.test(rows.join('\n')));
	});
}

for (const [status, mark] of [
	['ACTIVE', '●'],
	['BUILDING', '○'],
	['BUILD_STOPPED', '○'],
	['DEACTIVATING', '○'],
	['UPDATING', '○'],
	['SCALED_TO_ZERO', '○'],
	['DEPLOY_FAILED', '×'],
	['BUILD_FAILED', '×'],
	['UNHEALTHY', '×'],
	['SOMETHING_NEW', '○'],
] as const) {
	test(`a sampler with the status ${status} has the mark ${mark}`, async context => {
		const {terminal} = await startRig(context, {columns: 160, rows: 45, respond: healthy({sampler: status})});
		await terminal.waitFor(`sampler ${mark} ${status}`);
	});
}

const withAll = healthy({
	run: 'ACTIVE',
	price: 0.866_64,
	sampler: 'ACTIVE',
	checkpoints: [
		{checkpoint_id: 'step-9', created_at: new Date(Date.now() - 42 * 60_000).toISOString(), size_bytes: 33_638_400},
	],
});

test("--plain announces the cost, the run, its last checkpoint, and the sampler's values", async context => {
	const server = await startScriptedServer(withAll);
	const terminal = openTerminal({columns: 100, rows: 45, args: ['k4q95w5', '--api-url', server.url, '--plain'], env});
	context.after(async () => {
		terminal.close();
		await server.close();
	});
	await terminal.waitFor(rows =>
		[
			/the cost is 208 dollars per hour at the list price/i,
			/the run my-run is ACTIVE/i,
			/the last checkpoint is step-9, 33\.6 megabytes/i,
			/the sampler is active/i,
			/20\.6 per second/,
		].every(said => said.test(rows.join(' '))),
	);
});

/** Records the responses that `-o json` receives, and returns the path of the recording. */
async function record(respond: Respond): Promise<string> {
	const server = await startScriptedServer(respond);
	const file = temporaryFile('run.jsonl');
	const args = ['k4q95w5', '--api-url', server.url, '-o', 'json', '--record', file];
	assert.equal((await runProgram(args, {env})).exitCode, 0);
	await server.close();
	return file;
}

test('a recording contains the prices, the run, and its checkpoints, and a replay shows them', async context => {
	const file = await record(withAll);
	const {cost, run, checkpoints} = JSON.parse((await runProgram(['--replay', file, '-o', 'json'])).stdout);
	assert.deepEqual([Math.round(cost.per_hour), run.name, checkpoints.last.name], [208, 'my-run', 'step-9']);
	const terminal = openTerminal({columns: 160, rows: 45, args: ['--replay', file]});
	context.after(() => terminal.close());
	await terminal.waitFor(/last checkpoint 4\dm ago/);
	terminal.press('K');
	await terminal.waitFor(/my-run \(r1\) · status ACTIVE[\s\S]*\$208\/h list[\s\S]*▸ step-9 /);
});

test('a replay says why the price, the run, and its checkpoints are unknown', async context => {
	const file = await record(request =>
		isRun(request) || isCheckpoints(request) || isPrices(request)
			? {status: 403, json: {message: 'not yours'}}
			: withAll(request),
	);
	const terminal = openTerminal({columns: 100, rows: 30, args: ['--replay', file]});
	context.after(() => terminal.close());
	await terminal.waitFor(/12\.3\/s/);
	terminal.press('K');
	await terminal.waitFor(
		/no list price: 403 [\s\S]*no description of the run: 403 [\s\S]*no checkpoints: 403 no access: not yours/,
	);
});
