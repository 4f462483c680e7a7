import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Action, UserAction} from '../../source/state/actions.ts';
import {actionAt, type Pointing} from '../../source/view/region.ts';
import {drawScreen} from '../../source/view/screen.ts';
import {sampleLogs} from '../helpers/sample-logs.ts';
import {sampleState} from '../helpers/sample-state.ts';
import {screenText} from '../helpers/screen-text.ts';

const size = {columns: 100, rows: 30};
const openLogs: readonly Action[] = [{type: 'toggleLogs'}, ...sampleLogs()];

/** Returns the position of a string on the screen. */
function placeOf(text: string, actions: readonly Action[]): {readonly x: number; readonly y: number} {
	const rows = screenText(sampleState({nodes: 4, gpus: 8}, ...actions), size);
	const y = rows.findIndex(row => row.includes(text));
	assert.ok(y >= 0, `${text} isn't in:\n${rows.join('\n')}`);
	return {x: rows[y]?.indexOf(text) ?? 0, y};
}

const cases: ReadonlyArray<{
	readonly name: string;
	readonly at: string;
	readonly kind: Pointing['kind'];
	readonly actions?: readonly Action[];
	readonly expected: UserAction | undefined;
}> = [
	{
		name: 'a node',
		at: 'loops-trainer-3',
		kind: 'press',
		expected: {type: 'point', pane: 'nodes', node: 'loops-trainer-3'},
	},
	{name: 'the column titles of the table', at: 'disk%', kind: 'press', expected: {type: 'point', pane: 'nodes'}},
	{name: 'a chart', at: '2 Latency', kind: 'press', expected: {type: 'point', pane: 'latency'}},
	{name: 'the chart of requests', at: '1 Requests', kind: 'up', expected: {type: 'changeWindow', by: -1}},
	{name: 'the chart of statuses', at: '3 Status', kind: 'down', expected: {type: 'changeWindow', by: 1}},
	{name: 'the list of nodes', at: 'loops-trainer-1', kind: 'down', expected: {type: 'select', by: 1}},
	{
		name: 'the line of findings',
		at: '! straggler',
		kind: 'press',
		expected: {type: 'toggleOverlay', overlay: 'findings'},
	},
	{name: 'the header', at: 'k4q95w5', kind: 'press', expected: undefined},
	{
		name: 'a log entry',
		at: '09:05:28',
		kind: 'press',
		actions: openLogs,
		expected: {type: 'pointLog', component: 'trainer', position: 181},
	},
	{name: 'the title of the logs', at: 'l Logs', kind: 'press', actions: openLogs, expected: undefined},
	{name: 'the logs', at: '09:05:28', kind: 'up', actions: openLogs, expected: {type: 'select', by: -3}},
	{
		name: 'a finding in the list',
		at: '▸! straggler',
		kind: 'press',
		actions: [{type: 'toggleOverlay', overlay: 'findings'}],
		expected: {type: 'openFinding', key: 'straggler/loops-trainer-2/5'},
	},
	{
		name: 'a GPU in the heat map',
		at: '  1 ',
		kind: 'press',
		actions: [{type: 'focusPane', pane: 'gpus'}, {type: 'toggleFullScreen'}],
		expected: {type: 'point', pane: 'gpus', node: 'loops-trainer-2', rank: '1'},
	},
];

for (const {name, at, kind, actions = [], expected} of cases) {
	test(`the mouse event "${kind}" on ${name} means ${JSON.stringify(expected ?? 'nothing')}`, () => {
		const state = sampleState({nodes: 4, gpus: 8}, ...actions);
		assert.deepEqual(actionAt(drawScreen(state, size, 'utc'), {kind, ...placeOf(at, actions)}), expected);
	});
}
