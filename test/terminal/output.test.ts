import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {test} from 'node:test';
import {promisify} from 'node:util';
import {type Schema, Validator} from '@cfworker/json-schema';
import type {Line, Snapshot} from '../../source/output/snapshot-types.ts';
import {distFolder, openTerminal, program, runner, runProgram} from '../helpers/real-terminal.ts';
import {startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy, isMetrics} from '../helpers/served.ts';
import {temporaryFile, temporaryFolder} from '../helpers/temporary-folder.ts';

const schema = JSON.parse(readFileSync(path.join(distFolder, 'schema.json'), 'utf8')) as Schema;
const validator = new Validator(schema, '2020-12', false);

function readLine(text: string): Line {
	const line: unknown = JSON.parse(text);
	assert.deepEqual(validator.validate(line).errors, []);
	return line as Line;
}

function read(stdout: string): Snapshot {
	const line = readLine(stdout);
	return line.type === 'snapshot' ? line : assert.fail();
}

function readLines(stdout: string): readonly Line[] {
	assert.match(stdout, /\n$/);
	return stdout.slice(0, -1).split('\n').map(readLine);
}

for (const scenario of ['steady', 'single', 'straggler', 'errors', 'idle', 'deploying']) {
	test(`the -o json output for the scenario ${scenario} matches the published schema`, async () => {
		const {stdout, stderr, exitCode} = await runProgram(['--demo', scenario, '-o', 'json']);
		assert.equal(stderr, '');
		assert.equal(exitCode, 0);
		const {deployment, findings, has_metrics} = read(stdout);
		assert.equal(deployment.id, 'k4q95w5');
		assert.equal(has_metrics, scenario !== 'deploying');
		assert.notEqual(findings, null);
	});
}

test('-o json with a window of a day contains the findings of the last hour', async () => {
	const {stdout} = await runProgram(['--demo', 'straggler', '-o', 'json', '-w', '24h']);
	const {window, findings} = read(stdout);
	assert.deepEqual([window.name, window.step_seconds], ['24h', 480]);
	assert.deepEqual(
		findings?.map(({rule, subject}) => [rule, subject.node, subject.gpu]),
		[['straggler', 'loops-trainer-2', '5']],
	);
});

test('-o text prints text in a terminal, too', async context => {
	const args = ['--demo', 'single', '-o', 'text'];
	const terminal = openTerminal({columns: 200, rows: 45, args});
	context.after(() => terminal.close());
	assert.equal((await terminal.exit).exitCode, 0);
	const rows = terminal.screen();
	assert.match(rows[0] ?? '', /^deployment {4}k4q95w5$/);
	assert.ok(!terminal.written().includes('\u001b[?'));
	const {stdout} = await runProgram(args);
	const labels = (lines: readonly string[]): readonly string[] => lines.map(line => line.slice(0, 14).trimEnd());
	assert.deepEqual(labels(rows).slice(0, 20), labels(stdout.split('\n')).slice(0, 20));
});

