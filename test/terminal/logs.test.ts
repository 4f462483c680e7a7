import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import type {Level} from '../../source/api/logs.ts';
import {logKeys} from '../../source/keymap/keymap.ts';
import {hang, type Reply} from '../helpers/scripted-server.ts';
import {healthy, isMetrics} from '../helpers/served.ts';
import {isLogs, type KeptLog, logging, logsQueryOf} from '../helpers/served-logs.ts';
import {key, type Rig, type RigOptions, startRig} from './rig.ts';

const pageUp = '\u001b[5~';
const bytes: Readonly<Record<string, string>> = {
	up: '\u001b[A',
	down: '\u001b[B',
	pageup: pageUp,
	pagedown: '\u001b[6~',
	home: '\u001b[H',
	end: '\u001b[F',
	left: '\u001b[D',
	enter: '\r',
	esc: '\u001b',
};

/** Returns this many entries, one every three seconds until just now; `line 0` is the oldest. */
function kept(count: number, others: (index: number) => Partial<KeptLog> = () => ({})): KeptLog[] {
	const endMs = Date.now() - 2000;
	return Array.from({length: count}, (_, index) => ({
		timeMs: endMs - (count - 1 - index) * 3000,
		message: `line ${index}.`,
		replica: `loops-trainer-${index % 4}`,
		level: 'INFO',
		...others(index),
	}));
}

/** Starts the program, and opens the logs. */
async function openLogs(context: TestContext, options: RigOptions): Promise<Rig> {
	const rig = await startRig(context, {columns: 100, rows: 30, ...options});
	await rig.terminal.waitFor(/RUNNING|12\.3\/s/);
	rig.terminal.press('l');
	return rig;
}

/** Returns the numbers of the entries on the screen, from the top. */
function numbersOn(rows: readonly string[]): readonly number[] {
	return rows.flatMap(row => /line (\d+)\./.exec(row)?.[1] ?? []).map(Number);
}

test('entries are shown with time, level, replica, and a message without terminal sequences', async context => {
	const timeMs = Date.now() - 5000;
	const logs: readonly KeptLog[] = [
		{
			timeMs,
			nanoseconds: 1,
			message: '\u001b[31mred\u001b[2J\u001b]0;owned\u0007 text',
			replica: 'pod-7',
			level: 'ERROR',
		},
		{timeMs, nanoseconds: 2, message: 'first\n  second\tthird', replica: 'pod-8', level: null},
		{timeMs, nanoseconds: 3, message: 'the key is not here', replica: null, level: 'WARNING'},
	];
	const {terminal} = await openLogs(context, {respond: logging(logs)});
	await terminal.waitFor(/3 entries · following/);
	const time = new Date(timeMs).toISOString().slice(11, 19);
	await terminal.waitFor(new RegExp(`│ ${time} E pod-7 red text +│\n│ ${time} – pod-8 first \\+1 +│\n│ ${time} W – `));
	assert.ok(!terminal.written().includes('\u001b[31mred'));
	assert.ok(!terminal.written().includes('owned'));
	assert.ok(!terminal.written().includes(key));
});

test('new entries appear automatically and only once, including late and identical ones', async context => {
	const logs = kept(5);
	const {terminal, server} = await openLogs(context, {args: ['-i', '2s'], respond: logging(logs)});
	await terminal.waitFor(/line 4\./);
	const newest = logs.at(-1) ?? assert.fail();
	// Adds a duplicate, a new entry, and an entry that arrives later than a newer one.
	logs.splice(2, 0, {...newest, timeMs: (logs[1]?.timeMs ?? 0) + 1, message: 'late.'});
	logs.push({...newest, message: 'line 4.'}, {...newest, timeMs: newest.timeMs + 1, message: 'new.'});
	const rows = await terminal.waitFor(/new\./);
	const words = rows.flatMap(row => /(line \d|late|new)\./.exec(row)?.[1] ?? []);
	assert.deepEqual(words, ['line 0', 'line 1', 'late', 'line 2', 'line 3', 'line 4', 'line 4', 'new']);
	const seen = server.requests.length;
	await server.waitForRequest(isLogs, seen);
	assert.deepEqual(numbersOn(terminal.screen()), [0, 1, 2, 3, 4, 4]);
	assert.ok(server.requests.every(({together}) => together === 1));
});

