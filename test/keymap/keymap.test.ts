import assert from 'node:assert/strict';
import {test} from 'node:test';
import {activeKeys, commandOf} from '../../source/keymap/command.ts';
import {hintOf, type KeyContext, type KeyEntry, keyHint, keyNames} from '../../source/keymap/entry.ts';
import {keymap, logKeys, replayKeys} from '../../source/keymap/keymap.ts';
import {filterKeys, helpKeys, overviewKeys, timeKeys} from '../../source/keymap/typing.ts';
import {keyLine} from '../../source/view/help.ts';
import {lineText} from '../../source/view/line.ts';

const closed: KeyContext = {
	overlay: 'none',
	isEditing: false,
	isTypingTime: false,
	isInLogs: false,
	isReplay: false,
	isPaused: false,
	mode: 'live',
	pane: 'nodes',
	zoom: 'overview',
	hasRequestedTime: false,
	hasFindings: false,
	hasSampler: true,
	columns: 160,
	pageRows: 4,
	helpLimit: 0,
	zone: 'utc',
};
const open: KeyContext = {...closed, overlay: 'help', helpLimit: 9};
const inLogs: KeyContext = {...closed, isInLogs: true};
const editing: KeyContext = {...closed, isEditing: true};

/** The tables of keys, by the names of their constants in `source/keymap`. */
const tables = {keymap, replayKeys, logKeys, filterKeys, helpKeys, timeKeys, overviewKeys};

function keysOf({bindings}: KeyEntry): readonly string[] {
	return bindings.flatMap(({keys}) => keys);
}

test('no key of a table has two meanings', () => {
	const used = Object.entries(tables).flatMap(([table, entries]) => {
		const keys = entries.flatMap(keysOf);
		return keys
			.filter((key, index) => keys.indexOf(key) < index)
			.map(key => {
				const names = entries.filter(entry => keysOf(entry).includes(key)).map(({name}) => `"${name}"`);
				return `choose a key other than ${key}, which ${table} gives to the entries ${names.join(' and ')}`;
			});
	});
	assert.deepEqual(used, []);
});

test('in the logs, the active keys include those of the logs, and no key is listed twice', () => {
	const keys = activeKeys(inLogs).flatMap(keysOf);
	assert.equal(new Set(keys).size, keys.length);
	assert.ok(keys.includes('e') && keys.includes('left'));
});

test('while a recording plays, keys have their replay meanings, and none makes a request', () => {
	const replayed: KeyContext = {...closed, isReplay: true};
	const keys = activeKeys(replayed).flatMap(keysOf);
	assert.equal(new Set(keys).size, keys.length);
	for (const key of keys) {
		assert.ok(commandOf(key, replayed) !== undefined, `${key} has no meaning`);
	}

	for (const key of ['r', 'd']) {
		assert.equal(commandOf(key, replayed), undefined);
		assert.ok(!keys.includes(key));
	}

	for (const [key, action] of [
		['p', {type: 'togglePlay'}],
		['space', {type: 'togglePlay'}],
		['>', {type: 'changeSpeed', by: 1}],
		['{', {type: 'skip', by: -1}],
	] as const) {
		assert.deepEqual(commandOf(key, replayed), {kind: 'action', action});
		assert.deepEqual(commandOf(key, {...replayed, isInLogs: true}), {kind: 'action', action});
	}

	assert.equal(commandOf('{', closed), undefined);
	assert.deepEqual(commandOf('left', replayed), commandOf('left', closed));
});

