import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Action} from '../../source/state/actions.ts';
import {reduce} from '../../source/state/reducer.ts';
import {activeComponent, selectedPosition} from '../../source/state/selectors.ts';
import type {State} from '../../source/state/state.ts';
import {deploymentAction, emptyState, metricsAction, nodeUntil, sampleNow} from '../helpers/old-samples.ts';

function selected(state: State): string | undefined {
	return activeComponent(state).selected;
}

/** Two nodes that reported until twenty minutes ago, and two that reported during the whole hour. */
const renamed: readonly Action[] = [
	metricsAction([nodeUntil('a', 20), nodeUntil('b', 20), nodeUntil('y', 0), nodeUntil('z', 0)]),
	deploymentAction(2),
];

test("a node that is gone comes last, isn't counted, and is never selected automatically", () => {
	const state = renamed.reduce(reduce, emptyState());
	const {nodes, snapshot} = state.views.trainer;
	assert.deepEqual(
		nodes.map(({id, presence}) => [id, presence]),
		[
			['y', 'reporting'],
			['z', 'reporting'],
			['a', 'gone'],
			['b', 'gone'],
		],
	);
	assert.deepEqual([snapshot.totals.nodesReporting, snapshot.totals.nodesExpected], [2, 2]);
	assert.equal(selected(state), 'y');
});

test('the user can select a node that is gone, and it stays selected', () => {
	const state = [...renamed, {type: 'selectNode', by: 2} as const].reduce(reduce, emptyState());
	assert.equal(selected(state), 'a');
	const later = reduce(state, metricsAction([nodeUntil('a', 20), nodeUntil('y', 0), nodeUntil('z', 0)]));
	assert.equal(selected(later), 'a');
});

test('when the selected node is replaced, a reporting one is selected', () => {
	const before = [metricsAction([nodeUntil('a', 0), nodeUntil('b', 0)]), deploymentAction(2)].reduce(
		reduce,
		emptyState(),
	);
	assert.equal(selected(before), 'a');
	const after = reduce(before, metricsAction([nodeUntil('a', 20), nodeUntil('b', 0), nodeUntil('y', 0)]));
	assert.equal(selected(after), 'b');
});

test('at startup, the node and the GPU of the worst finding are selected', () => {
	const nodes = ['n-0', 'n-1', 'n-2'].map((id, index) => nodeUntil(id, 0, index === 1 ? 3 : undefined));
	for (const actions of [
		[metricsAction(nodes), deploymentAction(3)],
		[deploymentAction(3), metricsAction(nodes)],
	]) {
		const state = actions.reduce(reduce, emptyState());
		assert.equal(selected(state), 'n-1');
		assert.equal(selectedPosition(state), 1);
		assert.equal(activeComponent(state).selectedRank, '3');
	}
});

test('the cursor starts at the newest time at which every kind of series has a sample', () => {
	// Samples of nodes are 25 s behind those of requests.
	const state = [
		metricsAction([nodeUntil('a', 0, undefined, 25)]),
		deploymentAction(1),
		{type: 'toggleCursor'} as const,
	].reduce(reduce, emptyState());
	const {snapshot} = state.views.trainer;
	assert.equal(state.cursorMs, sampleNow - 25_000);
	assert.equal(snapshot.totals.nodesReporting, 1);
	assert.equal(snapshot.totals.gpusReporting, 4);
	assert.ok(snapshot.requests.volume !== undefined);
});

test("a kind of series that ended long ago doesn't move the cursor back", () => {
	const state = [metricsAction([nodeUntil('a', 40)]), deploymentAction(1), {type: 'toggleCursor'} as const].reduce(
		reduce,
		emptyState(),
	);
	assert.equal(state.cursorMs, sampleNow);
});
