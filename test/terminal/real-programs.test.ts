import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import process from 'node:process';
import {test} from 'node:test';
import {eventually} from '../helpers/eventually.ts';
import {needs} from '../helpers/needs.ts';
import {type Environment, openTerminal, program, runner} from '../helpers/real-terminal.ts';
import {unsafeSequences} from '../helpers/safe-sequences.ts';
import {temporaryFile, temporaryFolder} from '../helpers/temporary-folder.ts';

type Command = readonly [string, ...string[]];

/**
 * A command to run in a terminal, and a function that ends everything that the command starts, because closing the
 * terminal doesn't end it.
 */
type Started = {readonly command: Command; readonly env?: Environment; readonly end: () => void};

const shell = ['bash', '--norc', '--noprofile', '-i'] as const;

/** Returns a command that starts GNU screen with its socket in a separate folder. */
function screen(): Started {
	const env = {SCREENDIR: temporaryFolder()};
	return {
		command: ['screen', '-S', 'loops-top', '-c', '/dev/null', ...shell],
		env,
		end() {
			spawnSync('screen', ['-S', 'loops-top', '-X', 'quit'], {env: {...process.env, ...env}});
		},
	};
}

/** Returns a command that starts a separate tmux server, and a client for it. */
function tmux(): Started {
	const server = ['-S', temporaryFile('socket'), '-f', '/dev/null'];
	return {
		command: ['tmux', ...server, 'new', shell.join(' '), ';', 'set', 'status', 'off'],
		end() {
			spawnSync('tmux', [...server, 'kill-server']);
		},
	};
}

/** Starts a mosh server on this machine, and returns a command that starts a client for it. */
function mosh(): Started {
	const options = ['new', '-i', '127.0.0.1', '-p', '61000:61999', '-l', 'LANG=C.UTF-8', '--', ...shell];
	const env = {...process.env, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', TERM: 'xterm-256color', PS1: 'shell> '};
	const {stdout, stderr} = spawnSync('mosh-server', options, {encoding: 'utf8', env});
	const [, port = '', key = ''] = /MOSH CONNECT (\d+) (\S+)/.exec(stdout) ?? [];
	const [, pid] = /detached, pid = (\d+)/.exec(stderr) ?? [];
	assert.ok(pid !== undefined, stderr);
	return {
		command: ['env', `MOSH_KEY=${key}`, 'mosh-client', '127.0.0.1', port],
		end() {
			endProcess(Number(pid));
		},
	};
}

/** Ends a process, which might already have ended. */
function endProcess(pid: number): void {
	try {
		process.kill(pid);
	} catch (error) {
		assert.ok(error instanceof Error && 'code' in error && error.code === 'ESRCH');
	}
}

/** Polls until other programs meet a condition. */
async function until(isSo: () => boolean): Promise<void> {
	await eventually(
		() => isSo() || undefined,
		look => {
			const timer = setInterval(look, 20);
			return () => clearInterval(timer);
		},
		() => "Another program didn't meet the condition.",
	);
}

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

const textOf = (rows: readonly string[]): string => rows.map(row => row.trimEnd()).join('\n');

/** The programs that run between loops-top and the terminal, each of which starts a shell. */
const between: ReadonlyArray<readonly [name: string, skip: string | false, start: () => Started]> = [
	['GNU screen', needs('screen'), screen],
	['tmux', needs('tmux'), tmux],
	['mosh', needs('mosh-server', 'mosh-client'), mosh],
];

for (const [name, skip, start] of between) {
	test(`in ${name}, the screen is correct after keystrokes and resizes, and the prompt is clean afterward`, {
		skip,
	}, async context => {
		const {command, env, end} = start();
		const terminal = openTerminal({
			columns: 100,
			rows: 30,
			command,
			env: {PS1: 'shell> ', SHELL: '/bin/bash', LANG: 'C.UTF-8', COLORTERM: 'truecolor', ...env},
		});
		let shellPid = 0;
		context.after(async () => {
			end();
			terminal.close();
			await until(() => shellPid > 0 && !isRunning(shellPid));
		});
		await terminal.waitFor(/shell> |bash-\d/);
		const pidFile = temporaryFile('pid');
		terminal.press(`echo $$ >'${pidFile}'; clear\r`);
		await until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8').endsWith('\n'));
		shellPid = Number(readFileSync(pidFile, 'utf8'));
		terminal.press(`'${runner}' '${program}' --demo straggler -i 1m\r`);
		await terminal.waitFor(/4 of 4 reporting.* list price/);
		// Checkpoints are received last, and are drawn even on a paused screen.
		await terminal.waitFor(rows => rows.some(row => /\d\d:\d\d/.test(row) && row.includes('↑') && !row.includes('%')));
		terminal.press('p');
		await terminal.waitFor('paused');
		/** Waits for a whole frame with this text, and asserts that the screen is the same after a complete redraw. */
		const isRight = async (selected: string): Promise<void> => {
			// A frame can arrive in pieces: it is complete once its last lines are visible and no other node is selected.
			const before = await terminal.waitFor(
				rows =>
					rows.filter(row => row.includes('▸loops-trainer-')).length === 1 &&
					textOf(rows).includes(selected) &&
					rows.at(-3)?.trimEnd().length === rows[1]?.trimEnd().length &&
					/ n ?$/.test(rows.at(-2) ?? '') &&
					/q quit ?$/.test(rows.at(-1) ?? ''),
			);
			terminal.press('?');
			await terminal.waitFor('▸? Keys');
			terminal.press('?\u000c');
			await terminal
				.waitFor(rows => textOf(rows) === textOf(before))
				.catch(() => assert.equal(textOf(terminal.screen()), textOf(before)));
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

test('in several scenarios, only sequences that are safe on every terminal are written', async context => {
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
