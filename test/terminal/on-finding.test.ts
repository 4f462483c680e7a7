import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {test} from 'node:test';
import {type Schema, Validator} from '@cfworker/json-schema';
import {alertingKey as key, startAlerting, startReceiver, until} from '../helpers/alerting.ts';
import {needs} from '../helpers/needs.ts';
import {distFolder, openTerminal, program, runner, runProgram} from '../helpers/real-terminal.ts';
import {type Respond, startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy, lastDiskFull} from '../helpers/served.ts';
import {temporaryFolder} from '../helpers/temporary-folder.ts';

test('a command runs once when a finding begins and once when it is resolved', async context => {
	const {child, fill, lines} = await startAlerting(
		context,
		'cat >> "$OUT/json"; echo "$LOOPS_TOP_STATE" >> "$OUT/states"',
	);
	fill(lastDiskFull);
	await lines('states', 1);
	fill(0.3);
	assert.deepEqual((await lines('states', 2)).slice(0, 2), ['active', 'resolved']);
	const [first = '', second = ''] = await lines('json', 2);
	const {rule, state, subject, deployment, message} = JSON.parse(first) as Readonly<Record<string, unknown>>;
	assert.deepEqual(
		[rule, state, deployment],
		['disk', 'active', {id: 'k4q95w5', model: 'Qwen/Qwen3-30B-A3B-Instruct-2507'}],
	);
	assert.deepEqual(subject, {node: 'loops-trainer-3', gpu: null, gpus: null});
	assert.match(String(message), /^disk: loops-trainer-3/);
	assert.equal((JSON.parse(second) as {state: string}).state, 'resolved');
	assert.ok(!`${first}${second}`.includes(key));
	child.kill('SIGTERM');
	const [code]: unknown[] = await once(child, 'close');
	assert.equal(code, 0);
});

test('a failed command is reported on one line of standard error, and polling continues', async context => {
	const {fill, lines, stderr} = await startAlerting(context, 'echo x >> "$OUT/runs"; exit 7');
	fill(lastDiskFull);
	await lines('runs', 1);
	fill(0.3);
	await lines('runs', 2);
	await until(() => (stderr().split('\n').length > 2 ? true : undefined), stderr);
	assert.equal(stderr(), 'loops-top: --on-finding failed with exit code 7 (disk).\n'.repeat(2));
});

test('the command also runs with -o jsonl, and with --listen', async context => {
	for (const extra of [
		['-o', 'jsonl'],
		['--listen', '0'],
	]) {
		const {child, fill, lines} = await startAlerting(context, 'echo "$LOOPS_TOP_RULE" >> "$OUT/rules"', {args: extra});
		fill(lastDiskFull);
		assert.equal((await lines('rules', 1))[0], 'disk');
		child.kill('SIGKILL');
	}
});

test('after the last line of output, the program waits for the command to end, unless SIGTERM arrives', async () => {
	const home = temporaryFolder();
	const args = ['--demo', 'straggler', '-o', 'jsonl', '--count', '1', '--on-finding'];
	const ran = path.join(home, 'ran');
	const {exitCode} = await runProgram([...args, 'sleep 0.2; echo "$LOOPS_TOP_RULE" >> "$HOME/ran"'], {
		env: {HOME: home},
	});
	assert.deepEqual([exitCode, readFileSync(ran, 'utf8')], [0, 'straggler\n']);
	const child = spawn(runner, [program, ...args, 'echo x > "$HOME/began"; sleep 60; echo y >> "$HOME/ran"'], {
		env: {PATH: process.env['PATH'], HOME: home},
		stdio: 'ignore',
	});
	const began = path.join(home, 'began');
	await until(
		() => (existsSync(began) ? true : undefined),
		() => "The command hasn't begun.",
	);
	child.kill('SIGTERM');
	const [code]: unknown[] = await once(child, 'close');
	assert.deepEqual([code, readFileSync(ran, 'utf8')], [0, 'straggler\n']);
});

test('on the screen, a failed command is reported above the keys, and q quits while a command hangs', async context => {
	const server = await startScriptedServer(healthy({diskShare: lastDiskFull}));
	context.after(() => server.close());
	const open = (command: string) =>
		openTerminal({
			columns: 120,
			rows: 30,
			args: ['k4q95w5', '--api-url', server.url, '--on-finding', command],
			env: {BASETEN_API_KEY: key},
		});
	const failing = open('exit 4');
	context.after(() => failing.close());
	await failing.waitFor('--on-finding failed with exit code 4 (disk)');
	const hanging = open('sleep 300');
	context.after(() => hanging.close());
	await hanging.waitFor('disk');
	hanging.press('q');
	assert.equal((await hanging.exit).exitCode, 0);
});

/** Returns a healthy server's responses, except that the last node has this name. */
function renamed(diskShare: number, name: string): Respond {
	const respond = healthy({diskShare});
	return async request =>
		JSON.parse(JSON.stringify(await respond(request)), (_, value: unknown) =>
			value === 'loops-trainer-3' ? name : value,
		);
}