test('every key in the table has a meaning, and no other key has one', () => {
	for (const key of keymap.flatMap(keysOf)) {
		assert.ok(commandOf(key, closed) !== undefined, `${key} has no meaning`);
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
	['down', closed, {kind: 'action', action: {type: 'select', by: 1}}],
	['k', closed, {kind: 'action', action: {type: 'select', by: -1}}],
	['pagedown', closed, {kind: 'action', action: {type: 'select', by: 4}}],
	['G', closed, {kind: 'action', action: {type: 'selectEnd', end: 'last'}}],
	['down', open, {kind: 'action', action: {type: 'scrollHelp', by: 1, limit: 9}}],
	['end', open, {kind: 'action', action: {type: 'scrollHelp', by: 9, limit: 9}}],
	['G', open, {kind: 'action', action: {type: 'typeText', text: 'G'}}],
	['q', open, {kind: 'action', action: {type: 'typeText', text: 'q'}}],
	['?', open, {kind: 'action', action: {type: 'toggleOverlay', overlay: 'help'}}],
	['esc', open, {kind: 'action', action: {type: 'close'}}],
	['ctrl-c', open, {kind: 'effect', effect: 'quit'}],
	['+', closed, {kind: 'action', action: {type: 'changeWindow', by: -1}}],
	['-', closed, {kind: 'action', action: {type: 'changeWindow', by: 1}}],
	['left', closed, {kind: 'action', action: {type: 'moveInTime', by: -1, far: false}}],
	['shift-right', closed, {kind: 'action', action: {type: 'moveInTime', by: 1, far: true}}],
	['q', editing, {kind: 'action', action: {type: 'typeText', text: 'q'}}],
	['<', editing, {kind: 'action', action: {type: 'typeText', text: '<'}}],
	['模', editing, {kind: 'action', action: {type: 'typeText', text: '模'}}],
	['space', editing, {kind: 'action', action: {type: 'typeText', text: ' '}}],
	['enter', editing, {kind: 'action', action: {type: 'applyFilter'}}],
	['esc', editing, {kind: 'action', action: {type: 'clearFilter'}}],
	['backspace', editing, {kind: 'action', action: {type: 'eraseText', what: 'character'}}],
	['ctrl-c', editing, {kind: 'effect', effect: 'quit'}],
	['tab', editing, undefined],
	['ctrl-a', editing, undefined],
	['\u009b', editing, undefined],
	['\u202e', editing, undefined],
	['😀', editing, undefined],
	['\u{1f3fb}', editing, undefined],
	['3', closed, {kind: 'action', action: {type: 'focusPane', pane: 'status'}}],
	['l', closed, {kind: 'action', action: {type: 'toggleLogs'}}],
	['e', closed, undefined],
	['e', inLogs, {kind: 'action', action: {type: 'nextLevel'}}],
	['o', inLogs, {kind: 'action', action: {type: 'toggleOnlySelected'}}],
	['pageup', inLogs, {kind: 'action', action: {type: 'select', by: -4}}],
	['left', inLogs, {kind: 'action', action: {type: 'moveInTime', by: -1, far: false}}],
	['q', inLogs, {kind: 'effect', effect: 'quit'}],
	['e', {...inLogs, isEditing: true}, {kind: 'action', action: {type: 'typeText', text: 'e'}}],
];

for (const [key, context, expected] of meanings) {
	test(`${key} ${context.overlay === 'help' ? 'with the help open ' : context.isEditing ? 'in a filter ' : ''}${context.isInLogs ? 'in the logs ' : ''}means ${JSON.stringify(expected)}`, () => {
		assert.deepEqual(commandOf(key, context), expected);
	});
}

test('key names are readable', () => {
	const named = new Map(keymap.map(entry => [entry.help, keyNames(entry)]));
	assert.equal(named.get('select the previous or next node, GPU (in the heat map), or finding'), '↑ ↓ k j');
	assert.equal(named.get('focus a pane by its number'), '1 to 5');
	assert.equal(named.get('quit'), 'q ctrl-c F10');
	const hints = activeKeys(closed).flatMap(entry => {
		const hint = hintOf(entry, closed);
		return hint === undefined ? [] : `${keyHint(entry)} ${hint.word}`;
	});
	const expected = [
		'? help',
		'↑↓ node',
		'←→ time',
		'+- window',
		'T go to',
		'b compare',
		'tab pane',
		'f full screen',
		'c cursor',
		't sampler',
		'a deployments',
		'n findings',
		'l logs',
		'/ filter',
		'sS sort',
		'p pause',
		'r refresh',
		'w save SVG',
		'q quit',
	];
	assert.deepEqual(
		hints.filter(hint => expected.includes(hint)),
		expected,
	);
});

const contexts: readonly KeyContext[] = [
	closed,
	open,
	inLogs,
	editing,
	{...closed, isTypingTime: true},
	{...closed, overlay: 'deployments'},
	{...closed, isReplay: true},
	{...inLogs, isReplay: true},
	...(['requests', 'latency', 'status', 'gpus'] as const).map((pane): KeyContext => ({...closed, pane})),
];
const focuses = contexts.flatMap((context): readonly KeyContext[] => [
	context,
	{...context, hasFindings: true},
	{...context, isPaused: true},
	{...context, mode: 'past'},
]);

test('the names of entries are unique in a table, and no two hints of a context share a rank above 0', () => {
	for (const [table, entries] of Object.entries(tables)) {
		assert.equal(new Set(entries.map(({name}) => name)).size, entries.length, `${table} contains a duplicate name`);
	}

	const ranks = focuses.flatMap(context => activeKeys(context).flatMap(entry => hintOf(entry, context)?.rank ?? []));
	const free = Array.from({length: Math.max(...ranks) + 3}, (_, rank) => rank).filter(rank => !ranks.includes(rank));
	for (const context of focuses) {
		const hinted = activeKeys(context).map(entry => ({entry, rank: hintOf(entry, context)?.rank}));
		const shared = hinted.filter(
			({rank}, index) => rank !== undefined && rank > 0 && hinted.findIndex(other => other.rank === rank) < index,
		);
		assert.ok(hinted.some(({rank}) => rank !== undefined));
		assert.deepEqual(
			shared.map(({entry, rank}) => `the rank ${rank} of "${entry.name}" is taken; these are free: ${free.join(', ')}`),
			[],
		);
	}
});

test('a key does what the help says, and every entry of a table applies in some context', () => {
	const applied = new Set<KeyEntry>();
	for (const context of focuses) {
		for (const entry of activeKeys(context)) {
			applied.add(entry);
			for (const {keys, command} of entry.bindings) {
				for (const key of keys) {
					assert.deepEqual(commandOf(key, context), command(context, key), `${key} in ${JSON.stringify(context)}`);
				}
			}
		}
	}

	const never = Object.entries(tables).flatMap(([table, entries]) =>
		entries
			.filter(entry => !applied.has(entry))
			.map(({name}) => `"${name}" of ${table} never applies: extend "contexts" in test/keymap/keymap.test.ts`),
	);
	assert.deepEqual(never, []);
});

test('the bottom line begins with the keys that are most useful now', () => {
	const lineIn = (context: KeyContext, width = 40): string => lineText(keyLine(activeKeys(context), context, width));
	assert.match(lineIn(closed), /^ \? help /);
	assert.match(lineIn({...closed, hasFindings: true}), /^ n findings {2}\? help /);
	assert.match(lineIn({...closed, isPaused: true}), /^ p resume {2}\? help /);
	assert.match(lineIn({...closed, isReplay: true, isPaused: true}), /^ p resume /);
	assert.match(lineIn({...closed, isPaused: true}, 11), /^ p resume $/);
	assert.match(lineIn({...closed, overlay: 'findings', hasFindings: true}), /^ enter go to it {2}n close {2}\? help /);
	assert.match(lineIn({...closed, mode: 'past'}), /^ = live /);
	assert.match(lineIn(closed, 200), / t sampler /);
	assert.doesNotMatch(lineIn({...closed, hasSampler: false}, 200), /sampler/);
	assert.match(lineIn(closed, 200), / a deployments .* r refresh /);
	assert.doesNotMatch(lineIn({...closed, isReplay: true}, 200), /refresh|deployments/);
});
