import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Checkpoint} from '../../source/api/run.ts';
import {gaugesOf} from '../../source/output/gauges.ts';
import {textSnapshot} from '../../source/output/text.ts';
import type {Action, SideRequestName} from '../../source/state/actions.ts';
import {reduce} from '../../source/state/reducer.ts';
import type {State} from '../../source/state/state.ts';
import {deploymentOf, runOf} from '../helpers/deployments.ts';
import {sampleNow, sampleState} from '../helpers/sample-state.ts';

const minute = 60_000;

function made(name: string, agoMs: number): Checkpoint {
	return {
		name,
		createdAtMs: sampleNow - agoMs,
		bytes: 33_638_400,
		syncStatus: undefined,
		target: undefined,
		type: undefined,
	};
}

/** Returns the response about a deployment that has this run, as an action. */
function described(runId: string, atMs = sampleNow): Action {
	return {type: 'deploymentLoaded', deployment: deploymentOf({status: 'RUNNING', nodeCount: 1, runId}), atMs};
}

const checkpoints: Action = {
	type: 'sideRequestSucceeded',
	response: {kind: 'checkpoints', runId: 'r1', list: [made('step-9', 20 * minute)], unreadable: 0, atMs: sampleNow},
	atMs: sampleNow,
};
const run: Action = {
	type: 'sideRequestSucceeded',
	response: {kind: 'run', run: runOf('r1', undefined, {name: 'my-run', status: 'ACTIVE'}), atMs: sampleNow},
	atMs: sampleNow,
};

function failed(request: SideRequestName): Action {
	return {
		type: 'sideRequestFailed',
		request,
		fault: {failure: {kind: 'timeout', afterMs: 1000}, nextAtMs: undefined},
		atMs: sampleNow,
	};
}

function known(...actions: readonly Action[]): State {
	return actions.reduce(reduce, sampleState({nodes: 1, gpus: 1}, described('r1'), run, checkpoints));
}

test("once the run changes, neither the earlier run's data nor the failures of its requests are shown", () => {
	const state = known(failed('run'), failed('checkpoints'));
	assert.match(textSnapshot(state, 'utc'), /my-run[\s\S]*step-9[\s\S]*no response/);
	const changed = reduce(state, described('r2'));
	assert.deepEqual([changed.run, changed.checkpoints], [undefined, undefined]);
	assert.deepEqual([changed.sideFailures.run, changed.sideFailures.checkpoints], [undefined, undefined]);
	assert.doesNotMatch(textSnapshot(changed, 'utc'), /my-run|step-9|no response/);
	assert.equal(reduce(state, described('r1')).checkpoints, state.checkpoints);
	assert.equal(reduce(changed, checkpoints).checkpoints, undefined);
});

/**
 * Returns the number of gauges for the last checkpoint, and the phrase about it in the text output, this many minutes
 * after the last response about checkpoints.
 */
function shownAfter(minutes: number, state = known()): readonly [gauges: number, words: string] {
	const nowMs = sampleNow + minutes * minute;
	// Responses about metrics and the deployment continue to arrive.
	const later = [{type: 'noMetrics', atMs: nowMs, tookMs: 1} as const, described('r1', nowMs)].reduce(reduce, state);
	const gauges = gaugesOf(later, nowMs).filter(({name}) => name.startsWith('loops_last_checkpoint_'));
	const words = /last (?:known )?checkpoint \S+ ago/.exec(textSnapshot(later, 'utc'))?.[0];
	return [gauges.length, words ?? ''];
}

test('six minutes after the last response, a checkpoint is called the last known one, and has no gauges', () => {
	assert.deepEqual(shownAfter(0), [2, 'last checkpoint 20m ago']);
	assert.deepEqual(shownAfter(5), [2, 'last checkpoint 25m ago']);
	assert.deepEqual(shownAfter(6), [0, 'last known checkpoint 26m ago']);
});

test('a checkpoint is called the last known one, and has no gauges, if an unreadable one might be newer', () => {
	const state = known();
	const one = state.checkpoints && {...state, checkpoints: {...state.checkpoints, unreadable: 1}};
	assert.deepEqual(shownAfter(0, one), [0, 'last known checkpoint 20m ago']);
});

test('a run that was inactive before its deployment ran has ended only if it is reported as inactive again', () => {
	const withStatus = (status: string, atMs: number): Action => ({
		type: 'deploymentLoaded',
		deployment: deploymentOf({status, nodeCount: 1, runId: 'r1'}),
		atMs,
	});
	const inactive = (atMs: number): Action => ({
		type: 'sideRequestSucceeded',
		response: {kind: 'run', run: runOf('r1', undefined, {name: 'my-run', status: 'INACTIVE'}), atMs},
		atMs,
	});
	const start = sampleState({nodes: 1, gpus: 1}, withStatus('DEPLOYING', sampleNow), inactive(sampleNow));
	const running = reduce(start, withStatus('RUNNING', sampleNow + minute));
	const foundIn = (state: State): readonly string[] =>
		state.findings.current.flatMap(({rule, state: stage}) => (rule === 'status' ? stage : []));
	assert.deepEqual(foundIn(running), []);
	assert.doesNotMatch(textSnapshot(running, 'utc'), /ended/);
	assert.equal(running.run?.run.name, 'my-run');
	assert.deepEqual(foundIn(reduce(running, inactive(sampleNow + minute + 1000))), ['active']);
});
