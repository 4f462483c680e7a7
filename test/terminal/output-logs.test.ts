import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {type Schema, Validator} from '@cfworker/json-schema';
import type {Line, Snapshot} from '../../source/output/snapshot-types.ts';
import {distFolder, openTerminal, runProgram} from '../helpers/real-terminal.ts';
import {
	type Reply,
	type Respond,
	type ScriptedServer,
	type SeenRequest,
	startScriptedServer,
} from '../helpers/scripted-server.ts';
import {healthy, isMetrics} from '../helpers/served.ts';
import {isLogs, type KeptLog, logsQueryOf, servedLogs} from '../helpers/served-logs.ts';
import {temporaryFile} from '../helpers/temporary-folder.ts';

const env = {BASETEN_API_KEY: 'sk-x'};
const schema = JSON.parse(readFileSync(path.join(distFolder, 'schema.json'), 'utf8')) as Schema;
const validator = new Validator(schema, '2020-12', false);

/** Returns `count` entries, one every 10 seconds until one minute ago. Every tenth entry is an error. */
function kept(count: number, name: string, replica: string | null): readonly KeptLog[] {
	const endMs = Date.now() - 60_000;
	return Array.from({length: count}, (_, index) => ({
		timeMs: endMs - (count - 1 - index) * 10_000,
		nanoseconds: 123,
		message: `${name} ${index}\nand more.`,
		replica,
		level: index % 10 === 9 ? ('ERROR' as const) : null,
	}));
}

const trained = kept(150, 'trained', 'loops-trainer-0');
const generated = kept(20, 'generated', null);

function isSamplerLogs(request: SeenRequest): boolean {
	return isLogs(request) && request.path.startsWith('/v1/models/');
}

function servedBoth(request: SeenRequest): Reply {
	return servedLogs(request, isSamplerLogs(request) ? generated : trained);
}

function logging(logs: (request: SeenRequest) => Reply, served: Parameters<typeof healthy>[0] = {}): Respond {
	const others = healthy({sampler: 'ACTIVE', run: 'ACTIVE', checkpoints: [], price: 0.1, ...served});
	return request => (isLogs(request) ? logs(request) : others(request));
}

async function serve(context: TestContext, respond: Respond): Promise<ScriptedServer> {
	const server = await startScriptedServer(respond);
	context.after(async () => server.close());
	return server;
}

async function snapshotOf(...args: readonly string[]): Promise<Snapshot> {
	const {stdout, stderr, exitCode} = await runProgram([...args, '-o', 'json'], {env});
	assert.deepEqual([stderr, exitCode], ['', 0]);
	const snapshot = JSON.parse(stdout) as Snapshot;
	assert.deepEqual(validator.validate(snapshot).errors, []);
	return snapshot;
}

test('with one request per log, -o json contains the newest 100 entries of each, both live and in a recording', async context => {
	const server = await serve(context, logging(servedBoth));
	const file = temporaryFile('logs.jsonl');
	const live = await snapshotOf('k4q95w5', '--api-url', server.url, '--record', file);
	assert.deepEqual(
		server.requests.filter(isLogs).map(request => [isSamplerLogs(request), logsQueryOf(request).limit]),
		[
			[false, 100],
			[true, 100],
		],
	);
	for (const {logs, sampler, problems} of [live, await snapshotOf('--replay', file)]) {
		assert.deepEqual([problems, sampler?.problems], [[], []]);
		const [oldest, newest] = [logs?.entries[0], logs?.entries.at(-1)];
		assert.equal(logs?.entries.length, 100);
		assert.equal(oldest?.message, 'trained 50\nand more.');
		assert.equal(logs.start, oldest.time);
		const timeMs = trained.at(-1)?.timeMs ?? Number.NaN;
		assert.deepEqual(newest, {
			time: `${new Date(timeMs).toISOString().slice(0, 19)}Z`,
			nanoseconds: `${timeMs}000123`,
			level: 'ERROR',
			replica: 'loops-trainer-0',
			request_id: null,
			message: 'trained 149\nand more.',
		});
		assert.equal(sampler?.logs?.entries.length, 20);
		assert.deepEqual([sampler.logs.entries[0]?.replica, sampler.logs.entries[0]?.level], [null, null]);
		// All entries were received, so `start` is the start of the requested range, before the first entry.
		assert.ok(sampler.logs.start < (sampler.logs.entries[0]?.time ?? ''));
	}
});

