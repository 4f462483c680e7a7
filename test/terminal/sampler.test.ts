import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openTerminal} from '../helpers/real-terminal.ts';
import {hang, type Reply, type Respond, reset} from '../helpers/scripted-server.ts';
import {healthy, isMetrics, servedMetrics} from '../helpers/served.ts';
import {isSamplerMetrics, samplerQueryOf, servedSampler} from '../helpers/served-sampler.ts';
import {startRig} from './rig.ts';

const withSampler = healthy({sampler: 'ACTIVE'});

/**
 * The expected text on the screen at each size. The server sends times in seconds, GPU memory in mebibytes, and most
 * counters as totals over half a minute.
 */
const sizes: ReadonlyArray<{readonly columns: number; readonly rows: number; readonly values: readonly RegExp[]}> = [
	{
		columns: 160,
		rows: 45,
		values: [
			/sampler ● ACTIVE {2}k4q95w5 {2}Qwen\/Qwen3-30B-A3B-Instruct-2507 {2}2 replicas/,
			/live.*1h to \d\d:\d\d:[03]0 · every 10s · ok +[\d.]+ms/,
			/1 Requests ─+ 20\.6\/s · 33 in progress ╮/,
			/2 Latency .* p50 321ms {2}p95 1\.23s {2}p99 5\.67s ╮/,
			/3 Status ─+ 5xx 0\.5% of 1h ╮/,
			/2xx ▇+\S? +97\.1%/,
			/4xx \S+ +2\.4%/,
			/4 GPUs ─ 7c9f2a \(1 of 2\) ─+ busy 61% of 1h · now 62% · 141 GiB ╮/,
			/ 0 ▇+ +61% /,
			/70\.0G/,
			/5 Replicas ─+ 2 active · 4 desired · 1 starting · 6 restarts in 1h ╮/,
			/ b41e08 {4}\S\S {4}72% {3}7[12]% {3}145G {3}5\.50 {2}49\.0G/,
		],
	},
	{
		columns: 80,
		rows: 24,
		values: [
			/sampler ● ACTIVE {2}k4q95w5 {2}busy 66% of 1h/,
			/20\.6\/s · 33 in progress/,
			/2 Latency ─ log ─+ p99 5\.67s/,
			/2xx {2}97\.1% {2}4xx {3}2\.4% {2}5xx {3}0\.5% .* 0\.600\/s/,
			/ 1 ▇+ +62% /,
			/71\.0G/,
			/active +2 /,
			/▸7c9f2a {4}\S\S {4}62% {3}6[12]% {3}141G {3}4\.50 {2}48\.0G/,
		],
	},
	{
		columns: 40,
		rows: 45,
		values: [
			/sampler ● ACTIVE/,
			/requests +20\.6\/s/,
			/in progress +33 /,
			/p50 +321ms/,
			/p95 +1\.23s/,
			/p99 +5\.67s/,
			/replicas +2 /,
		],
	},
];

for (const {columns, rows, values} of sizes) {
	test(`at ${columns}×${rows}, the values of the sampler are those that were served`, async context => {
		const {terminal} = await startRig(context, {columns, rows, respond: withSampler});
		await terminal.waitFor(/12\.3\/s/);
		terminal.press('t');
		await terminal.waitFor(shown => values.every(value => value.test(shown.join('\n'))));
		terminal.press('t');
		await terminal.waitFor(shown => shown.join('\n').includes('12.3/s') && !/^ sampler ●/.test(shown[0] ?? ''));
	});
}

test('in full screen at 120×40, the requests of the trainer and the sampler are side by side', async context => {
	const {terminal} = await startRig(context, {columns: 120, rows: 40, respond: withSampler});
	await terminal.waitFor(/12\.3\/s/);
	terminal.press('1');
	terminal.press('f');
	await terminal.waitFor(/trainer {2}12\.3\/s · 7 in progress .* sampler {2}20\.6\/s · 33 in progress/);
});

/** Returns the time of the cursor in the header, or an empty string if there is none. */
function cursorOf([header = '']: readonly string[]): string {
	return / 3h at (\d\d:\d\d:\d\d)/.exec(header)?.[1] ?? '';
}

test('switching to the sampler and back keeps the window and the cursor', async context => {
	const args = ['-i', '1h', '--utc'];
	const {terminal, server} = await startRig(context, {columns: 160, rows: 45, args, respond: withSampler});
	await terminal.waitFor(/12\.3\/s/);
	terminal.press('-');
	await terminal.waitFor(rows => / 3h to /.test(rows[0] ?? '') && !/loading /.test(rows.join('\n')));
	terminal.press('c');
	const first = cursorOf(await terminal.waitFor(rows => cursorOf(rows) !== ''));
	terminal.press('\u001b[1;2D');
	const time = cursorOf(await terminal.waitFor(rows => !['', first].includes(cursorOf(rows))));
	terminal.press('t');
	const shown = await terminal.waitFor(new RegExp(`sampler ● ACTIVE .* 3h at ${time}[\\s\\S]* p50 321ms`));
	assert.match(shown.join('\n'), /1 Requests ─+ 20\.6\/s/);
	const asked = server.requests.filter(isSamplerMetrics).map(samplerQueryOf);
	assert.ok(asked.every(({startMs, endMs}) => endMs - startMs === 3 * 3_600_000 && endMs <= Date.now()));
	terminal.press('t');
	await terminal.waitFor(new RegExp(`● RUNNING .* 3h at ${time}[\\s\\S]* p50 123ms`));
});

