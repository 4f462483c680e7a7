import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {createInputReader, type InputEvent} from '../../source/terminal/input-reader.ts';

const esc = '\u001b';

/** Returns the events that are read if these pieces of input arrive one after another, and then nothing else. */
function read(...pieces: readonly (string | Uint8Array)[]): readonly InputEvent[] {
	const events: InputEvent[] = [];
	const reader = createInputReader(event => events.push(event), 25);
	for (const piece of pieces) {
		reader.push(typeof piece === 'string' ? Buffer.from(piece) : piece);
	}

	while (reader.waitMs() !== undefined) {
		reader.expire();
	}

	return events;
}

/** Returns the keys and pastes, with pastes in angle brackets. */
function typed(...pieces: readonly (string | Uint8Array)[]): readonly string[] {
	return read(...pieces).flatMap(event =>
		event.kind === 'key' ? [event.name] : event.kind === 'paste' ? [`<${event.text}>`] : [],
	);
}

const keys: ReadonlyArray<readonly [name: string, bytes: string, keys: readonly string[]]> = [
	['a letter', 'j', ['j']],
	['a letter that repeats', 'jjj', ['j', 'j', 'j']],
	['letters with a tab between them', 'j\tj', ['j', 'tab', 'j']],
	['an arrow', `${esc}[A`, ['up']],
	['an arrow that repeats', `${esc}[B${esc}[B`, ['down', 'down']],
	['an arrow in application mode', `${esc}OA`, ['up']],
	['an arrow with an eight-bit control', '\u009bA', ['up']],
	['Shift and an arrow', `${esc}[1;2D`, ['shift-left']],
	['Shift and an arrow in rxvt', `${esc}[c`, ['shift-right']],
	['Shift and an arrow that has no meaning with Shift', `${esc}[1;2A`, ['up']],
	['Alt and an arrow', `${esc}[1;3A${esc}${esc}[A`, []],
	['Ctrl and an arrow', `${esc}[1;5C`, []],
	['an arrow with num lock in kitty', `${esc}[1;129A`, ['up']],
	['the release of an arrow in kitty', `${esc}[1;1:3A`, []],
	['page up and down', `${esc}[5~${esc}[6~`, ['pageup', 'pagedown']],
	['home and end', `${esc}[H${esc}[F${esc}OH${esc}OF`, ['home', 'end', 'home', 'end']],
	['home and end in VT220 and rxvt', `${esc}[1~${esc}[4~${esc}[7~${esc}[8~`, ['home', 'end', 'home', 'end']],
	['insert (which has no meaning)', `${esc}[2~`, []],
	['Shift and delete in rxvt', `${esc}[3$j`, ['delete', 'j']],
	['tab and shift-tab', `\t${esc}[Z`, ['tab', 'shift-tab']],
	['enter (also on the keypad)', `\r\n${esc}OM`, ['enter', 'enter', 'enter']],
	['backspace (as either of its characters)', '\u007f\b', ['backspace', 'backspace']],
	['space', ' ', ['space']],
	['a bare escape', esc, ['esc']],
	[
		'an escape just before a response',
		`${esc}${esc}[0n${esc}${esc}[<0;1;1M${esc}${esc}]11;?\u0007`,
		['esc', 'esc', 'esc'],
	],
	['Alt and a function key', `${esc}${esc}[15~`, []],
	['an escape that repeats', esc + esc + esc, ['esc', 'esc', 'esc']],
	['ctrl-c among letters', 'j\u0003k', ['j', 'ctrl-c', 'k']],
	['ctrl-z and ctrl-l', '\u001a\u000c', ['ctrl-z', 'ctrl-l']],
	['NUL and ctrl with punctuation', '\u0000\u001c\u001d\u001e\u001f', []],
	['a letter with Alt', `${esc}q`, []],
	['Alt and ctrl-c', `${esc}\u0003`, []],
	['a letter outside ASCII with Alt', `${esc}éj`, ['j']],
	[
		'F1 in xterm, rxvt, and the Linux console, and with a modifier',
		`${esc}OP${esc}[11~${esc}[[A${esc}[1;1P`,
		Array(4).fill('f1'),
	],
	['F10', `${esc}[21~`, ['f10']],
	['other function keys', `${esc}[24~${esc}[[B`, []],
	['digits of the keypad', `${esc}Op${esc}Oq${esc}Oy`, ['0', '1', '9']],
	['signs of the keypad', `${esc}Ok${esc}Om${esc}OX`, ['+', '-', '=']],
	['digits of the keypad in kitty', `${esc}[57399u${esc}[57408u`, ['0', '9']],
	['letters in kitty', `${esc}[113u${esc}[99;5u${esc}[103;2u${esc}[113;3u`, ['q', 'ctrl-c', 'G']],
	['letters with modifyOtherKeys', `${esc}[27;5;99~${esc}[27;3;113~`, ['ctrl-c']],
	['a wide letter and an accented one', '模é', ['模', 'é']],
];

