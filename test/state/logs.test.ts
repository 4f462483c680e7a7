import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {LogLine} from '../../source/api/logs.ts';
import type {Action} from '../../source/state/actions.ts';
import {endOfMs, type Logs, logSelection, logsBelow, toNs} from '../../source/state/logs.ts';
import {reduce} from '../../source/state/reducer.ts';
import type {State} from '../../source/state/state.ts';
import {logLine} from '../helpers/log-lines.ts';
import {sampleNow, sampleState} from '../helpers/sample-state.ts';

const open: Action = {type: 'toggleLogs'};
const four = {nodes: 4, gpus: 1};

/** Returns a response to a side request for the logs, from `fromS` to `toS` seconds before now. */
function response(lines: readonly LogLine[], fromS = 3600, toS = 0, level: Logs['level'] = 'DEBUG'): Action {
	const range = {fromNs: toNs(sampleNow - fromS * 1000), toNs: toNs(sampleNow - toS * 1000), lines, truncatedAt: []};
	return {type: 'sideRequestSucceeded', response: {kind: 'logs', level, loaded: {range, dropped: 0}}, atMs: sampleNow};
}

/** Returns an entry from this many seconds before now, with that number as its message. */
function ago(seconds: number, others: Partial<LogLine> = {}): LogLine {
	return logLine(toNs(sampleNow - seconds * 1000), String(seconds), others);
}

const ten = [100, 90, 80, 70, 60, 50, 40, 30, 20, 10].map(seconds => ago(seconds));

function run(...actions: readonly Action[]): State {
	return sampleState(four, open, response(ten), ...actions);
}

function selected({logs}: State): string | undefined {
	return logs.visible.lines[logSelection(logs)]?.message;
}

function shown({logs}: State): string {
	return logs.visible.lines.map(({message}) => message).join(' ');
}

const up: Action = {type: 'select', by: -1};
const down: Action = {type: 'select', by: 1};

test('the selection follows the newest entry when new ones arrive', () => {
	const state = run(response([ago(5)], 20));
	assert.equal(state.logs.place.kind, 'newest');
	assert.equal(selected(state), '5');
});

test("after a move up, new entries don't move the selection", () => {
	const before = run(up, up);
	assert.equal(selected(before), '30');
	const after = reduce(before, response([ago(5), ago(4)], 20));
	assert.equal(selected(after), '30');
	assert.equal(logsBelow(after.logs, logSelection(after.logs)), 2);
	assert.equal(logsBelow(reduce(after, up).logs, logSelection(after.logs) - 1), 3);
});

test("earlier entries that are loaded afterward don't move the selection", () => {
	assert.equal(selected(run(up, up, response([ago(4000)], 7200, 3600))), '30');
});

test('after a move past the last entry or to the end, new entries are followed again', () => {
	assert.equal(run(up, down).logs.place.kind, 'line');
	assert.equal(run(up, down, down).logs.place.kind, 'newest');
	assert.equal(run(up, {type: 'select', by: 10}).logs.place.kind, 'newest');
	assert.equal(run(up, up, {type: 'selectEnd', end: 'last'}).logs.place.kind, 'newest');
	assert.equal(selected(run({type: 'selectEnd', end: 'first'})), '100');
	assert.equal(selected(run({type: 'select', by: -100})), '100');
});

test('without entries, the keys do nothing', () => {
	for (const action of [up, down, {type: 'selectEnd', end: 'first'}, {type: 'enter'}] as const) {
		assert.equal(selected(sampleState(four, open, action)), undefined);
	}
});

test('the logs follow the cursor, and return to the newest entry when the cursor is hidden', () => {
	const cursor: Action = {type: 'toggleCursor'};
	const at = run(cursor);
	assert.deepEqual(at.logs.place, {kind: 'time', timeNs: endOfMs(at.cursorMs ?? 0), isCursor: true});
	const earlier = reduce(at, {type: 'moveInTime', by: -1, far: false});
	assert.deepEqual(earlier.logs.place, {kind: 'time', timeNs: endOfMs(earlier.cursorMs ?? 0), isCursor: true});
	assert.notEqual(earlier.cursorMs, at.cursorMs);
	assert.equal(selected(earlier), '50');
	assert.equal(reduce(earlier, cursor).logs.place.kind, 'newest');
});

