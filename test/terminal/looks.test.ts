import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type Environment, openTerminal} from '../helpers/real-terminal.ts';
import {healthy} from '../helpers/served.ts';
import {startRig} from './rig.ts';

const rich: Environment = {TERM: 'xterm-256color', COLORTERM: 'truecolor'};

/** The colors of the status RUNNING in these themes. */
const running = {dark: '135;215;135', light: '0;95;0', colorblind: '95;175;255'} as const;

/** Reports of a terminal's background color, which the emulator itself doesn't send. */
const answers = {
	dark: '\u001b]11;rgb:1e1e/1e1e/2e2e\u001b\\',
	light: '\u001b]11;rgb:ffff/fafa/f0f0\u0007',
} as const;

for (const theme of ['dark', 'light', 'colorblind'] as const) {
	test(`--theme ${theme} has its own colors`, async context => {
		const {terminal} = await startRig(context, {args: ['--theme', theme], env: {...rich, COLORFGBG: '15;0'}});
		await terminal.waitFor(/RUNNING/);
		assert.ok(terminal.written().includes(`\u001b[38;2;${running[theme]}m`));
	});
}

test('--theme mono has no colors', async context => {
	const {terminal} = await startRig(context, {args: ['--theme', 'mono'], env: rich});
	await terminal.waitFor(/RUNNING[\s\S]*trainer-3/);
	const codes = terminal
		.written()
		.split('\u001b[')
		.flatMap(piece => /^([\d;]*)m/.exec(piece)?.[1]?.split(';') ?? []);
	const colorCodes = codes.filter(code => /^(3[0-8]|4[0-8]|9\d|10\d)$/.test(code));
	assert.deepEqual(colorCodes, []);
	assert.ok(codes.includes('1'));
});

for (const background of ['dark', 'light'] as const) {
	test(`a terminal that reports a ${background} background gets the matching theme`, async context => {
		const {terminal} = await startRig(context, {env: {...rich, LOOPS_TOP_THEME: 'auto'}, answering: false});
		await terminal.waitFor(() => terminal.written().includes('\u001b]11;?'));
		terminal.press(answers[background]);
		await terminal.waitFor(/RUNNING/);
		await terminal.waitFor(() => terminal.written().includes(`\u001b[38;2;${running[background]}m`));
	});
}

test("text typed while the terminal is queried isn't lost", async context => {
	const {terminal} = await startRig(context, {env: rich, answering: false});
	await terminal.waitFor(() => terminal.written().includes('\u001b]11;?'));
	terminal.press(`--${answers.dark}-`);
	await terminal.waitFor(/live 12h/);
});

test('if a terminal responds late or never, no keypress is lost, and no response is read as a key', async context => {
	const {terminal} = await startRig(context, {env: rich, answering: false});
	await terminal.waitFor(/RUNNING/);
	terminal.press('j');
	await terminal.waitFor(/▸loops-trainer-1/);
	terminal.press(answers.dark);
	terminal.press('k');
	await terminal.waitFor(/▸loops-trainer-[01]/);
	assert.ok(terminal.screen().some(row => row.includes('1 Requests')));
});

test("with sixteen colors, the terminal is also queried for its background, and without colors, it isn't", async context => {
	const few = await startRig(context, {env: {TERM: 'xterm', COLORTERM: undefined}});
	await few.terminal.waitFor(/RUNNING/);
	assert.ok(few.terminal.written().includes('\u001b]11;?'));
	const none = await startRig(context, {env: {TERM: 'xterm', NO_COLOR: '1'}});
	await none.terminal.waitFor(/RUNNING/);
	assert.ok(!none.terminal.written().includes('\u001b]11;?'));
});

const click = (x: number, y: number): string => `\u001b[<0;${x + 1};${y + 1}M\u001b[<0;${x + 1};${y + 1}m`;
const wheel = (direction: 'up' | 'down', x: number, y: number): string =>
	`\u001b[<${direction === 'up' ? 64 : 65};${x + 1};${y + 1}M`;

