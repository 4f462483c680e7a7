import assert from 'node:assert/strict';
import {test} from 'node:test';
import {referenceRequest} from '../../source/polling/side-requests.ts';
import type {Action} from '../../source/state/actions.ts';
import {reduce} from '../../source/state/reducer.ts';
import {isOfRange, neededReference, referenceOf} from '../../source/state/reference.ts';
import type {State} from '../../source/state/state.ts';
import {responseOf, servedPoints} from '../helpers/responses.ts';
import {sampleState} from '../helpers/sample-state.ts';
import {screenText} from '../helpers/screen-text.ts';
import {withReference} from '../helpers/with-reference.ts';

const hourMs = 3_600_000;
const quarterMs = hourMs / 4;
const dayMs = 24 * hourMs;

function sample(...actions: readonly Action[]): State {
	return sampleState({nodes: 4, gpus: 8}, ...actions);
}

const byDay = sample({type: 'compareNext'}, {type: 'compareNext'});

test('b cycles from the previous window to a day ago, a week ago, and nothing', () => {
	let state = sample();
	const seen = Array.from({length: 4}, () => {
		state = reduce(state, {type: 'compareNext'});
		return [state.choices.comparison, state.message];
	});
	assert.deepEqual(seen, [
		['window', 'compared with the previous 1h'],
		['1d', 'compared with a day ago'],
		['7d', 'compared with a week ago'],
		['off', 'comparison off'],
	]);
});

test('the compared range covers the view, and changes only when the view moves beyond it', () => {
	const range = neededReference(byDay);
	const {startMs, endMs} = byDay.views.trainer.snapshot;
	assert.ok(range !== undefined);
	assert.ok(range.startMs <= startMs - dayMs && range.endMs >= endMs - dayMs);
	assert.equal(range.startMs % quarterMs, 0);
	assert.equal(range.endMs % quarterMs, 0);
	const [newest, ...others] = byDay.components.trainer.histories;
	const moved = (byMs: number): State => ({
		...byDay,
		components: {
			...byDay.components,
			trainer: {
				...byDay.components.trainer,
				histories: [{...newest, startMs: startMs + byMs, endMs: endMs + byMs}, ...others],
			},
		},
	});
	const leftMs = range.endMs + dayMs - endMs;
	assert.deepEqual(neededReference(moved(leftMs)), range);
	assert.notDeepEqual(neededReference(moved(leftMs + 30_000)), range);
});

/** Returns the state after the view has moved back by one window and the samples of that window have arrived. */
function back(state: State): State {
	const moved = reduce(state, {type: 'moveInTime', by: -1, far: true});
	assert.equal(moved.mode.kind, 'past');
	const endMs = moved.mode.kind === 'past' ? moved.mode.endMs : 0;
	const startMs = endMs - hourMs;
	const times = Array.from({length: 120}, (_, index) => startMs + index * 30_000);
	return reduce(moved, {
		type: 'metricsReceived',
		kind: 'past',
		isFinal: true,
		window: '1h',
		response: responseOf({
			inference_volume: servedPoints(...times.map(time => [time, 10] as const)),
			per_node_metrics: [],
		}),
		range: {startMs, endMs, whole: true},
		atMs: state.live.nowMs,
		tookMs: 5,
	});
}

test('nothing is requested if nothing is compared, and nothing is requested twice', () => {
	assert.equal(referenceRequest.wanted(sample()), undefined);
	assert.ok(referenceRequest.wanted(byDay) !== undefined);
	assert.equal(referenceRequest.wanted(withReference(byDay, 5)), undefined);
	const past = withReference(back(byDay), 5);
	assert.equal(referenceRequest.wanted(past), undefined);
});

test('data is used only for the comparison for which it was received', () => {
	const day = withReference(byDay, 5);
	assert.equal(referenceOf(day)?.comparison, '1d');
	const range = neededReference(day);
	assert.ok(range !== undefined && isOfRange(day.reference, range));
	assert.equal(referenceOf(reduce(day, {type: 'compareNext'})), undefined);
});

const wide = {columns: 160, rows: 45};

test('titles show how much a value differs, and the header names the comparison', () => {
	const text = screenText(withReference(byDay, 5), wide).join('\n');
	assert.match(text, /1h to 09:05:30.* vs 1d ago/);
	assert.match(text, /1 Requests ─+ [\d.]+\/s · \+\d+% vs 1d · \d+ in progress/);
	assert.match(text, / -1d│/, 'the curve has no label');
	const small = screenText(withReference(byDay, 5), {columns: 80, rows: 24}).join('\n');
	assert.match(small, /\/s · \+\d+%/);
});

test('there is no percentage if the earlier value is zero or unknown, and unknown values are never shown as zero', () => {
	assert.match(screenText(withReference(byDay, 0), wide).join('\n'), /\/s · was 0\/s vs 1d/);
	const none = screenText(withReference(byDay, undefined), wide).join('\n');
	assert.match(none, /\/s · – vs 1d/);
	assert.doesNotMatch(none, / -1d│|[+-]\d+%/);
});

test('an earlier range without samples is reported, and so is a failure', () => {
	const calm = {...byDay, findings: {...byDay.findings, current: []}};
	const none = screenText(withReference(calm, undefined), wide).join('\n');
	assert.match(none, /nothing to compare with: the API has no samples from a day ago/);
	const failed = reduce(calm, {
		type: 'sideRequestFailed',
		request: 'reference',
		fault: {failure: {kind: 'timeout', afterMs: 5000}, nextAtMs: calm.live.nowMs + 60_000},
		atMs: calm.live.nowMs,
	});
	const text = screenText(failed, wide).join('\n');
	assert.match(text, /vs 1d ago ×/);
	assert.match(text, /can't compare with a day ago: .*, retry 09:06:42/);
});

test('the comparison is also shown in an earlier range and at the cursor', () => {
	assert.match(screenText(withReference(back(byDay), 5), wide).join('\n'), /10\.0\/s · \+100% vs 1d/);
	const cursor = screenText(withReference(reduce(byDay, {type: 'toggleCursor'}), 5), wide).join('\n');
	assert.match(cursor, /\/s · [+-]\d+% vs 1d/);
});

test("the range of a sampler's comparison is as long as the window, so that the server chooses the same step", () => {
	const sampled = sampleState(
		{nodes: 4, gpus: 8, sampler: 'answered'},
		{type: 'toggleComponent'},
		{type: 'compareNext'},
	);
	const range = neededReference(sampled);
	const {endMs} = sampled.views.sampler.snapshot;
	assert.ok(range !== undefined);
	assert.equal(range.component, 'sampler');
	assert.equal(range.endMs - range.startMs, hourMs);
	assert.ok(range.endMs >= endMs - hourMs && range.endMs - (endMs - hourMs) < quarterMs / 2);
});