const faults: ReadonlyArray<{readonly name: string; readonly reply: Reply; readonly says: RegExp}> = [
	{name: 'a 404', reply: {status: 404, json: {}}, says: /the server refuses the sampler's metrics: 404 not found/},
	{
		name: 'a 403',
		reply: {status: 403, json: {message: 'no\u001b[2J'}},
		says: /the server refuses the sampler's metrics: 403 no access: no/,
	},
	{
		name: 'a 500',
		reply: {status: 500, text: 'oops'},
		says: /no data for the last 1h yet: 500 server error: oops/,
	},
	{name: 'a closed connection', reply: reset, says: /no data for the last 1h yet: /},
	{
		name: 'a response with the wrong structure',
		reply: {json: {metrics: {}}},
		says: /no data for the last 1h yet: unexpected response/,
	},
];

for (const {name, reply, says} of faults) {
	test(`if requests for the sampler's metrics lead to ${name}, only the sampler's panes report it`, async context => {
		let rate = 12.3;
		const respond: Respond = request => {
			if (isSamplerMetrics(request)) {
				return reply;
			}

			return isMetrics(request) ? {json: servedMetrics(request.body, {rate})} : withSampler(request);
		};
		const {terminal, server} = await startRig(context, {columns: 160, rows: 45, args: ['-i', '2s'], respond});
		await terminal.waitFor(/12\.3\/s/);
		terminal.press('t');
		// A sentence that is too long for its pane is wrapped.
		await terminal.waitFor(rows =>
			says.test(
				rows
					.join(' ')
					.replaceAll(/[│╭╮╰╯─]/g, ' ')
					.replaceAll(/ +/g, ' '),
			),
		);
		rate = 45.6;
		await server.waitForRequest(isMetrics, server.requests.length + 1);
		terminal.press('t');
		await terminal.waitFor(/● RUNNING .* ok +[\d.]+ms[\s\S]*45\.6\/s/);
	});
}

test("after a rejection, the sampler's metrics are requested again when the sampler is opened again", async context => {
	let status = 403;
	const respond: Respond = request =>
		isSamplerMetrics(request) && status !== 200 ? {status, json: {}} : withSampler(request);
	const {terminal} = await startRig(context, {respond});
	await terminal.waitFor(/12\.3\/s/);
	terminal.press('t');
	await terminal.waitFor(/403/);
	status = 200;
	terminal.press('t');
	await terminal.waitFor(/12\.3\/s/);
	terminal.press('t');
	await terminal.waitFor(/20\.6\/s/);
});

test('if a server rejects the full list of metrics, later requests name none and get the usual ones', async context => {
	const respond: Respond = request => {
		if (!isSamplerMetrics(request)) {
			return withSampler(request);
		}

		return samplerQueryOf(request).metrics.length === 0
			? {json: servedSampler(request)}
			: {status: 400, json: {code: 'VALIDATION_ERROR', message: 'unknown metric'}};
	};
	const {terminal, server} = await startRig(context, {args: ['-i', '2s'], respond});
	await terminal.waitFor(/12\.3\/s/);
	terminal.press('t');
	await terminal.waitFor(/20\.6\/s[\s\S]*GPUs[\s\S]*no GPU metrics in the last 1h/);
	const before = server.requests.length;
	await server.waitForRequest(isSamplerMetrics, before);
	const named = server.requests.filter(isSamplerMetrics).map(request => samplerQueryOf(request).metrics.length > 0);
	assert.deepEqual(named.slice(0, 3), [true, false, false]);
});

test("the sampler's metrics aren't requested until it is shown, and slow responses don't block keys", async context => {
	const respond: Respond = request => (isSamplerMetrics(request) ? hang : withSampler(request));
	const {terminal, server} = await startRig(context, {columns: 100, rows: 30, args: ['-i', '2s'], respond});
	await terminal.waitFor(/12\.3\/s/);
	await server.waitForRequest(isMetrics, server.requests.length + 1);
	assert.ok(!server.requests.some(isSamplerMetrics));
	terminal.press('t');
	await terminal.waitFor(/loading the last 1h/);
	await server.waitForRequest(isSamplerMetrics);
	terminal.press('?');
	await terminal.waitFor(/\? Keys/);
	terminal.press('?q');
	assert.equal((await terminal.exit).exitCode, 0);
});

test('in the demo, the sampler has replicas, and their GPUs can be viewed', async context => {
	const terminal = openTerminal({columns: 100, rows: 30, args: ['--demo', '--utc']});
	context.after(() => terminal.close());
	await terminal.waitFor(/● RUNNING/);
	terminal.press('t');
	await terminal.waitFor(/sampler ● ACTIVE[\s\S]*4 GPUs ─ 7c9f2a \(1 of [23]\)[\s\S]*5 Replicas ─+ [23] active/);
	terminal.press('j');
	await terminal.waitFor(/4 GPUs ─ b41e08 \(2 of [23]\)/);
	terminal.press('t');
	await terminal.waitFor(/4 GPUs ─ loops-trainer-0 \(1 of 4\)/);
	terminal.press('t');
	await terminal.waitFor(/4 GPUs ─ b41e08 \(2 of [23]\)/);
});
