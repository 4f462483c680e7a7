import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Text, useInput} from 'ink';
import {cleanup, render} from 'ink-testing-library';
import {createElement} from 'react';
import {readKeys} from '../../source/tui/read-keys.ts';

/** Comes after the bytes, to know that all of them were read. */
const last = '!';

function Listener({onKeys}: {readonly onKeys: (keys: readonly string[]) => void}) {
	useInput((input, key) => onKeys(readKeys(input, key)));
	return createElement(Text, null, 'listening');
}

/** What Ink makes of bytes from a terminal, read as keys. */
async function keysOf(bytes: string): Promise<readonly string[]> {
	const read: string[] = [];
	const isEscape = bytes === '\u001b';
	await new Promise<void>(resolve => {
		const onKeys = (keys: readonly string[]): void => {
			read.push(...keys);
			// A bare escape is told apart from what may follow it by a pause alone.
			if (isEscape || read.at(-1) === last) {
				resolve();
			}
		};
		const {stdin} = render(createElement(Listener, {onKeys}));
		setImmediate(() => stdin.write(isEscape ? bytes : bytes + last));
	});
	cleanup();
	return read.filter(key => key !== last);
}

const cases: ReadonlyArray<readonly [name: string, bytes: string, keys: readonly string[]]> = [
	['a letter', 'j', ['j']],
	['a letter that repeats', 'jjj', ['j', 'j', 'j']],
	['letters with a tab between them', 'j\tj', ['j', 'tab', 'j']],
	['a capital letter', 'G', ['G']],
	['an arrow', '\u001b[A', ['up']],
	['an arrow that repeats', '\u001b[B\u001b[B', ['down', 'down']],
	['an arrow in application mode', '\u001bOA', ['up']],
	['shift and an arrow', '\u001b[1;2D', ['shift-left']],
	['an unknown report of the terminal', '\u001b[<0;12;7M', []],
	['page down', '\u001b[6~', ['pagedown']],
	['home and end', '\u001b[H\u001b[F', ['home', 'end']],
	['tab', '\t', ['tab']],
	['shift-tab', '\u001b[Z', ['shift-tab']],
	['enter', '\r', ['enter']],
	['space', ' ', ['space']],
	['a bare escape', '\u001b', ['esc']],
	['ctrl-z', '\u001a', ['ctrl-z']],
	['ctrl-l', '\u000c', ['ctrl-l']],
	['ctrl-c among letters', 'j\u0003', ['j', 'ctrl-c']],
	['a letter with alt', '\u001bq', []],
	['a report of focus', '\u001b[I', []],
	['a wide letter', '模', ['模']],
];

for (const [name, bytes, keys] of cases) {
	test(`${name} is read as ${JSON.stringify(keys)}`, async () => {
		assert.deepEqual(await keysOf(bytes), keys);
	});
}
