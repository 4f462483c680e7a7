import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import type {Result} from '../../source/api/failure.ts';
import type {LogLine} from '../../source/api/logs.ts';
import {addRange, emptyLogBuffer, type LogBuffer} from '../../source/metrics/log-buffer.ts';
import {
	type LogsSource,
	loadEarlier,
	loadLater,
	logErrorsRequest,
	logsSideRequests,
} from '../../source/polling/logs-requests.ts';
import type {SideRequest} from '../../source/polling/polling-context.ts';
import type {Action} from '../../source/state/actions.ts';
import {type LoadedLogs, toMs, toNs} from '../../source/state/logs.ts';
import {reduce} from '../../source/state/reducer.ts';
import type {State} from '../../source/state/state.ts';
import {deploymentOf} from '../helpers/deployments.ts';
import {linesAsText, logLine} from '../helpers/log-lines.ts';
import {createLogServer, type LogServer} from '../helpers/log-server.ts';
import {sampleNow, sampleState} from '../helpers/sample-state.ts';

const {signal} = new AbortController();

function requestOf(name: SideRequest['name']): SideRequest {
	const request = logsSideRequests.find(one => one.name === name);
	assert.ok(request !== undefined);
	return request;
}

const newestLogsRequest = requestOf('logs');
const earlierLogsRequest = requestOf('earlierLogs');

function sourceOf({client}: LogServer, limit = 3): LogsSource {
	return {client, of: 'k4q95w5', level: 'DEBUG', limit, signal};
}

function loadedOf(result: Result<LoadedLogs>): LoadedLogs {
	assert.ok(result.ok);
	return result.value;
}

/** Returns entries at these times, in epoch milliseconds, each with its position as its message. */
function linesAt(...times: readonly number[]): readonly LogLine[] {
	return times.map((time, index) => logLine(toNs(time), String(index)));
}

