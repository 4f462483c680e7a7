import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Deployment} from '../../source/api/deployment.ts';
import {idleBelow} from '../../source/metrics/thresholds.ts';
import type {PollerAction} from '../../source/state/actions.ts';
import {initialState} from '../../source/state/initial-state.ts';
import {findingsWindow, type State} from '../../source/state/state.ts';
import {createStore} from '../../source/state/store.ts';
import {deploymentOf} from '../helpers/deployments.ts';
import {responseOf, servedPoints} from '../helpers/responses.ts';
import {screenText} from '../helpers/screen-text.ts';

const nowMs = Date.UTC(2026, 10, 23, 9, 0, 0);
const hourMs = 3_600_000;
const wide = {columns: 160, rows: 45};

/**
 * Returns the action for a response about the last hour of a node with one GPU: the GPU's utilization, and the shares
 * of the node's storage in use at the beginning and at the end.
 */
function metricsOf(id: string, utilization: number, [from, to]: readonly [number, number]): PollerAction {
	const times = Array.from({length: 121}, (_, index) => nowMs - hourMs + index * 30_000);
	const points = (valueAt: (part: number) => number): object =>
		servedPoints(...times.map((time, index) => [time, valueAt(index / 120)] as const));
	const response = responseOf({
		inference_volume: points(() => 1),
		per_node_metrics: [
			{
				node_id: `${id}-0`,
				gpu_utilization: {'0': points(() => utilization)},
				ephemeral_storage: {utilization: points(part => from + (to - from) * part)},
			},
		],
	});
	const range = {startMs: nowMs - hourMs, endMs: nowMs, whole: true};
	return {type: 'metricsReceived', kind: 'live', window: findingsWindow.name, response, range, atMs: nowMs, tookMs: 1};
}

type Member = {readonly deployment: Partial<Deployment>; readonly news: PollerAction};

/** Returns a state that shows the overview of these deployments. */
function overviewOf(...members: readonly Member[]): State {
	const store = createStore(
		initialState({
			target: {kind: 'unchosen'},
			host: 'host',
			window: findingsWindow,
			intervalMs: 10_000,
			nowMs,
			isWatchingAll: true,
		}),
	);
	const list = members.map(({deployment}, index) =>
		deploymentOf({
			id: `d${index}`,
			status: 'RUNNING',
			activeRunId: 'r',
			nodeCount: 1,
			instance: {
				gpuType: 'H100',
				gpusPerNode: 1,
				gpuMemoryBytes: undefined,
				cores: undefined,
				ramBytes: undefined,
				id: undefined,
				name: undefined,
			},
			...deployment,
		}),
	);
	store.dispatch({type: 'sideRequestSucceeded', response: {kind: 'deployments', list}, atMs: nowMs});
	const news = members.map(({news}, index) => ({id: list[index]?.id ?? '', actions: [news]}));
	store.dispatch({type: 'membersPolled', news, atMs: nowMs});
	return store.getState();
}

const failed: PollerAction = {
	type: 'pollFailed',
	failure: {kind: 'status', status: 503, message: 'broken', retryAfterMs: undefined},
	atMs: nowMs,
	nextAtMs: nowMs + 30_000,
};

const busy = (id: string, share: readonly [number, number] = [0.3, 0.3]): Member => ({
	deployment: {},
	news: metricsOf(id, 0.9, share),
});

test('the line of totals never omits failing deployments or findings to show the cost', () => {
	const state = overviewOf(busy('d0', [0.93, 0.93]), busy('d1'), {deployment: {}, news: failed});
	for (const [columns, rows] of [
		[160, 45],
		[100, 30],
		[80, 24],
		[40, 45],
		[30, 10],
	] as const) {
		const sums = screenText(state, {columns, rows}).find(line => /live|busy/.test(line)) ?? '';
		assert.match(sums, /! ?1/, sums);
		assert.match(sums, /× ?1/, sums);
	}
});

test('a GPU counts as in use at the limit or above, and as idle below it', () => {
	for (const [utilization, words] of [
		[idleBelow, '1 GPUs in use, 0 idle'],
		[idleBelow - 1e-6, '0 GPUs in use, 1 idle'],
	] as const) {
		const state = overviewOf({deployment: {}, news: metricsOf('d0', utilization, [0.3, 0.3])});
		const text = screenText(state, wide).join('\n');
		assert.ok(text.includes(words), text);
	}
});

test('storage that will soon be full is shown in the row of its deployment if there is space', () => {
	// The storage is at 94%, and grows by 6 percentage points per hour.
	const state = overviewOf(busy('d0', [0.88, 0.94]), busy('d1'));
	const rowAt = (columns: number): string =>
		screenText(state, {columns, rows: 30}).find(line => / d0 /.test(line)) ?? '';
	assert.match(rowAt(160), /disk \d+[mh]\+?, full in (?:59m|1h) \+/);
	assert.match(rowAt(100), /disk, full in (?:59m|1h)|disk \d+[mh]\+?, full in/);
	assert.match(rowAt(40), /disk/);
	const growing = overviewOf(busy('d0', [0.5, 0.7]));
	assert.match(screenText(growing, {columns: 100, rows: 30}).join('\n'), /disk-growth.*full in 2h|disk, full in 2h/);
	assert.match(
		screenText(growing, {columns: 240, rows: 30}).join('\n'),
		/disk-growth.*full in 2h.*at 70% of its storage/,
	);
	assert.doesNotMatch(screenText(overviewOf(busy('d0')), wide).join('\n'), /full in/);
});

test('rows fill the screen at every size, and the header takes up one line', () => {
	const state = overviewOf(...Array.from({length: 60}, (_, index) => busy(`d${index}`)));
	for (const [columns, rows, others] of [
		// The other rows: the header, the frame, the totals, the column titles, the line above the keys, and the keys.
		[160, 45, 7],
		[100, 30, 7],
		[80, 24, 7],
		[40, 45, 7],
		[30, 11, 6],
		[30, 10, 5],
		[30, 9, 5],
		[30, 8, 5],
	] as const) {
		const lines = screenText(state, {columns, rows});
		const shown = lines.filter(line => / d\d+ /.test(line));
		assert.equal(shown.length, rows - others, lines.join('\n'));
		assert.ok(!lines.some(line => /^│ +│$/.test(line)), lines.join('\n'));
	}
});