test('with --mouse, a click selects a node or a pane, and the wheel zooms and scrolls', async context => {
	const {terminal} = await startRig(context, {args: ['--mouse'], columns: 100, rows: 30});
	const rows = await terminal.waitFor(/RUNNING[\s\S]*trainer-3/);
	await terminal.waitFor(() => terminal.written().includes('\u001b[?1000h'));
	const y = rows.findIndex(row => row.includes('loops-trainer-2'));
	terminal.press(click(5, y));
	await terminal.waitFor(/▸loops-trainer-2/);
	terminal.press(click(70, 3));
	await terminal.waitFor(/▸2 Latency/);
	terminal.press(wheel('up', 70, 3));
	await terminal.waitFor(/live 30m/);
	terminal.press(wheel('down', 70, 3));
	await terminal.waitFor(/live.*1h/);
	terminal.press(wheel('down', 5, y));
	await terminal.waitFor(/▸loops-trainer-3/);
	terminal.press('q');
	await terminal.exit;
	assert.ok(terminal.written().includes('\u001b[?1000l'));
});

for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
	test(`on ${signal}, mouse reporting ends`, async context => {
		const {terminal} = await startRig(context, {args: ['--mouse']});
		await terminal.waitFor(/RUNNING/);
		terminal.kill(signal);
		await terminal.exit;
		assert.ok(terminal.written().includes('\u001b[?1000l'));
		assert.equal(terminal.isAlternate(), false);
	});
}

test('without --mouse, the program never turns on mouse reporting', async context => {
	const {terminal} = await startRig(context);
	await terminal.waitFor(/RUNNING/);
	assert.ok(!terminal.written().includes('\u001b[?1000h'));
});

/** The arguments with which each of four nodes has a finding of the rule `disk` at a `diskShare` of 0.6. */
const halfFull = ['-i', '2s', '--threshold', 'disk=50,disk-growth=1m'];

test('with --bell, the bell rings once when findings appear, and once when they are resolved', async context => {
	const {terminal, server} = await startRig(context, {
		env: {COLORTERM: undefined, TERM: 'xterm'},
		args: ['--bell', ...halfFull],
	});
	const sequence = (text: string): string => `\u001b]9;loops-top k4q95w5: ${text} (and 3 more)`;
	const hasRung = (text: string) => (): boolean => terminal.written().includes(`\u0007${text}\u0007`);
	await terminal.waitFor(/RUNNING/);
	assert.ok(!terminal.written().includes('\u0007'));
	server.respond = healthy({diskShare: 0.6});
	const appeared = sequence('disk: loops-trainer-0 at 60% of its storage');
	await terminal.waitFor(hasRung(appeared));
	server.respond = healthy({diskShare: 0.6, rate: 45.6});
	await terminal.waitFor(/45\.6/);
	server.respond = healthy({rate: 56.7});
	const resolved = sequence('resolved: storage on loops-trainer-0 is no longer nearly full');
	await terminal.waitFor(hasRung(resolved));
	server.respond = healthy({rate: 67.8});
	await terminal.waitFor(/67\.8/);
	const [, first, , second, ...rest] = terminal.written().split('\u0007');
	assert.deepEqual([first, second, rest.length], [appeared, resolved, 1]);
});

test("with --bell, the bell doesn't ring for findings at startup", async context => {
	const {terminal, server} = await startRig(context, {
		args: ['--bell', ...halfFull],
		respond: healthy({diskShare: 0.6}),
	});
	await terminal.waitFor(/loops-trainer-0 at 60% of its storage/);
	server.respond = healthy({diskShare: 0.6, rate: 45.6});
	await terminal.waitFor(/45\.6/);
	assert.ok(!terminal.written().includes('\u0007'));
});

test('a finding whose threshold is no longer reached is resolved, and the list shows when it ended', async context => {
	const {terminal, server} = await startRig(context, {
		columns: 100,
		rows: 30,
		args: halfFull,
		respond: healthy({diskShare: 0.6}),
	});
	await terminal.waitFor(/loops-trainer-0 at 60% of its storage/);
	server.respond = healthy();
	await terminal.waitFor(/✓ no findings/);
	terminal.press('n');
	await terminal.waitFor(/Findings ─+ 0 active, 4 resolved/);
	const time = String.raw`\d\d:\d\d:\d\d`;
	await terminal.waitFor(new RegExp(`disk +loops-trainer-0 at 60% of its storage +from before ${time} to ${time}`));
});

test("with a threshold that the demo's straggler doesn't reach, there is no finding", async context => {
	const terminal = openTerminal({columns: 100, rows: 30, args: ['--demo', 'straggler', '--threshold', 'straggler=1']});
	context.after(() => terminal.close());
	await terminal.waitFor(/RUNNING/);
	terminal.press('n');
	await terminal.waitFor(/Findings ─+ 0 active, 0 resolved/);
});