test('the first request is for the window, later ones are for new entries, and no request specifies a level', async context => {
	const startedMs = Date.now();
	const logs = kept(500);
	const {server, terminal} = await openLogs(context, {args: ['-i', '2s'], respond: logging(logs)});
	await terminal.waitFor(/500 entries/);
	const first = await server.waitForRequest(isLogs);
	const {start_epoch_millis: startMs, ...rest} = logsQueryOf(first);
	assert.deepEqual(rest, {direction: 'desc', limit: 1000});
	assert.ok(startMs + 3_600_000 > startedMs - 1000 && startMs + 3_600_000 < first.atMs + 1000);
	assert.equal(first.headers.authorization, `Bearer ${key}`);
	const next = await server.waitForRequest(isLogs, server.requests.indexOf(first) + 1);
	assert.ok((logs.at(-1)?.timeMs ?? 0) - logsQueryOf(next).start_epoch_millis < 70_000);
});

test("while the logs are closed, they aren't requested", async context => {
	const {server, terminal} = await startRig(context, {args: ['-i', '2s'], respond: logging(kept(5))});
	await terminal.waitFor(/RUNNING/);
	terminal.press('ll');
	const closed = server.requests.length;
	const metrics = await server.waitForRequest(isMetrics, closed);
	await server.waitForRequest(isMetrics, server.requests.indexOf(metrics) + 1);
	assert.ok(server.requests.filter(isLogs).length <= 1);
});

test('moving up loads earlier entries, without gaps or duplicates', async context => {
	const {terminal} = await openLogs(context, {respond: logging(kept(3000))});
	await terminal.waitFor(/line 2999\./);
	let lowest = 3000;
	let pages = 0;
	while (lowest > 0) {
		// The screen might show only part of a frame; in a complete frame, the numbers are consecutive.
		const rows = await terminal.waitFor(shown => {
			const numbers = numbersOn(shown);
			const [first = Number.POSITIVE_INFINITY] = numbers;
			return first < lowest && numbers.every((number, index) => number === first + index);
		});
		lowest = numbersOn(rows)[0] ?? 0;
		pages++;
		terminal.press(pageUp.repeat(pages < 5 ? 1 : 20));
	}

	terminal.press('G');
	await terminal.waitFor(/line 2999\./);
});

type Step = readonly [key: string, shows: RegExp];

const walk: readonly Step[] = [
	['up', /▸[\d:]+ I …trainer-2 line 198\./],
	['k', /▸.*line 197\./],
	['down', /▸.*line 198\./],
	['j', /not following.*▸.*line 199\./s],
	['j', /(?<!not) following ╮(?!.*▸\d)/s],
	['pageup', /▸.*line 18\d\./],
	['pagedown', /▸.*line 199\./],
	['pagedown', /(?<!not) following ╮/],
	['g', /▸.*line 0\./],
	['end', /(?<!not) following ╮/],
	['home', /▸.*line 0\./],
	['G', /(?<!not) following ╮/],
	['up', /▸.*line 198\./],
	['enter', /line 198\.\s+│\n│ +\w{3} \d+ [\d:]+\.\d{9} · info · loops-trainer-2 /],
	['enter', /line 198\.\s+│\n│ [\d:]+ . …trainer-3 line 199\./],
	['c', /live.*1h at [\d:]+ .*at the cursor ╮.*│ ── [\d:]+ ─/s],
	['left', /live.*1h at [\d:]+:[03]0 /],
	['c', /live.* 1h to/],
	['f', /▸l Logs .*\n(│.*\n){25}╰/],
	['esc', /1 Requests/],
	['f', /▸l Logs .*\n(│.*\n){25}╰/],
	['f', /1 Requests/],
	['o', /only loops-trainer-0 · 50 of 200 entries/],
	[']', /only loops-trainer-1 · 50 of 200 entries/],
	['o', / 200 entries/],
	['/', / \/▁ +200 of 200 match/],
	['l', / \/l▁ +200 of 200 match/],
	['ine 5', / \/line 5▁ /],
	[' node~', /node~ needs a name or a part of one, as in node~trainer-1/],
	['3', /match/],
	['enter', /l Logs ─ line 5 node~3 /],
	['/', / \/line 5 node~3▁/],
	['\u0015', / \/▁ +200 of 200 match/],
	['enter', / 200 entries/],
	['e', /info and up · 190 entries/],
	['e', /warning and up · 10 entries/],
	['e', /error and up/],
	['e', / 200 entries · following/],
	['B', /no sampler is known/],
	['l', /5 Nodes/],
	['l', /▸l Logs/],
	['esc', /5 Nodes/],
];

