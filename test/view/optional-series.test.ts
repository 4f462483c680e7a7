import assert from 'node:assert/strict';
import {test} from 'node:test';
import {gpuSeriesPaths, nodeSeriesPaths, requestSeriesPaths} from '../../source/api/series-table.ts';
import type {Action, UserAction} from '../../source/state/actions.ts';
import {reduce} from '../../source/state/reducer.ts';
import type {State} from '../../source/state/state.ts';
import {deploymentAction, emptyState, metricsAction, nodeUntil} from '../helpers/old-samples.ts';
import {withOptional} from '../helpers/optional-series.ts';
import {sampleState} from '../helpers/sample-state.ts';
import {screenText} from '../helpers/screen-text.ts';

const node = nodeUntil('a', 0);
const openNode: readonly UserAction[] = [{type: 'focusPane', pane: 'nodes'}, {type: 'enter'}, {type: 'enter'}];
const openGpu: readonly UserAction[] = [{type: 'focusPane', pane: 'gpus'}, {type: 'enter'}, {type: 'enter'}];
const openRequests: readonly Action[] = [{type: 'focusPane', pane: 'requests'}, {type: 'toggleFullScreen'}];

function stateOf(fields: object, actions: readonly Action[]): State {
	return [metricsAction([{...node, ...fields}]), deploymentAction(1), ...actions].reduce(reduce, emptyState());
}

const nodes = {nodes: 1, gpus: 8};
for (const {what, path, served, missing, title, row} of [
	{
		what: 'the RAM of a node',
		path: nodeSeriesPaths.ram,
		served: () => stateOf({}, openNode),
		missing: () => stateOf({cpu_memory_usage_bytes: []}, openNode),
		title: /^│ RAM, of/m,
		row: /^│ RAM +–/m,
	},
	{
		what: 'the memory of a GPU',
		path: gpuSeriesPaths.memory,
		served: () => stateOf({}, openGpu),
		missing: () => stateOf({gpu_memory_usage_bytes: {}}, openGpu),
		title: /^│ memory, of/m,
		row: /^│ memory +–/m,
	},
	{
		what: 'the requests in progress',
		path: requestSeriesPaths.inProgress,
		served: () => sampleState(nodes, ...openRequests),
		missing: () => sampleState({...nodes, withoutRequests: true}, ...openRequests),
		title: /^│ requests in progress/m,
		row: /^│ in progress +–/m,
	},
]) {
	test(`an optional metric without values has no chart, but its row shows that it is unknown: ${what}`, () => {
		const textOf = (read: () => State): string => screenText(read(), {columns: 160, rows: 45}).join('\n');
		withOptional(path, () => {
			assert.match(textOf(served), title);
			assert.doesNotMatch(textOf(missing), title);
			assert.match(textOf(missing), row);
		});
		assert.match(textOf(missing), title);
	});
}
