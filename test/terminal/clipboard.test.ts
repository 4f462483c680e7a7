import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {chmodSync, existsSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import fc from 'fast-check';
import {clipboardSequence, type TerminalVariables} from '../../source/terminal/clipboard.ts';
import {anyCharacter} from '../helpers/any-character.ts';
import {needs} from '../helpers/needs.ts';
import {openTerminal, program, type RealTerminal, runner} from '../helpers/real-terminal.ts';
import {temporaryFile, temporaryFolder} from '../helpers/temporary-folder.ts';
import {key, startRig} from './rig.ts';

function osc52(text: string): string {
	return `\u001B]52;c;${Buffer.from(text).toString('base64')}\u0007`;
}

/** Waits until this has been written to the terminal. */
async function waitForWritten({written, waitFor}: RealTerminal, wanted: string): Promise<void> {
	await waitFor(() => written().includes(wanted));
}

test("y copies the node's name, and Y the deployment's ID, with a message until the next keypress", async context => {
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

test("a terminal that would print the sequence doesn't receive it", async context => {
	const {terminal} = await startRig(context, {env: {TERM: 'linux'}});
	await terminal.waitFor('loops-trainer-0');
	terminal.press('y');
	await terminal.waitFor("this terminal can't copy this text to the clipboard");
	assert.ok(!terminal.written().includes(']52;'));
});

test("if tmux fails or isn't found, both forms of the sequence are sent", async context => {
	const folder = temporaryFolder();
	writeFileSync(path.join(folder, 'tmux'), '#!/bin/sh\nexit 1\n');
	chmodSync(path.join(folder, 'tmux'), 0o755);
	for (const PATH of [folder, temporaryFolder()]) {
		const {terminal} = await startRig(context, {env: {TMUX: '/nowhere,1,0', PATH}});
		await terminal.waitFor('loops-trainer-0');
		terminal.press('y');
		const plain = osc52('loops-trainer-0');
		await waitForWritten(terminal, `${plain}\u001BPtmux;\u001B${plain}\u001B\\`);
	}
});

test('tmux receives the text, and its environment lacks the API key', async context => {
	const folder = temporaryFolder();
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

test("with tmux's defaults, the text reaches the outer terminal", {skip: needs('tmux')}, async context => {
	const tmux = ['tmux', '-S', temporaryFile('socket'), '-f', '/dev/null'] as const;
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

const data = Buffer.from('loops-trainer-2').toString('base64');
const plain = `\u001B]52;c;${data}\u0007`;
const forTmux = `\u001BPtmux;\u001B\u001B]52;c;${data}\u0007\u001B\\`;
const forScreen = `\u001BP${plain}\u001B\\`;

const cases: ReadonlyArray<readonly [what: string, variables: TerminalVariables, sequence: string | undefined]> = [
	['a terminal', {TERM: 'xterm-256color'}, plain],
	['a terminal in which tmux has exited', {TERM: 'xterm-256color', TMUX: '', STY: ''}, plain],
	['tmux', {TERM: 'tmux-256color', TMUX: '/tmp/tmux-0/default,1,0'}, plain + forTmux],
	['tmux with a TERM of screen', {TERM: 'screen-256color', TMUX: '/tmp/tmux-0/default,1,0'}, plain + forTmux],
	['tmux on the local side of ssh', {TERM: 'tmux-256color'}, plain + forTmux],
	['screen', {TERM: 'screen.xterm-256color', STY: '1.pts-0.host'}, forScreen],
	['screen with a TERM of xterm', {TERM: 'xterm', STY: '1.pts-0.host'}, forScreen],
	['screen on the local side of ssh', {TERM: 'screen'}, forScreen],
	['the Linux console', {TERM: 'linux'}, undefined],
	['a dumb terminal', {TERM: 'dumb'}, undefined],
	['a terminal without a TERM', {}, undefined],
];

for (const [what, variables, sequence] of cases) {
	test(`${what} receives ${sequence === undefined ? 'nothing' : JSON.stringify(sequence)}`, () => {
		assert.equal(clipboardSequence('loops-trainer-2', variables), sequence);
	});
}

test("a string that is longer than terminals accept isn't sent", () => {
	assert.notEqual(clipboardSequence('x'.repeat(56_244), {TERM: 'xterm'}), undefined);
	assert.equal(clipboardSequence('x'.repeat(56_248), {TERM: 'xterm'}), undefined);
});

test('the sequence contains no control sequence from the text, and screen receives it in short pieces', () => {
	fc.assert(
		fc.property(fc.string({unit: anyCharacter, maxLength: 3000}), text => {
			const sequence = clipboardSequence(text, {TERM: 'xterm'}) ?? assert.fail();
			// biome-ignore lint/suspicious/noControlCharactersInRegex: this searches for a control sequence.
			const [, encoded = ''] = /^\u001B\]52;c;([A-Za-z0-9+/=]*)\u0007$/.exec(sequence) ?? assert.fail(sequence);
			assert.equal(Buffer.from(encoded, 'base64').toString(), Buffer.from(text).toString());
			const wrapped = clipboardSequence(text, {TERM: 'screen'}) ?? assert.fail();
			const pieces = wrapped.split('\u001B\\').slice(0, -1);
			assert.ok(pieces.every(piece => piece.startsWith('\u001BP') && piece.length <= 514));
			assert.equal(pieces.map(piece => piece.slice(2)).join(''), sequence);
		}),
	);
});
