import assert from 'node:assert/strict';
import {test} from 'node:test';
import {drawScreen} from '../../source/view/screen.ts';
import {sampleState} from '../helpers/sample-state.ts';

test("a few failed requests aren't marked, because color follows the findings", () => {
	const state = sampleState({nodes: 4, gpus: 8});
	assert.ok((state.views.trainer.snapshot.requests.shares?.['5xx'] ?? 0) > 0);
	assert.ok(!state.findings.current.some(({rule}) => rule === '5xx'));
	const status = drawScreen(state, {columns: 160, rows: 45}, 'utc').regions.find(({name}) => name === 'status');
	const spans = [...(status?.lines.flat() ?? []), ...(status?.frame?.title ?? [])];
	assert.ok(spans.length > 10);
	assert.deepEqual(
		// The time axis marks when the straggler began.
		spans.filter(({text, tone}) => (tone === 'bad' || tone === 'warn') && text !== '!'),
		[],
	);
});
