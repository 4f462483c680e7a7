import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openTerminal, runProgram} from '../helpers/real-terminal.ts';
import {isMetrics} from '../helpers/served.ts';
import {startRig} from './rig.ts';

const hourMs = 3_600_000;

test('--at puts the cursor on a time; pressing esc twice returns to live, and pressing = returns to that time', async context => {
	const atMs = Date.now() - 5 * hourMs;
	const clock = new Date(atMs).toISOString().slice(11, 19);
	const {terminal, server} = await startRig(context, {columns: 120, rows: 40, args: ['--utc', '--at', clock]});
	await terminal.waitFor(`history 1h at ${clock} UTC`);
	await server.waitForRequest(request => {
		const {end_epoch_millis: endMs = 0} = isMetrics(request) ? (request.body as {end_epoch_millis?: number}) : {};
		return Math.abs(endMs - atMs) <= hourMs;
	});
	terminal.press('\u001b');
	await terminal.waitFor(/history 1h to/);
	terminal.press('\u001b');
	await terminal.waitFor(/live .*1h to/);
	terminal.press('=');
	await terminal.waitFor(`history 1h at ${clock} UTC`);
});

test("--at rejects a time in the future or before the API's data, and the terminal is restored", async context => {
	for (const [at, says] of [
		['2100-01-01', /--at Jan 1 00:00 is in the future/],
		['-8d', /--at \w+ \d+ [\d:]+ is older than the 7 days that the API keeps/],
	] as const) {
		const terminal = openTerminal({columns: 120, rows: 20, args: ['--demo', 'single', '--at', at]});
		context.after(() => terminal.close());
		assert.equal((await terminal.exit).exitCode, 2);
		await terminal.waitFor(says);
		assert.ok(!terminal.isAlternate());
	}
});

test('without a screen, --at requires an export or a recording', async () => {
	const {stderr, exitCode} = await runProgram(['--demo', 'single', '--at', '-1h']);
	assert.match(stderr, /^loops-top: --at requires a terminal, an export such as -o csv, or --replay FILE\./);
	assert.equal(exitCode, 2);
});
