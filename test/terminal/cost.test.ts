import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {openTerminal, runProgram} from '../helpers/real-terminal.ts';
import {type Reply, type Respond, reset, startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy, isMetrics, isPrices} from '../helpers/served.ts';
import {key, startRig} from './rig.ts';

const priced = healthy({price: 0.866_64});

const sizes: ReadonlyArray<readonly [columns: number, rows: number, shows: RegExp]> = [
	[160, 45, /4×8 H100 {2}\$208\/h list[\s\S]*5 Nodes ─+ 4 of 4 reporting · list price in 1h: \$208, 0% idle/],
	[100, 30, /5 Nodes ─+ 4 of 4 reporting · list price in 1h: \$208, 0% idle/],
	[80, 24, /5 Nodes ─+ 4 of 4 reporting · list price in 1h: \$208, 0% idle[\s\S]*no findings · \$208\/h list/],
	[40, 45, /4×8 H100[\s\S]*no findings · \$208\/h list/],
	[30, 10, /● RUNNING[\s\S]*12\.3\/s/],
];

for (const [columns, rows, shows] of sizes) {
	test(`at ${columns}×${rows}, the list price is shown if there is space`, async context => {
		const {terminal} = await startRig(context, {columns, rows, respond: priced});
		await terminal.waitFor(shows);
	});
}

test('in the past, the cost of the visible range is shown', async context => {
	const {terminal} = await startRig(context, {columns: 160, rows: 45, respond: priced});
	await terminal.waitFor(/list price in 1h: \$208/);
	terminal.press('-');
	await terminal.waitFor(/list price in 3h: \$624/);
	terminal.press('\u001b[D');
	await terminal.waitFor(/history 3h[\s\S]*list price in 3h: \$624/);
});

test('prices are requested only once, even if deployments are listed and the data is refreshed', async context => {
	const {terminal, server} = await startRig(context, {columns: 160, rows: 45, args: ['-i', '2s'], respond: priced});
	await terminal.waitFor(/\$208\/h list/);
	terminal.press('d');
	await terminal.waitFor(/\$208\/h list[\s\S]*k4q95w5 .* 4×8 H100 .*\$208/);
	terminal.press('\u001b');
	await terminal.waitFor(/5 Nodes/);
	terminal.press('r');
	const from = server.requests.length;
	await server.waitForRequest(isMetrics, from + 1);
	assert.equal(server.requests.filter(isPrices).length, 1);
});

const refusals: ReadonlyArray<readonly [what: string, reply: Reply]> = [
	['no route for prices', {status: 404, json: {}}],
	['a refused request for prices', {status: 403, json: {message: 'no'}}],
	['a malformed list of prices', {json: {prices: []}}],
	['a list of prices without this instance type', {json: {instance_types: [{instance_type: {id: 'other'}, price: 1}]}}],
	['a connection that is reset', reset],
	['a negative price', {json: {instance_types: [{instance_type: {id: 'i'}, price: -1}]}}],
	['a price that is a word', {json: {instance_types: [{instance_type: {id: 'i'}, price: 'free'}]}}],
	['an infinite price', {json: {instance_types: [{instance_type: {id: 'i'}, price: '1e999'}]}}],
	['a price that is null', {json: {instance_types: [{instance_type: {id: 'i'}, price: null}, null, {}]}}],
];

for (const [what, reply] of refusals) {
	test(`with ${what}, no cost is shown, and nothing else is affected`, async context => {
		const respond: Respond = request => (isPrices(request) ? reply : priced(request));
		const {terminal, server} = await startRig(context, {columns: 160, rows: 45, args: ['-i', '2s'], respond});
		await server.waitForRequest(isPrices);
		await server.waitForRequest(isMetrics, server.requests.length + 1);
		const rows = await terminal.waitFor(/● RUNNING .*4×8 H100 .* ok +[\d.]+ms[\s\S]*12\.3\/s/);
		assert.doesNotMatch(rows.join('\n'), /\$/);
		assert.ok(server.requests.filter(isPrices).length <= 2);
	});
}

test('a price can be a numeric string', async context => {
	const {terminal} = await startRig(context, {columns: 160, rows: 45, respond: healthy({price: '0.10833'})});
	await terminal.waitFor(/\$26\.00\/h list/);
});

test('with --price, no price is requested, and the amounts are labeled "own price"', async context => {
	const args = ['--price', '10', '-i', '2s'];
	const {terminal, server} = await startRig(context, {columns: 160, rows: 45, args, respond: priced});
	await terminal.waitFor(/\$40\.00\/h own price[\s\S]*own price in 1h: \$40\.00/);
	await server.waitForRequest(isMetrics, server.requests.length + 1);
	assert.equal(server.requests.filter(isPrices).length, 0);
});

async function print(context: TestContext, ...args: readonly string[]): Promise<string> {
	const server = await startScriptedServer(priced);
	context.after(async () => server.close());
	const {stdout, stderr, exitCode} = await runProgram(['k4q95w5', '--api-url', server.url, ...args], {
		env: {BASETEN_API_KEY: key},
	});
	assert.deepEqual([exitCode, stderr], [0, '']);
	return stdout;
}

test('without a screen, the text output and the JSON output include the cost', async context => {
	assert.match(await print(context, '-o', 'text'), /cost +\$208\/h list, list price in 1h: \$208, 0% idle/);
	const {cost} = JSON.parse(await print(context, '-o', 'json'));
	assert.deepEqual([cost.unit, cost.source, Math.round(cost.per_hour)], ['USD', 'list', 208]);
	assert.match(cost.time, /^20\d\d-/);
});

test('the demo has prices', async context => {
	const terminal = openTerminal({columns: 160, rows: 45, args: ['--demo', 'steady', '--utc']});
	context.after(() => terminal.close());
	await terminal.waitFor(/\$208\/h list/);
});
