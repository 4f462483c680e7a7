import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Failure} from '../../source/api/failure.ts';
import {exitCodes} from '../../source/errors/user-error.ts';
import {type RuleName, rules} from '../../source/metrics/findings.ts';
import {findWindow, type Window} from '../../source/metrics/windows.ts';
import {Lines} from '../../source/output/lines.ts';
import type {Line} from '../../source/output/snapshot-types.ts';
import {initialState} from '../../source/state/initial-state.ts';
import {createStore} from '../../source/state/store.ts';
import {responseOf, servedPoints} from '../helpers/responses.ts';

const nine = Date.UTC(2026, 10, 23, 9, 0, 12);
const timeout: Failure = {kind: 'timeout', afterMs: 30_000};

function windowOf(name: string): Window {
	return findWindow(name) ?? assert.fail();
}

type Options = {readonly window?: string; readonly count?: number; readonly failOn?: readonly RuleName[]};

/** Creates a line output, with functions that report poll results to it as the poller does. */
function createRig({window = '1h', count, failOn = []}: Options = {}) {
	const store = createStore(
		initialState({
			target: {kind: 'deployment', id: 'k4q95w5'},
			host: 'host',
			window: windowOf(window),
			intervalMs: 10_000,
			nowMs: nine,
		}),
	);
	// No rule is evaluated before the request for the deployment has succeeded or failed.
	store.dispatch({type: 'deploymentUnavailable', atMs: nine});
	const written: string[] = [];
	const lines = new Lines({store, count, failOn, write: text => written.push(text)});
	return {
		end: () => lines.last,
		answered(name: string, rate: number, diskShare = 0.5) {
			const time = nine - 30_000;
			const response = responseOf({
				inference_volume: servedPoints([time, rate]),
				per_node_metrics: [{node_id: 'a', ephemeral_storage: {utilization: servedPoints([time, diskShare])}}],
			});
			const {lengthMs} = windowOf(name);
			const range = {startMs: nine - lengthMs, endMs: nine, whole: true};
			store.dispatch({type: 'metricsReceived', kind: 'live', window: name, response, range, atMs: nine, tookMs: 5});
			lines.report({window: name});
		},
		answeredNothing() {
			store.dispatch({type: 'noMetrics', atMs: nine, tookMs: 5});
			lines.report({window});
		},
		failed(afterMs: number) {
			store.dispatch({type: 'pollFailed', failure: timeout, atMs: nine + afterMs, nextAtMs: nine + afterMs + 10_000});
			lines.report({failure: timeout});
		},
		/** The request rate of each snapshot, and the type of each line that isn't a snapshot. */
		written: () =>
			written.map(text => {
				assert.match(text, /^[^\n]+\n$/);
				const line = JSON.parse(text) as Line;
				return line.type === 'snapshot' ? line.metrics.requests.value : line.type;
			}),
		last: (): Line => JSON.parse(written.at(-1) ?? '') as Line,
	};
}

test('each poll produces one line', () => {
	const rig = createRig();
	rig.answered('1h', 1);
	rig.answered('1h', 2);
	assert.deepEqual(rig.written(), [1, 2]);
	assert.equal(rig.end(), undefined);
});

test('with the 24h window, the first line waits for the findings, and polls for findings produce no lines', () => {
	const rig = createRig({window: '24h'});
	rig.answered('24h', 1);
	assert.deepEqual(rig.written(), []);
	rig.answered('1h', 7);
	assert.deepEqual(rig.written(), [1]);
	rig.answered('1h', 8);
	rig.answered('24h', 2);
	assert.deepEqual(rig.written(), [1, 2]);
});

test('a failure line contains the age of the newest sample, and the next response produces a snapshot', () => {
	const rig = createRig();
	rig.answered('1h', 1);
	rig.failed(5000);
	rig.failed(15_000);
	assert.deepEqual(rig.last(), {
		schema: 'loops-top/1',
		type: 'failure',
		time: '2026-11-23T09:00:27Z',
		deployment: {id: 'k4q95w5'},
		kind: 'timeout',
		status: null,
		message: 'no response within 30s',
		since: '2026-11-23T09:00:17Z',
		retry: '2026-11-23T09:00:37Z',
		last_answer: '2026-11-23T09:00:12Z',
		newest_sample: '2026-11-23T08:59:42Z',
		age_seconds: 45,
	});
	rig.answered('1h', 2);
	assert.deepEqual(rig.written(), [1, 'failure', 'failure', 2]);
});

test('the line for a failure before the first response contains no age', () => {
	const rig = createRig();
	rig.failed(0);
	const line = rig.last();
	assert.ok(line.type === 'failure');
	assert.deepEqual([line.last_answer, line.newest_sample, line.age_seconds], [null, null, null]);
});

test('a deployment without metrics produces a line without values', () => {
	const rig = createRig({window: '5m'});
	rig.answeredNothing();
	assert.deepEqual(rig.written(), [null]);
});

test('output ends after N lines, whether they are snapshots or failures', () => {
	const rig = createRig({count: 3});
	rig.answered('1h', 1);
	rig.failed(0);
	assert.equal(rig.end(), undefined);
	rig.answered('1h', 2);
	assert.deepEqual(rig.end(), {kind: 'counted', failure: undefined});
	const failing = createRig({count: 1});
	failing.failed(0);
	assert.deepEqual(failing.end(), {kind: 'counted', failure: timeout});
});

test('with --fail-on, the output ends with the first line that has a finding', () => {
	const rig = createRig({failOn: ['disk'], count: 9});
	rig.answered('1h', 1);
	assert.equal(rig.end(), undefined);
	rig.answered('1h', 2, 0.97);
	const last = rig.end();
	assert.ok(last?.kind === 'found');
	assert.equal(last.error.message, 'Found disk: a at 97% of its storage.');
	assert.equal(last.error.exitCode, exitCodes.finding);
	assert.deepEqual(rig.written(), [1, 2]);
});

test("findings of other rules don't end the output", () => {
	const rig = createRig({failOn: rules.filter(rule => rule !== 'disk')});
	rig.answered('1h', 1, 0.97);
	assert.equal(rig.end(), undefined);
});

test('a finding that appears between two lines ends the output with the next snapshot, not with a failure', () => {
	const rig = createRig({failOn: ['disk'], window: '24h'});
	rig.answered('24h', 1);
	rig.answered('1h', 7);
	rig.answered('1h', 8, 0.97);
	rig.failed(0);
	assert.equal(rig.end(), undefined);
	rig.answered('24h', 2);
	assert.deepEqual(rig.written(), [1, 'failure', 2]);
	assert.equal(rig.end()?.kind, 'found');
});
