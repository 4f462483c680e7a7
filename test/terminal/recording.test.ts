import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {existsSync, readFileSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {test} from 'node:test';
import {promisify} from 'node:util';
import {gunzipSync} from 'node:zlib';
import {needs} from '../helpers/needs.ts';
import {openTerminal, program, runner, runProgram} from '../helpers/real-terminal.ts';
import {entriesOf, outline} from '../helpers/recordings.ts';
import {startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy, isMetrics} from '../helpers/served.ts';
import {temporaryFile, temporaryFolder} from '../helpers/temporary-folder.ts';
import {key, startRig} from './rig.ts';

const metrics = '/v1/loops/deployments/k4q95w5/metrics';
const deployment = '/v1/loops/deployments/k4q95w5';

test('with a screen, each response is recorded, and the header shows that a recording is under way', async context => {
	const file = temporaryFile('night.jsonl');
	const {terminal} = await startRig(context, {columns: 160, rows: 45, args: ['-i', '2s', '--record', file]});
	await terminal.waitFor(/RUNNING .* every 2s · rec · ok/);
	terminal.press('q');
	assert.equal((await terminal.exit).exitCode, 0);
	assert.deepEqual(outline(await entriesOf(file)).slice(0, 3), ['session', metrics, deployment]);
	assert.equal(statSync(file).mode & 0o777, 0o600);
});

test('a recording never contains the API key, even if the server sends it back', async context => {
	const file = temporaryFile('night.jsonl');
	const server = await startScriptedServer(request =>
		isMetrics(request)
			? healthy()(request)
			: {
					status: request.path.endsWith('k4q95w5') ? 500 : 200,
					json: {message: `no ${request.headers.authorization}`, deployments: [{id: key, [key]: key}]},
					headers: {'x-key': key, location: `https://${key}.example`},
				},
	);
	context.after(async () => server.close());
	const args = ['k4q95w5', '--api-url', server.url, '--record', file, '-o', 'text'];
	const {exitCode, stderr} = await runProgram(args, {env: {BASETEN_API_KEY: key}});
	assert.deepEqual({exitCode, stderr}, {exitCode: 0, stderr: ''});
	const recorded = readFileSync(file, 'utf8');
	assert.deepEqual(outline(await entriesOf(file)), ['session', deployment, metrics]);
	assert.match(recorded, /"failure":\{"kind":"status","status":500,"message":"no /);
	assert.ok(!recorded.includes(key));
	assert.ok(!recorded.toLowerCase().includes('bearer sk'));
});

test("a recording file that can't be written is rejected before any request", async context => {
	const server = await startScriptedServer(healthy());
	context.after(async () => server.close());
	const args = ['k4q95w5', '--api-url', server.url, '--record', '/nowhere/night.jsonl'];
	const {exitCode, stderr, stdout} = await runProgram(args, {env: {BASETEN_API_KEY: key}});
	assert.equal(exitCode, 2);
	assert.match(stderr, /^loops-top: --record \/nowhere\/night\.jsonl can't be written: [^\n]*\.\n$/);
	assert.equal(stdout, '');
	assert.equal(server.requests.length, 0);
});

/**
 * Returns a command that runs the program with a file size limit of 4 KiB. Beyond it, writing fails with EFBIG, much as
 * it fails on a full disk.
 */
function limited(args: readonly string[]): readonly [string, ...string[]] {
	return ['bash', '-c', 'ulimit -f 4; exec "$@"', 'bash', runner, program, ...args];
}

test('if recording fails, the screen stays open, and q prints a message and exits with code 1', async context => {
	const file = temporaryFile('n');
	const server = await startScriptedServer(healthy());
	context.after(async () => server.close());
	const args = ['k4q95w5', '--api-url', server.url, '-i', '2s', '--record', file];
	const env = {HOME: temporaryFolder(), PATH: process.env['PATH'], BASETEN_API_KEY: key};
	const terminal = openTerminal({columns: 100, rows: 30, command: limited(args), env});
	context.after(() => terminal.close());
	await terminal.waitFor(/! the recording stopped: the file is too large .* esc/);
	await terminal.waitFor('12.3/s');
	terminal.press('\u001b');
	await terminal.waitFor(rows => !rows.join('\n').includes('the recording stopped'));
	terminal.press('q');
	assert.equal((await terminal.exit).exitCode, 1);
	assert.match(terminal.screen().join('\n'), /loops-top: the recording stopped: the file is too large/);
});

test('if recording fails without a screen, the output is still printed, and the exit code is 1', async context => {
	const server = await startScriptedServer(healthy());
	context.after(async () => server.close());
	const file = temporaryFile('night.jsonl');
	const [command, ...args] = limited(['k4q95w5', '--api-url', server.url, '-o', 'json', '--record', file]);
	const run = promisify(execFile)(command, args, {
		env: {HOME: temporaryFolder(), PATH: process.env['PATH'], BASETEN_API_KEY: key},
	});
	await assert.rejects(run, ({code, stdout, stderr}: {code: number; stdout: string; stderr: string}) => {
		assert.equal(code, 1);
		assert.match(stdout, /^\{\n/);
		assert.equal(stderr, `loops-top: the recording stopped: the file is too large (${file}).\n`);
		return true;
	});
	// Every entry that was written is complete.
	assert.deepEqual(
		outline(await entriesOf(file)).filter(word => word === 'broken'),
		[],
	);
});

test('a device is rejected as the recording file', async () => {
	const {exitCode, stdout, stderr} = await runProgram(['--demo', '-o', 'json', '--record', '/dev/full']);
	assert.equal(stderr, "loops-top: --record /dev/full isn't a regular file. Use another file.\n");
	assert.deepEqual({exitCode, stdout}, {exitCode: 2, stdout: ''});
});

test("a second process can't record to a file that is in use", {skip: needs('flock')}, async context => {
	const file = temporaryFile('night.jsonl.gz');
	const {terminal} = await startRig(context, {args: ['--record', file]});
	await terminal.waitFor('12.3/s');
	const {exitCode, stdout, stderr} = await runProgram(['--demo', '-o', 'json', '--record', file]);
	assert.equal(stderr, `loops-top: --record ${file} is in use by another loops-top process. Use another file.\n`);
	assert.deepEqual({exitCode, stdout}, {exitCode: 2, stdout: ''});
	terminal.press('q');
	assert.equal((await terminal.exit).exitCode, 0);
});

test('after SIGHUP, SIGTERM, or SIGKILL, the recording contains all received responses', async context => {
	for (const signal of ['SIGHUP', 'SIGTERM', 'SIGKILL'] as const) {
		const file = temporaryFile('night.jsonl.gz');
		const {terminal} = await startRig(context, {args: ['-i', '2s', '--record', file]});
		await terminal.waitFor('12.3/s');
		// The status is in the response about the deployment, which arrives after the metrics.
		await terminal.waitFor(/RUNNING|no findings/);
		if (signal === 'SIGKILL') {
			// The program can't react to SIGKILL, so the file contains only what has already been written.
			await terminal.waitFor(/live 1h to /);
			while (outline(await entriesOf(file)).length < 3) {
				await new Promise(setImmediate);
			}
		}

		terminal.kill(signal);
		await terminal.exit;
		const words = outline(await entriesOf(file));
		assert.deepEqual(words.slice(0, 3), ['session', metrics, deployment], signal);
		assert.equal(gunzipSync(readFileSync(file)).toString().at(-1), '\n', signal);
	}
});

const shared: ReadonlyArray<readonly [string, (file: string) => readonly string[], string]> = [
	['two options with the same path', file => ['--demo', '--record', file, '--debug', file], '--record and --debug'],
	[
		'two names of a file',
		file => ['--demo', '--record', file, '--debug', `${path.dirname(file)}/./n`],
		'--record and --debug',
	],
	[
		'two names, in a folder and in a link to it',
		file => ['--demo', '--record', file, '--debug', path.join(link(path.dirname(file)), 'n')],
		'--record and --debug',
	],
	['a link', file => ['--demo', '--record', file, '--debug', link(file)], '--record and --debug'],
	['the recording that is replayed', file => ['--replay', file, '--debug', file], '--debug and --replay'],
];

for (const [name, args, flags] of shared) {
	test(`one file for two options is rejected in one sentence, and nothing is written: ${name}`, async () => {
		const file = temporaryFile('n');
		if (!name.startsWith('two ')) {
			writeFileSync(file, '');
		}

		const {exitCode, stdout, stderr} = await runProgram([...args(file), '-o', 'json']);
		assert.equal(stderr, `loops-top: ${flags} are the same file. Use a different file for each.\n`);
		assert.deepEqual({exitCode, stdout}, {exitCode: 2, stdout: ''});
		assert.equal(existsSync(file) ? readFileSync(file, 'utf8') : '', '');
	});
}

function link(file: string): string {
	const name = temporaryFile('link');
	symlinkSync(file, name);
	return name;
}