test('the Slack recipe sends one message when a finding begins and one when it is resolved, with escaped text', {
	skip: needs('jq', 'curl'),
}, async context => {
	const {received, url} = await startReceiver(context);
	const docs = readFileSync(path.join(import.meta.dirname, '..', '..', 'docs', 'alerts.md'), 'utf8');
	const [, script = ''] = /<!-- slack -->\n```bash\n([\s\S]*?)```/.exec(docs) ?? [];
	const command = script.replaceAll('https://hooks.slack.com/services/…', url);
	const {server} = await startAlerting(context, command);
	const name = String.raw`a "b" 'c' \n & &lt; <d> $(e) ü`;
	server.respond = renamed(lastDiskFull, name);
	const textOf = async (position: number): Promise<string> => {
		const {body} = await until(
			() => received[position],
			() => command,
		);
		return (body as {text: string}).text;
	};
	const escaped = String.raw`a "b" 'c' \n &amp; &amp;lt; &lt;d&gt; $(e) ü`;
	const begun = await textOf(0);
	assert.ok(begun.startsWith(`k4q95w5 active: disk: ${escaped} at `), begun);
	server.respond = renamed(0.3, name);
	assert.equal(await textOf(1), `k4q95w5 resolved: storage on ${escaped} is no longer nearly full`);
	assert.equal(received.length, 2);
});

for (const [args, sentence] of [
	[
		['-o', 'json', '--on-finding', 'true'],
		"--on-finding and -o json can't be combined: -o json exits after printing its output.",
	],
	[['--on-finding', ' '], '--on-finding requires a value.'],
	[['--on-finding', 'true', '--fail-on', 'disk'], '--fail-on requires -o, such as -o text.'],
] as const) {
	test(`"${args.join(' ')}" is rejected`, async () => {
		const {stderr, exitCode} = await runProgram(['k4q95w5', ...args], {env: {BASETEN_API_KEY: key}});
		assert.equal(exitCode, 2);
		assert.ok(stderr.startsWith(`loops-top: ${sentence}`), stderr);
	});
}

/** Returns the part of a schema that describes one finding, or undefined if there is none. */
function findingSchema(schema: unknown): Schema | undefined {
	if (typeof schema !== 'object' || schema === null) {
		return undefined;
	}

	if ('properties' in schema && JSON.stringify(Object.keys(schema.properties ?? {})).startsWith('["rule"')) {
		return schema as Schema;
	}

	return Object.values(schema)
		.map(findingSchema)
		.find(found => found !== undefined);
}

test('the event contains a finding as described by the published schema', async context => {
	const {fill, lines} = await startAlerting(context, 'cat >> "$OUT/json"');
	fill(lastDiskFull);
	const [line = ''] = await lines('json', 1);
	const published: unknown = JSON.parse(readFileSync(path.join(distFolder, 'schema.json'), 'utf8'));
	const {schema, type, deployment, ...finding} = JSON.parse(line) as Readonly<Record<string, unknown>>;
	assert.deepEqual([schema, type, typeof deployment], ['loops-top/1', 'finding', 'object']);
	const {$defs: definitions} = published as {readonly $defs?: Schema['$defs']};
	const found = findingSchema(published) ?? assert.fail();
	// The description of a finding refers to definitions that are elsewhere in the schema.
	const validator = new Validator({...found, ...(definitions && {$defs: definitions})}, '2020-12', false);
	assert.deepEqual(validator.validate(finding).errors, []);
});

/** Returns whether a process exists. */
function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

async function untilGone(pid: string): Promise<void> {
	await until(
		() => (isRunning(Number(pid)) ? undefined : true),
		() => `Process ${pid} is still running.`,
	);
}

test("a command that prints 10 MB and leaves a process behind doesn't block polling", async context => {
	const output = 'head -c 10000000 /dev/zero | tee /dev/stderr';
	const command = `echo $$ >> "$OUT/pids"; sleep 300 & echo $! >> "$OUT/left"; ${output}; echo x >> "$OUT/runs"`;
	const {child, fill, lines, stderr} = await startAlerting(context, command);
	fill(lastDiskFull);
	await lines('runs', 1);
	fill(0.3);
	await lines('runs', 2);
	assert.equal(stderr(), '');
	child.kill('SIGTERM');
	await once(child, 'close');
	for (const pid of await lines('left', 2)) {
		process.kill(Number(pid), 'SIGKILL');
	}
});

test('a hanging command and its child processes are killed when the program ends, or after 30 s', async context => {
	const hanging = 'echo x >> "$OUT/runs"; (trap "" TERM; sleep 300) & echo $! >> "$OUT/pids"; wait';
	const ended = await startAlerting(context, hanging);
	ended.fill(lastDiskFull);
	const [left = ''] = await ended.lines('pids', 1);
	ended.child.kill('SIGTERM');
	await once(ended.child, 'close');
	await untilGone(left);

	const limited = await startAlerting(context, hanging);
	limited.fill(lastDiskFull);
	const [first = ''] = await limited.lines('pids', 1);
	limited.fill(0.3);
	// This waits up to three times as long as usual, because the command is killed only after 30 seconds.
	const said = (): true | undefined => (limited.stderr() === '' ? undefined : true);
	await until(said, limited.stderr).catch(() => undefined);
	await until(said, limited.stderr).catch(() => undefined);
	await until(said, limited.stderr);
	assert.equal(limited.stderr(), 'loops-top: --on-finding was killed after 30s (disk).\n');
	await untilGone(first);
	await limited.lines('runs', 2);
});
