import assert from 'node:assert/strict';
import {test} from 'node:test';
import {jsonSnapshot} from '../../source/output/json.ts';
import {lineSchema} from '../../source/output/snapshot-schema.ts';
import {reduce} from '../../source/state/reducer.ts';
import {sampleState} from '../helpers/sample-state.ts';
import {withReference} from '../helpers/with-reference.ts';

const sample = sampleState({nodes: 4, gpus: 8});
const byDay = reduce(reduce(sample, {type: 'compareNext'}), {type: 'compareNext'});

test('JSON contains no comparison until one is requested and received', () => {
	assert.equal(jsonSnapshot(sample).comparison, null);
	assert.equal(jsonSnapshot(byDay).comparison, null);
	assert.deepEqual(jsonSnapshot(byDay).problems, jsonSnapshot(sample).problems);
});

test('JSON contains the value of each metric at the earlier time, and the relative difference', () => {
	const snapshot = jsonSnapshot(withReference(byDay, 5));
	assert.deepEqual(lineSchema.parse(snapshot), snapshot);
	const {comparison, metrics, window} = snapshot;
	assert.ok(comparison !== null && window.start !== null && metrics.requests.value !== null);
	assert.equal(comparison.with, '1d');
	assert.equal(comparison.offset_seconds, 86_400);
	assert.equal(Date.parse(window.start) - Date.parse(comparison.start), 86_400_000);
	const {value, change, mean, mean_change: meanChange} = comparison.metrics.requests;
	assert.deepEqual([value, mean], [5, 5]);
	assert.ok(change !== null && meanChange !== null);
	assert.ok(Math.abs(change - (metrics.requests.value / 5 - 1)) < 1e-9);
	assert.ok(Math.abs(meanChange - ((metrics.requests.mean ?? 0) / 5 - 1)) < 1e-9);
	assert.deepEqual(comparison.metrics.latency_p99, {value: null, change: null, mean: null, mean_change: null});
});

test('there is no relative difference from zero, and a failure is listed as a problem', () => {
	const zero = jsonSnapshot(withReference(byDay, 0)).comparison?.metrics.requests;
	assert.deepEqual(zero, {value: 0, change: null, mean: 0, mean_change: null});
	const failed = reduce(byDay, {
		type: 'sideRequestFailed',
		request: 'reference',
		fault: {failure: {kind: 'timeout', afterMs: 5000}, nextAtMs: undefined},
		atMs: byDay.live.nowMs,
	});
	const {comparison, problems} = jsonSnapshot(failed);
	assert.equal(comparison, null);
	assert.match(problems.find(({field}) => field === 'comparison')?.problem ?? '', /^is unknown: /);
});
