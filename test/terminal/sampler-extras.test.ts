import assert from 'node:assert/strict';
import path from 'node:path';
import {test} from 'node:test';
import {openTerminal} from '../helpers/real-terminal.ts';
import {type Reply, type Respond, reset, type SeenRequest} from '../helpers/scripted-server.ts';
import {healthy, isMetrics} from '../helpers/served.ts';
import {isSamplerExtras, isSamplerMetrics, samplerQueryOf} from '../helpers/served-sampler.ts';
import {temporaryFolder} from '../helpers/temporary-folder.ts';
import {startRig} from './rig.ts';

const withSampler = healthy({sampler: 'ACTIVE'});

const sizes: ReadonlyArray<readonly [columns: number, rows: number, shows: RegExp, hides?: RegExp]> = [
	[160, 45, /first byte p50 211ms · p95 876ms · queue p95 4\.32s/],
	[160, 45, /tokens out 780\/s · tokens in 2\.34k\/s · KV cache hits 81\.5%[\s\S]*async queue 17 · in the engine 35/],
	[160, 45, /5 Replicas ─+ 2 active · 4 desired · 1 starting · 6 restarts in 1h ╮/],
	[100, 30, /5 Replicas ─+ 2 active · 4 desired · 1 starting · 6 restarts in 1h ╮/],
	[80, 24, /2 active · 4 desired[\s\S]*/, /first byte|async queue/],
	[40, 45, /requests +20\.6\/s/, /first byte|async queue/],
];

for (const [columns, rows, shows, hides] of sizes) {
	test(`at ${columns}×${rows}, the extra metrics of the sampler are shown if there is space: ${shows.source.slice(0, 20)}`, async context => {
		const {terminal} = await startRig(context, {columns, rows, respond: withSampler});
		await terminal.waitFor(/12\.3\/s/);
		terminal.press('t');
		const shown = await terminal.waitFor(shows);
		assert.ok(hides === undefined || !hides.test(shown.join('\n')), shown.join('\n'));
	});
}

test('the latency pane in full screen shows the extra metrics, even for an earlier range', async context => {
	const {terminal} = await startRig(context, {columns: 100, rows: 40, args: ['-i', '2s'], respond: withSampler});
	await terminal.waitFor(/12\.3\/s/);
	terminal.press('t');
	terminal.press('2');
	terminal.press('f');
	await terminal.waitFor(/first byte p95 +876ms +876ms/);
	terminal.press('\u001b[D');
	await terminal.waitFor(/history[\s\S]*first byte p95 +876ms +876ms/);
});

/** Returns the responses from a server that rejects every request for an extra metric with one of these names. */
function refusing(unknown: readonly string[], reply: (name: string) => Reply): Respond {
	return request => {
		const name = isSamplerExtras(request)
			? samplerQueryOf(request).metrics.find(asked => unknown.includes(asked))
			: undefined;
		return name === undefined ? withSampler(request) : reply(name);
	};
}

const messages: ReadonlyArray<readonly [what: string, message: (name: string) => string]> = [
	['names', name => `Unknown metric: ${name}.`],
	["doesn't name", () => 'invalid'],
];

for (const [what, message] of messages) {
	test(`if a server rejects two metrics and ${what} them, only the others are requested later`, async context => {
		const unknown = ['baseten_async_queue_size', 'baseten_llm_kv_cache_hit_rate'];
		const respond = refusing(unknown, name => ({status: 400, json: {message: message(name)}}));
		const {terminal, server} = await startRig(context, {columns: 160, rows: 45, args: ['-i', '2s'], respond});
		await terminal.waitFor(/12\.3\/s/);
		terminal.press('t');
		const shown = await terminal.waitFor(/tokens out 780\/s · tokens in 2\.34k\/s +│[\s\S]*in the engine 35/);
		assert.doesNotMatch(shown.join('\n'), /async queue|KV cache/);
		const isDone = (request: SeenRequest): boolean =>
			isSamplerExtras(request) && samplerQueryOf(request).metrics.length === 8;
		await server.waitForRequest(isDone);
		const asked = server.requests.filter(isSamplerExtras).length;
		assert.ok(asked <= 14, `The server received ${asked} requests for extra metrics.`);
		terminal.press('t');
		await terminal.waitFor(/● RUNNING/);
		// The schedule drops the extra metrics only when it chooses the next request. If the sampler were shown again
		// before that, they would be requested a minute later.
		await server.waitForRequest(isMetrics, server.requests.length);
		const from = server.requests.length;
		terminal.press('t');
		const again = await server.waitForRequest(isSamplerExtras, from);
		assert.equal(samplerQueryOf(again).metrics.length, 8);
	});
}

