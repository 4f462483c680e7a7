import assert from 'node:assert/strict';
import {test} from 'node:test';
import {parseLogFilter} from '../../source/metrics/log-filter.ts';
import {reduce} from '../../source/state/reducer.ts';
import {selectedWindow} from '../../source/state/selectors.ts';
import {sampleState} from '../helpers/sample-state.ts';

test('in the logs, pressing esc repeatedly clears the filter, leaves full screen, and closes the logs', () => {
	let state = sampleState({nodes: 2, gpus: 1});
	for (const action of [
		{type: 'toggleLogs'},
		{type: 'toggleFullScreen'},
		{type: 'editFilter'},
		{type: 'typeText', text: 'NCCL'},
		{type: 'applyFilter'},
	] as const) {
		state = reduce(state, action);
	}

	const seen = [1, 2, 3].map(() => {
		state = reduce(state, {type: 'close'});
		const {isOpen, isFull, filter} = state.logs;
		return [filter.text, isFull, isOpen];
	});
	assert.deepEqual(seen, [
		['', true, true],
		['', false, true],
		['', false, false],
	]);
});

test('= returns to the window requested at startup', () => {
	const begun = sampleState({nodes: 2, gpus: 1});
	const later = reduce(reduce(begun, {type: 'changeWindow', by: 1}), {type: 'changeWindow', by: 1});
	const window = selectedWindow(later);
	assert.notEqual(window.name, begun.requestedWindow.name);
	assert.equal(selectedWindow(reduce(later, {type: 'resetWindow'})).name, begun.requestedWindow.name);
	const other = {...begun, requestedWindow: window};
	assert.equal(selectedWindow(reduce(other, {type: 'resetWindow'})).name, window.name);
});

test("empty quotation marks in a log filter aren't a condition", () => {
	const none = parseLogFilter('');
	for (const text of ['"', '!"', '""', '!""']) {
		assert.deepEqual(parseLogFilter(text), none, text);
	}
});