for (const [name, bytes, wanted] of keys) {
	test(`the bytes for ${name} are read as ${JSON.stringify(wanted)}`, () => {
		assert.deepEqual(typed(bytes), wanted);
	});
}

const reports: ReadonlyArray<readonly [name: string, bytes: string, report: unknown]> = [
	['a press of a mouse button', `${esc}[<0;10;5M`, {kind: 'mouse', event: {kind: 'press', x: 9, y: 4}}],
	['a turn of the mouse wheel', `${esc}[<65;300;100M`, {kind: 'mouse', event: {kind: 'down', x: 299, y: 99}}],
	['a status', `${esc}[0n`, {kind: 'status'}],
	['the cursor position', `${esc}[2;3R`, {kind: 'cursor', row: 2, column: 3}],
	['a background that ends with BEL', `${esc}]11;rgb:f/f/e\u0007`, {kind: 'background', color: [1, 1, 14 / 15]}],
	['a background that ends with ST', `${esc}]11;rgb:ffff/0000/0000${esc}\\`, {kind: 'background', color: [1, 0, 0]}],
	['a background with its opacity', `${esc}]11;rgba:ff/ff/00/80\u0007`, {kind: 'background', color: [1, 1, 0]}],
	['a background in the form #rrggbb', `${esc}]11;#00ff00\u0007`, {kind: 'background', color: [0, 1, 0]}],
];

for (const [name, bytes, report] of reports) {
	test(`${name} is a report, not a key`, () => {
		assert.deepEqual(read(bytes), [{kind: 'report', report}]);
	});
}

test('a background report can end with the byte 0x9C', () => {
	const bytes = Buffer.concat([Buffer.from(`${esc}]11;rgb:0/0/0`), Buffer.from([0x9c]), Buffer.from('j')]);
	assert.deepEqual(read(bytes), [
		{kind: 'report', report: {kind: 'background', color: [0, 0, 0]}},
		{kind: 'key', name: 'j'},
	]);
});

test('a paste is a single string, regardless of its content', () => {
	assert.deepEqual(typed(`j${esc}[200~q\r${esc}[A\u0003 é${esc}[201~k`), ['j', `<q\r${esc}[A\u0003 é>`, 'k']);
	assert.deepEqual(typed(`${esc}[200~a${esc}[201~${esc}[200~b${esc}[201~`), ['<a>', '<b>']);
});

test("input after a paste terminator within a paste isn't a key", () => {
	assert.deepEqual(typed(`${esc}[200~a${esc}[201~q${esc}[201~`), ['<a>']);
	assert.deepEqual(typed(`${esc}[200~a${esc}[201~q${esc}[200~b${esc}[201~j`), ['<a>', '<b>', 'j']);
	// A paste terminator without a paste isn't a key, either.
	assert.deepEqual(typed(`${esc}[201~j`), ['j']);
});

test('a very long paste is read, and kept up to a limit', () => {
	const [event] = read(`${esc}[200~${'x'.repeat(500_000)}${esc}[201~`);
	assert.ok(event?.kind === 'paste');
	assert.equal(event.text.length, 65_536);
});

test('after an escape, the rest of a sequence is awaited for the given time, and for longer after [ arrives', () => {
	const events: InputEvent[] = [];
	const reader = createInputReader(event => events.push(event), 100);
	assert.equal(reader.waitMs(), undefined);
	reader.push(Buffer.from(esc));
	assert.equal(reader.waitMs(), 100);
	reader.push(Buffer.from('['));
	assert.ok((reader.waitMs() ?? 0) > 100);
	reader.push(Buffer.from('B'));
	assert.equal(reader.waitMs(), undefined);
	assert.deepEqual(events, [{kind: 'key', name: 'down'}]);
});

test('the rest of a paste that contains a terminator is awaited for twice the given time', () => {
	for (const [escapeMs, waitMs] of [
		[25, 50],
		[100, 200],
	] as const) {
		const reader = createInputReader(() => undefined, escapeMs);
		reader.push(Buffer.from(`${esc}[200~a${esc}[201~q`));
		assert.equal(reader.waitMs(), waitMs);
	}
});

