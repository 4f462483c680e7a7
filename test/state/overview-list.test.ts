import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Deployment} from '../../source/api/deployment.ts';
import {type Target, targetName} from '../../source/api/target.ts';
import {defaultWindow, findWindow} from '../../source/metrics/windows.ts';
import type {Action} from '../../source/state/actions.ts';
import {initialState} from '../../source/state/initial-state.ts';
import {isLive} from '../../source/state/overview.ts';
import {chosenDeployment, listedDeployments} from '../../source/state/overview-list.ts';
import {reduce} from '../../source/state/reducer.ts';
import type {State} from '../../source/state/state.ts';
import {deploymentOf} from '../helpers/deployments.ts';
import {sampleNow, sampleState} from '../helpers/sample-state.ts';

const list: readonly Deployment[] = [
	deploymentOf({id: 'stopped', status: 'STOPPED', createdAtMs: 9000}),
	deploymentOf({id: 'zero', status: 'SCALED_TO_ZERO', createdAtMs: 8000}),
	deploymentOf({
		id: 'older',
		status: 'RUNNING',
		createdAtMs: 1000,
		baseModel: 'Qwen/Qwen3-30B',
		owner: 'ada@example.com',
	}),
	deploymentOf({id: 'newer', status: 'RUNNING', createdAtMs: 2000, baseModel: 'openai/gpt-oss-120b'}),
	deploymentOf({id: 'coming', status: 'DEPLOYING', createdAtMs: 7000}),
	deploymentOf({id: 'odd', status: 'HIBERNATING'}),
	deploymentOf({id: 'unknown'}),
];

const filters: ReadonlyArray<readonly [filter: string, ids: readonly string[]]> = [
	['', ['newer', 'older', 'coming', 'zero', 'stopped', 'odd', 'unknown']],
	['running', ['newer', 'older']],
	['QWEN', ['older']],
	['  running   gpt ', ['newer']],
	['ada@', ['older']],
	['running stopped', []],
	['.*', []],
	['undefined', []],
];

for (const [filter, ids] of filters) {
	test(`the filter "${filter}" matches ${ids.join(', ') || 'no deployments'}`, () => {
		assert.deepEqual(
			listedDeployments(
				begin({kind: 'unchosen'}, listed(...list), {type: 'editFilter'}, {type: 'typeText', text: filter}),
			).map(({id}) => id),
			ids,
		);
	});
}

test('deployments that are running or about to run are live', () => {
	assert.deepEqual(
		list.filter(isLive).map(({id}) => id),
		['older', 'newer', 'coming'],
	);
});

const running = deploymentOf({id: 'run1', status: 'RUNNING', baseModel: 'qwen', createdAtMs: 2000});
const second = deploymentOf({id: 'run2', status: 'RUNNING', baseModel: 'llama', createdAtMs: 1000});
const stopped = deploymentOf({id: 'old1', status: 'STOPPED'});

function begin(target: Target, ...actions: readonly Action[]): State {
	const nowMs = sampleNow;
	return actions.reduce(reduce, initialState({target, host: 'host', window: defaultWindow, intervalMs: 10_000, nowMs}));
}

function listed(...list: readonly Deployment[]): Action {
	return {type: 'sideRequestSucceeded', response: {kind: 'deployments', list}, atMs: sampleNow};
}

const typed = (text: string): readonly Action[] => [
	{type: 'editFilter'},
	...[...text].map((letter): Action => ({type: 'typeText', text: letter})),
];

test('without an ID, the list is open from the start', () => {
	assert.equal(begin({kind: 'unchosen'}).overlay.kind, 'deployments');
	assert.equal(begin({kind: 'deployment', id: 'a'}).overlay.kind, 'none');
});

test("the only live deployment is watched immediately, with the list's data about it", () => {
	const state = begin({kind: 'unchosen'}, listed(stopped, running));
	assert.deepEqual(state.target, {kind: 'deployment', id: 'run1'});
	assert.equal(state.overlay.kind, 'none');
	assert.equal(state.views.trainer.deployment?.baseModel, 'qwen');
});

for (const [name, list] of [
	['no', [stopped]],
	['two', [running, second]],
] as const) {
	test(`if ${name} deployments are live, the user chooses`, () => {
		const state = begin({kind: 'unchosen'}, listed(...list));
		assert.equal(state.target.kind, 'unchosen');
		assert.equal(listedDeployments(state).length, list.length);
	});
}

test('a later list opens nothing automatically', () => {
	const state = begin({kind: 'unchosen'}, listed(running, second), listed(running));
	assert.equal(state.target.kind, 'unchosen');
});

test('typed text filters the list, and pressing enter opens the selected deployment', () => {
	const open = begin({kind: 'unchosen'}, listed(running, second, stopped));
	assert.equal(chosenDeployment(open)?.id, 'run1');
	assert.equal(chosenDeployment(reduce(open, {type: 'select', by: 1}))?.id, 'run2');
	const filtered = typed('llama').reduce(reduce, open);
	assert.deepEqual(
		listedDeployments(filtered).map(({id}) => id),
		['run2'],
	);
	assert.equal(targetName(reduce(reduce(filtered, {type: 'applyFilter'}), {type: 'enter'}).target), 'run2');
});