for (const [name, reply, why] of [
	['403', {status: 403, json: {message: 'not yours'}}, /^are unknown: 403 no access: not yours/],
	['404', {status: 404, json: {}}, /^are unknown: 404/],
	['405', {status: 405, text: ''}, /^are unknown: 405/],
	['500 and HTML', {status: 500, text: '<html><body>oops</body></html>'}, /^are unknown: 500/],
	['HTML', {text: '<html></html>'}, /^are unknown: /],
	['JSON with the wrong structure', {json: {logs: null}}, /^are unknown: /],
] as const) {
	test(`if the server responds to a request for logs with ${name}, -o json says why logs are missing, and has everything else`, async context => {
		const server = await serve(
			context,
			logging(() => reply),
		);
		const {logs, problems, sampler, cost, run, checkpoints} = await snapshotOf('k4q95w5', '--api-url', server.url);
		assert.deepEqual([logs, sampler?.logs], [null, null]);
		for (const all of [problems, sampler?.problems]) {
			assert.deepEqual(
				all?.map(({field}) => field),
				['logs'],
			);
			assert.match(all?.[0]?.problem ?? '', why);
		}

		assert.ok([cost, run, checkpoints, sampler?.metrics.tokens_out.value].every(part => part != null));
	});
}

test('unreadable entries are counted, and odd ones are included with their values cleaned', async context => {
	const server = await serve(
		context,
		logging(() => ({
			json: {
				logs: [
					{timestamp: '1', message: 'early', replica: null, level: null},
					{timestamp: String(Date.now() * 1e6), message: 'bell\u0007 \u001b[31mred', replica: 7, level: 'fatal'},
					{timestamp: 'x', message: 'no time'},
					{timestamp: '2', message: null},
					null,
				],
			},
		})),
	);
	const {logs} = await snapshotOf('k4q95w5', '--api-url', server.url);
	assert.equal(logs?.unreadable, 3);
	assert.deepEqual(
		logs.entries.map(({time, message, replica, level}) => [time.slice(0, 4) === '1970', message, replica, level]),
		[
			[true, 'early', null, null],
			[false, 'bell red', null, 'ERROR'],
		],
	);
});

test('other outputs request no logs; -o jsonl has null instead', async context => {
	const server = await serve(context, logging(servedBoth));
	for (const format of ['text', 'csv', 'html', 'openmetrics', 'jsonl']) {
		const args = ['k4q95w5', '--api-url', server.url, '-o', format, ...(format === 'jsonl' ? ['--count', '1'] : [])];
		const {stdout, exitCode} = await runProgram(args, {env});
		assert.equal(exitCode, 0);
		if (format === 'jsonl') {
			const line = JSON.parse(stdout) as Line;
			assert.deepEqual(validator.validate(line).errors, []);
			assert.deepEqual(line.type === 'snapshot' && [line.logs, line.problems], [null, []]);
		}
	}

	assert.deepEqual(server.requests.filter(isLogs), []);
});

for (const [name, logs, says] of [
	['announces the last error of a failed trainer', servedBoth, /last error in the trainer's logs: and more\./],
	[
		"says why the errors in a failed trainer's logs are unknown",
		() => ({status: 403, json: {message: 'not yours'}}),
		/errors in the trainer's logs are unknown: 403/,
	],
] as const) {
	test(`--plain ${name}`, async context => {
		const failed = logging(logs, {status: 'FAILED', run: 'INACTIVE'});
		const others = healthy({status: 'FAILED'});
		const server = await serve(context, request => (isMetrics(request) ? others(request) : failed(request)));
		const args = ['k4q95w5', '--api-url', server.url, '--plain', '-i', '2s'];
		const terminal = openTerminal({columns: 150, rows: 45, args, env});
		context.after(() => terminal.close());
		await terminal.waitFor(says);
	});
}
