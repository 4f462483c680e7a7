import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import process from 'node:process';
import {type TestContext, test} from 'node:test';
import {eventually} from '../helpers/eventually.ts';
import {type Environment, program, runner, runProgram} from '../helpers/real-terminal.ts';
import {type Respond, reset, type SeenRequest, startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy, isCheckpoints, isMetrics, isPrices, isRun} from '../helpers/served.ts';
import {idleServer} from '../helpers/served-idle.ts';
import {temporaryFile, temporaryFolder} from '../helpers/temporary-folder.ts';
import {key, startRig} from './rig.ts';

/** Matches whole sentences of printable ASCII, one per line, without cursor movement. */
const sentences = /^(?:[ -~]+\.\r?\n)+$/;

type Spoken = {
	/** All lines so far. */
	readonly lines: () => readonly string[];
	readonly waitFor: (wanted: string | RegExp) => Promise<void>;
	readonly stop: (signal: NodeJS.Signals) => Promise<number | null>;
};

/** Starts the program with --plain and with a pipe as its standard output. */
function startPlain(context: TestContext, args: readonly string[], env: Environment = {}): Spoken {
	const child = spawn(runner, [program, ...args, '--plain'], {
		env: {PATH: process.env['PATH'], HOME: temporaryFolder(), TZ: 'UTC', LANG: 'C.UTF-8', BASETEN_API_KEY: key, ...env},
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	context.after(() => child.kill('SIGKILL'));
	const ended = once(child, 'close') as Promise<[number | null]>;
	let text = '';
	child.stdout.setEncoding('utf8').on('data', chunk => {
		text += chunk;
	});
	return {
		lines: () => text.split('\n').slice(0, -1),
		async waitFor(wanted) {
			await eventually(
				() => (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)) || undefined,
				listener => {
					child.stdout.on('data', listener);
					return () => child.stdout.off('data', listener);
				},
				() => text,
			);
		},
		async stop(signal) {
			child.kill(signal);
			const [exitCode] = await ended;
			return exitCode;
		},
	};
}

test('a pipe receives the state, and then only changes, such as a failure and its end', async context => {
	const server = await startScriptedServer(healthy());
	context.after(async () => server.close());
	const spoken = startPlain(context, ['k4q95w5', '--api-url', server.url, '-i', '2s']);
	await spoken.waitFor('Changes follow. The server is polled every 2 seconds.\n');
	await spoken.waitFor(/: The list price is unknown: 404 not found: There is no such route\.\n/);
	const before = spoken.lines();
	assert.match(before[0] ?? '', /^Loading deployment k4q95w5 from 127\.0\.0\.1:\d+\.$/);
	assert.ok(before.includes('Nodes reporting: 4 of 4.'));
	const polls = server.requests.filter(isMetrics).length;
	await server.waitForRequest(isMetrics, server.requests.length);
	await server.waitForRequest(isMetrics, server.requests.length);
	assert.ok(server.requests.filter(isMetrics).length >= polls + 2);
	assert.deepEqual(spoken.lines(), before);

	const well = server.respond;
	server.respond = request => (isMetrics(request) ? reset : well(request));
	await spoken.waitFor(/: Failure: 127\.0\.0\.1:\d+ closed the connection; retrying in \d+ seconds, at [\d:]+\.\n/);
	server.respond = well;
	await spoken.waitFor(/: The failure ended after \d+ seconds: the server responds again\.\n/);
	assert.match(`${spoken.lines().join('\n')}\n`, sentences);
	assert.equal(spoken.lines().length, before.length + 2);
	assert.equal(await spoken.stop('SIGTERM'), 0);
});

test('SIGINT ends the program with exit code 130', async context => {
	const spoken = startPlain(context, ['--demo', 'straggler']);
	await spoken.waitFor('Straggler: loops-trainer-2 GPU 5 at 31 percent');
	assert.equal(await spoken.stop('SIGINT'), 130);
});

for (const [what, args, env] of [
	['--plain', ['--plain'], {}],
	['LOOPS_TOP_PLAIN=1', [], {LOOPS_TOP_PLAIN: '1'}],
	['TERM=dumb alone', [], {TERM: 'dumb'}],
] as const) {
	test(`with ${what}, a terminal shows lines instead of a screen`, async context => {
		const {terminal} = await startRig(context, {columns: 160, rows: 45, args, env});
		await terminal.waitFor('Changes follow');
		assert.match(terminal.written(), sentences);
		assert.ok(!terminal.written().includes('\u001b'));
		terminal.press('\u0003');
		assert.equal((await terminal.exit).exitCode, 130);
	});
}

test('if the terminal supports only ASCII, even names are printed in ASCII', async context => {
	const respond: Respond = request =>
		request.path.endsWith('/k4q95w5')
			? {json: {deployment: {id: 'k4q95w5', base_model: 'modèle\u001b[31m', status: {name: 'RUNNING'}}}}
			: healthy()(request);
	const {terminal} = await startRig(context, {columns: 100, rows: 30, args: ['--plain'], env: {LANG: 'C'}, respond});
	await terminal.waitFor('Deployment k4q95w5, model mod?le.');
});

test('the bell rings for a new finding, and otherwise, only lines are written', async context => {
	const {server, terminal} = await startRig(context, {columns: 160, rows: 45, args: ['--plain', '--bell', '-i', '2s']});
	await terminal.waitFor('Changes follow');
	assert.ok(!terminal.written().includes('\u0007'));
	server.respond = healthy({diskShare: 0.95});
	await terminal.waitFor('Found: disk: loops-trainer-0 at 95 percent of its storage');
	assert.equal(terminal.written().split('\u0007').length, 2);
	assert.match(terminal.written().replace('\u0007', ''), sentences);
});

test('a failure at startup is reported on one line and by the exit code, as with other outputs', async context => {
	const server = await startScriptedServer(() => ({status: 401, json: {message: `no ${key}`}}));
	context.after(async () => server.close());
	const args = ['k4q95w5', '--api-url', server.url, '--plain'];
	const {exitCode, stdout, stderr} = await runProgram(args, {env: {BASETEN_API_KEY: key}});
	assert.equal(exitCode, 3);
	assert.match(stderr, /^loops-top: 127\.0\.0\.1:\d+ rejected the key from BASETEN_API_KEY [^\n]*\.\n$/);
	assert.ok(!`${stdout}${stderr}`.includes(key));
});

test('with --plain, a recording is announced like a live deployment, and its end is announced, too', async context => {
	const file = temporaryFile('night.jsonl');
	const server = await startScriptedServer(healthy());
	context.after(async () => server.close());
	const spoken = startPlain(context, ['k4q95w5', '--api-url', server.url, '-i', '2s', '--record', file]);
	await spoken.waitFor('Changes follow');
	await server.waitForRequest(isMetrics, server.requests.length);
	assert.equal(await spoken.stop('SIGTERM'), 0);
	const {stdout, stderr, exitCode} = await runProgram(['--replay', file, '--plain', '--speed', '100']);
	assert.deepEqual({stderr, exitCode}, {stderr: '', exitCode: 0});
	assert.match(stdout, sentences);
	assert.match(
		stdout,
		/^Playing the recording of deployment k4q95w5\.\nDeployment k4q95w5.*\.\nThe deployment is running\.\n/,
	);
	assert.match(stdout, /Changes follow\.\n(?:[\d:]+: The list price is unknown: 404 .*\n)?The recording ends\.\n$/);
});

test('an idle deployment is announced with the command that ends its run', async context => {
	const server = await startScriptedServer(idleServer({price: 0.866_64, run: 'ACTIVE'}));
	context.after(async () => server.close());
	const spoken = startPlain(context, ['k4q95w5', '--api-url', server.url, '-i', '2s']);
	await spoken.waitFor(
		/GPUs idle without requests since .*; .*to end the run: baseten loops run deactivate --run-id r1 --yes\.\n/,
	);
	await spoken.stop('SIGTERM');
});

test('for each kind of data, refused access is announced once, in one sentence', async context => {
	const well = healthy({run: 'ACTIVE', sampler: 'ACTIVE', price: 0.5});
	const isPart = (request: SeenRequest): boolean =>
		isRun(request) || isCheckpoints(request) || isPrices(request) || request.path.startsWith('/v1/models/');
	let count = 0;
	const server = await startScriptedServer(request => {
		count++;
		return isPart(request) ? {status: 403, json: {message: `request ${count} is not allowed`}} : well(request);
	});
	context.after(async () => server.close());
	const spoken = startPlain(context, ['k4q95w5', '--api-url', server.url, '-i', '2s']);
	const reasons = [
		'The list price is',
		'The description of the run is',
		'The checkpoints are',
		"The sampler's values are",
	];
	const said = (part: string): readonly string[] =>
		spoken.lines().filter(line => line.toLowerCase().includes(part.toLowerCase()));
	for (const part of reasons) {
		await spoken.waitFor(new RegExp(`${part} unknown: 403 no access: request \\d+ is not allowed`, 'i'));
	}

	await server.waitForRequest(isMetrics, server.requests.length);
	await server.waitForRequest(isMetrics, server.requests.length);
	for (const part of reasons) {
		assert.equal(said(part).length, 1, part);
	}

	assert.match(`${spoken.lines().join('\n')}\n`, sentences);
	assert.equal(await spoken.stop('SIGTERM'), 0);
});

test("an instance type that isn't in the price list is announced, and reported in JSON", async context => {
	const well = healthy();
	const server = await startScriptedServer(request =>
		isPrices(request)
			? {json: {instance_types: [{instance_type: {id: 'other', name: 'other'}, price: 1}]}}
			: well(request),
	);
	context.after(async () => server.close());
	const args = ['k4q95w5', '--api-url', server.url];
	const spoken = startPlain(context, args);
	await spoken.waitFor(/The list price is unknown: the price list has no valid price for this instance type\.\n/);
	const {stdout} = await runProgram([...args, '-o', 'json'], {env: {BASETEN_API_KEY: key}});
	const {cost, problems} = JSON.parse(stdout);
	assert.deepEqual(
		[cost, problems.find(({field}: {readonly field: string}) => field === 'cost')],
		[null, {field: 'cost', problem: 'is unknown: the price list has no valid price for this instance type'}],
	);
	assert.equal(await spoken.stop('SIGTERM'), 0);
});
