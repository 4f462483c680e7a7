import assert from 'node:assert/strict';
import {test} from 'node:test';
import {referenceOf} from '../../source/state/reference.ts';
import type {State} from '../../source/state/state.ts';
import {recordedHours} from '../helpers/recorded-hours.ts';
import {writeRecording} from '../helpers/recorded-session.ts';
import {recordedAt} from '../helpers/recordings.ts';
import {createReplayStore, playInto, stateWhen} from '../helpers/replayed.ts';
import {screenText} from '../helpers/screen-text.ts';

const hourMs = 3_600_000;
const size = {columns: 160, rows: 45};

function isThere({replay, live}: State): boolean {
	return replay?.seekTarget === undefined && live.links.trainer.kind === 'ok';
}

test('in a recording, the view is compared with earlier recorded data', async context => {
	const file = writeRecording(recordedHours(3));
	const seekTarget = {toMs: recordedAt + 2.5 * hourMs};
	const store = await createReplayStore(file, {isPaused: true, seekTarget});
	await playInto(context, store, file);
	await stateWhen(store, isThere);
	store.dispatch({type: 'compareNext'});
	const compared = await stateWhen(store, state => referenceOf(state) !== undefined);
	const {snapshot} = compared.views.trainer;
	const reference = referenceOf(compared);
	assert.ok(reference !== undefined);
	assert.ok(reference.startMs <= snapshot.startMs - hourMs && reference.endMs >= snapshot.endMs - hourMs);
	assert.ok(reference.history.requests.volume.times.length >= 120);
	assert.match(screenText(compared, size).join('\n'), /\/s · [±+-]\d+% vs 1h/);
	store.dispatch({type: 'compareNext'});
	const byDay = await stateWhen(store, state => referenceOf(state)?.comparison === '1d');
	const text = screenText({...byDay, findings: {...byDay.findings, current: []}}, size).join('\n');
	assert.match(text, /\/s · – vs 1d/);
	assert.doesNotMatch(text, /\d% vs 1d/);
});

test('seeking keeps the comparison, and reads the data that the comparison needs', async context => {
	const file = writeRecording(recordedHours(3));
	const store = await createReplayStore(file, {isPaused: true, seekTarget: {toMs: recordedAt + 2.9 * hourMs}});
	await playInto(context, store, file);
	await stateWhen(store, isThere);
	store.dispatch({type: 'compareNext'});
	const before = await stateWhen(store, state => referenceOf(state) !== undefined);
	store.dispatch({type: 'skip', by: -1}, {type: 'skip', by: -1}, {type: 'skip', by: -1}, {type: 'skip', by: -1});
	const after = await stateWhen(
		store,
		state => isThere(state) && referenceOf(state) !== undefined && referenceOf(state) !== referenceOf(before),
	);
	assert.equal(after.choices.comparison, 'window');
	assert.ok((referenceOf(after)?.endMs ?? 0) < (referenceOf(before)?.endMs ?? 0));
});
