import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {LogLine} from '../../source/api/logs.ts';
import {logErrorsRequest} from '../../source/polling/logs-requests.ts';
import type {Action, PaneAction} from '../../source/state/actions.ts';
import {toNs} from '../../source/state/logs.ts';
import {reduce} from '../../source/state/reducer.ts';
import {activeComponent} from '../../source/state/selectors.ts';
import type {State} from '../../source/state/state.ts';
import {selectedRow, timeline} from '../../source/state/timeline.ts';
import {selectedText} from '../../source/view/copied-text.ts';
import {sampleNow, sampleState} from '../helpers/sample-state.ts';
import {screenText} from '../helpers/screen-text.ts';

const minuteMs = 60_000;

function error(agoMs: number, replica: string, message = 'CUDA out of memory\nTraceback'): LogLine {
	return {timeNs: toNs(sampleNow - agoMs), level: 'ERROR', replica, requestId: undefined, message};
}

function errors(lines: readonly LogLine[], isCut = false): Action {
	const {startMs, endMs} = {startMs: sampleNow - 60 * minuteMs, endMs: sampleNow};
	return {
		type: 'sideRequestSucceeded',
		response: {kind: 'logErrors', errors: {startMs, endMs, lines, isCut}},
		atMs: sampleNow,
	};
}

const checkpoints = {
	runId: 'r',
	list: [10, 40, 90].map(minutes => ({
		name: `step-${minutes}`,
		createdAtMs: sampleNow - minutes * minuteMs,
		bytes: 33_600_000,
		syncStatus: undefined,
		target: undefined,
		type: undefined,
	})),
	unreadable: 0,
	atMs: sampleNow,
};

function sample(...actions: readonly Action[]): State {
	return actions.reduce(reduce, {...sampleState({nodes: 4, gpus: 8}), checkpoints});
}

const lines = [
	error(50 * minuteMs, 'loops-trainer-0'),
	error(30 * minuteMs, 'loops-trainer-1'),
	error(29 * minuteMs, 'loops-trainer-2'),
	error(28 * minuteMs, 'loops-trainer-1', 'another'),
];

test('the events in the window are listed, newest first', () => {
	const rows = timeline(sample(errors(lines)));
	assert.deepEqual(
		rows.map(row => row.kind),
		['checkpoint', 'began', 'error', 'error', 'checkpoint', 'error'],
	);
	const times = rows.map(({atMs}) => atMs);
	assert.deepEqual(
		times,
		times.toSorted((a, b) => b - a),
	);
	const joined = rows[3];
	assert.ok(joined?.kind === 'error');
	assert.equal(joined.count, 2);
	assert.deepEqual(joined.replicas, ['loops-trainer-1', 'loops-trainer-2']);
});

test('a resolved finding has two rows: one for its beginning and one for its end', () => {
	const state = sample();
	const [finding] = state.findings.current;
	assert.ok(finding !== undefined);
	const resolved = {...finding, state: 'resolved', untilMs: sampleNow - minuteMs, ending: 'cleared'} as const;
	const findings = {...state.findings, current: [], resolved: [resolved]};
	const ended = reduce({...state, findings}, {type: 'toggleOverlay', overlay: 'findings'});
	const kinds = timeline(ended).map(({kind}) => kind);
	assert.deepEqual(kinds, ['ended', 'checkpoint', 'began', 'checkpoint']);
	assert.match(screenText(ended, {columns: 100, rows: 30}).join('\n'), /✓ straggler ended: .* no longer a straggler/);
});

/** Opens the list, and selects the row that is `by` rows below the first one. */
function selected(state: State, by: number): State {
	const actions: readonly PaneAction[] = [
		{type: 'toggleOverlay', overlay: 'findings'},
		{type: 'select', by},
	];
	return actions.reduce(reduce, state);
}

test('enter goes to the time of a row, and selects the subject of a finding or opens the logs for an error', () => {
	const state = sample(errors(lines));
	const checkpoint = reduce(selected(state, 1), {type: 'enter'});
	assert.equal(checkpoint.cursorMs, sampleNow - 10 * minuteMs);
	assert.equal(checkpoint.overlay.kind, 'none');
	const began = reduce(selected(state, 2), {type: 'enter'});
	assert.equal(began.cursorMs, state.findings.current[0]?.sinceMs);
	assert.equal(activeComponent(began).selected, 'loops-trainer-2');
	const failed = reduce(selected(state, 3), {type: 'enter'});
	assert.equal(failed.cursorMs, sampleNow - 28 * minuteMs);
	assert.equal(failed.logs.isOpen, true);
});

test('the selected row stays selected while others arrive, and can be copied', () => {
	const before = selected(sample(errors(lines)), 3);
	assert.equal(selectedRow(before)?.kind, 'error');
	const after = reduce(before, errors([...lines, error(minuteMs, 'loops-trainer-0', 'new')]));
	assert.equal(selectedRow(after)?.key, selectedRow(before)?.key);
	assert.match(selectedText(after, 'utc') ?? '', / ERROR loops-trainer-1 another$/);
	assert.match(selectedText(reduce(after, {type: 'select', by: -1}), 'utc') ?? '', /^08:51:30 straggler: /);
});

test('the list has a message about errors in the logs only if they are loading, missing, or unknown', () => {
	const size = {columns: 100, rows: 30};
	const open = (...actions: readonly Action[]): string =>
		screenText(sample(...actions, {type: 'toggleOverlay', overlay: 'findings'}), size).join('\n');
	assert.match(open(), /errors in the logs: loading/);
	assert.match(open(errors(lines, true)), /errors in the logs before 08:15:42 aren't loaded/);
	assert.doesNotMatch(open(errors(lines)), /errors in the logs/);
	const refused: Action = {
		type: 'sideRequestFailed',
		request: 'logErrors',
		fault: {failure: {kind: 'status', status: 403, message: '', retryAfterMs: undefined}, nextAtMs: undefined},
		atMs: sampleNow,
	};
	assert.match(open(refused), /errors in the logs are unknown: /);
});

test('errors are requested only while the list is open, and not again if the server rejects the request', () => {
	const closed = sample();
	assert.equal(logErrorsRequest.wanted(closed), undefined);
	const open = reduce(closed, {type: 'toggleOverlay', overlay: 'findings'});
	assert.equal(logErrorsRequest.wanted(open)?.everyMs, 30_000);
	const refused = reduce(open, {
		type: 'sideRequestFailed',
		request: 'logErrors',
		fault: {failure: {kind: 'status', status: 404, message: '', retryAfterMs: undefined}, nextAtMs: undefined},
		atMs: sampleNow,
	});
	assert.equal(logErrorsRequest.wanted(refused), undefined);
});
