import assert from 'node:assert/strict';
import {mkdirSync, writeFileSync} from 'node:fs';
import {test} from 'node:test';
import {type Environment, openTerminal, runProgram} from '../helpers/real-terminal.ts';
import {hang, type Reply, type Respond, reset, startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy, isMetrics, servedDeployment} from '../helpers/served.ts';
import {temporaryFolder} from '../helpers/temporary-folder.ts';
import {key, startRig} from './rig.ts';

const everything =
	(reply: Reply): Respond =>
	() =>
		reply;

const noMetrics =
	(status: string): Respond =>
	request =>
		isMetrics(request)
			? {status: 404, json: {code: 'NOT_FOUND', message: 'no metrics'}}
			: {json: {deployment: servedDeployment({status})}};

const refusals: ReadonlyArray<{
	readonly name: string;
	readonly respond: Respond;
	readonly exitCode: number;
	readonly says: RegExp;
}> = [
	{
		name: '401',
		respond: everything({status: 401, json: {code: 'UNAUTHORIZED', message: 'Please check the API key.'}}),
		exitCode: 3,
		says: /rejected the key from BASETEN_API_KEY .*Set BASETEN_API_KEY to a valid key/,
	},
	{
		name: '403',
		respond: everything({status: 403, json: {detail: 'not yours'}}),
		exitCode: 3,
		says: /The key from BASETEN_API_KEY can't access deployment k4q95w5 .*Ask for access/,
	},
	{
		name: '404',
		respond: request =>
			request.path.endsWith('/deployments')
				? {json: {deployments: [{...servedDeployment(), id: 'another1'}]}}
				: {status: 404, json: {code: 'NOT_FOUND', message: 'not found'}},
		exitCode: 4,
		says: /There is no deployment or run k4q95w5 at 127\.0\.0\.1:\d+\. This key has access to another1 \(Qwen.*, RUNNING\)\./,
	},
];

for (const {name, respond, exitCode, says} of refusals) {
	test(`a ${name} response at startup ends the program with a message and exit code ${exitCode}`, async context => {
		const {terminal} = await startRig(context, {respond, columns: 200});
		assert.equal((await terminal.exit).exitCode, exitCode);
		assert.equal(terminal.isAlternate(), false);
		const said = terminal.screen().join('').trim();
		assert.match(said, says);
		assert.match(terminal.screen()[0] ?? '', /^loops-top: /);
		assert.ok(!terminal.written().includes(key));
	});

	test(`without a terminal, a ${name} response results in the same message, on one line of stderr`, async context => {
		const server = await startScriptedServer(respond);
		context.after(async () => server.close());
		const output = await runProgram(['k4q95w5', '--api-url', server.url], {env: {BASETEN_API_KEY: key}});
		assert.equal(output.exitCode, exitCode);
		assert.match(output.stderr, says);
		assert.equal(output.stderr.trim().split('\n').length, 1);
		assert.equal(output.stdout, '');
		assert.ok(!output.stderr.includes(key));
	});
}

const withoutTerminal: ReadonlyArray<{readonly name: string; readonly reply: Reply; readonly exitCode: number}> = [
	{name: 'a 400 response', reply: {status: 400, json: {code: 'VALIDATION_ERROR', message: 'no'}}, exitCode: 5},
	{name: 'a 500 response', reply: {status: 500, text: 'oops'}, exitCode: 6},
	{name: 'a reset connection', reply: reset, exitCode: 6},
	{name: 'an HTML response', reply: {text: '<html></html>', headers: {'content-type': 'text/html'}}, exitCode: 6},
];

