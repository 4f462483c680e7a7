import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {chmodSync, existsSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {needs} from '../helpers/needs.ts';
import {openTerminal, program, type RealTerminal, runner, temporaryHome} from '../helpers/real-terminal.ts';
import {key, startRig} from './rig.ts';

function osc52(text: string): string {
	return `\u001B]52;c;${Buffer.from(text).toString('base64')}\u0007`;
}

/** Waits until the terminal was written this. */
async function waitForWritten({written, waitFor}: RealTerminal, wanted: string): Promise<void> {
	await waitFor(() => written().includes(wanted));
}

test('y has the terminal take the name of the selected node, and says so until the next key', async context => {
	const {terminal} = await startRig(context);
	await terminal.waitFor('loops-trainer-0');
	terminal.press('jy');
	await terminal.waitFor('copied loops-trainer-1');
	await waitForWritten(terminal, osc52('loops-trainer-1'));
	terminal.press('Y');
	await terminal.waitFor('copied k4q95w5');
	await waitForWritten(terminal, osc52('k4q95w5'));
	terminal.press('k');
	await terminal.waitFor(rows => !rows.join('').includes('copied'));
});

test('a terminal that would print the command is not sent it', async context => {
	const {terminal} = await startRig(context, {env: {TERM: 'linux'}});
	await terminal.waitFor('loops-trainer-0');
	terminal.press('y');
	await terminal.waitFor("this terminal can't copy to the clipboard");
	assert.ok(!terminal.written().includes(']52;'));
});

test('a tmux that can not be asked is sent both forms of the command', async context => {
	const folder = temporaryHome();
	writeFileSync(path.join(folder, 'tmux'), '#!/bin/sh\nexit 1\n');
	chmodSync(path.join(folder, 'tmux'), 0o755);
	for (const PATH of [folder, temporaryHome()]) {
		const {terminal} = await startRig(context, {env: {TMUX: '/nowhere,1,0', PATH}});
		await terminal.waitFor('loops-trainer-0');
		terminal.press('y');
		const plain = osc52('loops-trainer-0');
		await waitForWritten(terminal, `${plain}\u001BPtmux;\u001B${plain}\u001B\\`);
	}
});

test('tmux gets the text, and no key in its environment', async context => {
	const folder = temporaryHome();
	const seen = path.join(folder, 'seen');
	writeFileSync(
		path.join(folder, 'tmux'),
		`#!/bin/sh\nPATH=/usr/bin:/bin\n(env; cat) > ${seen}.part; mv ${seen}.part ${seen}\n`,
	);
	chmodSync(path.join(folder, 'tmux'), 0o755);
	const {terminal} = await startRig(context, {env: {TMUX: '/nowhere,1,0', PATH: folder}});
	await terminal.waitFor('loops-trainer-0');
	terminal.press('y');
	await terminal.waitFor(() => existsSync(seen));
	const text = readFileSync(seen, 'utf8');
	assert.match(text, /^TMUX=\/nowhere,1,0$/m);
	assert.match(text, /loops-trainer-0$/);
	assert.ok(!text.includes(key) && !text.includes('BASETEN_API_KEY'), text);
});

test('within tmux as it comes, the text gets to the terminal around it', {skip: needs('tmux')}, async context => {
	const tmux = ['tmux', '-S', path.join(temporaryHome(), 'socket'), '-f', '/dev/null'] as const;
	const command = [...tmux, 'new-session', runner, program, '--demo'] as const;
	const terminal = openTerminal({columns: 80, rows: 24, command});
	context.after(() => {
		spawnSync(tmux[0], [...tmux.slice(1), 'kill-server']);
		terminal.close();
	});
	await terminal.waitFor('loops-trainer-0');
	terminal.press('y');
	const encoded = Buffer.from('loops-trainer-0').toString('base64');
	await terminal.waitFor(() => new RegExp(`\\]52;c?;${encoded}`).test(terminal.written()));
});
