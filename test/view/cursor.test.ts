import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Action} from '../../source/state/actions.ts';
import type {State} from '../../source/state/state.ts';
import type {Size} from '../../source/view/layout.ts';
import {cursorOf} from '../../source/view/region.ts';
import {drawScreen} from '../../source/view/screen.ts';
import {sampleLogs} from '../helpers/sample-logs.ts';
import {sampleState} from '../helpers/sample-state.ts';
import {screenText} from '../helpers/screen-text.ts';

const usual: Size = {columns: 100, rows: 30};

/** Returns the text from the terminal's cursor to the end of its line; undefined without a cursor. */
function atCursor(state: State, size: Size = usual): string | undefined {
	const cursor = cursorOf(drawScreen(state, size, 'utc').regions);
	return cursor === undefined ? undefined : [...(screenText(state, size)[cursor.y] ?? '')].slice(cursor.x).join('');
}

const four = {nodes: 4, gpus: 8};
const third: Action = {type: 'selectNode', by: 2};
const fullScreen = (pane: 'gpus' | 'nodes' | 'latency'): readonly Action[] => [
	{type: 'focusPane', pane},
	{type: 'toggleFullScreen'},
];

const cases: ReadonlyArray<readonly [what: string, actions: readonly Action[], from: RegExp | undefined]> = [
	['the selected node', [third], /^▸loops-trainer-2!/],
	[
		'the selected node, regardless of the focused pane',
		[third, {type: 'focusPane', pane: 'latency'}],
		/^▸loops-trainer-2!/,
	],
	['the selected GPU in the heat map', [...fullScreen('gpus'), {type: 'select', by: 3}], /^▸ 3 /],
	['the selected node in the full list', [...fullScreen('nodes'), {type: 'select', by: 1}], /^▸loops-trainer-1 /],
	['the selected finding', [{type: 'toggleOverlay', overlay: 'findings'}], /^▸! straggler/],
	[
		'the selected log entry, not on the selected node',
		[{type: 'toggleLogs'}, ...sampleLogs(), {type: 'select', by: -1}],
		/^▸\d\d:\d\d/,
	],
	['the filter that is being typed', [{type: 'editFilter'}, {type: 'typeText', text: 'gpu<20'}], /^▁ +\d of 4 match/],
	[
		'the filter of the deployments',
		[{type: 'toggleOverlay', overlay: 'deployments'}, {type: 'editFilter'}],
		/^▁ +0 of 0 match/,
	],
	['the search text of the help', [{type: 'toggleOverlay', overlay: 'help'}], /^▁ type to search/],
	['the time that is being typed', [{type: 'toggleTimeInput'}], /^▁ +such as/],
	['nothing if nothing can be selected', fullScreen('latency'), undefined],
];

for (const [what, actions, from] of cases) {
	test(`the terminal's cursor is on ${what}`, () => {
		const text = atCursor(sampleState(four, ...actions));
		if (from === undefined) {
			assert.equal(text, undefined);
		} else {
			assert.match(text ?? '', from);
		}
	});
}

for (const size of [
	{columns: 160, rows: 45},
	{columns: 80, rows: 24},
	{columns: 40, rows: 45},
	{columns: 30, rows: 10},
]) {
	test(`the terminal's cursor is on the selected node at ${size.columns}×${size.rows}`, () => {
		assert.match(atCursor(sampleState(four, third), size) ?? '', /^▸.*trainer-2/);
	});
}

test('a screen that is too small has no cursor', () => {
	assert.equal(atCursor(sampleState(four), {columns: 12, rows: 3}), undefined);
});