test('pressing enter in an empty list does nothing', () => {
	const state = typed('nothing fits').reduce(reduce, begin({kind: 'unchosen'}, listed(running, second)));
	assert.equal(reduce(state, {type: 'enter'}), state);
});

test('the deployment with the selected ID stays selected when the list changes', () => {
	const open = begin(
		{kind: 'unchosen'},
		listed(running, second),
		{type: 'select', by: 1},
		listed(stopped, second, running),
	);
	assert.equal(chosenDeployment(open)?.id, 'run2');
	assert.equal(chosenDeployment(reduce(open, listed(stopped)))?.id, 'old1');
});

test('escape clears typed text; pressed again, it closes the list, unless nothing is watched', () => {
	const inside: State = [...typed('x')].reduce(
		reduce,
		reduce(begin({kind: 'deployment', id: 'run1'}), {type: 'toggleOverlay', overlay: 'deployments'}),
	);
	const cleared = reduce(inside, {type: 'close'});
	assert.deepEqual([cleared.overlay.kind, cleared.overview.filter.text], ['deployments', '']);
	assert.equal(reduce(cleared, {type: 'close'}).overlay.kind, 'none');
	assert.equal(reduce(begin({kind: 'unchosen'}), {type: 'close'}).overlay.kind, 'deployments');
	assert.equal(
		reduce(begin({kind: 'unchosen'}), {type: 'toggleOverlay', overlay: 'deployments'}).overlay.kind,
		'deployments',
	);
});

test("another deployment starts without data, and keeps the user's choices", () => {
	const before = sampleState(
		{nodes: 4, gpus: 8},
		{type: 'changeWindow', by: 1},
		{type: 'toggleScale'},
		{type: 'toggleOverlay', overlay: 'deployments'},
		listed(running, second),
	);
	const after = reduce(before, {type: 'chooseDeployment', id: 'run2'});
	assert.equal(after.components.trainer.histories[0].window, findWindow('3h'));
	assert.equal(after.choices, before.choices);
	assert.equal(after.components.trainer.histories[0].complete, false);
	assert.equal(after.views.trainer.snapshot.nodes.length, 0);
	assert.equal(after.views.trainer.deployment?.id, 'run2');
	assert.equal(after.live.links.trainer.kind, 'connecting');
	assert.deepEqual(after.findings.current, []);
});

test('choosing the watched deployment keeps its data', () => {
	const before = sampleState({nodes: 4, gpus: 8}, {type: 'toggleOverlay', overlay: 'deployments'}, listed(running));
	const after = reduce(before, {type: 'chooseDeployment', id: 'k4q95w5'});
	assert.equal(after.components.trainer.histories, before.components.trainer.histories);
	assert.equal(after.overlay.kind, 'none');
});

test("the organization's list is separate", () => {
	const state = begin({kind: 'unchosen'}, listed(running, second), {type: 'toggleScope'});
	assert.deepEqual(state.deployments, {scope: 'org', list: undefined, isAfterStart: true});
});

test('a failed request for the list is reported until the next list is received', () => {
	const fault = {failure: {kind: 'timeout', afterMs: 1000}, nextAtMs: sampleNow + 10_000} as const;
	const failed = begin({kind: 'unchosen'}, {type: 'sideRequestFailed', request: 'deployments', fault, atMs: sampleNow});
	assert.deepEqual(failed.sideFailures.deployments, fault);
	assert.deepEqual(reduce(failed, listed(running, second)).sideFailures, {});
});

test("only the user's own list, if it is the first after startup, opens a deployment automatically", () => {
	// Only a live deployment in the user's own list is opened automatically. One in the organization's list can belong
	// to someone else.
	const own = begin({kind: 'unchosen'}, listed(running, second), {type: 'toggleScope'}, listed(running));
	assert.equal(own.target.kind, 'unchosen');
	const early = begin({kind: 'unchosen'}, {type: 'toggleScope'}, listed(running));
	assert.equal(early.target.kind, 'unchosen');
	const back = begin(
		{kind: 'unchosen'},
		listed(running, second),
		{type: 'toggleScope'},
		{type: 'toggleScope'},
		listed(running),
	);
	assert.equal(back.target.kind, 'unchosen');
	assert.deepEqual(begin({kind: 'unchosen'}, listed(running)).target, {kind: 'deployment', id: 'run1'});
});

test('sort order, filter, focus, full screen, and open logs are kept for another deployment', () => {
	const before = sampleState(
		{nodes: 4, gpus: 8},
		{type: 'focusPane', pane: 'gpus'},
		{type: 'sortNext'},
		{type: 'reverseSort'},
		{type: 'editFilter'},
		{type: 'typeText', text: 'gpu<50'},
		{type: 'applyFilter'},
		{type: 'toggleFullScreen'},
		{type: 'toggleLogs'},
		{type: 'nextLevel'},
		{type: 'toggleOverlay', overlay: 'deployments'},
		listed(running, second),
	);
	const after = reduce(before, {type: 'chooseDeployment', id: 'run2'});
	assert.deepEqual([after.choices, after.focus, after.zoom], [before.choices, before.focus, before.zoom]);
	assert.deepEqual([after.logs.isOpen, after.logs.minLevel], [true, before.logs.minLevel]);
	assert.deepEqual(after.logs.visible.lines, []);
});