for (const {name, reply, exitCode} of withoutTerminal) {
	test(`without a terminal, the exit code is ${exitCode} after ${name}`, async context => {
		const server = await startScriptedServer(everything(reply));
		context.after(async () => server.close());
		const output = await runProgram(['k4q95w5', '--api-url', server.url], {env: {BASETEN_API_KEY: key}});
		assert.equal(output.exitCode, exitCode);
		assert.match(output.stderr, /^loops-top: Couldn't load deployment k4q95w5: .*\n$/);
	});
}

const usage: ReadonlyArray<{
	readonly args: readonly string[];
	readonly env?: Environment;
	readonly exitCode: number;
	readonly says: RegExp;
}> = [
	{args: ['k4q95w5', '--bogus'], exitCode: 2, says: /--bogus/},
	{args: ['k4q95w5', '--window', '2h'], exitCode: 2, says: /--window "2h" isn't one of 5m, 15m/},
	{args: ['k4q95w5', '--interval', 'soon'], exitCode: 2, says: /soon/},
	{args: ['k4q95w5', '--interval', '1s'], exitCode: 2, says: /2s/},
	{args: ['k4q95w5', '--api-url', 'http://example.com'], exitCode: 2, says: /https/},
	{args: ['--demo', 'nonsense'], exitCode: 2, says: /steady, single, fleet/},
	{args: ['k4q95w5'], exitCode: 3, says: /no API key in BASETEN_API_KEY, .*auth\.json, or .*\.trussrc/},
];

for (const {args, exitCode, says} of usage) {
	test(`"loops-top ${args.join(' ')}" exits with code ${exitCode} and prints one line`, async () => {
		const output = await runProgram(args);
		assert.equal(output.exitCode, exitCode);
		assert.match(output.stderr, says);
		assert.equal(output.stderr.trim().split('\n').length, 1);
		assert.doesNotMatch(output.stderr, /at .*\.js/);
		assert.equal(output.stdout, '');
	});
}

test('the help and the version are printed on stdout', async () => {
	const help = await runProgram(['--help']);
	assert.equal(help.exitCode, 0);
	assert.match(help.stdout, /^Usage: loops-top \[DEPLOYMENT-ID\]/);
	assert.equal(help.stderr, '');
	const version = await runProgram(['--version']);
	assert.equal(version.exitCode, 0);
	assert.match(version.stdout, /^loops-top \d+\.\d+\.\d+\n$/);
});

test('if the server is down at startup, r requests the data again', async context => {
	const {terminal, server} = await startRig(context, {respond: everything(reset)});
	await terminal.waitFor(/no data for the last 1h yet/);
	server.respond = healthy();
	terminal.press('r');
	await terminal.waitFor('12.3/s');
});

test('keys work while a response is pending', async context => {
	const {terminal} = await startRig(context, {respond: everything(hang)});
	await terminal.waitFor('from 127.0.0.1');
	terminal.press('?');
	await terminal.waitFor('▸? Keys');
	terminal.press('?q');
	assert.equal((await terminal.exit).exitCode, 0);
});

/** Returns the text of the panes that span the whole width. Lines are joined, because sentences can wrap. */
function within(rows: readonly string[]): string {
	return rows.flatMap(row => /^│ *([^│]*?) *│$/.exec(row)?.[1] ?? []).join(' ');
}

for (const [status, words] of [
	['SCALED_TO_ZERO', 'the deployment is scaled to zero: its run has ended, but a new run can reuse it'],
	['DEPLOYING', 'the deployment is being deployed, which takes about five minutes'],
	['HIBERNATING', 'the deployment is HIBERNATING'],
] as const) {
	test(`a deployment that is ${status} has no metrics, which isn't a failure`, async context => {
		const {terminal, server} = await startRig(context, {respond: noMetrics(status), args: ['-i', '2s']});
		// At 80 columns, only the first clause fits on the line above the keys; the panes show the whole sentence.
		const [clause = ''] = words.split(/[:,]/);
		await terminal.waitFor(
			rows =>
				rows[0]?.includes(`○ ${status}`) === true &&
				rows.at(-2)?.includes(clause) === true &&
				within(rows).includes(words),
		);
		server.respond = healthy();
		await terminal.waitFor(rows => rows.some(row => row.includes('12.3/s')));
	});
}

test('after a 401, a new API key in the same file is used', async context => {
	const home = temporaryFolder();
	const file = `${home}/.config/baseten/auth.json`;
	mkdirSync(`${home}/.config/baseten`, {recursive: true});
	const store = (apiKey: string): void => {
		const profile = {remote_url: 'https://app.baseten.co', auth_type: 'api_key', api_key: apiKey};
		writeFileSync(file, JSON.stringify({version: 1, current: 'work', profiles: {work: profile}}));
	};
	store('old-key');
	let valid = 'old-key';
	const server = await startScriptedServer(request =>
		request.headers.authorization === `Bearer ${valid}`
			? healthy()(request)
			: {status: 401, json: {message: 'expired'}},
	);
	const terminal = openTerminal({
		columns: 80,
		rows: 24,
		args: ['k4q95w5', '--api-url', server.url, '-i', '2s'],
		env: {HOME: home},
	});
	context.after(async () => {
		terminal.close();
		await server.close();
	});
	await terminal.waitFor('12.3/s');
	valid = 'new-key';
	store('new-key');
	await terminal.waitFor('× API 401');
	terminal.press('r');
	await terminal.waitFor(/ok +[\d.]+ms/);
});
