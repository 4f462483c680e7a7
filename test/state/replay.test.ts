import assert from 'node:assert/strict';
import {test} from 'node:test';
import {reduce} from '../../source/state/reducer.ts';
import type {Replay} from '../../source/state/replay.ts';
import {selectedWindow} from '../../source/state/selectors.ts';
import type {State} from '../../source/state/state.ts';
import {sampleNow, sampleState} from '../helpers/sample-state.ts';

const quarterMs = 900_000;

function played(replay: Partial<Replay> = {}): State {
	const standing: Replay = {
		speed: 1,
		isPaused: false,
		ended: undefined,
		seekTarget: undefined,
		recordedWindow: '1h',
		...replay,
	};
	return {...sampleState({nodes: 4, gpus: 8}), replay: standing};
}

for (const [speed, by, expected] of [
	[1, 1, 2],
	[1, -1, 0.5],
	[0.25, -1, 0.25],
	[0.1, 1, 0.25],
	[3, 1, 5],
	[3, -1, 2],
	[1000, 1, 1000],
] as const) {
	test(`${by < 0 ? 'slowing down' : 'speeding up'} from ×${speed} results in ×${expected}`, () => {
		assert.equal(reduce(played({speed}), {type: 'changeSpeed', by}).replay?.speed, expected);
	});
}

test("playback can be paused and resumed without a change of mode, and its speed doesn't affect the interval", () => {
	const before = played();
	const standing = reduce(before, {type: 'togglePlay'});
	assert.equal(standing.replay?.isPaused, true);
	assert.equal(standing.mode.kind, 'live');
	assert.equal(reduce(standing, {type: 'togglePlay'}).replay?.isPaused, false);
	assert.equal(reduce(before, {type: 'changeSpeed', by: 1}).intervalMs, before.intervalMs);
});

test('seeks accumulate until the player reaches the target', () => {
	const once = reduce(played(), {type: 'skip', by: -1});
	assert.equal(once.replay?.seekTarget?.toMs, sampleNow - quarterMs);
	assert.equal(reduce(once, {type: 'skip', by: -1}).replay?.seekTarget?.toMs, sampleNow - 2 * quarterMs);
	const there = reduce(once, {type: 'seeked', atMs: sampleNow - quarterMs});
	assert.equal(there.replay?.seekTarget, undefined);
	assert.equal(reduce(there, {type: 'skip', by: 1}).replay?.seekTarget?.toMs, sampleNow);
});

test("a seek drops the data, and keeps the user's choices", () => {
	const chosen = [
		{type: 'selectNode', by: 2},
		{type: 'focusPane', pane: 'gpus'},
		{type: 'sortNext'},
		{type: 'toggleScale'},
	] as const;
	const before = chosen.reduce<State>(reduce, played({ended: {why: undefined}}));
	const state = reduce(before, {type: 'seeked', atMs: sampleNow - 1});
	assert.equal(state.live.links.trainer.kind, 'connecting');
	assert.equal(state.components.trainer.histories[0].complete, false);
	assert.equal(state.findings.current.length, 0);
	assert.equal(state.replay?.ended, undefined);
	for (const key of ['choices', 'focus', 'zoom', 'component', 'overlay'] as const) {
		assert.deepEqual(state[key], before[key], key);
	}

	assert.equal(state.components.trainer.selected, before.components.trainer.selected);
});

test('the window follows the recorded one only while the user views the recorded window live', () => {
	const receive = (state: State, window: string): State =>
		reduce(state, {type: 'recordedWindowChanged', window, atMs: sampleNow});
	const along = receive(played(), '3h');
	assert.equal(selectedWindow(along).name, '3h');
	const apart = receive(reduce(along, {type: 'changeWindow', by: 1}), '24h');
	assert.equal(selectedWindow(apart).name, '6h');
	assert.equal(apart.replay?.recordedWindow, '24h');
	const back = receive(reduce(apart, {type: 'changeWindow', by: 2}), '1h');
	assert.equal(selectedWindow(back).name, '1h');
	const inPast = receive(reduce(played(), {type: 'moveInTime', by: -1, far: false}), '3h');
	assert.equal(selectedWindow(inPast).name, '1h');
	assert.equal(selectedWindow(receive(played(), 'an unknown window')).name, '1h');
});
