import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, readFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import path from 'node:path';
import process from 'node:process';
import {type TestContext, test} from 'node:test';
import {type Schema, Validator} from '@cfworker/json-schema';
import {eventually} from '../helpers/eventually.ts';
import {needs} from '../helpers/needs.ts';
import {distFolder, openTerminal, program, runner, runProgram, temporaryHome} from '../helpers/real-terminal.ts';
import {startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy} from '../helpers/served.ts';
import {key} from './rig.ts';

/** Looks again and again until something is found: a file or a server has nothing to subscribe to. */
async function until<Value>(find: () => Value | undefined, describe: () => string): Promise<Value> {
	return eventually(
		find,
		listener => {
			const timer = setInterval(listener, 20);
			return () => clearInterval(timer);
		},
		describe,
	);
}

/** Runs the program without a terminal on a deployment whose first node has a disk that fills up and is emptied. */
async function startAlerting(context: TestContext, command: string, extra: readonly string[] = []) {
	const server = await startScriptedServer(healthy());
	const home = temporaryHome();
	const onDisk = `[ "$LOOPS_TOP_RULE" = disk ] || exit 0; ${command}`;
	const args = ['k4q95w5', '--api-url', server.url, '-i', '2', '--on-finding', onDisk, ...extra];
	const child = spawn(runner, [program, ...args], {
		env: {PATH: process.env['PATH'], HOME: home, TZ: 'UTC', LANG: 'C.UTF-8', BASETEN_API_KEY: key, OUT: home},
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	let stderr = '';
	child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
		stderr += chunk;
	});
	context.after(async () => {
		child.kill('SIGKILL');
		await server.close();
	});
	const fill = (diskShare: number): void => {
		server.respond = healthy({diskShare});
	};
	const read = (name: string): string => {
		const file = path.join(home, name);
		return existsSync(file) ? readFileSync(file, 'utf8') : '';
	};
	const lines = (name: string, count: number): Promise<readonly string[]> =>
		until(
			() => {
				const all = read(name).split('\n').slice(0, -1);
				return all.length >= count ? all : undefined;
			},
			() => `${name}: ${read(name)}; stderr: ${stderr}`,
		);
	return {child, fill, read, lines, stderr: () => stderr};
}

test('a command runs once when a finding begins and once when it is resolved', async context => {
	const {child, fill, lines} = await startAlerting(
		context,
		'cat >> "$OUT/json"; echo "$LOOPS_TOP_STATE" >> "$OUT/states"',
	);
	fill(0.875);
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

test('a command that fails is one line on standard error, and polling goes on', async context => {
	const {fill, lines, stderr} = await startAlerting(context, 'echo x >> "$OUT/runs"; exit 7');
	fill(0.875);
	await lines('runs', 1);
	fill(0.3);
	await lines('runs', 2);
	await until(() => (stderr().split('\n').length > 2 ? true : undefined), stderr);
	assert.equal(stderr(), 'loops-top: --on-finding failed with exit code 7 (disk).\n'.repeat(2));
});

test('with -o jsonl and --listen the command runs too', async context => {
	for (const extra of [
		['-o', 'jsonl'],
		['--listen', '0'],
	]) {
		const {child, fill, lines} = await startAlerting(context, 'echo "$LOOPS_TOP_RULE" >> "$OUT/rules"', extra);
		fill(0.875);
		assert.equal((await lines('rules', 1))[0], 'disk');
		child.kill('SIGKILL');
	}
});

test('on the screen a failed command is said above the keys, and q leaves while one hangs', async context => {
	const server = await startScriptedServer(healthy({diskShare: 0.875}));
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

test('the recipe for Slack reaches a receiver, with text that JSON and Slack must escape', {
	skip: needs('jq', 'curl'),
}, async context => {
	const bodies: unknown[] = [];
	const receiver = createServer((request, response) => {
		let body = '';
		request.setEncoding('utf8').on('data', (chunk: string) => {
			body += chunk;
		});
		request.on('end', () => {
			bodies.push(JSON.parse(body));
			response.end('ok');
		});
	}).listen(0, '127.0.0.1');
	await once(receiver, 'listening');
	context.after(() => receiver.close());
	const {port} = receiver.address() as AddressInfo;
	const docs = readFileSync(path.join(import.meta.dirname, '..', '..', 'docs', 'alerts.md'), 'utf8');
	const [, script = ''] = /<!-- slack -->\n```bash\n([\s\S]*?)```/.exec(docs) ?? [];
	const command = script.replaceAll('https://hooks.slack.com/services/…', `http://127.0.0.1:${port}`);
	const {fill} = await startAlerting(context, command);
	fill(0.875);
	const sent = await until(
		() => bodies[0],
		() => command,
	);
	assert.match((sent as {text: string}).text, /^k4q95w5 active: disk: loops-trainer-3/);
	fill(0.3);
	await until(
		() => bodies[1],
		() => command,
	);
	assert.equal(bodies.length, 2);
});

for (const [args, sentence] of [
	[
		['-o', 'json', '--on-finding', 'true'],
		"--on-finding and -o json can't be combined: -o json exits after one snapshot.",
	],
	[['--on-finding', ' '], '--on-finding requires a value.'],
] as const) {
	test(`${args.join(' ')} is refused in one sentence`, async () => {
		const {stderr, exitCode} = await runProgram(['k4q95w5', ...args], {env: {BASETEN_API_KEY: key}});
		assert.equal(exitCode, 2);
		assert.ok(stderr.startsWith(`loops-top: ${sentence}`), stderr);
	});
}

/** The part of a schema that describes one finding. */
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

test('the event has a finding as the published schema describes it', async context => {
	const {fill, lines} = await startAlerting(context, 'cat >> "$OUT/json"');
	fill(0.875);
	const [line = ''] = await lines('json', 1);
	const published: unknown = JSON.parse(readFileSync(path.join(distFolder, 'schema.json'), 'utf8'));
	const {schema, type, deployment, ...finding} = JSON.parse(line) as Readonly<Record<string, unknown>>;
	assert.deepEqual([schema, type, typeof deployment], ['loops-top/1', 'finding', 'object']);
	const validator = new Validator(findingSchema(published) ?? assert.fail(), '2020-12', false);
	assert.deepEqual(validator.validate(finding).errors, []);
});
