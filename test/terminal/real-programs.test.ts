import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import process from 'node:process';
import {test} from 'node:test';
import {needs} from '../helpers/needs.ts';
import {openTerminal, program} from '../helpers/real-terminal.ts';
import {unsafeSequences} from '../helpers/safe-sequences.ts';

type Command = readonly [string, ...string[]];

const shell = ['bash', '--norc', '--noprofile', '-i'] as const;

/** A mosh client, with its server on this machine. */
function mosh(): Command {
	const options = ['new', '-i', '127.0.0.1', '-p', '61000:61999', '-l', 'LANG=C.UTF-8', '--', ...shell];
	const env = {...process.env, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', TERM: 'xterm-256color', PS1: 'shell> '};
	const said = execFileSync('mosh-server', options, {encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe']});
	const [, port = '', key = ''] = /MOSH CONNECT (\d+) (\S+)/.exec(said) ?? [];
	return ['env', `MOSH_KEY=${key}`, 'mosh-client', '127.0.0.1', port];
}

const textOf = (rows: readonly string[]): string => rows.map(row => row.trimEnd()).join('\n');

/** What stands between the program and the terminal, each with a shell. */
const between: ReadonlyArray<readonly [name: string, skip: string | false, command: () => Command]> = [
	['GNU screen', needs('screen'), () => ['screen', '-c', '/dev/null', ...shell]],
	[
		'tmux',
		needs('tmux'),
		() => [
			'tmux',
			'-L',
			`loops-top-${process.pid}`,
			'-f',
			'/dev/null',
			'new',
			shell.join(' '),
			';',
			'set',
			'status',
			'off',
		],
	],
	['mosh', needs('mosh-server', 'mosh-client'), mosh],
];

for (const [name, skip, command] of between) {
	test(`in ${name} the screen is right after keys and resizes, and the prompt is clean after it`, {
		skip,
	}, async context => {
		const terminal = openTerminal({
			columns: 100,
			rows: 30,
			command: command(),
			env: {PS1: 'shell> ', SHELL: '/bin/bash', LANG: 'C.UTF-8', COLORTERM: 'truecolor'},
		});
		context.after(() => terminal.close());
		await terminal.waitFor(/shell> |bash-\d/);
		terminal.press(`'${process.execPath}' '${program}' --demo straggler\r`);
		await terminal.waitFor('4 of 4 reporting');
		terminal.press('p');
		await terminal.waitFor('paused');
		/** Whether the screen shows what it shows once all of it is drawn again. */
		const isRight = async (selected: string): Promise<void> => {
			await terminal.waitFor(selected);
			const before = terminal.screen();
			terminal.press('?');
			await terminal.waitFor('▸? Keys');
			terminal.press('?\u000c');
			await terminal.waitFor(rows => textOf(rows) === textOf(before));
		};
		terminal.press('kkj');
		await isRight('▸loops-trainer-1');
		for (const columns of [99, 98, 97]) {
			terminal.resize(columns, 30);
			await terminal.waitFor(rows => rows.some(row => row.startsWith('╭') && row.length >= columns - 1));
		}

		terminal.press('j');
		await isRight('▸loops-trainer-2');
		terminal.press('\u001b[200~q\u001b[201~');
		terminal.press('k');
		await terminal.waitFor('▸loops-trainer-1');
		terminal.press('q');
		await terminal.waitFor(rows =>
			/^(?:shell>|bash-\S+) *$/.test(rows.findLast(row => /^(?:shell|bash)/.test(row)) ?? ''),
		);
		terminal.press('echo "it is $((6*7))"\r');
		await terminal.waitFor('it is 42');
	});
}

test('nothing is written that a terminal might not know, in any scenario, after keys and resizes', async context => {
	for (const scenario of ['straggler', 'errors', 'outage', 'empty', 'odd']) {
		const terminal = openTerminal({columns: 100, rows: 30, args: ['--demo', scenario, '--mouse', '--bell']});
		context.after(() => terminal.close());
		await terminal.waitFor(/q quit/);
		terminal.press('jk?');
		await terminal.waitFor('▸? Keys');
		terminal.press('?/x\u001b');
		terminal.resize(99, 30);
		terminal.resize(60, 20);
		await terminal.waitFor(rows => rows.length === 20 && /k4q95w5/.test(rows[0] ?? ''));
		terminal.press('q\u0003');
		await terminal.exit;
		assert.deepEqual(unsafeSequences(terminal.written()), []);
	}
});
