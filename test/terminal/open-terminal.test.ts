import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import {test} from 'node:test';
import {pathToFileURL} from 'node:url';
import headless from '@xterm/headless';
import {openTerminal} from '../helpers/real-terminal.ts';

const module = pathToFileURL(path.join(import.meta.dirname, '../../source/terminal/open-terminal.ts')).href;

/**
 * Prints the keys that are read if the two parts of an arrow's sequence arrive 60 ms apart: first those on a local
 * terminal, and then those on a remote one.
 */
const script = `
	import {EventEmitter} from 'node:events';
	import {Writable} from 'node:stream';
	import {mock} from 'node:test';
	import {openTerminal} from ${JSON.stringify(module)};
	mock.timers.enable({apis: ['setTimeout']});
	for (const isRemote of [false, true]) {
		const nothing = () => undefined;
		const stdin = Object.assign(new EventEmitter(), {isTTY: true, setRawMode: nothing, resume: nothing, pause: nothing});
		const stdout = Object.assign(new Writable({write: (chunk, encoding, done) => done()}), {columns: 80, rows: 24});
		const asks = {background: false, glyph: false};
		const open = openTerminal(stdin, stdout, {name: 'xterm', isRemote, isScreen: false, mouse: false, asks, onInterrupt: nothing});
		const names = [];
		open.keys.subscribe(typed => names.push(typed.name));
		stdin.emit('data', Buffer.from('\\u001b'));
		mock.timers.tick(60);
		await new Promise(resolve => setImmediate(resolve));
		stdin.emit('data', Buffer.from('[B'));
		console.log(isRemote, names.join(' '));
	}
	process.exit();
`;

test('the rest of an escape sequence can arrive 60 ms later on a remote terminal, but not on a local one', () => {
	const args = ['--import=tsx', '--input-type=module', '-e', script];
	assert.equal(execFileSync(process.execPath, args, {encoding: 'utf8'}), 'false esc [ B\ntrue down\n');
});

test('on a terminal without an alternate screen, the last row is left empty for the prompt', async context => {
	const [columns, rows] = [100, 30];
	const terminal = openTerminal({columns, rows, args: ['--demo', 'straggler']});
	context.after(() => terminal.close());
	await terminal.waitFor(/4 of 4 reporting[\s\S]*q quit/);
	terminal.press('q');
	await terminal.exit;
	const plain = new headless.Terminal({cols: columns, rows, allowProposedApi: true, scrollback: 0});
	context.after(() => plain.dispose());
	await new Promise<void>(resolve => {
		plain.write(
			`${terminal.written().replaceAll('\u001b[?1049h', '').replaceAll('\u001b[?1049l', '')}shell> `,
			resolve,
		);
	});
	const {active} = plain.buffer;
	const row = (y: number): string | undefined => active.getLine(y)?.translateToString(true);
	assert.equal(active.cursorY, rows - 1);
	assert.equal(row(rows - 1), 'shell> ');
	assert.match(row(0) ?? '', /k4q95w5/);
});
