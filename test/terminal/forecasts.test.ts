import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import type {Snapshot} from '../../source/output/snapshot-types.ts';
import {runProgram} from '../helpers/real-terminal.ts';
import {type Respond, startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy, isMetrics} from '../helpers/served.ts';
import {key, startRig} from './rig.ts';

const minute = 60_000;

/** Returns the share of storage that was in use this many minutes ago, from 0 to 1, or null if it is unknown. */
type Course = (minutesAgo: number) => number | null;

/** Returns a healthy server's responses, except that the first node uses this share of its storage. */
function storing(course: Course): Respond {
	const respond = healthy();
	return async request => {
		const reply = await respond(request);
		if (!isMetrics(request) || typeof reply === 'function' || !('json' in reply)) {
			return reply;
		}

		const body = JSON.parse(JSON.stringify(reply.json));
		const [{ephemeral_storage: storage}] = body.metrics.per_node_metrics;
		const nowMs = Date.now();
		storage.utilization = storage.utilization.map(({timestamp}: {readonly timestamp: string}) => ({
			timestamp,
			value: course((nowMs - Date.parse(timestamp)) / minute),
		}));
		return {json: body};
	};
}

/** Storage whose use grew by six percentage points in the last hour, to 88%, and that will be full in two hours. */
const growing: Course = ago => 0.88 - Math.min(ago / 10, 15) / 100;

const sizes = [
	[160, 45, /! disk-growth {2}loops-trainer-0 .*full at this rate in about 2h/],
	[100, 30, /full in +│[\s\S]*88%↑ +2h +│[\s\S]*! loops-trainer-0 at 88% of its storage, growing since .*, full in 2h/],
	[80, 24, /full in +│[\s\S]*88%↑ +2h +│[\s\S]*! disk-growth {2}loops-trainer-0 full in 2h/],
	[40, 45, /! disk-growth {2}/],
	[30, 10, /! disk-growth/],
] as const;

for (const [columns, rows, shows] of sizes) {
	test(`at ${columns}×${rows}, storage that is filling up is reported, with the time left if there is space`, async context => {
		const {terminal} = await startRig(context, {columns, rows, respond: storing(growing)});
		await terminal.waitFor(shows);
	});
}

test("a node's pane shows the forecast, except in an earlier range", async context => {
	const {terminal} = await startRig(context, {columns: 160, rows: 45, respond: storing(growing)});
	await terminal.waitFor(/disk-growth/);
	terminal.press('5f\r');
	await terminal.waitFor(/loops-trainer-0[\s\S]*storage, full in 2h|storage 88%, full in 2h/);
	terminal.press('\u001b[1;2D');
	// Storage also grew by six percentage points in this range, but "full in 3h", which was right then, is wrong now.
	const past = await terminal.waitFor(/history 1h[\s\S]*storage 8\d%/);
	assert.doesNotMatch(past.slice(3, -3).join('\n'), /full in/);
});

async function print(context: TestContext, respond: Respond, format: string): Promise<string> {
	const server = await startScriptedServer(respond);
	context.after(async () => server.close());
	const {stdout, exitCode} = await runProgram(['k4q95w5', '--api-url', server.url, '-o', format], {
		env: {BASETEN_API_KEY: key},
	});
	assert.equal(exitCode, 0);
	return stdout;
}

async function growthOf(context: TestContext, course: Course): Promise<Snapshot['findings']> {
	const {findings} = JSON.parse(await print(context, storing(course), 'json')) as Snapshot;
	return (findings ?? []).filter(({rule}) => rule === 'disk-growth');
}

test('the JSON output contains the forecast in seconds, and the text output contains it in words', async context => {
	const [found] = (await growthOf(context, growing)) ?? [];
	assert.deepEqual([found?.subject.node, found?.state], ['loops-trainer-0', 'active']);
	const seconds = found?.full_in_seconds ?? Number.NaN;
	assert.ok(Math.abs(seconds - 7200) < 600, `${seconds} s`);
	assert.match(
		await print(context, storing(growing), 'text'),
		/\nfinding +disk-growth: .*full at this rate in about 2h/,
	);
});

const honest: ReadonlyArray<readonly [what: string, course: Course]> = [
	['storage whose use shrinks', ago => 0.7 + ago / 1000],
	['storage whose use stays the same', () => 0.85],
	['storage whose use is unknown', () => null],
	['storage whose use is known for only a few minutes', ago => (ago < 8 ? 0.85 - ago / 1000 : null)],
	['storage that will be full in seven weeks', ago => 0.3 - ago / 100_000],
];

for (const [what, course] of honest) {
	test(`there is no forecast for ${what}`, async context => {
		assert.deepEqual(await growthOf(context, course), []);
	});
}
