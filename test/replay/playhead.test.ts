import assert from 'node:assert/strict';
import {readFileSync, writeFileSync} from 'node:fs';
import {test} from 'node:test';
import type {Points} from '../../source/api/points.ts';
import {noFindings} from '../../source/metrics/findings.ts';
import {encodeResponse, type ResponseRecord} from '../../source/recording/format.ts';
import {activeHistory} from '../../source/state/derive-views.ts';
import {reduce} from '../../source/state/reducer.ts';
import {activeComponent} from '../../source/state/selectors.ts';
import type {State} from '../../source/state/state.ts';
import {recordedHours, recordedSimulation} from '../helpers/recorded-hours.ts';
import {recordSession, status, writeRecording} from '../helpers/recorded-session.ts';
import {recordedAt} from '../helpers/recordings.ts';
import {createReplayStore, isOver, playInto, stateWhen} from '../helpers/replayed.ts';
import {screenText} from '../helpers/screen-text.ts';
import {temporaryFile} from '../helpers/temporary-folder.ts';

const size = {columns: 160, rows: 45};
const hourMs = 3_600_000;

function screen(state: State): string {
	return screenText(state, size).join('\n');
}

function isAt(timeMs: number): (state: State) => boolean {
	return ({replay, live: {nowMs, links}}) =>
		replay?.seekTarget === undefined && nowMs === timeMs && links.trainer.kind !== 'connecting';
}

/**
 * Sessions, each with the target of a seek, in seconds after the start. After a seek, a window ends with the step that
 * contains the target time; after playing, it ends with the step that contains the time of the last response. Each
 * target is in the same step as the last response before it, so that both windows are the same.
 */
const sessions = [
	{name: 'while everything is healthy', interfere: () => undefined, atS: 47},
	{
		name: 'during an outage',
		interfere: (_: unknown, nowMs: number) => (nowMs > recordedAt + 25_000 ? status(503) : undefined),
		atS: 45,
	},
	{
		name: 'without metrics',
		interfere: ({path}: {readonly path: string}, nowMs: number) =>
			nowMs > recordedAt + 25_000 && path.endsWith('/metrics') ? status(404) : undefined,
		atS: 46,
	},
] as const;

for (const {name, interfere, atS} of sessions) {
	test(`seeking to a time gives the same result as playing up to it: ${name}`, async context => {
		const toMs = recordedAt + atS * 1000;
		const {responses, states} = await recordSession(context, {interfere}, async ({pass}) => pass(100_000));
		const played = states.findLast(({live}) => live.nowMs <= toMs) ?? assert.fail();
		const file = writeRecording(responses);
		const store = await createReplayStore(file, {isPaused: true, seekTarget: {toMs}});
		await playInto(context, store, file);
		const there = await stateWhen(store, isAt(toMs));
		const wanted = reduce({...played, replay: there.replay}, {type: 'tick', atMs: toMs});
		assert.equal(screen(there), screen(wanted));
	});
}

test('seeking back and forth ends where it began, and seeking before the beginning goes to the beginning', async context => {
	const file = writeRecording(recordedHours(2));
	const store = await createReplayStore(file, {isPaused: true, seekTarget: {toMs: recordedAt + hourMs}});
	await playInto(context, store, file);
	const before = await stateWhen(store, isAt(recordedAt + hourMs));
	store.dispatch({type: 'skip', by: -1}, {type: 'skip', by: -1});
	await stateWhen(store, isAt(recordedAt + hourMs / 2));
	store.dispatch({type: 'skip', by: 1});
	store.dispatch({type: 'skip', by: 1});
	const after = await stateWhen(store, isAt(recordedAt + hourMs));
	assert.equal(screen(after), screen(before));
	for (let times = 0; times < 9; times++) {
		store.dispatch({type: 'skip', by: -1});
	}

	const first = await stateWhen(store, isAt(recordedAt + 100));
	assert.equal(first.live.links.trainer.kind, 'ok');
});

test('seeking past the end goes to the end', async context => {
	const file = writeRecording(recordedHours(1));
	const whole = await createReplayStore(file);
	await playInto(context, whole, file);
	const end = await stateWhen(whole, isOver);
	const store = await createReplayStore(file, {seekTarget: {toMs: recordedAt + 9 * hourMs}});
	await playInto(context, store, file);
	const there = await stateWhen(store, isOver);
	assert.equal(there.live.nowMs, end.live.nowMs);
	// After the whole recording is played, a finding can start earlier than after a seek, which loads less data.
	const {replay, findings, views} = there;
	const trainer = {...end.views.trainer, findings: views.trainer.findings};
	const played = {...end, replay, findings, views: {...end.views, trainer}};
	const [panes, wanted] = [there, played].map(state => screenText(state, size).slice(1, -2));
	assert.deepEqual(panes, wanted);
});

test('seeking back from the end resumes playback at the target', async context => {
	const file = writeRecording(recordedHours(1));
	const store = await createReplayStore(file);
	await playInto(context, store, file);
	const end = await stateWhen(store, isOver);
	store.dispatch({type: 'skip', by: -1});
	const back = await stateWhen(store, ({replay, live}) => replay?.ended === undefined && live.nowMs < end.live.nowMs);
	assert.equal(back.live.nowMs, end.live.nowMs - hourMs / 4);
	const again = await stateWhen(store, isOver);
	assert.equal(screen(again), screen(end));
});

