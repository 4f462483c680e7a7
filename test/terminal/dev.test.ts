import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {type TestContext, test} from 'node:test';
import {openTerminal, type RealTerminal} from '../helpers/real-terminal.ts';
import {temporaryFolder} from '../helpers/temporary-folder.ts';

const root = path.join(import.meta.dirname, '..', '..');

/**
 * Returns the text of a program that shows its argument and each keypress on the alternate screen. The program exits
 * with code 0 on `q`, and with code 1 on `x`.
 */
function programText(name: string): string {
	return `
process.stdin.setRawMode(true);
process.stdin.on('data', key => {
	if (String(key) === 'q') { leave(0); }
	if (String(key) === 'x') { leave(1); }
	process.stdout.write(' key ' + key);
});
function leave(code: number): void { process.stdout.write('\\u001b[?1049l'); process.exit(code); }
process.on('SIGTERM', () => leave(143));
process.stdout.write('\\u001b[?1049h\\u001b[2J\\u001b[H${name} with ' + process.argv[2]);
`;
}

type Running = {readonly terminal: RealTerminal; readonly write: (text: string) => void};

function startRunning(context: TestContext): Running {
	const folder = temporaryFolder();
	const write = (text: string): void => writeFileSync(path.join(folder, 'program.ts'), text);
	write(programText('first'));
	const script = path.join(root, 'test', 'helpers', 'run-folder.ts');
	const terminal = openTerminal({
		columns: 80,
		rows: 24,
		command: [
			process.execPath,
			'--import',
			path.join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs'),
			script,
			folder,
		],
	});
	context.after(() => terminal.close());
	return {terminal, write};
}

test('the program receives keystrokes and is restarted when a file changes, and q ends both the program and the runner', async context => {
	const {terminal, write} = startRunning(context);
	await terminal.waitFor('first with an argument');
	terminal.press('a');
	await terminal.waitFor('key a');
	write(programText('second'));
	await terminal.waitFor('second with an argument');
	terminal.press('b');
	await terminal.waitFor('key b');
	terminal.press('q');
	assert.equal((await terminal.exit).exitCode, 0);
	assert.ok(!terminal.isAlternate());
});

test("a build error stays on the shell's screen until it is fixed", async context => {
	const {terminal, write} = startRunning(context);
	await terminal.waitFor('first with an argument');
	write('const = ;');
	await terminal.waitFor(/Expected identifier(.|\n)*Waiting for a change\./);
	assert.ok(!terminal.isAlternate());
	write(programText('fixed'));
	await terminal.waitFor('fixed with an argument');
	terminal.press('q');
	assert.equal((await terminal.exit).exitCode, 0);
});

test('after a crash, the runner waits for a change', async context => {
	const {terminal, write} = startRunning(context);
	await terminal.waitFor('first with an argument');
	terminal.press('x');
	await terminal.waitFor('The program exited with code 1. Waiting for a change.');
	write(programText('fixed'));
	await terminal.waitFor('fixed with an argument');
	terminal.press('q');
	assert.equal((await terminal.exit).exitCode, 0);
});
