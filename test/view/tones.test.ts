import assert from 'node:assert/strict';
import {test} from 'node:test';
import {nodeOf} from '../../source/metrics/findings.ts';
import {reduce} from '../../source/state/reducer.ts';
import type {State} from '../../source/state/state.ts';
import {lineText} from '../../source/view/line.ts';
import {drawScreen} from '../../source/view/screen.ts';
import {deploymentAction, emptyState, metricsAction, nodeUntil} from '../helpers/old-samples.ts';
import {sampleState} from '../helpers/sample-state.ts';

test("a few failed requests aren't marked, because they aren't a finding", () => {
	const state = sampleState({nodes: 4, gpus: 8});
	assert.ok((state.views.trainer.snapshot.requests.shares?.['5xx'] ?? 0) > 0);
	assert.ok(!state.findings.current.some(({rule}) => rule === '5xx'));
	const status = drawScreen(state, {columns: 160, rows: 45}, 'utc').regions.find(({name}) => name === 'status');
	const spans = [...(status?.lines.flat() ?? []), ...(status?.frame?.title ?? [])];
	assert.ok(spans.length > 10);
	assert.deepEqual(
		// The mark of the straggler's beginning is dim, because it is about a node.
		spans.filter(({tone}) => tone === 'bad' || tone === 'warn'),
		[],
	);
});

test("a finding about the first node doesn't mark the row for all nodes", () => {
	const served = [nodeUntil('n-0', 0, 2), nodeUntil('n-1', 0)];
	const state = [metricsAction(served), deploymentAction(2)].reduce(reduce, emptyState());
	assert.deepEqual(state.findings.current.map(nodeOf), ['n-0']);
	const {regions} = drawScreen(state, {columns: 160, rows: 45}, 'utc');
	const rows = regions.flatMap(({name, lines}) => (name === 'nodes' ? lines : []));
	const isBad = (name: RegExp): readonly boolean[] =>
		rows.filter(line => name.test(lineText(line))).map(line => line.some(({tone}) => tone === 'bad'));
	assert.deepEqual([isBad(/^. *n-0 .*%/), isBad(/^. *n-1 .*%/), isBad(/^ all 2 /)], [[true], [false], [false]]);
});

test("the mark of the beginning of a node's finding is red only in the charts of that node", () => {
	const state = sampleState({nodes: 4, gpus: 8});
	const finding = state.findings.current.find(({rule}) => rule === 'straggler');
	assert.ok(finding !== undefined);
	/** Returns the panes whose time axes have marks, with the tones of the marks. */
	const marked = (one: State): readonly string[] =>
		drawScreen(one, {columns: 160, rows: 45}, 'utc').regions.flatMap(({name, lines}) =>
			lines
				.filter(line => /\d\d:\d\d[ !]+\d\d:\d\d/.test(lineText(line)))
				.flatMap(line => line.filter(({text}) => text.includes('!')).map(({tone}) => `${name} ${tone}`)),
		);
	assert.deepEqual([...new Set(marked(state))], ['requests dim', 'latency dim', 'status dim']);
	const straggler = nodeOf(finding);
	const pointed = reduce(state, {type: 'point', pane: 'nodes', node: straggler ?? ''});
	const open = (['nodes', 'gpus'] as const).map(pane =>
		([{type: 'focusPane', pane}, {type: 'toggleFullScreen'}, {type: 'enter'}] as const).reduce(reduce, pointed),
	);
	assert.deepEqual(
		open.map(one => [...new Set(marked(one))]),
		[['nodes bad'], ['gpus bad']],
	);
});
