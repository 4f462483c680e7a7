import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {PaneAction} from '../../source/state/actions.ts';
import {reduce} from '../../source/state/reducer.ts';
import {activeView, selectedWindow} from '../../source/state/selectors.ts';
import {targetTimeOf} from '../../source/state/shown-range.ts';
import type {State} from '../../source/state/state.ts';
import {lineText} from '../../source/view/line.ts';
import {noticeLine} from '../../source/view/notice.ts';
import {sampleNow, sampleState} from '../helpers/sample-state.ts';

const hourMs = 3_600_000;
const live = sampleState({nodes: 4, gpus: 8});
const recordingStart = sampleNow - 5 * hourMs;
const replayed: State = {
	...live,
	replay: {
		speed: 1,
		isPaused: false,
		ended: undefined,
		seekTarget: undefined,
		recordedWindow: '1h',
		extent: {startMs: recordingStart, endMs: sampleNow},
	},
};

function type(state: State, text: string): State {
	const actions: readonly PaneAction[] = [{type: 'toggleTimeInput'}, {type: 'typeText', text}];
	return actions.reduce(reduce, state);
}

function goTo(state: State, text: string): State {
	return reduce(type(state, text), {type: 'goToTyped', zone: 'utc'});
}

function said(state: State, width = 120): string {
	return lineText(noticeLine(state, width, 'utc')).trim();
}

for (const [text, agoMs] of [
	['08:35:42', 0.5 * hourMs],
	['-30m', 0.5 * hourMs],
	['-9h', 9 * hourMs],
	['Nov 22 09:05:42', 24 * hourMs],
	['2026-11-20T09:05:42Z', 72 * hourMs],
] as const) {
	test(`${text} puts the cursor on that time, within the visible range`, () => {
		const there = goTo(live, text);
		assert.equal(there.typedTime, undefined);
		assert.equal(there.cursorMs, sampleNow - agoMs);
		assert.equal(there.mode.kind, agoMs < hourMs ? 'live' : 'past');
		const {snapshot} = activeView(there);
		assert.ok(snapshot.startMs <= sampleNow - agoMs && snapshot.endMs >= sampleNow - agoMs);
	});
}

test('going to `now` returns to live and removes the cursor', () => {
	const back = goTo(goTo(live, '-9h'), 'now');
	assert.equal(back.mode.kind, 'live');
	assert.equal(back.cursorMs, undefined);
});

for (const [text, words] of [
	['3 o’clock', /isn't a time: use one such as 14:03, -9h/],
	['25:00', /isn't a time/],
	['2026-11-23T10:00Z', /Nov 23 10:00|10:00:00 is in the future/],
	['-8d', /the API keeps 7 days: nothing is known before Nov 16 09:05/],
	['2020-01-01', /the API keeps 7 days/],
	['+90m', /only a recording has a start/],
] as const) {
	test(`${text} is rejected, and the go-to line says why until the text changes`, () => {
		const refused = goTo(live, text);
		assert.equal(refused.typedTime?.isRefused, true);
		assert.deepEqual([refused.mode, refused.cursorMs], [live.mode, live.cursorMs]);
		assert.match(said(refused), words);
		const typedOn = reduce(refused, {type: 'eraseText', what: 'all'});
		assert.deepEqual(typedOn.typedTime, {text: '', isRefused: false});
	});
}

test('an empty time closes the go-to line, and esc closes that line before the overlay', () => {
	assert.deepEqual(goTo(live, ''), live);
	const over = type(reduce(live, {type: 'toggleOverlay', overlay: 'findings'}), '03:1');
	const closed = reduce(over, {type: 'close'});
	assert.equal(closed.typedTime, undefined);
	assert.equal(closed.overlay.kind, 'findings');
});

test('while a time is being typed, the go-to line shows the resulting time, and fits at 20 columns or more', () => {
	assert.match(said(type(live, '-9h')), /^go to -9h▏? *.*Nov 23 00:05:42 UTC, 9h ago/);
	assert.match(said(type(live, '')), /^go to .*such as 14:03/);
	for (let width = 1; width < 90; width++) {
		for (const text of ['', '-9h', '-8d', 'x'.repeat(200), '模型'.repeat(40)]) {
			assert.ok(said(type(live, text), width).length <= Math.max(width, 20));
		}
	}
});

test('in a recording, going to a time seeks to it, and a time outside the recording is rejected', () => {
	assert.equal(goTo(replayed, '+1h').replay?.seekTarget?.toMs, recordingStart + hourMs);
	assert.equal(goTo(replayed, '-1h').replay?.seekTarget?.toMs, sampleNow - hourMs);
	assert.equal(goTo(replayed, '06:00').replay?.seekTarget?.toMs, Date.UTC(2026, 10, 23, 6));
	const outside = goTo(replayed, '-6h');
	assert.equal(outside.replay?.seekTarget, undefined);
	assert.match(said(outside), /03:05:42 isn't in the recording, which covers 04:05:42 to 09:05:42/);
});

test('until the end of a recording is known, a time counted back from it is rejected with a message', () => {
	const begun: State = {
		...replayed,
		replay: replayed.replay && {...replayed.replay, extent: {startMs: recordingStart, endMs: undefined}},
	};
	assert.deepEqual(targetTimeOf(begun, '-1h', 'utc'), {
		kind: 'unreachable',
		why: "the end of the recording isn't known yet",
	});
	assert.equal(targetTimeOf(begun, '+1h', 'utc').kind, 'time');
	const read = reduce(begun, {type: 'recordingRead', endMs: sampleNow, atMs: sampleNow});
	assert.equal(targetTimeOf(read, '-1h', 'utc').kind, 'time');
});

test('= returns to the requested window and time', () => {
	const moved = reduce(reduce({...replayed, requestedTimeMs: recordingStart + hourMs}, {type: 'changeWindow', by: 1}), {
		type: 'skip',
		by: 1,
	});
	const back = reduce(moved, {type: 'resetWindow'});
	assert.equal(selectedWindow(back).name, '1h');
	assert.equal(back.replay?.seekTarget?.toMs, recordingStart + hourMs);
	const sought = reduce(back, {type: 'seeked', atMs: recordingStart + hourMs});
	assert.equal(sought.requestedTimeMs, recordingStart + hourMs, 'the seek changed the requested time');
	assert.equal(reduce(goTo(live, '-9h'), {type: 'resetWindow'}).mode.kind, 'live');
});
