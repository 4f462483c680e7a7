import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {bellFor} from '../../source/terminal/bell.ts';
import {createReportReader, type Report} from '../../source/terminal/reports.ts';

function read(...pieces: readonly string[]): {readonly typed: string; readonly reports: readonly Report[]} {
	const reports: Report[] = [];
	const reader = createReportReader(report => reports.push(report));
	return {typed: pieces.map(reader).join(''), reports};
}

const press = (x: number, y: number): Report => ({kind: 'mouse', event: {kind: 'press', x, y}});
const background = (name: 'dark' | 'light'): Report => ({kind: 'background', background: name});

const cases: ReadonlyArray<{
	readonly name: string;
	readonly pieces: readonly string[];
	readonly typed: string;
	readonly reports: readonly Report[];
}> = [
	{name: 'keys alone', pieces: ['jk\u001b[A'], typed: 'jk\u001b[A', reports: []},
	{name: 'a press', pieces: ['\u001b[<0;10;5M'], typed: '', reports: [press(9, 4)]},
	{name: 'a press and its release', pieces: ['\u001b[<0;10;5M\u001b[<0;10;5m'], typed: '', reports: [press(9, 4)]},
	{name: 'another button', pieces: ['\u001b[<2;10;5M'], typed: '', reports: []},
	{
		name: 'the wheel among keys',
		pieces: ['j\u001b[<64;1;1Mk\u001b[<65;300;100M'],
		typed: 'jk',
		reports: [
			{kind: 'mouse', event: {kind: 'up', x: 0, y: 0}},
			{kind: 'mouse', event: {kind: 'down', x: 299, y: 99}},
		],
	},
	{name: 'a press in two pieces', pieces: ['j\u001b[<0;1', '0;5Mk'], typed: 'jk', reports: [press(9, 4)]},
	{
		name: 'a dark background',
		pieces: ['\u001b]11;rgb:1e1e/1e1e/2e2e\u001b\\'],
		typed: '',
		reports: [background('dark')],
	},
	{
		name: 'a light background in short',
		pieces: ['\u001b]11;rgb:f/f/e\u0007'],
		typed: '',
		reports: [background('light')],
	},
	{
		name: 'a background in pieces',
		pieces: ['a\u001b]11;rg', 'b:ffff/ffff/ffff\u001b', '\\b'],
		typed: 'ab',
		reports: [background('light')],
	},
	{name: 'a status among keys', pieces: ['j\u001b[0nk'], typed: 'jk', reports: [{kind: 'caught-up'}]},
	{name: 'a status in pieces', pieces: ['j\u001b[', '0', 'nk'], typed: 'jk', reports: [{kind: 'caught-up'}]},
	{
		name: 'a background and a status',
		pieces: ['\u001b]11;rgb:0/0/0\u0007\u001b[0n'],
		typed: '',
		reports: [background('dark'), {kind: 'caught-up'}],
	},
	{name: 'a bare escape waits for nothing', pieces: ['\u001b'], typed: '\u001b', reports: []},
	{name: 'what only begins like one', pieces: ['\u001b[<', 'x'], typed: '\u001b[<x', reports: []},
	{name: 'alt and a bracket, and then a key', pieces: ['\u001b]', 'j'], typed: '\u001b]j', reports: []},
];

for (const {name, pieces, typed, reports} of cases) {
	test(`${name} is read as ${JSON.stringify(typed)} and ${reports.length} reports`, () => {
		assert.deepEqual(read(...pieces), {typed, reports});
	});
}

test('however it is cut into pieces, what was typed and what was told are the same', () => {
	const text = 'j\u001b[<0;10;5Mk\u001b]11;rgb:1e1e/1e1e/2e2e\u001b\\\u001b[<64;1;1Mq';
	fc.assert(
		fc.property(fc.uniqueArray(fc.integer({min: 1, max: text.length - 1})), cuts => {
			// A lone escape may be the key: it is passed on at once, so reports are not cut behind theirs.
			const places = cuts.filter(cut => text[cut - 1] !== '\u001b' || text[cut] === '\\').sort((a, b) => a - b);
			const pieces = [0, ...places].map((from, index) => text.slice(from, places[index]));
			const {typed, reports} = read(...pieces);
			assert.equal(typed, 'jkq');
			assert.equal(reports.length, 3);
		}),
	);
});

test('the bell is a bell alone where a terminal would print the rest', () => {
	assert.equal(bellFor('a', 'xterm-256color'), '\u0007\u001b]9;a\u0007');
	assert.equal(bellFor('a', 'linux'), '\u0007');
	assert.equal(bellFor('a', undefined), '\u0007');
});
