import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Action, UserAction} from '../../source/state/actions.ts';
import {reduce} from '../../source/state/reducer.ts';
import type {State} from '../../source/state/state.ts';
import {idText, selectedText} from '../../source/view/copied-text.ts';
import {sampleLogs} from '../helpers/sample-logs.ts';
import {sampleState} from '../helpers/sample-state.ts';
import {otherGpuTexts} from '../helpers/served-fields.ts';

const heatMap: readonly UserAction[] = [{type: 'focusPane', pane: 'gpus'}, {type: 'toggleFullScreen'}];

function stateAfter(...actions: readonly Action[]): State {
	return sampleState({nodes: 4, gpus: 8}, ...actions);
}

/** Returns the copied text of a GPU: this text, followed by the values of the GPU's other metrics. */
function gpuText(text: string): string {
	return [text, ...otherGpuTexts()].join(', ');
}

const cases: ReadonlyArray<readonly [what: string, actions: readonly Action[], text: string | undefined]> = [
	['the first node', [], 'loops-trainer-0'],
	['the selected node', [{type: 'selectNode', by: 2}], 'loops-trainer-2'],
	['the node whose GPUs are shown', [{type: 'focusPane', pane: 'gpus'}], 'loops-trainer-0'],
	['the node that is shown in detail', [{type: 'enter'}, {type: 'enter'}], 'loops-trainer-0'],
	['a GPU in the heat map', [...heatMap, {type: 'select', by: -3}], gpuText('loops-trainer-2 GPU 5: 31%, 61.0/80 GiB')],
	[
		'the GPU that is shown in detail',
		[...heatMap, {type: 'enter'}],
		gpuText('loops-trainer-0 GPU 0: 76%, 60.0/80 GiB'),
	],
	[
		'a GPU, with its values at the time of the cursor',
		[...heatMap, {type: 'select', by: -3}, {type: 'toggleCursor'}, {type: 'selectEnd', end: 'first'}],
		`${gpuText('loops-trainer-2 GPU 5: 93%, 61.0/80 GiB')}, at 08:06:00`,
	],
	[
		'a finding',
		[{type: 'toggleOverlay', overlay: 'findings'}],
		'straggler: loops-trainer-2 GPU 5 at 31% since 08:51:30, the others at 90%',
	],
	[
		'a log entry, with all its lines',
		[{type: 'toggleLogs'}, ...sampleLogs(), {type: 'select', by: -2}],
		`2026-11-23T09:05:21.000197197Z ERROR loops-trainer-3 req-197 500 forward_backward failed
Traceback (most recent call last):
  File "/app/loops/engine.py", line 87, in step
    loss.backward()
torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 1.38 GiB`,
	],
	['nothing if there are no logs', [{type: 'toggleLogs'}], undefined],
	[
		'nothing if no node matches',
		[{type: 'editFilter'}, {type: 'typeText', text: 'nobody'}, {type: 'applyFilter'}],
		undefined,
	],
	[
		'nothing if no GPU matches',
		[...heatMap, {type: 'editFilter'}, {type: 'typeText', text: 'gpu>200'}, {type: 'applyFilter'}],
		undefined,
	],
	['nothing while the help is open', [{type: 'toggleOverlay', overlay: 'help'}], undefined],
	['nothing while no deployment is listed', [{type: 'toggleOverlay', overlay: 'deployments'}], undefined],
];

for (const [what, actions, text] of cases) {
	test(`y copies ${what}`, () => {
		assert.equal(selectedText(stateAfter(...actions), 'utc'), text);
	});
}

test('y copies nothing in an empty list of findings', () => {
	const state = reduce(sampleState({nodes: 1, gpus: 1}), {type: 'toggleOverlay', overlay: 'findings'});
	assert.equal(selectedText(state, 'utc'), undefined);
});

test("the copied ID is the deployment's or the run's, and undefined before one is chosen", () => {
	const state = stateAfter();
	assert.equal(idText(state), 'k4q95w5');
	assert.equal(idText({...state, target: {kind: 'run', id: 'r1'}}), 'r1');
	assert.equal(idText({...state, target: {kind: 'unchosen'}}), undefined);
});