const ten = linesAt(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
const whole = {startMs: 0, endMs: undefined, untilNs: toNs(20)};

test('entries that fit in one response take one request, and everything from the start to now is known', async () => {
	const server = createLogServer(ten);
	const {range} = loadedOf(await loadEarlier(sourceOf(server, 100), {...whole, pages: 5}));
	assert.deepEqual(linesAsText(range.lines), linesAsText(ten));
	assert.deepEqual([range.fromNs, range.toNs], [0n, toNs(20)]);
	assert.equal(server.asked.length, 1);
	assert.deepEqual(server.asked[0], {startMs: 0, endMs: undefined, direction: 'desc', limit: 100, minLevel: undefined});
});

test('entries that need several responses are all loaded, and everything from the start is known', async () => {
	const server = createLogServer(ten);
	const {range} = loadedOf(await loadEarlier(sourceOf(server), {...whole, pages: 100}));
	assert.deepEqual(linesAsText(range.lines), linesAsText(ten));
	assert.equal(range.fromNs, 0n);
});

test('loading stops after a limited number of responses, and the range begins with the oldest entry', async () => {
	const server = createLogServer(ten);
	const {range} = loadedOf(await loadEarlier(sourceOf(server), {...whole, pages: 2}));
	assert.deepEqual(linesAsText(range.lines), linesAsText(ten.slice(-5)));
	assert.equal(range.fromNs, toNs(6));
	assert.equal(server.asked.length, 2);
});

test('entries that were loaded before a failure are kept', async () => {
	const server = createLogServer(ten, {failsFrom: 1});
	const {range} = loadedOf(await loadEarlier(sourceOf(server), {...whole, pages: 5}));
	assert.deepEqual(linesAsText(range.lines), linesAsText(ten.slice(-3)));
	assert.equal(range.fromNs, toNs(8));
});

test('the unreadable entries of all responses are counted', async () => {
	const {client} = createLogServer(ten);
	const odd: LogServer['client'] = {
		...client,
		async logs(of, query, aborted) {
			const result = await client.logs(of, query, aborted);
			return result.ok ? {...result, value: {...result.value, dropped: 2}} : result;
		},
	};
	const {dropped} = loadedOf(await loadEarlier({...sourceOf(createLogServer([])), client: odd}, {...whole, pages: 3}));
	assert.equal(dropped, 6);
});

test('a range that begins partway through a millisecond contains no entry from before its start', async () => {
	const lines = [logLine(toNs(5), 'known'), logLine(toNs(5) + 10n, 'next'), logLine(toNs(6), 'last')];
	const {range} = loadedOf(await loadLater(sourceOf(createLogServer(lines), 10), {fromNs: toNs(5) + 1n, endMs: 20}));
	assert.deepEqual(linesAsText(range.lines), linesAsText(lines.slice(1)));
});

test('errors are requested for the visible window, or for the last week if the deployment has failed', async () => {
	const requested = async (status: string): Promise<number> => {
		const server = createLogServer([]);
		const deployment = deploymentOf({status, nodeCount: 1});
		const state = stateAfter(
			{type: 'deploymentLoaded', deployment, atMs: sampleNow},
			{type: 'toggleOverlay', overlay: 'findings'},
		);
		await logErrorsRequest.send({client: server.client, state, now: () => sampleNow, signal});
		return (sampleNow - (server.asked[0]?.startMs ?? Number.NaN)) / 3_600_000;
	};
	assert.ok((await requested('RUNNING')) <= 1.1);
	assert.ok((await requested('FAILED')) > 167);
});

test('a failure of the first request is returned', async () => {
	const server = createLogServer(ten, {failsFrom: 0});
	assert.equal((await loadEarlier(sourceOf(server), {...whole, pages: 5})).ok, false);
	assert.equal((await loadLater(sourceOf(server), {fromNs: 0n, endMs: 20})).ok, false);
});

test('the loaded range includes entries from a clock that is ahead', async () => {
	const server = createLogServer(linesAt(1, 30));
	const {range} = loadedOf(await loadEarlier(sourceOf(server), {...whole, pages: 1}));
	assert.equal(range.toNs, toNs(30));
});

test('a level above the lowest one is sent to the server', async () => {
	const server = createLogServer(ten);
	await loadEarlier({...sourceOf(server), level: 'ERROR'}, {...whole, pages: 1});
	assert.equal(server.asked[0]?.minLevel, 'ERROR');
});

for (const includesEnd of [false, true]) {
	const name = includesEnd ? 'ranges include their ends' : 'ranges exclude their ends';

	test(`a millisecond with too many entries for a response is noted, and loading continues (${name})`, async () => {
		const server = createLogServer(linesAt(1, 5, 5, 5, 5, 5, 9), {includesEnd});
		let buffer: LogBuffer = emptyLogBuffer;
		let untilNs = toNs(20);
		for (let request = 0; request < 20 && untilNs > 0n; request++) {
			const wanted = {startMs: 0, endMs: toMs(untilNs) + 1, pages: 1, untilNs};
			const {range} = loadedOf(await loadEarlier(sourceOf(server), wanted));
			buffer = addRange(buffer, range, undefined);
			untilNs = buffer.ranges[0]?.fromNs ?? 0n;
		}

		assert.equal(untilNs, 0n);
		const [{lines, truncatedAt} = {lines: [], truncatedAt: []}] = buffer.ranges;
		assert.deepEqual(truncatedAt, [toNs(5)]);
		assert.deepEqual([lines[0]?.message, lines.at(-1)?.message], ['0', '6']);
	});

	test(`a millisecond with too many entries is also noted if loading goes forward (${name})`, async () => {
		const server = createLogServer(linesAt(1, 5, 5, 5, 5, 5, 9), {includesEnd});
		let buffer: LogBuffer = addRange(emptyLogBuffer, {fromNs: 0n, toNs: 0n, lines: [], truncatedAt: []}, undefined);
		for (let request = 0; request < 20; request++) {
			const fromNs = buffer.ranges[0]?.toNs ?? 0n;
			if (fromNs >= toNs(20) - 1n) {
				break;
			}

			buffer = addRange(buffer, loadedOf(await loadLater(sourceOf(server), {fromNs, endMs: 20})).range, undefined);
		}

		const [{lines, truncatedAt, toNs: untilNs} = {lines: [], truncatedAt: [], toNs: 0n}] = buffer.ranges;
		assert.equal(buffer.ranges.length, 1);
		assert.ok(untilNs >= toNs(20) - 1n);
		assert.deepEqual(truncatedAt, [toNs(6)]);
		assert.deepEqual([lines[0]?.message, lines.at(-1)?.message], ['0', '6']);
	});
}

/** Up to four entries have the same time, and a millisecond contains up to eight, which fit in a response of nine. */
const history = fc
	.array(fc.record({at: fc.nat(40), message: fc.constantFrom('a', 'b'), count: fc.integer({min: 1, max: 2})}), {
		maxLength: 40,
	})
	.map(all => {
		const few = new Map(all.map(entry => [`${entry.at} ${entry.message}`, entry]));
		return [...few.values()]
			.sort((a, b) => a.at - b.at)
			.flatMap(({at, message, count}) => Array.from({length: count}, () => logLine((at + 2) * 500_000, message)));
	});

test('every entry is loaded exactly once, backward and forward, in any number of responses', async () => {
	await fc.assert(
		fc.asyncProperty(history, fc.boolean(), fc.integer({min: 1, max: 4}), async (all, includesEnd, pages) => {
			const source = sourceOf(createLogServer(all, {includesEnd}), 9);
			const untilNs = toNs(22) - 1n;
			let back: LogBuffer = emptyLogBuffer;
			for (let from = untilNs; from > 0n; from = back.ranges[0]?.fromNs ?? 0n) {
				const wanted = {startMs: 0, endMs: toMs(from) + 1, pages, untilNs: from};
				back = addRange(back, loadedOf(await loadEarlier(source, wanted)).range, undefined);
			}

			let forth: LogBuffer = addRange(emptyLogBuffer, {fromNs: 0n, toNs: 0n, lines: [], truncatedAt: []}, undefined);
			for (let from = 0n; from < untilNs; from = forth.ranges[0]?.toNs ?? 0n) {
				forth = addRange(forth, loadedOf(await loadLater(source, {fromNs: from, endMs: 22})).range, undefined);
			}

			for (const {ranges} of [back, forth]) {
				assert.equal(ranges.length, 1);
				assert.deepEqual([...linesAsText(ranges[0]?.lines ?? [])].sort(), [...linesAsText(all)].sort());
				assert.deepEqual(ranges[0]?.truncatedAt, []);
			}
		}),
		{numRuns: 300},
	);
});

const open: Action = {type: 'toggleLogs'};

function stateAfter(...actions: readonly Action[]): State {
	return sampleState({nodes: 1, gpus: 1}, ...actions);
}

/** Returns entries up to now, at this interval in milliseconds. */
function linesUntilNow(count: number, everyMs: number): readonly LogLine[] {
	return Array.from({length: count}, (_, index) =>
		logLine(toNs(sampleNow - (count - 1 - index) * everyMs), `line ${index}`),
	);
}

/** Sends the side request once, and returns the state after its response. */
async function runSideRequest(
	request: SideRequest,
	state: State,
	{client}: LogServer,
	nowMs = sampleNow,
): Promise<State> {
	const {signal} = new AbortController();
	const result = await request.send({client, state, now: () => nowMs, signal});
	assert.ok(result.ok);
	return reduce(state, {type: 'sideRequestSucceeded', response: result.value, atMs: nowMs});
}

function loaded({logs}: State): readonly string[] {
	return linesAsText(logs.buffer.ranges.flatMap(({lines}) => lines));
}

test('logs are requested only while they are open, as often as the metrics, but at least every 5 s', () => {
	assert.equal(newestLogsRequest.wanted(stateAfter()), undefined);
	assert.equal(earlierLogsRequest.wanted(stateAfter()), undefined);
	assert.deepEqual(newestLogsRequest.wanted(stateAfter(open)), {key: 'DEBUG', everyMs: 5000});
	const often = {...stateAfter(open), intervalMs: 2000};
	assert.deepEqual(newestLogsRequest.wanted(often), {key: 'DEBUG', everyMs: 2000});
});

test("a rejected request isn't repeated, but other requests are sent", () => {
	const failure = {kind: 'status', status: 403, message: '', retryAfterMs: undefined} as const;
	const refused = (request: 'logs' | 'earlierLogs'): State =>
		stateAfter(open, {type: 'sideRequestFailed', request, fault: {failure, nextAtMs: undefined}, atMs: sampleNow});
	assert.equal(newestLogsRequest.wanted(refused('logs')), undefined);
	assert.ok(newestLogsRequest.wanted(refused('earlierLogs')) !== undefined);
	assert.equal(earlierLogsRequest.wanted(refused('earlierLogs')), undefined);
});

test('a change of level leads to a different query, and the new level is sent to the server', async () => {
	const server = createLogServer(linesUntilNow(10, 1000));
	const state = stateAfter(open, {type: 'nextLevel'}, {type: 'nextLevel'});
	assert.equal(newestLogsRequest.wanted(state)?.key, 'WARNING');
	await runSideRequest(newestLogsRequest, state, server);
	assert.equal(server.asked[0]?.minLevel, 'WARNING');
});

test('at first, one response is loaded; earlier entries are loaded when the user scrolls to them', async () => {
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

test('entries that arrived between two requests are loaded without duplicates', async () => {
	const all = linesUntilNow(4000, 100);
	const server = createLogServer(all.slice(0, 1500));
	let state = await runSideRequest(newestLogsRequest, stateAfter(open), server, sampleNow - 2500 * 100);
	server.lines = all;
	state = await runSideRequest(newestLogsRequest, state, server);
	assert.deepEqual(loaded(state), linesAsText(all.slice(500)));
	assert.equal(state.logs.buffer.ranges.length, 1);
});

test('if too many entries arrived, the newest are loaded, leaving a gap until the user scrolls there', async () => {
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

test('many entries that arrive a second late also leave a gap', async () => {
	const beganNs = toNs(sampleNow - 1000);
	const first = logLine(beganNs, 'first');
	const late = Array.from({length: 8000}, (_, index) => logLine(beganNs + BigInt((index + 1) * 100_000), `${index}`));
	const server = createLogServer([first]);
	let state = await runSideRequest(newestLogsRequest, stateAfter(open), server);
	server.lines = [first, ...late];
	state = await runSideRequest(newestLogsRequest, state, server, sampleNow + 1000);
	assert.equal(state.logs.buffer.ranges.length, 2);
});

test('once the buffer is almost full, new entries are requested only while the user follows them', async () => {
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