test('if an entry is selected, the cursor appears at its time', () => {
	const state = run(response([ago(5), {...ago(4), timeNs: ago(4).timeNs + 123_456n}, ago(3)], 20), up, {
		type: 'toggleCursor',
	});
	assert.equal(state.cursorMs, sampleNow - 4000);
	assert.equal(selected(state), '4');
});

test('going to a finding also moves the logs', () => {
	const findings: readonly Action[] = [
		open,
		response(ten),
		{type: 'toggleOverlay', overlay: 'findings'},
		{type: 'enter'},
	];
	const state = sampleState({nodes: 4, gpus: 8}, ...findings);
	const [finding] = state.findings.current;
	assert.deepEqual(state.logs.place, {kind: 'time', timeNs: endOfMs(finding?.sinceMs ?? 0), isCursor: true});
});

test('in an earlier time range, the logs are shown up to its end', () => {
	const state = run({type: 'moveInTime', by: -1, far: false});
	assert.ok(state.mode.kind === 'past');
	assert.deepEqual(state.logs.place, {kind: 'time', timeNs: endOfMs(state.mode.endMs), isCursor: false});
	assert.equal(reduce(state, {type: 'resetWindow'}).logs.place.kind, 'newest');
});

test('pausing keeps the visible entries and the selection', () => {
	const paused = run({type: 'togglePause'}, {...response([ago(-5)], 20, -10), atMs: sampleNow + 6000} as Action);
	assert.equal(selected(paused), '10');
	assert.equal(logsBelow(paused.logs, logSelection(paused.logs)), 0);
	assert.equal(selected(reduce(paused, {type: 'togglePause'})), '-5');
	assert.equal(selected(run(up, up, {type: 'togglePause'}, {type: 'togglePause'})), '30');
});

test('if opened in an earlier time range, the logs show that time', () => {
	const state = sampleState(four, {type: 'moveInTime', by: -1, far: false}, open);
	assert.equal(state.logs.place.kind, 'time');
});

const leveled = [ago(40), ago(30, {level: 'WARNING'}), ago(20, {level: undefined}), ago(10, {level: 'ERROR'})];

test('the minimum level cycles from low to high, and when it returns to the lowest, the logs are loaded again', () => {
	const nextLevel: Action = {type: 'nextLevel'};
	const state = sampleState(four, open, response(leveled));
	const warnings = reduce(reduce(state, nextLevel), nextLevel);
	assert.equal(shown(warnings), '30 10');
	assert.equal(warnings.logs.buffer.lines, 2);
	const all = reduce(reduce(warnings, nextLevel), nextLevel);
	assert.equal(all.logs.level, 'DEBUG');
	assert.equal(all.logs.buffer.ranges.length, 0);
});

test('a response for another level is ignored', () => {
	const state = sampleState(four, open, {type: 'nextLevel'}, response(leveled));
	assert.equal(state.logs.buffer.lines, 0);
	assert.equal(reduce(state, response(leveled, 3600, 0, 'INFO')).logs.buffer.lines, 4);
});

function typeFilter(text: string): readonly Action[] {
	return [{type: 'editFilter'}, {type: 'typeText', text}];
}

test('a filter applies while it is being typed, but the requested level changes only when the filter is kept', () => {
	const typing = sampleState(four, open, response(leveled), ...typeFilter('level>=warn'));
	assert.equal(shown(typing), '30 10');
	assert.equal(typing.logs.level, 'DEBUG');
	const kept = reduce(typing, {type: 'applyFilter'});
	assert.equal(kept.logs.level, 'WARNING');
	assert.equal(shown(reduce(typing, {type: 'clearFilter'})), '40 30 20 10');
	assert.equal(typing.choices.filter.text, '');
});

test("a filter that can't be parsed shows the matches of the last valid one, and can't be kept", () => {
	const state = sampleState(four, open, response(leveled), ...typeFilter('level>=error level>='), {
		type: 'applyFilter',
	});
	assert.ok(state.logs.filter.editing !== undefined);
	assert.equal(shown(state), '40 30 20 10');
});

