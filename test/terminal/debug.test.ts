import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {readFileSync, statSync, writeFileSync} from 'node:fs';
import process from 'node:process';
import {test} from 'node:test';
import {program, runner, runProgram} from '../helpers/real-terminal.ts';
import {reset, startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy, isMetrics} from '../helpers/served.ts';
import {temporaryFile, temporaryFolder} from '../helpers/temporary-folder.ts';
import {key, startRig} from './rig.ts';

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z /;

/** Returns the events in the log, without the times. */
function eventsOf(file: string): readonly string[] {
	const lines = readFileSync(file, 'utf8').split('\n');
	assert.equal(lines.at(-1), '');
	return lines.slice(0, -1).map(line => {
		assert.match(line, /^\t|^\d{4}-/);
		return line.replace(time, '');
	});
}

test('requests, findings, keystrokes, and decisions are in the log, which only its owner can read', async context => {
	const file = temporaryFile('debug.log');
	const {server, terminal} = await startRig(context, {
		columns: 100,
		rows: 30,
		args: ['-i', '2s', '--debug', file],
		respond: healthy({diskShare: 0.95}),
	});
	await terminal.waitFor(/RUNNING(.|\n)*! disk/);
	terminal.press('j');
	await terminal.waitFor(/▸loops-trainer-1/);
	terminal.press(`/${key}`);
	await terminal.waitFor('0 of 4 match');
	terminal.press('\u001b');
	terminal.resize(90, 28);
	await terminal.waitFor(rows => rows.length === 28 && (rows.at(-1) ?? '').includes('quit'));
	const well = server.respond;
	server.respond = request => (isMetrics(request) ? reset : well(request));
	await terminal.waitFor('retry');
	terminal.press('q');
	assert.equal((await terminal.exit).exitCode, 0);
	const events = eventsOf(file);
	for (const wanted of [
		/^begin loops-top \d+\.\d+\.\d+, Node\.js v\d+\.\d+\.\d+, \w+ \w+, TERM=xterm-256color, 100x30$/,
		/^terminal colors: 256 colors \(TERM\)$/,
		/^terminal multiplexer: none \(TMUX, STY\)$/,
		/^terminal background: unknown \(no response\)$/,
		/^terminal block symbols: one cell wide \(CSI 6n\)$/,
		/^request GET \/v1\/loops\/deployments\/k4q95w5 200 \d+ bytes \d+ ms$/,
		/^request POST \/v1\/loops\/deployments\/k4q95w5\/metrics 200 \d{5,} bytes \d+ ms$/,
		/^event deploymentLoaded status RUNNING$/,
		/^event metricsReceived 1h \S+ to \S+ in \d+ ms$/,
		/^found disk: loops-trainer-0 at 95% of its storage$/,
		/^plan metrics in \d\.\d s$/,
		/^key select by=1$/,
		/^key typeText$/,
		/^resize 90x28$/,
		/^request POST \/v1\/loops\/deployments\/k4q95w5\/metrics failed \w+ \d+ ms$/,
		/^event pollFailed 127\.0\.0\.1:\d+ closed the connection; retry in \d+ s$/,
		/^end exit code 0$/,
	]) {
		assert.ok(
			events.some(event => wanted.test(event)),
			`${wanted} isn't in:\n${events.join('\n')}`,
		);
	}

	assert.equal(statSync(file).mode & 0o777, 0o600);
	const text = readFileSync(file, 'utf8').toLowerCase();
	assert.ok(!text.includes(key) && !text.includes('bearer'));
});

test('the log never contains terminal sequences or the API key, even if the server sends them', async context => {
	const file = temporaryFile('debug.log');
	const server = await startScriptedServer(request => ({
		status: 500,
		json: {message: `\u001b[31mno ${request.headers.authorization}\u0007`},
		headers: {'x-key': key, location: `https://${key}.example`},
	}));
	context.after(async () => server.close());
	const args = ['k4q95w5', '--api-url', server.url, '--debug', file, '-o', 'jsonl', '--count', '1'];
	const {exitCode} = await runProgram(args, {env: {BASETEN_API_KEY: key}});
	assert.equal(exitCode, 6);
	const text = readFileSync(file, 'utf8');
	assert.match(text, / event pollFailed 500 server error: no Bearer \[redacted\]; retry in \d+ s\n/);
	assert.match(text, / error UserError: Couldn't load deployment k4q95w5: /);
	assert.ok(!text.toLowerCase().includes(key));
	// biome-ignore lint/suspicious/noControlCharactersInRegex: this searches for control characters.
	assert.doesNotMatch(text, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
});

test('the log is appended to an existing file', async () => {
	const file = temporaryFile('debug.log');
	writeFileSync(file, 'before\n');
	for (const code of [0, 0]) {
		const {exitCode} = await runProgram(['--demo', '-o', 'json', '--debug', file]);
		assert.equal(exitCode, code);
	}

	const text = readFileSync(file, 'utf8');
	assert.ok(text.startsWith('before\n'));
	assert.equal(text.match(/ begin loops-top /g)?.length, 2);
	assert.equal(text.match(/ end exit code 0\n/g)?.length, 2);
});

test("a file that can't be written to is reported before any request", async () => {
	const {exitCode, stdout, stderr} = await runProgram(['--demo', '--debug', '/nowhere/debug.log']);
	assert.equal(
		stderr,
		"loops-top: --debug /nowhere/debug.log can't be written: no such file or directory. Use another file.\n",
	);
	assert.deepEqual({exitCode, stdout}, {exitCode: 2, stdout: ''});
});

test('a device is rejected, and a write error ends the log, not the program', async () => {
	const {exitCode, stderr} = await runProgram(['--demo', '--debug', '/dev/full']);
	assert.equal(stderr, "loops-top: --debug /dev/full isn't a regular file. Use another file.\n");
	assert.equal(exitCode, 2);
	const file = temporaryFile('debug.log');
	const limited = ['-c', 'ulimit -f 1; exec "$@"', 'bash', runner, program];
	const run = spawnSync('bash', [...limited, '--demo', '-o', 'jsonl', '--count', '4', '-i', '2', '--debug', file], {
		encoding: 'utf8',
		env: {HOME: temporaryFolder(), PATH: process.env['PATH']},
	});
	assert.equal(run.status, 0);
	assert.equal(run.stdout.split('\n').length, 5);
	assert.equal(run.stderr, `loops-top: the debug log stopped: the file is too large (${file}).\n`);
});
