import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import type {Points} from '../../source/api/points.ts';
import {defaultWindow, windows} from '../../source/metrics/windows.ts';
import {nextQuery} from '../../source/polling/query-range.ts';
import type {Action} from '../../source/state/actions.ts';
import {initialState} from '../../source/state/initial-state.ts';
import {reduce} from '../../source/state/reducer.ts';
import type {State} from '../../source/state/state.ts';
import {responseOf} from '../helpers/responses.ts';

const nine = Date.UTC(2026, 10, 23, 9, 5, 30);
const minute = 60_000;

/**
 * Returns the value of every series at a given time. The value differs from the time, so that a test can distinguish
 * the two.
 */
function valueAt(timeMs: number): number {
	return (timeMs / 1000) % 100_000;
}

function responseWith(startMs: number, endMs: number, isLost: (timeMs: number) => boolean = () => false) {
	const points: object[] = [];
	for (let time = Math.ceil(startMs / 30_000) * 30_000; time <= endMs; time += 30_000) {
		if (!isLost(time)) {
			points.push({timestamp: new Date(time).toISOString(), value: valueAt(time)});
		}
	}

	return responseOf({inference_volume: points, per_node_metrics: [{node_id: 't-0', cpu_usage: points}]});
}

function liveResponse(endMs: number, isLost?: (timeMs: number) => boolean): Action {
	const startMs = endMs - defaultWindow.lengthMs;
	return {
		type: 'metricsReceived',
		kind: 'live',
		window: '1h',
		response: responseWith(startMs, endMs, isLost),
		range: {startMs, endMs, whole: true},
		atMs: endMs,
		tookMs: 5,
	};
}

/** Returns the state after the response to the poller's next request, which is for the visible range. */
function respondWithPast(state: State, isLost?: (timeMs: number) => boolean): State {
	const {query} = nextQuery(state, new Map(), 0);
	assert.equal(query.kind, 'past');
	const {startMs, endMs, window} = query.history;
	return reduce(state, {
		type: 'metricsReceived',
		kind: 'past',
		window: window.name,
		response: responseWith(startMs, endMs, isLost),
		range: {startMs, endMs, whole: true},
		isFinal: true,
		atMs: nine,
		tookMs: 5,
	});
}

const beginning = initialState({
	target: {kind: 'deployment', id: 'k4q95w5'},
	host: 'host',
	window: defaultWindow,
	intervalMs: 10_000,
	nowMs: nine,
});
const live = reduce(beginning, liveResponse(nine));
const left: Action = {type: 'moveInTime', by: -1, far: false};
const right: Action = {type: 'moveInTime', by: 1, far: false};
const clock = (timeMs: number): string => new Date(timeMs).toISOString().slice(11, 19);
const rangeOf = ({views}: State): string => {
	const {snapshot} = views.trainer;
	return `${clock(snapshot.startMs)}-${clock(snapshot.endMs)}`;
};
const cursorOf = ({cursorMs}: State): string => (cursorMs === undefined ? '' : clock(cursorMs));

test('each keypress pans to a multiple of a quarter of the window, and panning forward ends at live', () => {
	const ranges: string[] = [];
	let state = live;
	for (const action of [left, left, left, right, right, right]) {
		state = reduce(state, action);
		ranges.push(`${state.mode.kind} ${rangeOf(state)}`);
	}

	assert.deepEqual(ranges, [
		'past 07:45:00-08:45:00',
		'past 07:30:00-08:30:00',
		'past 07:15:00-08:15:00',
		'past 07:30:00-08:30:00',
		'past 07:45:00-08:45:00',
		'live 08:05:30-09:05:30',
	]);
});

test('in every window shorter than seven days, panning ends at a multiple of the step, and is reversible', () => {
	for (const window of windows) {
		const by = windows.indexOf(window) - windows.indexOf(defaultWindow);
		const start = reduce(live, {type: 'changeWindow', by});
		const there = reduce(reduce(start, left), left);
		if (there.mode.kind === 'past') {
			assert.equal(there.mode.endMs % window.stepMs, 0, window.name);
			assert.deepEqual(reduce(reduce(there, left), right).mode, there.mode, window.name);
		} else {
			assert.equal(window.name, '7d');
		}
	}
});

