import assert from 'node:assert/strict';
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {terminals} from '../../source/view/picture/cells.ts';
import {drawSvg} from '../../source/view/picture/picture.ts';
import {until} from '../helpers/alerting.ts';
import {
	type Environment,
	openTerminal,
	program,
	type RealTerminal,
	runner,
	runProgram,
} from '../helpers/real-terminal.ts';
import {startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy} from '../helpers/served.ts';
import {temporaryFile, temporaryFolder} from '../helpers/temporary-folder.ts';
import {cellsOf} from '../pictures/cells.ts';
import {key, sizes} from './rig.ts';

/** Starts the program in a terminal, with `folder` as its current folder. */
function openIn(
	context: TestContext,
	folder: string,
	args: readonly string[],
	{
		columns = 100,
		rows = 30,
		env = {},
	}: {
		readonly columns?: number;
		readonly rows?: number;
		readonly env?: Environment;
	} = {},
): RealTerminal {
	const script = 'cd "$0" && exec "$@"';
	const terminal = openTerminal({
		columns,
		rows,
		command: ['/bin/sh', '-c', script, folder, runner, program, ...args],
		env: {COLORTERM: 'truecolor', ...env},
	});
	context.after(() => terminal.close());
	return terminal;
}

async function recordDemo(): Promise<string> {
	const file = temporaryFile('demo.jsonl');
	const {exitCode} = await runProgram(['--demo', 'straggler', '-o', 'json', '--record', file]);
	assert.equal(exitCode, 0);
	return file;
}

/** Returns a picture without its title. */
function withoutTitle(svg: string): string {
	return svg.replace(/<title>.*<\/title>/, '');
}

/** A size at which the program shows only the size that it needs. */
const tooSmall = [12, 4] as const;

/** Returns a pattern for the text that a screen of this width shows once the recording is loaded. */
function ready(columns: number): RegExp {
	return columns < 30 ? /this is/ : columns < 40 ? /trainer-2/ : /ended/;
}

function picturesIn(folder: string): readonly string[] {
	return readdirSync(folder).filter(name => name.endsWith('.svg') && statSync(path.join(folder, name)).size > 0);
}

test('w writes the screen as it is, at every size, and in the dark and the light theme', async context => {
	const file = await recordDemo();
	for (const [columns, rows] of [...sizes, tooSmall]) {
		for (const theme of columns === 80 ? (['dark', 'light'] as const) : (['dark'] as const)) {
			const folder = temporaryFolder();
			const args = ['--replay', file, '--utc', '--theme', theme, '--at', 'now'];
			const terminal = openIn(context, folder, args, {columns, rows});
			await terminal.waitFor(ready(columns));
			terminal.press('w');
			await until(
				() => picturesIn(folder)[0],
				() => terminal.screen().join('\n'),
			);
			// After the first message, the screen no longer changes, so the second picture has to match the screen.
			await terminal.waitFor(columns < 30 ? /\S/ : /wrote loops-top-/);
			const shown = drawSvg(cellsOf(terminal.emulator), terminals[theme], '');
			terminal.press('w');
			await until(
				() => picturesIn(folder)[1],
				() => terminal.screen().join('\n'),
			);
			const [first = '', second = ''] = picturesIn(folder).toSorted();
			assert.match(first, /^loops-top-k4q95w5-\d{8}T\d{6}Z(?:-2)?\.svg$/);
			const svgs = [first, second].map(name => withoutTitle(readFileSync(path.join(folder, name), 'utf8')));
			assert.ok(svgs.includes(withoutTitle(shown)), `${columns}×${rows} ${theme}`);
			terminal.press('q');
			assert.equal((await terminal.exit).exitCode, 0);
		}
	}
});

test("a screen that shows the API key isn't written", async context => {
	const server = await startScriptedServer(healthy());
	context.after(() => server.close());
	const folder = temporaryFolder();
	const args = ['k4q95w5', '--api-url', server.url];
	const terminal = openIn(context, folder, args, {columns: 120, env: {BASETEN_API_KEY: key}});
	await terminal.waitFor(/4 of 4 reporting/);
	terminal.press(`/${key}`);
	await terminal.waitFor(key);
	terminal.press('\r');
	await terminal.waitFor(/filter/);
	terminal.press('w');
	await terminal.waitFor(/no SVG file was written: the screen shows your API key/);
	assert.deepEqual(readdirSync(folder), []);
});

test("a folder that isn't writable is reported, and the screen stays open", {
	skip: existsSync('/proc/self') ? false : 'needs /proc',
}, async context => {
	const terminal = openIn(context, '/proc/self', ['--demo', 'single'], {columns: 120});
	await terminal.waitFor(/1 of 1 reporting/);
	terminal.press('w');
	await terminal.waitFor(/no SVG file was written in the current folder: /);
	terminal.press('?');
	await terminal.waitFor(/Keys/);
});
