import assert from 'node:assert/strict';
import {test} from 'node:test';
import {keyNames} from '../../source/keymap/entry.ts';
import {keymap, logKeys} from '../../source/keymap/keymap.ts';
import type {PaneAction, UserAction} from '../../source/state/actions.ts';
import {reduce} from '../../source/state/reducer.ts';
import type {State} from '../../source/state/state.ts';
import {sampleState} from '../helpers/sample-state.ts';
import {screenText} from '../helpers/screen-text.ts';

const four = {nodes: 4, gpus: 8};
const large = {columns: 160, rows: 100};

/** The headings of the help with the focus on the nodes, from top to bottom. */
const titles = ['Nodes', 'Move', 'Time', 'View', 'Open', 'Data', 'Program', 'Logs', 'Legend: colors and symbols'];

function help(state: State, text = ''): State {
	const actions: readonly PaneAction[] = [
		{type: 'toggleOverlay', overlay: 'help'},
		{type: 'typeText', text},
	];
	return actions.reduce(reduce, state);
}

/** Returns the rows of the help, without its frame. */
function rows(state: State, size = {columns: 100, rows: 120}): readonly string[] {
	return screenText(state, size)
		.filter(row => row.startsWith('│'))
		.map(row => row.slice(1, -1).trim());
}

for (const [what, actions, first, key] of [
	['nodes', [{type: 'focusPane', pane: 'nodes'}], 'Nodes', /^s S/],
	['latency', [{type: 'focusPane', pane: 'latency'}], 'Latency', /^v /],
	['logs', [{type: 'toggleLogs'}], 'Logs', /^e /],
] as const) {
	test(`with the focus on ${what}, the help begins with the section ${first}`, () => {
		const shown = rows(help((actions as readonly UserAction[]).reduce(reduce, sampleState(four))));
		assert.equal(shown[1], first);
		const end = shown.indexOf('', 1);
		assert.ok(
			shown.slice(1, end).some(row => key.test(row)),
			shown.slice(1, end).join('\n'),
		);
	});
}

test('the help has every heading, lists every key once, and ends with the legend', () => {
	const shown = rows(help(sampleState(four)));
	assert.deepEqual(
		shown.filter(row => titles.includes(row)),
		titles,
	);
	const texts = shown.map(row => row.replaceAll(/\s+/g, ' '));
	// The keys that move by a page are in both tables.
	const starts = [...keymap, ...logKeys].map(entry => `${keyNames(entry)} ${entry.help}`.slice(0, 30));
	for (const start of starts) {
		const entries = starts.filter(other => other === start);
		assert.equal(texts.filter(text => text.startsWith(start)).length, entries.length, start);
	}

	assert.match(shown.findLast(row => row !== '') ?? '', /the series in a chart$/);
});

test('typed words are searched for in keys, descriptions, and headings', () => {
	const found = (text: string): readonly string[] => rows(help(sampleState(four), text)).filter(row => row !== '');
	assert.deepEqual(found('checkpoint was'), [
		'/checkpoint was▁',
		'Legend: colors and symbols',
		'↑ below a chart  a checkpoint was created',
	]);
	assert.equal(found('legend')[1], 'Legend: colors and symbols');
	assert.ok(found('legend').some(row => row.endsWith('the series in a chart')));
	assert.ok(found('CURSOR logs').every(row => !row.startsWith('Move')));
	assert.ok(found('ctrl-z').some(row => /suspend/.test(row)));
	assert.deepEqual(found('no such key'), ['/no such key▁', 'no key or symbol matches']);
});

for (const columns of [30, 80, 100, 109, 160, 300]) {
	test(`a search without matches is reported at ${columns} columns`, () => {
		const found = rows(help(sampleState(four), 'no such key'), {columns, rows: 40}).filter(row => row !== '');
		assert.deepEqual(found, ['/no such key▁', 'no key or symbol matches']);
	});
}

test('esc clears the search first, then closes the help', () => {
	const searched = help(sampleState(four), 'cursor');
	const cleared = reduce(searched, {type: 'close'});
	assert.deepEqual(cleared.overlay, {kind: 'help', scroll: 0, filter: ''});
	assert.equal(reduce(cleared, {type: 'close'}).overlay.kind, 'none');
});

test('on a large screen, no section of the help is missing', () => {
	const text = screenText(help(sampleState(four)), large).join('\n');
	for (const title of titles) {
		assert.ok(text.includes(title), `${title} is missing`);
	}
});
