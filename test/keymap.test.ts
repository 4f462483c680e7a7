import assert from 'node:assert/strict';
import {test} from 'node:test';
import {commandOf, type KeyContext, keyHint, keymap, keyNames} from '../source/keymap.ts';

const closed: KeyContext = {pageRows: 4, help: {isOpen: false, limit: 0}};
const open: KeyContext = {pageRows: 4, help: {isOpen: true, limit: 9}};

test('no key means two things', () => {
	const keys = keymap.flatMap(({bindings}) => bindings.flatMap(binding => binding.keys));
	assert.equal(new Set(keys).size, keys.length);
});

test('every key of the table means something, and no other does', () => {
	for (const key of keymap.flatMap(({bindings}) => bindings.flatMap(binding => binding.keys))) {
		assert.ok(commandOf(key, closed) !== undefined, key);
	}

	assert.equal(commandOf('Q', closed), undefined);
	assert.equal(commandOf('__proto__', closed), undefined);
});

const meanings: ReadonlyArray<readonly [key: string, context: KeyContext, expected: unknown]> = [
	['q', closed, {kind: 'effect', effect: 'quit'}],
	['ctrl-c', closed, {kind: 'effect', effect: 'quit'}],
	['ctrl-z', closed, {kind: 'effect', effect: 'suspend'}],
	['ctrl-l', closed, {kind: 'effect', effect: 'redraw'}],
	['esc', closed, {kind: 'action', action: {type: 'close'}}],
	['down', closed, {kind: 'action', action: {type: 'selectNode', by: 1}}],
	['k', closed, {kind: 'action', action: {type: 'selectNode', by: -1}}],
	['pagedown', closed, {kind: 'action', action: {type: 'selectNode', by: 4}}],
	['G', closed, {kind: 'action', action: {type: 'selectEnd', end: 'last'}}],
	['down', open, {kind: 'action', action: {type: 'scrollHelp', by: 1, limit: 9}}],
	['G', open, {kind: 'action', action: {type: 'scrollHelp', by: 9, limit: 9}}],
	[']', open, {kind: 'action', action: {type: 'selectNode', by: 1}}],
	['+', closed, {kind: 'action', action: {type: 'changeWindow', by: -1}}],
	['-', closed, {kind: 'action', action: {type: 'changeWindow', by: 1}}],
	['3', closed, {kind: 'action', action: {type: 'focusPane', pane: 'status'}}],
];

for (const [key, context, expected] of meanings) {
	test(`${key} ${context.help.isOpen ? 'with the help open ' : ''}means ${JSON.stringify(expected)}`, () => {
		assert.deepEqual(commandOf(key, context), expected);
	});
}

test('keys are named for people', () => {
	const named = new Map(keymap.map(entry => [entry.help, keyNames(entry)]));
	assert.equal(named.get('select the previous or next node'), '↑ ↓ k j');
	assert.equal(named.get('focus a pane by its number'), '1 to 5');
	assert.equal(named.get('quit'), 'q ctrl-c');
	const hints = keymap.filter(({hint}) => hint !== undefined).map(entry => `${keyHint(entry)} ${entry.hint}`);
	assert.deepEqual(hints, [
		'? help',
		'↑↓ node',
		'+- window',
		'tab pane',
		'f full screen',
		'p pause',
		'r ask now',
		'q quit',
	]);
});
