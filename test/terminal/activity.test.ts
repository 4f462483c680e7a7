import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {runProgram} from '../helpers/real-terminal.ts';
import {type Respond, startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy, isMetrics} from '../helpers/served.ts';
import {idleServer} from '../helpers/served-idle.ts';
import {key, startRig} from './rig.ts';

const idle = idleServer({run: 'ACTIVE', price: 0.866_64});

/** Returns an idle server's responses, except that `change` modifies the metrics. */
function idleBut(change: (metrics: Record<string, unknown>) => void): Respond {
	return async request => {
		const reply = await idle(request);
		if (isMetrics(request) && typeof reply === 'object' && 'json' in reply) {
			change((reply.json as {metrics: Record<string, unknown>}).metrics);
		}

		return reply;
	};
}

async function activityOf(context: TestContext, respond: Respond): Promise<unknown> {
	const server = await startScriptedServer(respond);
	context.after(async () => server.close());
	const {stdout, exitCode} = await runProgram(['k4q95w5', '--api-url', server.url, '-o', 'json'], {
		env: {BASETEN_API_KEY: key},
	});
	assert.equal(exitCode, 0);
	return JSON.parse(stdout).activity;
}

test('a trainer whose GPUs are idle, with no request in progress, is waiting for its client', async context => {
	const {terminal} = await startRig(context, {columns: 160, rows: 45, respond: idle});
	await terminal.waitFor(/busy 1% of 1h · waiting for its client/);
	assert.equal(await activityOf(context, idle), 'waiting');
	const server = await startScriptedServer(idle);
	context.after(async () => server.close());
	const {stdout} = await runProgram(['k4q95w5', '--api-url', server.url], {env: {BASETEN_API_KEY: key}});
	assert.match(stdout, /\nactivity +waiting for its client\n/);
});

const cases: ReadonlyArray<readonly [what: string, respond: Respond, activity: string | null]> = [
	['busy GPUs', healthy({run: 'ACTIVE'}), 'busy'],
	[
		'requests in progress',
		idleBut(metrics => {
			const points = metrics['concurrent_requests'] as {value: number}[];
			metrics['concurrent_requests'] = points.map(point => ({...point, value: 2}));
		}),
		'busy',
	],
	[
		'an unknown number of requests in progress',
		idleBut(metrics => {
			metrics['concurrent_requests'] = [];
		}),
		null,
	],
	[
		"a node that doesn't report",
		idleBut(metrics => {
			metrics['per_node_metrics'] = (metrics['per_node_metrics'] as unknown[]).slice(1);
		}),
		null,
	],
	['an ended run', idleServer({run: 'INACTIVE'}), null],
	["a deployment that isn't running", idleServer({run: 'ACTIVE', status: 'SCALED_TO_ZERO'}), null],
];

for (const [what, respond, activity] of cases) {
	test(`with ${what}, the trainer's activity is ${activity ?? 'unknown'}`, async context => {
		assert.equal(await activityOf(context, respond), activity);
	});
}

test('at the cursor and in the past, the header says what the trainer was doing then', async context => {
	const {terminal} = await startRig(context, {columns: 160, rows: 45, respond: idle});
	await terminal.waitFor(/busy 1% of 1h · waiting for its client/);
	terminal.press('c');
	await terminal.waitFor(/busy 1% of 1h · then waiting for its client/);
	terminal.press('c');
	await terminal.waitFor(/busy 1% of 1h · waiting for its client/);
	terminal.press('\u001b[D');
	await terminal.waitFor(/busy 1% of 1h · then waiting for its client.*history 1h/);
});

for (const [columns, rows, words] of [
	[120, 35, 'busy 1% of 1h · waiting for its client'],
	[100, 30, 'busy 1% of 1h · waiting'],
	[80, 24, 'waiting'],
	[40, 45, 'waiting'],
] as const) {
	test(`at ${columns}×${rows}, the header says as much as fits about the trainer's activity: "${words}"`, async context => {
		const {terminal} = await startRig(context, {columns, rows, respond: idle});
		// The header has one line, or three lines with the trainer's size and price at the end of the second one.
		const isHeader = ([first = '', second = '']: readonly string[]): boolean =>
			first.includes(`  k4q95w5  ${words}  `) || new RegExp(`^ ${words} {2,}4×8 H100 · \\$208/h list$`).test(second);
		await terminal.waitFor(isHeader);
	});
}

test('the demo has a trainer that is waiting for its client', async () => {
	const {stdout, exitCode} = await runProgram(['--demo', 'waiting', '-o', 'json', '--fail-on', 'any']);
	assert.deepEqual([JSON.parse(stdout).activity, exitCode], ['waiting', 0]);
});
