import assert from 'node:assert/strict';
import {test} from 'node:test';
import {recordedHours} from '../helpers/recorded-hours.ts';
import {writeRecording} from '../helpers/recorded-session.ts';
import {recordedAt} from '../helpers/recordings.ts';
import {createReplayStore, isOver, playInto, stateWhen} from '../helpers/replayed.ts';
import {screenText} from '../helpers/screen-text.ts';

const size = {columns: 120, rows: 30};
const quarterMs = 15 * 60_000;

test('from a recording of minutes one does not get out: forward is its end, back its beginning, and it is said', async context => {
	const file = writeRecording(recordedHours(0.1));
	const store = await createReplayStore(file, {isPaused: true, seekTarget: {toMs: recordedAt + 60_100}});
	await playInto(context, store, file);
	const begun = await stateWhen(store, ({live}) => live.nowMs === recordedAt + 60_100);
	const {current} = begun.findings;
	for (let times = 0; times < 3; times++) {
		store.dispatch({type: 'skip', by: 1});
	}

	const end = await stateWhen(
		store,
		({replay, live}) => replay?.seekTarget === undefined && live.nowMs > begun.live.nowMs,
	);
	assert.ok(end.live.nowMs < recordedAt + quarterMs, new Date(end.live.nowMs).toISOString());
	assert.deepEqual(
		end.findings.current.map(({rule}) => rule),
		current.map(({rule}) => rule),
	);
	assert.match(screenText(end, size).join('\n'), /that time is not in the recording, which ends here/);
	store.dispatch({type: 'skip', by: -1});
	const start = await stateWhen(
		store,
		({replay, live}) => replay?.seekTarget === undefined && live.nowMs < end.live.nowMs,
	);
	assert.equal(start.live.nowMs, recordedAt + 100);
	assert.match(screenText(start, size).join('\n'), /that time is not in the recording, which begins here/);
});

test('while nothing was recorded for hours the screen says until when', async context => {
	const gapMs = 5 * 3_600_000;
	const answers = recordedHours(0.1);
	const later = answers.slice(4).map(answer => {
		return {...answer, askedMs: answer.askedMs + gapMs, answeredMs: answer.answeredMs + gapMs};
	});
	const file = writeRecording([...answers.slice(0, 4), ...later]);
	// Fast until the gap, which takes hours at this speed.
	const store = await createReplayStore(file, {speed: 1, seekTarget: {toMs: recordedAt + 180_000}});
	await playInto(context, store, file);
	const waiting = await stateWhen(store, ({replay}) => replay?.gapEndMs !== undefined);
	assert.match(screenText(waiting, size).join('\n'), /nothing was recorded until 14:0\d:\d\d/);
	store.dispatch({type: 'changeSpeed', by: 1});
	for (let times = 0; times < 40; times++) {
		store.dispatch({type: 'skip', by: 1});
	}

	const over = await stateWhen(store, isOver);
	assert.doesNotMatch(screenText(over, size).join('\n'), /nothing was recorded/);
});