test('nothing older than seven days can be shown', () => {
	let state = live;
	for (let times = 0; times < 800; times++) {
		state = reduce(state, left);
	}

	assert.ok(state.mode.kind === 'past');
	assert.ok(state.views.trainer.snapshot.startMs >= nine - 7 * 86_400_000);
	assert.ok(state.views.trainer.snapshot.startMs < nine - 7 * 86_400_000 + 15 * minute);
	assert.equal(reduce(reduce(live, {type: 'changeWindow', by: 9}), left).mode.kind, 'live');
});

test('the metrics of an earlier range are requested only once, even if the user moves back and forth', () => {
	let state = respondWithPast(reduce(live, left));
	state = respondWithPast(reduce(state, left));
	for (const action of [right, left, right, left]) {
		state = reduce(state, action);
		const {query} = nextQuery(state, new Map(), 0);
		assert.equal(query.kind, 'live');
		assert.equal(state.views.trainer.snapshot.complete, true);
	}
});

test('until the metrics of a range arrive, the range shows the known data, and is marked as incomplete', () => {
	const state = reduce(live, left);
	assert.equal(state.views.trainer.snapshot.complete, false);
	assert.equal(state.views.trainer.snapshot.requests.volume, valueAt(Date.UTC(2026, 10, 23, 8, 45)));
});

test('while an earlier range is shown, the live window is updated in the background', () => {
	const past = respondWithPast(reduce(live, left));
	const later = reduce(past, liveResponse(nine + 5 * minute));
	assert.equal(later.views.trainer.snapshot, past.views.trainer.snapshot);
	const back = reduce(later, {type: 'close'});
	assert.equal(rangeOf(back), '08:10:30-09:10:30');
});

test('= returns to live and removes the cursor, and so does pressing esc twice', () => {
	const past = reduce(reduce(live, left), {type: 'toggleCursor'});
	const reset = reduce(past, {type: 'resetWindow'});
	assert.deepEqual([reset.mode.kind, reset.cursorMs], ['live', undefined]);
	const closed = reduce(reduce(past, {type: 'close'}), {type: 'close'});
	assert.deepEqual([closed.mode.kind, closed.cursorMs], ['live', undefined]);
});

test('switching the window keeps the end of an earlier range, or the cursor, visible', () => {
	const past = respondWithPast(reduce(live, left));
	const shorter = reduce(past, {type: 'changeWindow', by: -1});
	assert.equal(rangeOf(shorter), '08:15:00-08:45:00');
	const cursor = reduce({...past, cursorMs: Date.UTC(2026, 10, 23, 8, 0)}, {type: 'changeWindow', by: -2});
	const {startMs, endMs} = cursor.views.trainer.snapshot;
	const at = cursor.cursorMs ?? 0;
	assert.ok(startMs <= at && at <= endMs);
	assert.equal(cursor.views.trainer.window.name, '15m');
});

test('the cursor begins at the newest sample, and moves by one step, by ten steps, and to the ends', () => {
	let state = reduce(live, {type: 'toggleCursor'});
	assert.equal(cursorOf(state), '09:05:30');
	state = reduce(state, left);
	assert.equal(cursorOf(state), '09:05:00');
	state = reduce(state, {type: 'moveInTime', by: -1, far: true});
	assert.equal(cursorOf(state), '09:00:00');
	state = reduce(reduce(state, right), {type: 'moveInTime', by: 1, far: true});
	assert.equal(cursorOf(state), '09:05:30');
	assert.equal(state.mode.kind, 'live');
	assert.equal(cursorOf(reduce(state, right)), '09:05:30');
	assert.equal(cursorOf(reduce(state, {type: 'selectEnd', end: 'first'})), '08:05:30');
	assert.equal(cursorOf(reduce(state, {type: 'selectEnd', end: 'last'})), '09:05:30');
	assert.equal(reduce(state, {type: 'toggleCursor'}).cursorMs, undefined);
});

test('moving the cursor left from the start of the visible range also moves the range', () => {
	const first = reduce(reduce(live, {type: 'toggleCursor'}), {type: 'selectEnd', end: 'first'});
	const before = reduce(first, left);
	assert.equal(before.mode.kind, 'past');
	assert.equal(cursorOf(before), '08:05:00');
	const {startMs, endMs} = before.views.trainer.snapshot;
	assert.ok(startMs <= (before.cursorMs ?? 0) && (before.cursorMs ?? 0) <= endMs);
});

