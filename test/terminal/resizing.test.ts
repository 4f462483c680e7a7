import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setTimeout} from 'node:timers/promises';
import {startRig} from './rig.ts';

const keys = ['j', '\t', 'k', '4', '+', '-', '5'];

/** Returns the size at a step, from 1×1 to 300×100. The sizes are in an order that looks random. */
function sizeAt(time: number): readonly [columns: number, rows: number] {
	const turn = (time * 7919) % 1000;
	return turn % 7 === 0 ? [1 + (turn % 5), 1 + (turn % 3)] : [1 + ((turn * 31) % 300), 1 + ((turn * 17) % 100)];
}

test('after 150 resizes with keypresses in between, the screen is correct at the last size', async context => {
	const {terminal} = await startRig(context, {args: ['-i', '1h']});
	await terminal.waitFor(/RUNNING/);
	for (let time = 0; time < 150; time++) {
		terminal.resize(...sizeAt(time));
		terminal.press(time % 3 === 0 ? (keys[(time / 3) % keys.length] ?? '') : '');
		await setTimeout(20);
	}

	terminal.resize(160, 45);
	terminal.press('=');
	const isWhole = (rows: readonly string[]): boolean =>
		rows.length === 45 &&
		/ live.*1h to /.test(rows[0] ?? '') &&
		/^╭ 1 Requests /.test(rows[1] ?? '') &&
		rows.some(row => row.includes('4 of 4 reporting')) &&
		// A frame can arrive in pieces.
		rows.filter(row => /^│ [0-7] .*││/.test(row)).length === 8 &&
		/^╰.*╯$/.test(rows[42] ?? '') &&
		/^ \? help .* q quit/.test(rows.at(-1) ?? '');
	await terminal.waitFor(isWhole);
	// Once the help has been opened and closed, everything before that has been drawn.
	const drawn = async (): Promise<readonly string[]> => {
		terminal.press('?');
		await terminal.waitFor('▸? Keys');
		terminal.press('?');
		return terminal.waitFor(isWhole);
	};
	const before = await drawn();
	const {length} = terminal.written();
	terminal.press('\u000c');
	await terminal.waitFor(() => terminal.written().length > length + 5000);
	assert.deepEqual(await drawn(), before);
	terminal.press('q');
	assert.deepEqual(await terminal.exit, {exitCode: 0, signal: undefined});
	assert.equal(terminal.isAlternate(), false);
});