/** Bytes that don't end a control string on their own. */
const payload = fc.oneof(
	fc.string({maxLength: 20}).map(text => text.replaceAll(/\p{Control}/gu, 'q')),
	fc.constantFrom('q', '\u0003', 'q\r\n', 'é模👩‍🚀', ']11;?', '[A', 'tmux;'),
);
const controlString = fc
	.tuple(
		fc.constantFrom(']', 'P', 'X', '^', '_'),
		payload,
		fc.constantFrom<Uint8Array>(
			...[[7], [0x1b, 0x5c], [0x9c], [0xc2, 0x9c], [0x18], [0x1a]].map(bytes => Uint8Array.from(bytes)),
		),
	)
	.map(([introducer, text, end]) => Buffer.concat([Buffer.from(esc + introducer + text), end]));
const eightBitString = fc.tuple(fc.constantFrom(0x90, 0x98, 0x9d, 0x9e, 0x9f), payload).chain(([introducer, text]) =>
	fc.constantFrom([introducer], [0xc2, introducer]).map(start => {
		return Buffer.concat([Buffer.from(start), Buffer.from(text), Buffer.from([7])]);
	}),
);
const number = fc.integer({min: 0, max: 400});
const mouse = fc
	.tuple(number, number, number, fc.constantFrom('M', 'm'))
	.map(([button, x, y, end]) => Buffer.from(`${esc}[<${button};${x};${y}${end}`));
const oldMouse = fc
	.uint8Array({minLength: 3, maxLength: 3})
	.map(bytes => Buffer.concat([Buffer.from(`${esc}[M`), bytes]));
const otherReport = fc
	.constantFrom(
		'[0n',
		'[3n',
		'[12;40R',
		'[I',
		'[O',
		'[?1;2c',
		'[>0;276;0c',
		'[?2026;2$y',
		'[8;24;80t',
		'[?0u',
		'[24;1;9M',
		'[=1;2c',
	)
	.map(text => Buffer.from(esc + text));
const altKey = fc.constantFrom('q', 'j', '?', 'é', '\u0003', '\r', '1', ' ').map(key => Buffer.from(esc + key));
const notText = fc
	.constantFrom([0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5], [0x80], [0x00])
	.map(bytes => Buffer.from(bytes));
const noKey = fc.oneof(controlString, eightBitString, mouse, oldMouse, otherReport, altKey, notText);
const key = fc.constantFrom<readonly [bytes: string, name: string]>(
	['j', 'j'],
	['q', 'q'],
	['é', 'é'],
	['\r', 'enter'],
	['\u0003', 'ctrl-c'],
	[`${esc}[A`, 'up'],
	[`${esc}OB`, 'down'],
	[`${esc}[1;2C`, 'shift-right'],
	[`${esc}[21~`, 'f10'],
);
const piece = fc.oneof(
	noKey.map(bytes => ({bytes, keys: [] as readonly string[]})),
	key.map(([text, name]) => ({bytes: Buffer.from(text), keys: [name]})),
);

test('only the keys among other input are read, even if each byte arrives separately', () => {
	fc.assert(
		fc.property(fc.array(piece, {maxLength: 8}), fc.boolean(), (pieces, isCutEverywhere) => {
			const bytes = Buffer.concat(pieces.map(one => one.bytes));
			const wanted = pieces.flatMap(one => one.keys);
			const cut = isCutEverywhere ? Array.from(bytes, byte => Uint8Array.of(byte)) : [bytes];
			assert.deepEqual(typed(...cut), wanted);
		}),
		{numRuns: 3000},
	);
});

test('a paste after other input is one paste, and none of it is a key, regardless of where the input is split', () => {
	const pasted = fc
		.oneof(payload, fc.string({unit: 'binary-ascii', maxLength: 20}))
		.filter(text => !text.includes(esc));
	fc.assert(
		fc.property(fc.array(piece, {maxLength: 4}), pasted, fc.nat(80), (pieces, text, at) => {
			const before = Buffer.concat(pieces.map(one => one.bytes));
			const bytes = Buffer.concat([before, Buffer.from(`${esc}[200~${text}${esc}[201~`)]);
			const wanted = [...pieces.flatMap(one => one.keys), `<${Buffer.from(text).toString()}>`];
			assert.deepEqual(typed(...Array.from(bytes, byte => Uint8Array.of(byte))), wanted);
			assert.deepEqual(typed(bytes.subarray(0, at), bytes.subarray(at)), wanted);
		}),
		{numRuns: 1500},
	);
});

test("the position at which input is split doesn't matter", () => {
	fc.assert(
		fc.property(fc.uint8Array({maxLength: 60}), fc.nat(60), (bytes, at) => {
			assert.deepEqual(read(bytes.slice(0, at), bytes.slice(at)), read(bytes));
		}),
		{numRuns: 3000},
	);
});