test('the selection stays on its entry, or moves to the one before it if its entry is filtered out', () => {
	const state = run(up, up, up);
	assert.equal(selected(state), '40');
	assert.equal(selected([...typeFilter('4')].reduce(reduce, state)), '40');
	assert.equal(selected([...typeFilter('5')].reduce(reduce, state)), '50');
	assert.equal(selected([...typeFilter('1')].reduce(reduce, state)), '100');
});

test("if only the selected node's logs are shown, they are those of the replica with a matching name", () => {
	const lines = [0, 1, 2, 3].map(node => ago(10 - node, {replica: `trainer-${node}`}));
	const state = sampleState(four, open, response(lines), {type: 'toggleOnlySelected'}, {type: 'selectNode', by: 2});
	assert.equal(state.logs.visible.node, 'loops-trainer-2');
	assert.equal(shown(state), '8');
	assert.equal(shown(reduce(state, {type: 'selectNode', by: 1})), '7');
	assert.equal(shown(reduce(state, {type: 'toggleOnlySelected'})), '10 9 8 7');
});

test("with a single node, all logs belong to it, regardless of the replica's name", () => {
	const state = sampleState({nodes: 1, gpus: 1}, open, response([ago(5, {replica: 'x'})]), {
		type: 'toggleOnlySelected',
	});
	assert.equal(shown(state), '5');
});

test('replicas are in natural order', () => {
	const lines = [10, 2, 1].map(node => ago(node, {replica: `t-${node}`}));
	assert.deepEqual(sampleState(four, open, response(lines)).logs.visible.replicas, ['t-1', 't-2', 't-10']);
});

test("while the logs are open, the keys apply to them, and the panes don't change", () => {
	const state = run(up, {type: 'enter'}, {type: 'toggleFullScreen'});
	assert.deepEqual([state.logs.isUnfolded, state.logs.isFull, state.zoom], [true, true, 'overview']);
	assert.equal(state.components.trainer.selected, 'loops-trainer-0');
});

test('pressing escape repeatedly leaves full screen, closes the logs, and then ends the pause', () => {
	const close: Action = {type: 'close'};
	let state = run({type: 'togglePause'}, {type: 'toggleFullScreen'}, close);
	assert.deepEqual([state.logs.isOpen, state.logs.isFull, state.mode.kind], [true, false, 'paused']);
	state = reduce(state, close);
	assert.deepEqual([state.logs.isOpen, state.mode.kind], [false, 'paused']);
	assert.equal(reduce(state, close).mode.kind, 'live');
});

test('while an overlay covers the logs, the keys apply to the overlay', () => {
	const state = run({type: 'toggleOverlay', overlay: 'help'}, {type: 'close'});
	assert.deepEqual([state.logs.isOpen, state.overlay.kind], [true, 'none']);
});

test('focusing another pane closes the logs, which can cover it', () => {
	assert.equal(run({type: 'focusPane', pane: 'gpus'}).logs.isOpen, false);
	assert.equal(run({type: 'focusNext', by: 1}).logs.isOpen, false);
});

test('loaded entries are still there when the logs are opened again, with the newest one selected', () => {
	const state = run(up, up, open, open);
	assert.equal(state.logs.place.kind, 'newest');
	assert.equal(shown(state).split(' ').length, 10);
});

test('a failed request for the logs affects only them, and a rejection is cleared when they are reopened', () => {
	const failure = {kind: 'status', status: 403, message: '', retryAfterMs: undefined} as const;
	const state = run({
		type: 'sideRequestFailed',
		request: 'logs',
		fault: {failure, nextAtMs: undefined},
		atMs: sampleNow,
	});
	assert.equal(state.live.links.trainer.kind, 'ok');
	assert.equal(shown(state).split(' ').length, 10);
	assert.ok(state.sideFailures.logs !== undefined);
	assert.equal(reduce(reduce(state, open), open).sideFailures.logs, undefined);
});

test('another deployment has its own logs, and the logs stay open', () => {
	const state = run({type: 'chooseDeployment', id: 'another1'});
	assert.deepEqual([state.logs.isOpen, state.logs.buffer.lines], [true, 0]);
});