test('the cursor stays on its time while new data arrives, and the range stops advancing when the cursor would leave it', () => {
	let state = reduce(reduce(live, {type: 'toggleCursor'}), {type: 'selectEnd', end: 'first'});
	state = {...state, cursorMs: (state.cursorMs ?? 0) + 2 * minute};
	const later = reduce(state, liveResponse(nine + minute));
	assert.deepEqual([later.mode.kind, cursorOf(later)], ['live', '08:07:30']);
	const passed = reduce(later, liveResponse(nine + 3 * minute));
	assert.deepEqual([passed.mode.kind, cursorOf(passed)], ['past', '08:07:30']);
	const {startMs, endMs} = passed.views.trainer.snapshot;
	assert.ok(startMs < (passed.cursorMs ?? 0) && (passed.cursorMs ?? 0) < endMs);
});

test('there is no cursor until there is a sample', () => {
	assert.equal(reduce(beginning, {type: 'toggleCursor'}).cursorMs, undefined);
});

test('resuming in the past returns to live', () => {
	assert.equal(reduce(reduce(live, left), {type: 'togglePause'}).mode.kind, 'live');
});

test('resuming in the past with a cursor shows the current values, not the unknown values at a time outside the range', () => {
	const resumed = reduce({...reduce(live, left), cursorMs: live.live.nowMs - 7_200_000}, {type: 'togglePause'});
	assert.deepEqual([resumed.mode.kind, resumed.cursorMs], ['live', undefined]);
	assert.ok(resumed.views.trainer.snapshot.nodes.every(({reporting}) => reporting));
});

/**
 * Returns the value of the sample nearest to a time, and its distance from that time in milliseconds, by linear search;
 * undefined if there are no samples.
 */
function nearest({times, values}: Points, timeMs: number): {value: number; distance: number} | undefined {
	let best: {value: number; distance: number} | undefined;
	for (const [index, time] of times.entries()) {
		const distance = Math.abs(time - timeMs);
		if (best === undefined || distance < best.distance) {
			best = {value: values[index] ?? Number.NaN, distance};
		}
	}

	return best;
}

test('both live and in the past, every value at the cursor is that of the nearest sample, or unknown in a gap', () => {
	const samples = fc.uniqueArray(fc.integer({min: 0, max: 120}), {minLength: 3, maxLength: 121});
	fc.assert(
		fc.property(samples, fc.integer({min: 0, max: 3600}), fc.boolean(), (kept, second, isPast) => {
			const known = new Set(kept);
			const start = nine - defaultWindow.lengthMs;
			const isLost = (timeMs: number): boolean => !known.has(Math.round((timeMs - start) / 30_000) % 121);
			const now = reduce(beginning, liveResponse(nine, isLost));
			const shown = isPast ? respondWithPast(reduce(now, left), isLost) : now;
			const cursorMs = shown.views.trainer.snapshot.startMs + second * 1000;
			// Moves the cursor to this time with a key, from one step later.
			const state = reduce({...shown, cursorMs: cursorMs + 30_000}, left);
			const {snapshot} = state.views.trainer;
			const at = snapshot.atMs ?? Number.NaN;
			const points = snapshot.requests.series.volume;
			const sample = nearest(points, at);
			const spacings = [...points.times.slice(1)].map((time, index) => time - (points.times[index] ?? 0));
			const median = spacings.sort((a, b) => a - b)[spacings.length >> 1] ?? 0;
			const reach = Math.max(30_000, median);
			if (sample === undefined || sample.distance > reach) {
				assert.equal(snapshot.requests.volume, undefined);
			} else {
				assert.ok(snapshot.requests.volume !== undefined);
				const distance = Math.abs((nearest(points, at)?.distance ?? 0) - sample.distance);
				assert.equal(distance, 0);
				assert.ok(
					[...points.times].some(
						time => Math.abs(time - at) === sample.distance && valueAt(time) === snapshot.requests.volume,
					),
				);
			}

			// All panes show the values for the same time.
			assert.equal(snapshot.nodes[0]?.cpu, snapshot.requests.volume);
		}),
		{numRuns: 300},
	);
});
