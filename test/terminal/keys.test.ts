import assert from 'node:assert/strict';
import {existsSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {keymap} from '../../source/keymap/keymap.ts';
import {healthy, isMetrics, servedMetrics} from '../helpers/served.ts';
import {type Rig, type RigOptions, startRig} from './rig.ts';

/** The terminal input for keys that have a name; other keys are written as they are. */
const bytes: Readonly<Record<string, string>> = {
	up: '\u001b[A',
	down: '\u001b[B',
	left: '\u001b[D',
	right: '\u001b[C',
	'shift-left': '\u001b[1;2D',
	'shift-right': '\u001b[1;2C',
	backspace: '\u007f',
	pageup: '\u001b[5~',
	pagedown: '\u001b[6~',
	home: '\u001b[H',
	end: '\u001b[F',
	tab: '\t',
	'shift-tab': '\u001b[Z',
	enter: '\r',
	space: ' ',
	esc: '\u001b',
	'ctrl-l': '\u000c',
	f1: '\u001bOP',
};

/** The effect of a keypress: text that the screen shows only after the keypress, or another time in the first row. */
type Shown = RegExp | {readonly otherTime: RegExp};

type Step = readonly [key: string, shows: Shown];

/** The screen after each keypress. Each sequence begins at the first of twelve nodes. */
const walks: ReadonlyArray<{readonly name: string; readonly steps: readonly Step[]; readonly options?: RigOptions}> = [
	{
		name: 'help',
		steps: [
			['?', /▸\? Keys/],
			['?', /5 Nodes/],
			['h', /▸\? Keys/],
			['esc', /5 Nodes/],
			['f1', /▸\? Keys/],
			['f1', /5 Nodes/],
		],
	},
	{
		name: 'the run',
		steps: [
			['K', /▸K Run/],
			['K', /5 Nodes/],
		],
	},
	{
		name: 'copying',
		steps: [
			['y', /copied loops-trainer-0/],
			['Y', /copied k4q95w5/],
		],
	},
	{
		name: 'logs',
		steps: [
			['l', /▸l Logs/],
			['l', /5 Nodes/],
		],
	},
	{
		name: 'comparison',
		steps: [
			['b', /1h to .* vs previous 1h/],
			['b', /1h to .* vs 1d ago/],
			['b', /1h to .* vs 7d ago/],
			['b', /comparison off/],
		],
	},
	{
		name: 'a time to go to',
		steps: [
			['T', /go to .*such as 14:03/],
			['-9h', /9h ago/],
			['enter', /history 1h at/],
			['T', /go to/],
			['yesterday', /yesterday▁/],
			['enter', /isn't a time: use one such as/],
			['esc', /^(?!.*use one such as)/s],
			['=', /live.* 1h to/],
		],
	},
	{
		name: 'deployments',
		steps: [
			['d', /▸a Deployments/],
			['esc', /5 Nodes/],
			['a', /▸a Deployments/],
			['esc', /5 Nodes/],
		],
	},
	{
		name: 'help that is taller than the screen',
		options: {columns: 40, rows: 12},
		steps: [
			['?', /↑ ↓ k j/],
			['down', /^(?!.* Nodes)/s],
			['end', /the series in a chart/],
			['pageup', /^(?!.*the series in a chart)/s],
			['home', /↑ ↓ k j/],
			['cursor log', /show the cursor at the selected/],
			['esc', /type to search/],
			['esc', /^(?!.*Keys)/s],
		],
	},
	{
		name: 'nodes',
		steps: [
			['down', /▸loops-trainer-1 /],
			['j', /▸loops-trainer-2 /],
			['k', /▸loops-trainer-1 /],
			['up', /▸loops-trainer-0 /],
			['G', /▸loops-trainer-11 /],
			['g', /▸loops-trainer-0 /],
			['end', /▸loops-trainer-11 /],
			['home', /▸loops-trainer-0 /],
			['pagedown', /▸loops-trainer-[2-9] /],
			['pageup', /▸loops-trainer-0 /],
			['1', /▸1 Requests/],
			[']', /▸loops-trainer-1 /],
			['[', /▸loops-trainer-0 /],
		],
	},
	{
		name: 'windows',
		steps: [
			['+', /live 30m to/],
			['-', /live.* 1h to/],
			['-', /live 3h to/],
			['=', /live.* 1h to/],
			['+', /live 30m to/],
			['0', /live.* 1h to/],
		],
	},
	{
		name: 'focus and full screen',
		steps: [
			['tab', /▸1 Requests/],
			['shift-tab', /▸5 Nodes/],
			['1', /▸1 Requests/],
			['2', /▸2 Latency/],
			['3', /▸3 Status/],
			['4', /▸4 GPUs/],
			['5', /▸5 Nodes/],
			['2', /▸2 Latency/],
			['f', /mean 1h +low 1h +peak 1h/],
			['f', /1 Requests/],
			['enter', /mean 1h +low 1h +peak 1h/],
			['esc', /1 Requests/],
		],
	},
	{
		name: 'drilling down to a GPU and to a node',
		steps: [
			['4', /▸4 GPUs/],
			['enter', /▸4 GPUs ─ utilization over time .* 1 of 96 GPUs/],
			['m', /▸4 GPUs ─ memory over time/],
			['m', /▸4 GPUs ─ utilization over time/],
			['down', /▸ +1 .*51%/],
			['enter', /▸4 GPU 1 ─ loops-trainer-0 .*51% · 62\.2\/80 GiB/],
			['j', /▸4 GPU 2 ─ loops-trainer-0/],
			['G', /▸4 GPU 7 ─ loops-trainer-11/],
			['esc', /96 of 96 GPUs/],
			['[', /▸…\S*10 0 .*50%/],
			['f', /1 Requests/],
			['5', /▸5 Nodes/],
			['f', /^(?!.*1 Requests).*▸5 Nodes ─+ 12 of 12 reporting/s],
			['enter', /▸5 Node ─ loops-trainer-10 .*storage 43%/],
			['enter', /12 of 12 reporting/],
			['esc', /1 Requests/],
		],
	},
	{
		name: 'time and cursor',
		options: {columns: 100, rows: 30},
		steps: [
			['left', /history 1h to \d\d:(00|15|30|45):00/],
			['shift-left', {otherTime: /history 1h to/}],
			['c', /history 1h at \d\d:\d\d:[03]0/],
			['left', {otherTime: /history 1h at \d\d:\d\d:[03]0/}],
			['shift-right', {otherTime: /history 1h at/}],
			['c', /history 1h to/],
			['shift-right', /live.* 1h to/],
			['c', /live.*1h at/],
			['left', {otherTime: /live.*1h at/}],
			['right', {otherTime: /live.*1h at/}],
			['esc', /live.* 1h to/],
		],
	},
	{
		name: 'the sampler',
		steps: [
			['t', /this deployment has no sampler/],
			['t', /5 Nodes/],
		],
	},
	{
		name: 'findings',
		steps: [
			['n', /▸n Findings ─+ 0 active, 0 resolved/],
			['n', /5 Nodes/],
		],
	},
	{
		name: 'a filter',
		steps: [
			['/', / \/▁ +12 of 12 match/],
			['g', / \/g▁ +0 of 12 match/],
			['p', / \/gp▁/],
			['u', / \/gpu▁/],
			['<', / \/gpu<▁ +gpu< needs a number, as in gpu<20/],
			['6', / \/gpu<6▁ +0 of 12 match/],
			['0', / \/gpu<60▁ +3 of 12 match/],
			['enter', /^(?!.*▁).*5 Nodes ─ gpu<60 ─+ 3 of 12 match/s],
			['/', / \/gpu<60▁/],
			['backspace', / \/gpu<6▁ +0 of 12 match/],
			['esc', /5 Nodes ─ gpu<60 ─+ 3 of 12 match/],
			['esc', /12 of 12 reporting/],
		],
	},
	{
		name: 'sorting',
		steps: [
			['s', /12 of 12 reporting · by gpu ↑/],
			['s', /by util ↑/],
			['S', /by util ↓/],
			['s', /by mem ↓/],
		],
	},
	{
		name: 'interval',
		options: {columns: 160, rows: 45},
		steps: [
			['>', /every 15s/],
			['<', /every 10s/],
			['<', /every 5s/],
		],
	},
	{
		name: 'latency axis',
		steps: [
			['v', /2 Latency ──/],
			['v', /2 Latency ─ log ─/],
		],
	},
	{
		name: 'pause',
		steps: [
			['p', /paused/],
			['p', /^(?!.*paused).*k4q95w5/],
			['space', /paused/],
			['esc', /^(?!.*paused).*k4q95w5/],
		],
	},
];

/** Returns the time in the first row, such as `12:34:30`, but not the clock at the end of the row. */
const timeOf = (rows: readonly string[]): string | undefined => /\b(?:at|to) (\d\d:\d\d:\d\d)/.exec(rows[0] ?? '')?.[1];

async function press({terminal}: Rig, [key, shows]: Step): Promise<void> {
	const before = terminal.screen();
	if (shows instanceof RegExp) {
		assert.doesNotMatch(before.join('\n'), shows, `${String(shows)} matches the screen before ${key} is pressed`);
		terminal.press(bytes[key] ?? key);
		await terminal.waitFor(shows);
		return;
	}

	terminal.press(bytes[key] ?? key);
	await terminal.waitFor(rows => shows.otherTime.test(rows[0] ?? '') && timeOf(rows) !== timeOf(before));
}

for (const {name, steps, options} of walks) {
	test(`each key has its effect: ${name}`, async context => {
		const rig = await startRig(context, {respond: healthy({nodes: 12}), ...options});
		await rig.terminal.waitFor(options?.columns === 40 ? '12.3/s' : /RUNNING|degraded/);
		for (const step of steps) {
			await press(rig, step);
		}
	});
}

/** Keys that are pressed in other tests, because a step can only wait for what the screen shows. */
const elsewhere: ReadonlyArray<readonly [key: string, file: string]> = [
	['r', 'keys.test.ts'],
	['ctrl-l', 'keys.test.ts'],
	['w', 'picture.test.ts'],
	['q', 'leaving.test.ts'],
	['ctrl-c', 'leaving.test.ts'],
	['f10', 'leaving.test.ts'],
	['ctrl-z', 'leaving.test.ts'],
];

test('every key in the table is pressed in a test', () => {
	assert.deepEqual(
		elsewhere.filter(([, file]) => !existsSync(path.join(import.meta.dirname, file))),
		[],
	);
	const walked = new Set([...walks.flatMap(({steps}) => steps), ...elsewhere].map(([key]) => key));
	const missing = keymap.flatMap(({bindings}) => bindings.flatMap(({keys}) => keys)).filter(key => !walked.has(key));
	assert.deepEqual(
		missing.map(key => `press ${key} in a step of "walks" in test/terminal/keys.test.ts`),
		[],
	);
});

test('r refreshes immediately', async context => {
	const {terminal, server} = await startRig(context, {args: ['-i', '1h']});
	await terminal.waitFor(/RUNNING/);
	const before = server.requests.length;
	terminal.press('r');
	await server.waitForRequest(isMetrics, before);
});

test("while paused, the screen doesn't change and polling continues", async context => {
	let rate = 12.3;
	const {terminal, server} = await startRig(context, {
		args: ['-i', '2s'],
		respond: request => (isMetrics(request) ? {json: servedMetrics(request.body, {rate})} : healthy()(request)),
	});
	await terminal.waitFor(/RUNNING.*to/);
	terminal.press('p');
	await terminal.waitFor('paused');
	rate = 45.6;
	const before = server.requests.length;
	await server.waitForRequest(isMetrics, before + 1);
	assert.ok(terminal.screen().some(row => row.includes('12.3/s')));
	terminal.press('p');
	await terminal.waitFor('45.6/s');
});

test('ctrl-l redraws the whole screen after another program has written over it', async context => {
	const {terminal} = await startRig(context, {args: ['-i', '1h']});
	await terminal.waitFor(/trainer-3 .* 81% .* 36%/);
	const before = await terminal.waitFor(rows => /RUNNING/.test(rows[0] ?? '') && /quit/.test(rows.at(-1) ?? ''));
	await new Promise<void>(resolve => {
		terminal.emulator.write(`\u001b[H${'x'.repeat(80 * 24)}`, resolve);
	});
	assert.ok(terminal.screen().every(row => row === 'x'.repeat(80)));
	terminal.press('\u000c');
	await terminal.waitFor(rows => rows.join() === before.join());
});

test('quickly repeated keypresses are all handled', async context => {
	const {terminal} = await startRig(context, {columns: 160, rows: 45, respond: healthy({nodes: 64, gpus: 8})});
	await terminal.waitFor('64 of 64 reporting');
	// At startup, a node with a finding is selected.
	terminal.press('g');
	await terminal.waitFor(/▸loops-trainer-0 /);
	for (let count = 0; count < 20; count++) {
		terminal.press('jj');
	}

	await terminal.waitFor(/▸loops-trainer-40 /);
});
