import assert from 'node:assert/strict';
import {test} from 'node:test';
import {findRun, readRun, readRuns} from '../../source/api/run.ts';
import {runOf} from '../helpers/deployments.ts';

const served = {
	id: 'r1',
	deployment_id: 'k4q95w5',
	name: 'my-run',
	session_id: 's1',
	status: {name: 'ACTIVE'},
	created_at: '2026-11-23T09:00:00Z',
};

test('every field of a run is read, and is unknown if it is malformed, but the ID is required', () => {
	const createdAtMs = Date.UTC(2026, 10, 23, 9);
	const expected = runOf('r1', 'k4q95w5', {name: 'my-run', sessionId: 's1', status: 'ACTIVE', createdAtMs});
	assert.deepEqual(readRun({run: served}), expected);
	assert.deepEqual(readRun({run: {id: 'r1'}}), runOf('r1'));
	assert.deepEqual(
		readRun({run: {id: 'r1', deployment_id: null, name: null, session_id: 7, status: 'x', created_at: '1'}}),
		runOf('r1'),
	);
	assert.equal(readRun({run: {id: 7}}), undefined);
});

test('if several runs have the same name, the active one is used, or if none is active, the newest', () => {
	const runs = [
		runOf('old', 'a', {name: 'x', createdAtMs: 1}),
		runOf('new', 'b', {name: 'x', createdAtMs: 3}),
		runOf('active', 'c', {name: 'y', status: 'ACTIVE', createdAtMs: 1}),
		runOf('ended', 'd', {name: 'y', status: 'INACTIVE', createdAtMs: 2}),
	];
	assert.equal(findRun(runs, 'x')?.id, 'new');
	assert.equal(findRun(runs, 'y')?.id, 'active');
	assert.equal(findRun(runs, 'z'), undefined);
});

test('a list of runs omits entries without an ID', () => {
	assert.deepEqual(
		readRuns({runs: [served, {}, null, {id: 'r2'}]})?.map(({id}) => id),
		['r1', 'r2'],
	);
	assert.equal(readRuns({runs: {}}), undefined);
});
