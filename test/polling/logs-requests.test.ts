import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {LogLine} from '../../source/api/logs.ts';
import {earlierLogsRequest, newestLogsRequest} from '../../source/polling/logs-requests.ts';
import type {SideRequest} from '../../source/polling/side-request.ts';
import type {Action} from '../../source/state/actions.ts';
import {toNs} from '../../source/state/logs.ts';
import {reduce} from '../../source/state/reducer.ts';
import type {State} from '../../source/state/state.ts';
import {linesAsText, logLine} from '../helpers/log-lines.ts';
import {createLogServer, type LogServer} from '../helpers/log-server.ts';
import {sampleNow, sampleState} from '../helpers/sample-state.ts';

const open: Action = {type: 'toggleLogs'};

function stateAfter(...actions: readonly Action[]): State {
	return sampleState({nodes: 1, gpus: 1}, ...actions);
}

/** Lines up to now, one every so many milliseconds. */
function linesUntilNow(count: number, everyMs: number): readonly LogLine[] {
	return Array.from({length: count}, (_, index) =>
		logLine(toNs(sampleNow - (count - 1 - index) * everyMs), `line ${index}`),
	);
}

/** The state after the side request was run once. */
async function runSideRequest(
	request: SideRequest,
	state: State,
	{client}: LogServer,
	nowMs = sampleNow,
): Promise<State> {
	const {signal} = new AbortController();
	const result = await request.ask({client, state, now: () => nowMs, signal});
	assert.ok(result.ok);
	return reduce(state, {type: 'sideRequestSucceeded', response: result.value, atMs: nowMs});
}

function loaded({logs}: State): readonly string[] {
	return linesAsText(logs.buffer.ranges.flatMap(({lines}) => lines));
}

test('closed logs are not asked for, and open ones every five seconds or as often as the metrics', () => {
	assert.equal(newestLogsRequest.wanted(stateAfter()), undefined);
	assert.equal(earlierLogsRequest.wanted(stateAfter()), undefined);
	assert.deepEqual(newestLogsRequest.wanted(stateAfter(open)), {key: 'DEBUG', everyMs: 5000});
	const often = {...stateAfter(open), intervalMs: 2000};
	assert.deepEqual(newestLogsRequest.wanted(often), {key: 'DEBUG', everyMs: 2000});
});

test('one that is refused is not asked for again, and the other one is', () => {
	const failure = {kind: 'status', status: 403, message: '', retryAfterMs: undefined} as const;
	const refused = (request: 'logs' | 'earlierLogs'): State =>
		stateAfter(open, {type: 'sideRequestFailed', request, fault: {failure, nextAtMs: undefined}, atMs: sampleNow});
	assert.equal(newestLogsRequest.wanted(refused('logs')), undefined);
	assert.ok(newestLogsRequest.wanted(refused('earlierLogs')) !== undefined);
	assert.equal(earlierLogsRequest.wanted(refused('earlierLogs')), undefined);
});

test('another level is another query, and reported to the server', async () => {
	const server = createLogServer(linesUntilNow(10, 1000));
	const state = stateAfter(open, {type: 'nextLevel'}, {type: 'nextLevel'});
	assert.equal(newestLogsRequest.wanted(state)?.key, 'WARNING');
	await runSideRequest(newestLogsRequest, state, server);
	assert.equal(server.asked[0]?.minLevel, 'WARNING');
});

test('the first look is one answer, and those before it come when one goes there', async () => {
	const server = createLogServer(linesUntilNow(3000, 1000));
	const state = await runSideRequest(newestLogsRequest, stateAfter(open), server);
	assert.equal(server.asked.length, 1);
	assert.equal(state.logs.buffer.lines, 1000);
	assert.equal(earlierLogsRequest.wanted(state), undefined);
	const up = reduce(state, {type: 'select', by: -900});
	assert.match(earlierLogsRequest.wanted(up)?.key ?? '', /^DEBUG back from \d+$/);
	const more = await runSideRequest(earlierLogsRequest, up, server);
	assert.equal(more.logs.buffer.lines, 1999);
	assert.equal(more.logs.buffer.ranges.length, 1);
});

test('what came between two looks is loaded, each line once', async () => {
	const all = linesUntilNow(4000, 100);
	const server = createLogServer(all.slice(0, 1500));
	let state = await runSideRequest(newestLogsRequest, stateAfter(open), server, sampleNow - 2500 * 100);
	server.lines = all;
	state = await runSideRequest(newestLogsRequest, state, server);
	assert.deepEqual(loaded(state), linesAsText(all.slice(500)));
	assert.equal(state.logs.buffer.ranges.length, 1);
});

test('when it is too much, the newest are loaded, and there is a gap until somebody looks there', async () => {
	const all = linesUntilNow(9000, 100);
	const server = createLogServer(all.slice(0, 1000));
	let state = await runSideRequest(newestLogsRequest, stateAfter(open), server, sampleNow - 8000 * 100);
	const asked = server.asked.length;
	server.lines = all;
	state = await runSideRequest(newestLogsRequest, state, server);
	assert.equal(server.asked.length, asked + 5);
	assert.equal(state.logs.buffer.ranges.length, 2);
	assert.equal(state.logs.visible.lines.at(-1)?.message, 'line 8999');
	state = reduce(state, {type: 'select', by: -4900});
	while (earlierLogsRequest.wanted(state)?.key.includes('back from')) {
		state = await runSideRequest(earlierLogsRequest, state, server);
		state = reduce(state, {type: 'select', by: -1000});
	}

	assert.equal(state.logs.buffer.ranges.length, 1);
	assert.deepEqual(loaded(state), linesAsText(all));
});

test('what comes a second late, and is too much at once, is no less of a gap', async () => {
	const beganNs = toNs(sampleNow - 1000);
	const first = logLine(beganNs, 'first');
	const late = Array.from({length: 8000}, (_, index) => logLine(beganNs + BigInt((index + 1) * 100_000), `${index}`));
	const server = createLogServer([first]);
	let state = await runSideRequest(newestLogsRequest, stateAfter(open), server);
	server.lines = [first, ...late];
	state = await runSideRequest(newestLogsRequest, state, server, sampleNow + 1000);
	assert.equal(state.logs.buffer.ranges.length, 2);
});

test('the newest are no longer asked for when there is no room below what is looked at', async () => {
	const server = createLogServer(linesUntilNow(20_000, 100));
	let state = reduce(await runSideRequest(newestLogsRequest, stateAfter(open), server), {type: 'select', by: -1});
	assert.ok(newestLogsRequest.wanted(state) !== undefined);
	for (let page = 0; page < 15; page++) {
		state = reduce(state, {type: 'select', by: -980});
		state = await runSideRequest(earlierLogsRequest, state, server);
	}

	assert.equal(newestLogsRequest.wanted(state), undefined);
	assert.ok(newestLogsRequest.wanted(reduce(state, {type: 'selectEnd', end: 'last'})) !== undefined);
});
