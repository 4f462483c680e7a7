import assert from 'node:assert/strict';
import path from 'node:path';
import {test} from 'node:test';
import fc from 'fast-check';
import {openTerminal, program, runner, unlessPreloaded} from '../helpers/real-terminal.ts';

const preload = path.join(import.meta.dirname, '..', 'helpers', 'slow-timers.mjs');

const anyText = fc.string({unit: 'binary-ascii', maxLength: 20});
const anyByte = fc.integer({min: 0, max: 255});
/** The text of a control string, without the characters that end or cancel it. */
const stringText = fc
	.array(fc.integer({min: 0x20, max: 0x7e}), {maxLength: 30})
	.map(codes => String.fromCharCode(...codes));
const pasted = anyText.map(text => text.replaceAll('\u001b', ''));
const number = fc.integer({min: 0, max: 300});

/** Terminal input that isn't a key: control strings of each kind, reports, mouse reports, and pastes. */
const notKeys = fc.oneof(
	fc
		.tuple(fc.constantFrom(']', 'P', 'X', '^', '_'), stringText, fc.constantFrom('\u0007', '\u001b\\', '\u009c'))
		.map(([kind, text, end]) => Buffer.from(`\u001b${kind}${text}${end === '\u009c' ? '\u001b\\' : end}`)),
	fc
		.tuple(fc.constantFrom(0x90, 0x98, 0x9d, 0x9e, 0x9f), stringText)
		.map(([kind, text]) => Buffer.concat([Buffer.from([kind]), Buffer.from(text), Buffer.from([0x9c])])),
	fc.tuple(number, number, number).map(([a, b, c]) => Buffer.from(`\u001b[<${a};${b};${c}M`)),
	fc
		.array(anyByte, {minLength: 3, maxLength: 3})
		.map(bytes => Buffer.concat([Buffer.from('\u001b[M'), Buffer.from(bytes)])),
	fc.tuple(number, number).map(([a, b]) => Buffer.from(`\u001b[${a};${b}R`)),
	fc
		.tuple(fc.constantFrom('?', '>', '='), number, fc.constantFrom('c', 'u', 'n', 'y'))
		.map(([mark, a, end]) => Buffer.from(`\u001b[${mark}${a}${end === 'y' ? '$y' : end}`)),
	pasted.map(text => Buffer.from(`\u001b[200~${text}\u001b[201~`)),
	fc.constantFrom('\u001b[I', '\u001b[O', '\u001b[0n').map(text => Buffer.from(text)),
);

test('terminal input other than keys has no effect, even if each byte arrives separately', {
	skip: unlessPreloaded,
	timeout: 300_000,
}, async context => {
	const terminal = openTerminal({
		columns: 100,
		rows: 30,
		command: [runner, '--import', preload, program, '--demo', 'straggler', '-i', '1m'],
		env: {SLOW_FROM_MS: '25', SLOW_TO_MS: '50'},
	});
	context.after(() => terminal.close());
	// All startup requests are done, including that for the checkpoints on the axes, and the whole frame has arrived.
	await terminal.waitFor(/↑[\s\S]*4 of 4 reporting.* list price/);
	terminal.press('p');
	const before = await terminal.waitFor(/paused[\s\S]*p resume/);
	// An escape counts as a key if the rest of its sequence doesn't arrive in time. Because the machine can be busy,
	// the preloaded module extends this timeout to half a second.
	for (const sequences of fc.sample(fc.array(notKeys, {minLength: 1, maxLength: 4}), 300)) {
		for (const byte of Buffer.concat(sequences)) {
			terminal.pressBytes(Uint8Array.of(byte));
		}
	}

	// The effect of a key after the input shows that the program has read all of it. The screen must be unchanged.
	terminal.press('?');
	await terminal.waitFor('▸? Keys');
	terminal.press('?');
	await terminal.waitFor(rows => rows.join('\n') === before.join('\n'));
	terminal.press('q');
	assert.deepEqual(await terminal.exit, {exitCode: 0, signal: undefined});
});
