import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {runProgram} from '../helpers/real-terminal.ts';
import {startScriptedServer} from '../helpers/scripted-server.ts';
import type {Served} from '../helpers/served.ts';
import {idleServer} from '../helpers/served-idle.ts';
import {key, startRig} from './rig.ts';

async function print(context: TestContext, served: Served, ...args: readonly string[]): Promise<string> {
	const server = await startScriptedServer(idleServer(served));
	context.after(async () => server.close());
	const {stdout, stderr, exitCode} = await runProgram(['k4q95w5', '--api-url', server.url, ...args], {
		env: {BASETEN_API_KEY: key},
	});
	assert.deepEqual([exitCode, stderr], [0, '']);
	return stdout;
}

const costs = /idle time has cost at least \$20\d at the list price/;
const ends = /to end the run: baseten loops run deactivate --run-id r1 --yes/;
const known: Served = {price: 0.866_64, run: 'ACTIVE'};

async function message(context: TestContext, served: Served): Promise<string> {
	const {findings} = JSON.parse(await print(context, served, '-o', 'json'));
	const found = findings.find(({rule}: {readonly rule: string}) => rule === 'idle-deployment');
	return found.message;
}

test('in JSON, the finding for an idle deployment reports the cost of the idle time and the command that ends the run', async context => {
	const text = await message(context, known);
	assert.match(text, costs);
	assert.match(text, ends);
});

test('without a price, only the command is reported, and without a run, only the cost', async context => {
	const free = await message(context, {run: 'ACTIVE'});
	assert.match(free, ends);
	assert.doesNotMatch(free, /\$/);
	const anonymous = await message(context, {price: 0.866_64});
	assert.match(anonymous, costs);
	assert.doesNotMatch(anonymous, /deactivate/);
});

test('without a price or a run, an idle deployment is reported without a cost or a command', async context => {
	assert.match(await message(context, {}), /all 32 GPUs are idle[^;]*$/);
});

test('the text output includes the cost and the command', async context => {
	const text = await print(context, known, '-o', 'text');
	assert.match(text, costs);
	assert.match(text, ends);
});

test('the list of findings includes the cost and the command, even on a narrow screen', async context => {
	for (const [columns, rows] of [
		[160, 45],
		[80, 24],
		[40, 45],
	] as const) {
		const {terminal} = await startRig(context, {columns, rows, respond: idleServer(known)});
		await terminal.waitFor(/idle \d/);
		terminal.press('n');
		const isSaid = (shown: readonly string[]): boolean => {
			const text = shown
				.join(' ')
				.replaceAll(/[│╭╮╰╯]/g, ' ')
				.replaceAll(/\s+/g, ' ');
			return costs.test(text) && ends.test(text);
		};
		await terminal.waitFor(isSaid);
	}
});

test('the line above the keys shows the cost, and also the command if there is space', async context => {
	for (const [columns, rows, hasCommand] of [
		[220, 45, true],
		[120, 30, false],
	] as const) {
		const {terminal} = await startRig(context, {columns, rows, respond: idleServer(known)});
		const shown = await terminal.waitFor(all =>
			all.some(row => /all 32 GPUs (?:are )?idle/.test(row) && costs.test(row)),
		);
		const line = shown.find(row => costs.test(row)) ?? '';
		assert.equal(ends.test(line), hasCommand, line);
	}
});