test('the published types have no imports from other files', () => {
	const types = readFileSync(path.join(distFolder, 'snapshot.d.ts'), 'utf8');
	assert.match(types, /^export type Snapshot = \{$/m);
	assert.doesNotMatch(types, /^import /m);
});

test('an unknown output format is rejected with exit code 2', async () => {
	const output = await runProgram(['--demo', '-o', 'yaml']);
	assert.equal(output.stdout, '');
	assert.equal(
		output.stderr,
		'loops-top: --output "yaml" isn\'t one of text, json, jsonl, csv, openmetrics, html. See loops-top --help.\n',
	);
	assert.equal(output.exitCode, 2);
});

const found = 'loops-top: Found straggler: loops-trainer-2 GPU 5 at 31%, the others at ';

for (const output of ['text', 'json', 'jsonl']) {
	test(`-o ${output} --fail-on ends with exit code 10 after the output if a finding matches`, async () => {
		const args = ['--demo', 'straggler', '-o', output, '--fail-on'];
		const {stdout, stderr, exitCode} = await runProgram([...args, 'disk,straggler']);
		assert.match(stdout, /straggler/);
		assert.match(stderr, new RegExp(`^${found}\\d+%\\.\\n$`));
		assert.equal(exitCode, 10);
	});
}

test('--fail-on without a matching finding ends with exit code 0', async () => {
	const {stderr, exitCode} = await runProgram(['--demo', 'straggler', '-o', 'json', '--fail-on', 'disk,stale']);
	assert.equal(stderr, '');
	assert.equal(exitCode, 0);
});

test('-o jsonl prints a line for each poll, and continues after a failure', async context => {
	let polls = 0;
	const server = await startScriptedServer(request => {
		polls += isMetrics(request) ? 1 : 0;
		return isMetrics(request) && polls === 2
			? {status: 503, json: {error: 'away', retry_after: 2}}
			: healthy()(request);
	});
	context.after(async () => server.close());
	const {stdout, stderr, exitCode} = await runProgram(
		['k4q95w5', '--api-url', server.url, '-o', 'jsonl', '-i', '2', '--count', '3'],
		{env: {BASETEN_API_KEY: 'sk-a-key-that-must-not-be-seen'}},
	);
	const [first, second, third, ...others] = readLines(stdout);
	assert.ok(first?.type === 'snapshot' && second?.type === 'failure' && third?.type === 'snapshot');
	assert.deepEqual(others, []);
	assert.deepEqual([first.metrics.requests.value, first.deployment.status], [12.3, 'RUNNING']);
	assert.deepEqual([second.status, second.message], [503, '503 service unavailable: away']);
	assert.equal(second.newest_sample, first.newest_sample);
	assert.equal(stderr, '');
	assert.equal(exitCode, 0);
});

test('if the last line of -o jsonl is a failure, the program exits with the code of that failure', async () => {
	const server = await startScriptedServer(healthy());
	await server.close();
	const {stdout, stderr, exitCode} = await runProgram(
		['k4q95w5', '--api-url', server.url, '-o', 'jsonl', '--count', '1'],
		{env: {BASETEN_API_KEY: 'sk-a-key-that-must-not-be-seen'}},
	);
	assert.equal(readLines(stdout)[0]?.type, 'failure');
	assert.match(
		stderr,
		/^loops-top: Couldn't load deployment k4q95w5: 127\.0\.0\.1:\d+ refuses connections\. [^\n]+\n$/,
	);
	assert.equal(exitCode, 6);
});

test('-o jsonl exits with code 0 after its reader exits or after SIGTERM, and with code 130 after SIGINT', async () => {
	const shell = async (script: string): Promise<string> =>
		promisify(execFile)('bash', ['-c', script, runner, program], {
			env: {PATH: process.env['PATH'], HOME: temporaryFolder()},
		}).then(({stdout, stderr}) => stdout + stderr);
	const loop = '"$0" "$1" --demo -o jsonl -i 2';
	assert.match(await shell(`set -o pipefail; ${loop} | head -1; echo " code $?"`), /^\{[^\n]+\}\n code 0\n$/);
	for (const [signal, code] of [
		['INT', 130],
		['TERM', 0],
	] as const) {
		const script = `set -m; coproc ${loop}; read -r line <&"\${COPROC[0]}"; kill -${signal} $COPROC_PID; wait $COPROC_PID; echo "code $?"`;
		assert.match(await shell(script), new RegExp(`^code ${code}$`, 'm'));
	}
});

test('without -o, --fail-on applies to the text that a pipe receives, and is rejected in a terminal', async context => {
	const {stdout, stderr, exitCode} = await runProgram(['--demo', 'straggler', '--fail-on', 'any']);
	assert.match(stdout, /^deployment +k4q95w5\n/);
	assert.match(stderr, /^loops-top: [^\n]*straggler[^\n]*\n$/);
	assert.equal(exitCode, 10);
	const command = [runner, program, '--demo', '--fail-on', 'any'] as const;
	const terminal = openTerminal({columns: 100, rows: 10, command});
	context.after(() => terminal.close());
	assert.equal((await terminal.exit).exitCode, 2);
	assert.match(terminal.screen().join(' '), /--fail-on requires -o, such as -o text/);
});

test('a text snapshot is ASCII with --ascii and in an ASCII locale', async () => {
	for (const [args, env] of [
		[['--ascii'], {}],
		[[], {LC_ALL: 'C'}],
	] as const) {
		const {stdout} = await runProgram(['--demo', 'idle', '-o', 'text', ...args], {env});
		assert.match(stdout, /^[\n -~]+$/);
		assert.match(stdout, /^size +4 x 8 H100$/m);
	}
});

test("a time for --at that isn't in the recording is reported, along with what is shown instead", async () => {
	const file = temporaryFile('night.jsonl');
	await runProgram(['--demo', '-o', 'json', '--record', file]);
	for (const [at, shown] of [
		['+3h', 'end'],
		['2020-01-01 00:00', 'beginning'],
	] as const) {
		const {stdout, stderr, exitCode} = await runProgram(['--replay', file, '-o', 'json', '--at', at]);
		assert.equal(read(stdout).type, 'snapshot');
		assert.match(
			stderr,
			new RegExp(`^loops-top: --at .* isn't in the recording, which covers .* to .*\\. Showing its ${shown}\\.\n$`),
		);
		assert.equal(exitCode, 0);
		for (const args of [
			['--plain', '--speed', '1000'],
			['-o', 'jsonl'],
		]) {
			const other = await runProgram(['--replay', file, '--at', at, ...args]);
			assert.equal(other.stderr, stderr);
			assert.equal(other.exitCode, 0);
		}
	}
});
