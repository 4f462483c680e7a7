import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openTerminal, program, type RealTerminal, runner} from '../helpers/real-terminal.ts';
import {startRig} from './rig.ts';

const enterAlternate = '\u001b[?1049h';
const leaveAlternate = '\u001b[?1049l';
const showCursor = '\u001b[?25h';

/** Asserts that the main screen and its cursor are visible again. */
function assertRestored(terminal: RealTerminal): void {
	const written = terminal.written();
	assert.equal(terminal.isAlternate(), false);
	assert.ok(written.lastIndexOf(leaveAlternate) > written.lastIndexOf(enterAlternate));
	assert.ok(written.lastIndexOf(showCursor) > written.lastIndexOf('\u001b[?25l'));
}

/** Asserts that mouse reporting has ended. */
function assertNoMouse(terminal: RealTerminal): void {
	const written = terminal.written();
	assert.ok(written.lastIndexOf('\u001b[?1000l') > written.lastIndexOf('\u001b[?1000h'));
	assert.ok(written.lastIndexOf('\u001b[?1006l') > written.lastIndexOf('\u001b[?1006h'));
}

const keys: ReadonlyArray<readonly [name: string, bytes: string, exitCode: number]> = [
	['q', 'q', 0],
	['F10', '\u001b[21~', 0],
	['ctrl-c', '\u0003', 130],
];

for (const [name, bytes, exitCode] of keys) {
	test(`${name} quits immediately with exit code ${exitCode}, and restores the terminal`, async context => {
		const {terminal} = await startRig(context);
		await terminal.waitFor(/RUNNING/);
		assert.equal(terminal.isAlternate(), true);
		terminal.press(bytes);
		assert.deepEqual(await terminal.exit, {exitCode, signal: undefined});
		assertRestored(terminal);
		assert.equal(terminal.screen().join('').trim(), '');
	});
}

for (const [signal, number] of [
	['SIGTERM', 15],
	['SIGHUP', 1],
	['SIGINT', 2],
	['SIGQUIT', 3],
] as const) {
	test(`${signal} restores the terminal`, async context => {
		const {terminal} = await startRig(context);
		await terminal.waitFor(/RUNNING/);
		terminal.kill(signal);
		const {exitCode, signal: ended} = await terminal.exit;
		assert.ok(ended === number || exitCode === 128 + number);
		assertRestored(terminal);
	});
}

for (const [signal, exitCode] of [
	['SIGTERM', 143],
	['SIGINT', 130],
] as const) {
	test(`${signal} also ends mouse reporting`, async context => {
		const {terminal} = await startRig(context, {args: ['--mouse']});
		await terminal.waitFor(/RUNNING/);
		terminal.kill(signal);
		const {exitCode: ended, signal: by} = await terminal.exit;
		assert.ok(ended === exitCode || by === exitCode - 128);
		assertRestored(terminal);
		assertNoMouse(terminal);
	});
}

test('after ctrl-l is held down, keys still work, and q restores the terminal', async context => {
	const {terminal} = await startRig(context);
	await terminal.waitFor(/RUNNING/);
	terminal.press('\u000c'.repeat(20));
	terminal.press('j');
	await terminal.waitFor('▸loops-trainer-1');
	terminal.press('q');
	assert.equal((await terminal.exit).exitCode, 0);
	assertRestored(terminal);
});

test('a single escape never quits', async context => {
	const {terminal} = await startRig(context);
	await terminal.waitFor(/RUNNING/);
	terminal.press('\u001b');
	terminal.press('?');
	await terminal.waitFor(rows => rows.join().includes('▸? Keys') || rows.join().includes('5 Nodes'));
	terminal.press('j');
	await terminal.waitFor(/▸loops-trainer-1|▸\? Keys/);
});

test('ctrl-z returns to the shell and its screen, and fg resumes the program', async context => {
	const terminal = openTerminal({
		columns: 80,
		rows: 24,
		command: ['bash', '--norc', '--noprofile', '-i'],
		env: {PS1: 'shell> '},
	});
	context.after(() => terminal.close());
	await terminal.waitFor('shell>');
	terminal.press(`'${runner}' '${program}' --demo single --mouse\r`);
	await terminal.waitFor('1 of 1 reporting');
	terminal.press('\u001a\u001a');
	await terminal.waitFor('Stopped');
	assert.equal(terminal.isAlternate(), false);
	assertNoMouse(terminal);
	terminal.press('stty -a | grep -o " icanon"\r');
	await terminal.waitFor(/^ icanon$/m);
	terminal.press('fg\r');
	await terminal.waitFor('1 of 1 reporting');
	assert.ok(terminal.written().lastIndexOf('\u001b[?1000h') > terminal.written().lastIndexOf('\u001b[?1000l'));
	terminal.press('j?');
	await terminal.waitFor('▸? Keys');
	terminal.press('?q');
	await terminal.waitFor('Stopped');
	terminal.press('echo "code $?"; stty -a | grep -o " echo "\r');
	await terminal.waitFor(/code 0\n echo/);
});

test('after each resize, the screen is drawn for the new size', async context => {
	const {terminal} = await startRig(context, {columns: 160, rows: 45});
	await terminal.waitFor('4 of 4 reporting');
	const sizes: ReadonlyArray<readonly [columns: number, rows: number, shows: RegExp]> = [
		[80, 24, /^ 3 Status /m],
		[40, 45, /^ in progress/m],
		[30, 10, /\? help {2}↑↓ node {2}q quit$/],
		[19, 4, /^loops-top needs\n20x5/],
		[100, 30, /4 of 4 reporting/],
		[300, 100, /4 of 4 reporting/],
		[1, 1, /^$/],
		[160, 45, /4 of 4 reporting/],
	];
	for (const [columns, rows, shows] of sizes) {
		terminal.resize(columns, rows);
		await terminal.waitFor(screen => shows.test(screen.join('\n').trimEnd()) && screen.length === rows);
	}

	terminal.press('q');
	assert.equal((await terminal.exit).exitCode, 0);
	assertRestored(terminal);
});

test('q works even if the screen is too small', async context => {
	const {terminal} = await startRig(context, {columns: 15, rows: 3});
	await terminal.waitFor(/needs/);
	terminal.press('q');
	assert.equal((await terminal.exit).exitCode, 0);
});

test('nothing is drawn between two polls', async context => {
	const {terminal} = await startRig(context, {args: ['-i', '1m']});
	await terminal.waitFor(/RUNNING/);
	// Time must pass here, because the absence of output can only be observed by waiting.
	await new Promise(resolve => setTimeout(resolve, 500));
	const {length} = terminal.written();
	await new Promise(resolve => setTimeout(resolve, 5000));
	assert.equal(terminal.written().length, length);
});
