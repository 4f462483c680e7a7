import assert from 'node:assert/strict';
import {test} from 'node:test';
import {targetName} from '../../source/api/target.ts';
import {bellFor, followFindings, ringForFindings} from '../../source/app/notify.ts';
import {reportUnwatched} from '../../source/app/overview.ts';
import {changesBetween} from '../../source/metrics/known-findings.ts';
import {defaultWindow} from '../../source/metrics/windows.ts';
import type {Action, PollerAction} from '../../source/state/actions.ts';
import {initialState} from '../../source/state/initial-state.ts';
import {createStore, type Store} from '../../source/state/store.ts';
import {deploymentOf} from '../helpers/deployments.ts';
import {responseOf, servedPoints} from '../helpers/responses.ts';
import {sampleNow} from '../helpers/sample-state.ts';

const atMs = sampleNow;

function listed(statuses: Readonly<Record<string, string>>): Action {
	const list = Object.entries(statuses).map(([id, status]) => deploymentOf({id, status}));
	return {type: 'sideRequestSucceeded', response: {kind: 'deployments', list}, atMs};
}

function polled(...ids: readonly string[]): Action {
	const response = responseOf({inference_volume: servedPoints([atMs - 30_000, 1]), per_node_metrics: []});
	const range = {startMs: atMs - defaultWindow.lengthMs, endMs: atMs, whole: true};
	const received: PollerAction = {
		type: 'metricsReceived',
		kind: 'live',
		window: defaultWindow.name,
		response,
		range,
		atMs,
		tookMs: 1,
	};
	return {type: 'membersPolled', news: ids.map(id => ({id, actions: [received]})), atMs};
}

function storeOfAll(): Store {
	return createStore(
		initialState({
			target: {kind: 'unchosen'},
			host: 'host',
			window: defaultWindow,
			intervalMs: 10_000,
			nowMs: atMs,
			isWatchingAll: true,
		}),
	);
}

function follow(store: Store): readonly string[] {
	const seen: string[] = [];
	followFindings(store, (before, after, {target}) => {
		const {appeared, resolved} = changesBetween(before, after);
		for (const {rule, state} of [...appeared, ...resolved]) {
			seen.push(`${targetName(target)} ${rule} ${state}`);
		}
	});
	return seen;
}

test('findings of all deployments are followed separately, regardless of which one is watched', () => {
	const store = storeOfAll();
	const seen = follow(store);
	store.dispatch(listed({a: 'RUNNING', b: 'FAILED'}), polled('a', 'b'));
	assert.deepEqual(seen, ['b status active']);
	// Findings of a deployment neither end nor appear when the user watches another one.
	store.dispatch({type: 'chooseDeployment', id: 'b'});
	store.dispatch({type: 'chooseDeployment', id: 'a'});
	store.dispatch({type: 'toggleOverlay', overlay: 'deployments'});
	assert.deepEqual(seen, ['b status active']);
	store.dispatch(listed({a: 'RUNNING', b: 'RUNNING'}), polled('b'));
	assert.deepEqual(seen, ['b status active', 'b status resolved']);
});

test('for all findings except initial ones, the bell rings, and a notification names the deployment', () => {
	const store = storeOfAll();
	const written: string[] = [];
	const stdout = Object.assign(Object.create(process.stdout), {write: (text: string) => written.push(text) > 0});
	ringForFindings(store, stdout, 'xterm-256color');
	store.dispatch(listed({a: 'RUNNING', b: 'FAILED'}), polled('a', 'b'));
	assert.deepEqual(written, []);
	store.dispatch(listed({a: 'STOPPED', b: 'FAILED'}), polled('a'));
	assert.equal(written.length, 1);
	assert.match(written[0] ?? '', /loops-top a: status: the deployment is stopped/);
});

test('only the bell is sent to a terminal that would print the rest of the notification', () => {
	assert.equal(bellFor('a', 'xterm-256color'), '\u0007\u001b]9;a\u0007');
	assert.equal(bellFor('a', 'linux'), '\u0007');
	assert.equal(bellFor('a', 'eterm-color'), '\u0007');
	assert.equal(bellFor('a', undefined), '\u0007');
});

test('with --all, a missing list and a list without live deployments are reported whenever either state begins', () => {
	const store = storeOfAll();
	const reported: string[] = [];
	const stop = reportUnwatched(store, reason => reported.push(reason));
	const failure = {kind: 'status', status: 503, message: 'away', retryAfterMs: undefined} as const;
	const failed: Action = {type: 'sideRequestFailed', request: 'deployments', fault: {failure, nextAtMs: atMs}, atMs};
	for (const action of [failed, failed, listed({}), listed({aaa: 'STOPPED'}), listed({bbb: 'RUNNING'}), failed]) {
		store.dispatch(action);
	}

	const noList = "Couldn't load the list of deployments: 503 service unavailable: away. Trying again";
	assert.deepEqual(reported, [noList, 'No deployment is live. Waiting for one', noList]);
	stop();
	store.dispatch(listed({}));
	assert.equal(reported.length, 3);
});