const faults: ReadonlyArray<readonly [what: string, reply: Reply, sentence?: string]> = [
	['a 404', {status: 404, json: {}}, '404 not found'],
	['a 403', {status: 403, json: {message: 'no'}}, '403 no access: no'],
	['a 422 every time', {status: 422, json: {message: 'no'}}],
	['a malformed body', {json: {metrics: {}}}, 'unexpected response: '],
	['a closed connection', reset, 'closed the connection'],
	['a body without metrics', {json: {metric_descriptors: [], metric_values: []}}],
	[
		'a body with unexpected values',
		{
			json: {
				metric_descriptors: [
					{name: 'baseten_replicas_desired', unit_hint: 'COUNT', kind: 'GAUGE', label_sets: [{replica: null}]},
					{name: 'baseten_async_queue_size', unit_hint: 'COUNT', kind: 'GAUGE', label_sets: [{}]},
				],
				metric_values: [{start_epoch_millis: Date.now() - 60_000, values: [[null], ['17']]}],
			},
		},
	],
];

for (const [what, reply, sentence] of faults) {
	test(`${what} affects only extra metrics; it is ${sentence === undefined ? 'not ' : ''}reported`, async context => {
		const respond: Respond = request => (isSamplerExtras(request) ? reply : withSampler(request));
		const {terminal, server} = await startRig(context, {columns: 160, rows: 45, args: ['-i', '2s'], respond});
		await terminal.waitFor(/12\.3\/s/);
		terminal.press('t');
		await server.waitForRequest(isSamplerExtras);
		await server.waitForRequest(isSamplerMetrics, server.requests.length + 1);
		const shown = await terminal.waitFor(/20\.6\/s · 33 in progress[\s\S]*5 Replicas ─+ 2 active ╮/);
		assert.doesNotMatch(shown.join('\n'), /first byte|async queue|desired|422/);
		const isSaid = (rows: readonly string[]): boolean => rows.join('\n').split('tokens, queues: ').length === 2;
		assert.ok(sentence !== undefined || !isSaid(shown));
		await terminal.waitFor(rows => sentence === undefined || (isSaid(rows) && rows.join('\n').includes(sentence)));
	});
}

test('while the view is unchanged, the extra metrics are requested less often than the usual ones', async context => {
	const {terminal, server} = await startRig(context, {
		columns: 160,
		rows: 45,
		args: ['-i', '2s'],
		respond: withSampler,
	});
	await terminal.waitFor(/12\.3\/s/);
	assert.equal(server.requests.filter(isSamplerExtras).length, 0);
	terminal.press('t');
	await terminal.waitFor(/first byte p50 211ms/);
	for (let times = 0; times < 3; times++) {
		await server.waitForRequest(isSamplerMetrics, server.requests.length);
	}

	assert.equal(server.requests.filter(isSamplerExtras).length, 1);
});

test('the demo has the extra metrics', async context => {
	const terminal = openTerminal({columns: 160, rows: 45, args: ['--demo', '--utc']});
	context.after(() => terminal.close());
	await terminal.waitFor(/● RUNNING/);
	terminal.press('t');
	await terminal.waitFor(
		/first byte p50 \d+ms[\s\S]*tokens out [\d.]+k\/s|tokens out [\d.]+k\/s[\s\S]*first byte p50 \d+ms/,
	);
});

test('a recording contains the extra metrics, and a replay shows them', async context => {
	const folder = temporaryFolder();
	const file = path.join(folder, 'recording.jsonl');
	const args = ['-i', '2s', '--record', file];
	const {terminal, server} = await startRig(context, {columns: 160, rows: 45, args, respond: withSampler});
	await terminal.waitFor(/12\.3\/s/);
	terminal.press('t');
	await terminal.waitFor(/first byte p50 211ms/);
	await server.waitForRequest(isSamplerMetrics, server.requests.length + 1);
	terminal.press('q');
	assert.equal((await terminal.exit).exitCode, 0);
	const replayed = openTerminal({columns: 160, rows: 45, args: ['--replay', file, '--utc']});
	context.after(() => replayed.close());
	await replayed.waitFor(/12\.3\/s/);
	replayed.press('t');
	await replayed.waitFor(/tokens out 780\/s[\s\S]*first byte p50 211ms/);
});
