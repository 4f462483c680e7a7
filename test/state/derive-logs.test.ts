import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {LogLine} from '../../source/api/logs.ts';
import type {Action} from '../../source/state/actions.ts';
import {type LogsPlan, newestFromMs, planLogs} from '../../source/state/derive-logs.ts';
import {endOfMs, toMs, toNs} from '../../source/state/logs.ts';
import type {State} from '../../source/state/state.ts';
import {logLine} from '../helpers/log-lines.ts';
import {sampleNow, sampleState} from '../helpers/sample-state.ts';

const second = 1000;
const hour = 3600 * second;
const week = 7 * 24 * hour;

/** Returns a response that covers `fromMs` to `untilMs` before now, with one entry every `everyMs` milliseconds. */
function loaded(fromMs: number, untilMs: number, everyMs: number, message = 'x'): Action {
	const lines: LogLine[] = [];
	for (let ago = fromMs; ago >= untilMs; ago -= everyMs) {
		lines.push(logLine(toNs(sampleNow - ago), message));
	}

	const range = {fromNs: toNs(sampleNow - fromMs), toNs: endOfMs(sampleNow - untilMs), lines, truncatedAt: []};
	return {
		type: 'sideRequestSucceeded',
		response: {kind: 'logs', level: 'DEBUG', loaded: {range, dropped: 0}},
		atMs: sampleNow,
	};
}

function run(...actions: readonly Action[]): State {
	return sampleState({nodes: 1, gpus: 1}, {type: 'toggleLogs'}, ...actions);
}

/** Returns the direction and the range of a plan, in milliseconds before now. */
function asked(plan: LogsPlan | undefined): readonly [string, number, number] | undefined {
	switch (plan?.kind) {
		case 'back':
			return ['back', sampleNow - toMs(plan.toNs), sampleNow - plan.startMs];
		case 'forth':
			return ['forth', sampleNow - toMs(plan.fromNs), sampleNow - plan.endMs];
		default:
			return undefined;
	}
}

test('the first request is for the visible window, and for at least an hour', () => {
	assert.equal(newestFromMs(run(), sampleNow), sampleNow - hour);
	assert.equal(newestFromMs(run({type: 'changeWindow', by: -2}), sampleNow), sampleNow - hour);
	assert.equal(newestFromMs(run({type: 'changeWindow', by: 1}), sampleNow), sampleNow - 3 * hour);
	assert.ok(newestFromMs(run({type: 'changeWindow', by: 100}), sampleNow) > sampleNow - week);
});

test('later requests begin a minute before the newest entry, because earlier entries can arrive late', () => {
	assert.equal(newestFromMs(run(loaded(hour, 10 * second, 10 * second)), sampleNow), sampleNow - 70 * second);
});

test('if the last minute has many entries, only the last 500 are requested again', () => {
	assert.equal(newestFromMs(run(loaded(hour, 0, second / 100)), sampleNow), sampleNow - 499 * 10);
});

test('after a long silence, the request goes no further back than the server keeps logs', () => {
	assert.ok(newestFromMs(run(loaded(2 * week, week + hour, hour)), sampleNow) > sampleNow - week);
});

test('while the newest entry is selected, no others are requested if enough or none are loaded', () => {
	assert.equal(planLogs(run(loaded(hour, 0, second))), undefined);
	assert.equal(planLogs(run()), undefined);
});

test('if there are few entries, earlier ones are requested, in growing ranges', () => {
	assert.deepEqual(asked(planLogs(run(loaded(hour, 0, 60 * second)))), ['back', hour, 4 * hour]);
	assert.deepEqual(asked(planLogs(run(loaded(4 * hour, 0, 600 * second)))), ['back', 4 * hour, 16 * hour]);
});

test('nothing is requested beyond the last seven days', () => {
	const [, , startMs] = asked(planLogs(run(loaded(6 * 24 * hour, 0, hour)))) ?? [];
	assert.ok(startMs !== undefined && startMs < week);
	assert.equal(planLogs(run(loaded(startMs, 0, 2 * hour))), undefined);
});

test('when the user moves up, more entries are requested before the oldest loaded one is reached', () => {
	const state = [loaded(hour, 0, second)];
	assert.equal(planLogs(run(...state, {type: 'select', by: -3400})), undefined);
	assert.deepEqual(asked(planLogs(run(...state, {type: 'select', by: -3500}))), ['back', hour, 4 * hour]);
});

test('if a kept filter has few matches, more entries are requested, up to a limit', () => {
	const filter = [{type: 'editFilter'}, {type: 'typeText', text: 'rare'}] as const;
	const kept = {type: 'applyFilter'} as const;
	assert.equal(asked(planLogs(run(loaded(hour, 0, second), ...filter, kept)))?.[0], 'back');
	assert.equal(planLogs(run(loaded(hour, 0, second / 2), ...filter, kept)), undefined);
	assert.equal(planLogs(run(loaded(hour, 0, second), ...filter)), undefined);
});

test('if no entries around the cursor are loaded, those before it are requested, and then those after it', () => {
	const jump = [{type: 'toggleCursor'}, {type: 'moveInTime', by: -1, far: true}] as const;
	const newest = loaded(120 * second, 0, 2 * second);
	const at = run(newest, ...jump);
	const cursorAgo = sampleNow - (at.cursorMs ?? 0);
	assert.deepEqual(asked(planLogs(at)), ['back', cursorAgo, cursorAgo + hour]);
	const before = run(newest, loaded(cursorAgo + hour, cursorAgo, second), ...jump);
	assert.deepEqual(asked(planLogs(before)), ['forth', cursorAgo, 120 * second - 1]);
	const whole = run(newest, loaded(cursorAgo + hour, 120 * second, second), ...jump);
	assert.equal(planLogs(whole), undefined);
});
