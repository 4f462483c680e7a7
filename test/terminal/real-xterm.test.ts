import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import {existsSync, readFileSync, rmSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {type TestContext, test} from 'node:test';
import {eventually} from '../helpers/eventually.ts';
import {needs} from '../helpers/needs.ts';
import {program, temporaryHome} from '../helpers/real-terminal.ts';

/** Waits for what other programs do. */
async function until<Value>(find: () => Value | undefined, describe: () => string): Promise<Value> {
	return eventually(
		find,
		look => {
			const timer = setInterval(look, 20);
			return () => clearInterval(timer);
		},
		describe,
	);
}

/** An X server that draws into memory. Returns the name of its display. */
async function startDisplay(context: TestContext): Promise<string> {
	// Without -noreset it ends all clients when one was the last, such as xdotool before xterm is there.
	const options = ['-displayfd', '1', '-screen', '0', '1280x800x24', '-nolisten', 'tcp', '-noreset'];
	const server = spawn('Xvfb', options, {stdio: ['ignore', 'pipe', 'ignore']});
	context.after(() => server.kill());
	let said = '';
	server.stdout.setEncoding('utf8').on('data', chunk => {
		said += chunk;
	});
	const number = await until(
		() => /^(\d+)\n/.exec(said)?.[1],
		() => 'Xvfb did not start.',
	);
	return `:${number}`;
}

test('in xterm every cell is right after keys and resizes by one column', {
	skip: needs('Xvfb', 'xterm', 'xdotool'),
	timeout: 60_000,
}, async context => {
	const home = temporaryHome();
	const dump = path.join(home, 'screen');
	const env = {PATH: process.env['PATH'], HOME: home, LANG: 'C.UTF-8', DISPLAY: await startDisplay(context)};
	const print = 'XTerm.vt100.translations: #override Ctrl <Key>F12: print()';
	const command = `XTerm.vt100.printerCommand: cat >'${dump}.part' && mv '${dump}.part' '${dump}'`;
	const xterm = spawn(
		'xterm',
		[
			...['-u8', '-fa', 'DejaVu Sans Mono', '-fs', '7', '-geometry', '100x30'],
			...[print, command, 'XTerm.vt100.printAttributes: 0'].flatMap(resource => ['-xrm', resource]),
			...['-e', process.execPath, program, '--demo', 'straggler', '-i', '1m'],
		],
		{env, stdio: ['ignore', 'ignore', 'pipe']},
	);
	let said = '';
	xterm.stderr.setEncoding('utf8').on('data', chunk => {
		said += chunk;
	});
	let exitCode: number | null | undefined;
	xterm.on('exit', code => {
		exitCode = code;
	});
	context.after(() => xterm.kill());
	const xdotool = (...args: readonly string[]): string => execFileSync('xdotool', args, {env, encoding: 'utf8'}).trim();
	const window = await until(
		() => {
			try {
				return xdotool('search', '--onlyvisible', '--class', 'xterm').split('\n')[0];
			} catch {
				return undefined;
			}
		},
		() => `xterm did not show a window. Exit code ${exitCode}: ${said}`,
	);
	xdotool('windowfocus', '--sync', window);
	/** The screen as xterm has it, once it is as wanted. */
	const screen = async (isWanted: (rows: readonly string[]) => boolean): Promise<readonly string[]> => {
		let rows: readonly string[] = [];
		let isAsked = false;
		return until(
			() => {
				if (!isAsked) {
					rmSync(dump, {force: true});
					xdotool('key', 'ctrl+F12');
					isAsked = true;
				}

				if (!existsSync(dump)) {
					return undefined;
				}

				rows = readFileSync(dump, 'utf8')
					.split('\n')
					.map(row => row.trimEnd());
				isAsked = false;
				return isWanted(rows) ? rows : undefined;
			},
			() => `The screen is not as wanted: ${isWanted}\n${rows.join('\n')}`,
		);
	};
	const shows = (text: string) => (rows: readonly string[]) => rows.some(row => row.includes(text));
	await screen(shows('list price'));
	xdotool('key', 'p');
	await screen(shows('paused'));
	xdotool('key', 'k', 'k', 'j');
	await screen(shows('▸loops-trainer-1'));
	for (const columns of [99, 98, 97]) {
		xdotool('windowsize', '--usehints', window, String(columns), '30');
		const isWide = (row: string): boolean => row.startsWith('╭') && row.endsWith('╮') && row.length === columns;
		const drawn = await screen(rows => rows.some(isWide) && rows.some(row => row.includes('q quit')));
		xdotool('key', 'question');
		await screen(shows('▸? Keys'));
		xdotool('key', 'question', 'ctrl+l');
		await screen(rows => rows.join('\n') === drawn.join('\n'));
	}

	xdotool('key', 'q');
	await until(
		() => exitCode,
		() => 'xterm did not end with the program.',
	);
	assert.equal(exitCode, 0);
});
