import assert from 'node:assert/strict';
import {test} from 'node:test';
import {scenarios} from '../../source/demo/scenarios.ts';
import {openTerminal, program, runner} from '../helpers/real-terminal.ts';
import type {RigOptions} from './rig.ts';
import {key, startRig} from './rig.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: this searches for colors, which are escape sequences
const colorCode = /\u001b\[(?:[0-9;]*;)?(?:[34]|9|10)\d(?:;[0-9;]*)?m/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: this searches for everything except ASCII
const other = /[^\x00-\x7f]/;

const cases: ReadonlyArray<{
	readonly name: string;
	readonly options: RigOptions;
	readonly color: boolean;
	readonly ascii: boolean;
}> = [
	{name: 'the screen of a typical terminal', options: {}, color: true, ascii: false},
	{name: 'the screen with NO_COLOR', options: {env: {NO_COLOR: '1'}}, color: false, ascii: false},
	{name: 'the screen with --no-color', options: {args: ['--no-color']}, color: false, ascii: false},
	{name: 'the screen with --ascii', options: {args: ['--ascii']}, color: true, ascii: true},
	{name: 'the screen with LC_ALL=C', options: {env: {LC_ALL: 'C'}}, color: true, ascii: true},
	{name: 'a screen with TERM=dumb', options: {env: {TERM: 'dumb', LOOPS_TOP_PLAIN: '0'}}, color: false, ascii: true},
];

for (const {name, options, color, ascii} of cases) {
	for (const [columns, rows] of [
		[160, 45],
		[30, 10],
	] as const) {
		test(`${name} at ${columns}×${rows} is drawn ${color ? 'with' : 'without'} colors${ascii ? ', in ASCII' : ''}`, async context => {
			const {terminal} = await startRig(context, {columns, rows, ...options});
			await terminal.waitFor(columns === 160 ? /RUNNING.* 4.8 H100(.|\n)*4 of 4 reporting/ : /trainer-3/);
			assert.equal(colorCode.test(terminal.written()), color);
			assert.equal(other.test(terminal.written()), !ascii);
		});
	}
}

test('with --ascii, the symbols on the screen are replaced by their ASCII counterparts', async context => {
	const {terminal} = await startRig(context, {columns: 80, rows: 24, args: ['--ascii', '--no-color']});
	const values: readonly RegExp[] = [
		/\* RUNNING.* k4q95w5 .*live.* 1h to \d\d:\d\d:\d0 -.* ok +[\d.]+ms/,
		/\. 1 Requests -- 12\.3\/s - 7 in progress \./,
		/ 0 \*+ +50% /,
		/\|>loops-trainer-0 {2}[_.:=+*#-]{8} /,
		/^'-+'$/m,
	];
	await terminal.waitFor(rows => values.every(value => value.test(rows.join('\n'))));
});

for (const {name: scenario} of scenarios) {
	test(`the demo opens with the scenario ${scenario}, and q quits it`, async context => {
		const terminal = openTerminal({columns: 100, rows: 30, args: ['--demo', scenario]});
		context.after(() => terminal.close());
		await terminal.waitFor(/(RUNNING|no data|SCALED_TO_ZERO|DEPLOYING|FAILED).* k4q95w5/);
		terminal.press('q');
		assert.equal((await terminal.exit).exitCode, 0);
	});
}

test('if a symbol turns out to be two cells wide, even long after startup, the screen is redrawn in ASCII', {
	timeout: 300_000,
}, async context => {
	const {server} = await startRig(context);
	const command = [runner, program, 'k4q95w5', '--api-url', server.url, '-i', '2s'] as const;
	const terminal = openTerminal({columns: 80, rows: 24, command, env: {BASETEN_API_KEY: key}, answering: false});
	context.after(() => terminal.close());
	await terminal.waitFor('▇');
	// By the third request, the program's query about the width has timed out, which takes two seconds.
	const isMetrics = ({path}: {readonly path: string}): boolean => path.endsWith('/metrics');
	for (let from = 0; server.requests.filter(isMetrics).length < 3; ) {
		await server.waitForRequest(isMetrics, from);
		from = server.requests.length;
	}

	terminal.press('\u001b[2;3R');
	await terminal.waitFor(rows => rows.some(row => row.includes('up/down')));
	const written = terminal.written();
	const erased = written.slice(written.lastIndexOf('\u001b[2J'));
	assert.match(erased, /up\/down/);
	assert.doesNotMatch(erased, other);
});