/** Asserts that the rates at the times of a series are those that were served. */
function assertServed({times, values}: Points): void {
	for (const [index, timeMs] of times.entries()) {
		const {volume} = recordedSimulation.requests(timeMs);
		assert.ok(Math.abs((values[index] ?? 0) - volume) < 1e-9, new Date(timeMs).toISOString());
	}
}

test("a window that wasn't recorded is assembled from the recorded one, with one sample per step", async context => {
	const file = writeRecording(recordedHours(5));
	const store = await createReplayStore(file);
	await playInto(context, store, file);
	await stateWhen(store, isOver);
	store.dispatch({type: 'changeWindow', by: 3});
	const state = await stateWhen(store, ({components}) => components.trainer.histories[0].complete);
	const {window, endMs, requests} = activeComponent(state).histories[0];
	const {times} = requests.volume;
	assert.equal(window.name, '12h');
	assert.ok((times[0] ?? 0) <= recordedAt - hourMs + 2 * window.stepMs);
	assert.ok((times.at(-1) ?? 0) >= endMs - 2 * window.stepMs);
	assert.ok(times.every((time, index) => index === 0 || time - (times[index - 1] ?? 0) === window.stepMs));
	assertServed(requests.volume);
	const {trainer} = state.views;
	const views = {...state.views, trainer: {...trainer, findings: noFindings}};
	assert.match(screen({...state, views}), /the 12h window wasn't recorded here/);
});

test("at the end, a window that was chosen at startup but wasn't recorded covers the recording", async context => {
	const file = writeRecording(recordedHours(2));
	const store = await createReplayStore(file, {}, '6h');
	await playInto(context, store, file);
	const {components} = await stateWhen(store, isOver);
	const {window, complete, requests, endMs} = components.trainer.histories[0];
	assert.equal(window.name, '6h');
	assert.ok(complete);
	assert.ok(endMs >= recordedAt + 2 * hourMs - 2 * window.stepMs);
	assert.ok((requests.volume.times[0] ?? Number.POSITIVE_INFINITY) <= recordedAt + 2 * window.stepMs);
	assertServed(requests.volume);
});

test("a window that wasn't recorded advances with the recording", async context => {
	const file = writeRecording(recordedHours(2));
	const store = await createReplayStore(file, {isPaused: true, seekTarget: {toMs: recordedAt + hourMs}});
	await playInto(context, store, file);
	await stateWhen(store, isAt(recordedAt + hourMs));
	store.dispatch({type: 'changeWindow', by: 1});
	await stateWhen(store, ({components}) => components.trainer.histories[0].complete);
	store.dispatch({type: 'togglePlay'});
	const {components} = await stateWhen(store, isOver);
	const {window, requests, endMs} = components.trainer.histories[0];
	const {times} = requests.volume;
	assert.equal(window.name, '3h');
	assert.ok(endMs >= recordedAt + 2 * hourMs - 2 * window.stepMs);
	const distances = new Set(times.slice(1).map((time, index) => time - (times[index] ?? 0)));
	assert.deepEqual([...distances], [window.stepMs]);
	assertServed(requests.volume);
});

test('earlier ranges contain the recorded data up to their ends, and no later data', async context => {
	const file = writeRecording(recordedHours(4));
	const toMs = recordedAt + 2 * hourMs;
	const store = await createReplayStore(file, {isPaused: true, seekTarget: {toMs}});
	await playInto(context, store, file);
	await stateWhen(store, isAt(toMs));
	for (let times = 1; times <= 14; times++) {
		store.dispatch({type: 'moveInTime', by: -1, far: false});
		const state = await stateWhen(store, ({components, mode}) => {
			const past = components.trainer.pasts.find(({endMs}) => mode.kind === 'past' && endMs === mode.endMs);
			return past?.complete === true;
		});
		const {startMs, endMs, requests} = activeHistory(state, 'trainer');
		const known = requests.volume.times;
		assert.ok(endMs < toMs);
		assert.ok(known.every(time => time >= startMs && time <= endMs));
		const wanted = (endMs - Math.max(startMs, recordedAt - hourMs)) / 30_000;
		assert.ok(Math.abs(known.length - Math.max(wanted, 0)) <= 2, `${known.length} samples in range ${times}`);
		assertServed(requests.volume);
	}
});

test('the time between two sessions is skipped', async context => {
	const [first, second] = [recordedHours(0.05), recordedHours(0.05)];
	const later = (response: ResponseRecord): ResponseRecord => {
		const byMs = 20 * hourMs;
		return {...response, sentMs: response.sentMs + byMs, receivedMs: response.receivedMs + byMs};
	};
	const runs = [writeRecording(first), writeRecording(second.map(later))].map(file => readFileSync(file));
	const file = temporaryFile('two.jsonl');
	writeFileSync(file, Buffer.concat(runs));
	const store = await createReplayStore(file);
	await playInto(context, store, file);
	const {live} = await stateWhen(store, isOver);
	assert.ok(live.nowMs > recordedAt + 20 * hourMs);
	assert.ok(encodeResponse(later(second[0] ?? assert.fail())).includes('"window":"1h"'));
});
