import assert from 'node:assert/strict';
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {type TestContext, test} from 'node:test';
import {openTerminal, program, type RealTerminal, runner} from '../helpers/real-terminal.ts';
import {temporaryFile, temporaryFolder} from '../helpers/temporary-folder.ts';

const ctrlZ = '\u001a';

/** Starts a shell with job control, runs a command in it, and waits until the screen of the demo is shown. */
async function startInShell(context: TestContext, command: string): Promise<RealTerminal> {
	const terminal = openTerminal({
		columns: 80,
		rows: 24,
		command: ['bash', '--norc', '--noprofile', '-i'],
		env: {PS1: 'shell> '},
	});
	context.after(() => terminal.close());
	await terminal.waitFor('shell>');
	terminal.press(`${command}\r`);
	await terminal.waitFor('1 of 1 reporting');
	return terminal;
}

const demo = `'${runner}' '${program}' --demo single`;

test("if the program is the only command in a terminal, ctrl-z shows a message and doesn't suspend the program", async context => {
	const terminal = openTerminal({columns: 80, rows: 24, args: ['--demo', 'single']});
	context.after(() => terminal.close());
	await terminal.waitFor('1 of 1 reporting');
	terminal.press(ctrlZ);
	await terminal.waitFor("loops-top can't be suspended here: there is no shell to return to");
	assert.equal(terminal.isAlternate(), true);
	terminal.press('?');
	await terminal.waitFor('▸? Keys');
	terminal.press('?q');
	assert.equal((await terminal.exit).exitCode, 0);
});

test('ctrl-z also stops the programs that started loops-top, and fg resumes all of them', async context => {
	const folder = temporaryFolder();
	const script = path.join(folder, 'started-by-this');
	// The script waits for the program, as npm and npx do.
	writeFileSync(script, `#!/bin/sh\n${demo}\necho "the script continues: $?"\n`, {mode: 0o755});
	const terminal = await startInShell(context, `'${script}'`);
	terminal.press(ctrlZ);
	await terminal.waitFor('Stopped');
	terminal.press('echo $((6*7)) in the shell\r');
	await terminal.waitFor('42 in the shell');
	terminal.press('fg\r');
	await terminal.waitFor('1 of 1 reporting');
	terminal.press('q');
	await terminal.waitFor('the script continues: 0');
});

test('after a resize while the program is suspended, the screen is drawn at the new size', async context => {
	const terminal = await startInShell(context, demo);
	for (const [columns, rows] of [
		[100, 30],
		[60, 20],
		[80, 24],
	] as const) {
		terminal.press(ctrlZ);
		await terminal.waitFor('Stopped');
		terminal.resize(columns, rows);
		terminal.press('clear; fg\r');
		await terminal.waitFor(screen => screen[rows - 1]?.includes('q quit') === true);
		assert.ok(terminal.screen().some(row => row.length === columns));
	}
});

test('if another process stops the program, fg restores the screen, and keys work again', async context => {
	const pidFile = temporaryFile('pid');
	const terminal = await startInShell(context, `sh -c 'echo $$ >"${pidFile}"; exec ${demo.replaceAll("'", '"')}'`);
	process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGSTOP');
	await terminal.waitFor('Stopped');
	terminal.press('clear; fg; echo "code $?"\r');
	await terminal.waitFor('1 of 1 reporting');
	terminal.press('?');
	await terminal.waitFor('▸? Keys');
	terminal.press('?q');
	await terminal.waitFor('code 0');
	terminal.press('stty -a | grep -o " icanon"\r');
	await terminal.waitFor(/^ icanon$/m);
});

test('if SIGWINCH arrives without a resize, as it can from dtach, the whole screen is drawn again', async context => {
	const terminal = openTerminal({columns: 80, rows: 24, args: ['--demo', 'single']});
	context.after(() => terminal.close());
	await terminal.waitFor('1 of 1 reporting');
	terminal.emulator.reset();
	await terminal.waitFor(rows => !rows.join('\n').includes('q quit'));
	terminal.kill('SIGWINCH');
	await terminal.waitFor('q quit');
	assert.equal(terminal.isAlternate(), true);
	terminal.press('q');
	assert.equal((await terminal.exit).exitCode, 0);
});