test('the keys for the logs have the documented effects', async context => {
	const level = (index: number): Level => (index % 10 < 9 ? 'INFO' : index < 100 ? 'DEBUG' : 'WARNING');
	const {terminal} = await openLogs(context, {respond: logging(kept(200, index => ({level: level(index)})))});
	await terminal.waitFor(/200 entries · following/);
	for (const [pressed, shows] of walk) {
		terminal.press(bytes[pressed] ?? pressed);
		await terminal.waitFor(shows);
	}
});

test('every key in the table of keys for the logs is pressed', () => {
	const walked = new Set(walk.map(([pressed]) => pressed));
	const missing = logKeys.flatMap(({bindings}) => bindings.flatMap(({keys}) => keys)).filter(name => !walked.has(name));
	assert.deepEqual(
		missing.map(name => `press ${name} in a step of "walk" in test/terminal/logs.test.ts`),
		[],
	);
});

const refusals: ReadonlyArray<readonly [name: string, reply: Reply, says: RegExp]> = [
	[
		'404',
		{status: 404, json: {code: 'NOT_FOUND', message: 'no route'}},
		/the server has no logs for this deployment: 404/,
	],
	['403', {status: 403, json: {detail: 'not yours'}}, /this key has no access to the logs: 403/],
];

for (const [name, reply, says] of refusals) {
	test(`a ${name} response to a request for logs disables only the logs, until they are reopened`, async context => {
		const others = healthy();
		const {terminal, server} = await openLogs(context, {
			args: ['-i', '2s'],
			respond: request => (isLogs(request) ? reply : others(request)),
		});
		const rows = await terminal.waitFor(says);
		assert.match(rows[0] ?? '', /● RUNNING .* ok /);
		const metrics = await server.waitForRequest(isMetrics, server.requests.length);
		await server.waitForRequest(isMetrics, server.requests.indexOf(metrics) + 1);
		assert.equal(server.requests.filter(isLogs).length, 1);
		assert.match(terminal.screen()[0] ?? '', /● RUNNING .* ok /);
		server.respond = logging(kept(5));
		terminal.press('ll');
		await terminal.waitFor(/5 entries · following/);
	});
}

const faults: ReadonlyArray<readonly [name: string, reply: Reply, says: RegExp]> = [
	['a 500 response', {status: 500, text: 'oops'}, /× API 500 · retry \d\d:\d\d:\d\d · 5 entries/],
	['a response with the wrong structure', {json: {lines: []}}, /× wrong shape · retry/],
];

for (const [name, reply, says] of faults) {
	test(`${name} to a request for logs is shown in their title, and affects nothing else`, async context => {
		const {terminal, server} = await openLogs(context, {args: ['-i', '2s'], respond: logging(kept(5))});
		await terminal.waitFor(/5 entries · following/);
		const others = healthy();
		server.respond = request => (isLogs(request) ? reply : others(request));
		const rows = await terminal.waitFor(says);
		assert.deepEqual(numbersOn(rows), [0, 1, 2, 3, 4]);
		const metrics = await server.waitForRequest(isMetrics, server.requests.length);
		await server.waitForRequest(isMetrics, server.requests.indexOf(metrics) + 1);
		assert.match(terminal.screen()[0] ?? '', /● RUNNING .* ok /);
		server.respond = logging(kept(6));
		terminal.press('r');
		await terminal.waitFor(/(?<!× .*)· following ╮/);
	});
}

test("logs that never arrive don't block any keys, and can be closed", async context => {
	const others = healthy();
	const {terminal} = await openLogs(context, {respond: request => (isLogs(request) ? hang : others(request))});
	await terminal.waitFor(/loading the logs/);
	terminal.press('?');
	await terminal.waitFor(/▸\? Keys/);
	terminal.press('?l');
	await terminal.waitFor(/5 Nodes/);
	terminal.press('q');
	assert.equal((await terminal.exit).exitCode, 0);
});

for (const [columns, rows] of [
	[160, 45],
	[80, 24],
	[40, 45],
	[30, 10],
] as const) {
	test(`the newest entry is visible on a screen of ${columns}×${rows}`, async context => {
		const {terminal} = await openLogs(context, {columns, rows, respond: logging(kept(200))});
		const shown = await terminal.waitFor(/line 199\./);
		assert.ok(shown.every(row => row.length <= columns));
	});
}
