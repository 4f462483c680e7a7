import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createClient} from '../../source/api/client.ts';
import type {Result} from '../../source/api/failure.ts';
import type {Transport} from '../../source/api/http.ts';
import {createServerClock, recordingTransport} from '../../source/app/session.ts';
import type {ResponseRecord} from '../../source/recording/format.ts';
import {openRecorder} from '../../source/recording/recorder.ts';
import {entriesOf, numbered, record, recordedAt, session} from '../helpers/recordings.ts';
import {temporaryFile} from '../helpers/temporary-folder.ts';

const nine = Date.UTC(2026, 10, 23, 9);
const hour = 3_600_000;

/** Returns the server clock of a machine whose local clock is wrong by this much. The test advances `time.trueMs`. */
function wrongBy(differenceMs: number) {
	const time = {trueMs: nine, differenceMs};
	const clock = createServerClock(() => time.trueMs + time.differenceMs);
	return {time, ...clock};
}

for (const differenceMs of [-2 * hour, 3 * hour, -21_000, 21_000]) {
	test(`a clock that is wrong by ${differenceMs / 1000} s is corrected by the server's time, and keeps running`, () => {
		const {time, now, notice} = wrongBy(differenceMs);
		assert.equal(now(), nine + differenceMs);
		notice(time.trueMs);
		assert.equal(now(), nine);
		time.trueMs += hour;
		assert.equal(now(), nine + hour);
	});
}

for (const differenceMs of [0, -19_000, 19_000]) {
	test(`a clock that is wrong by ${differenceMs / 1000} s isn't corrected`, () => {
		const {time, now, notice} = wrongBy(differenceMs);
		notice(time.trueMs);
		assert.equal(now(), nine + differenceMs);
	});
}

for (const serverMs of [
	0,
	Date.UTC(2024, 11, 31),
	Date.UTC(2100, 0, 1),
	8.64e15,
	Number.NaN,
	Number.POSITIVE_INFINITY,
]) {
	test(`a server time of ${serverMs} doesn't change the clock`, () => {
		const {time, now, notice} = wrongBy(0);
		notice(serverMs);
		assert.equal(now(), nine);
		time.differenceMs = -2 * hour;
		notice(time.trueMs);
		notice(serverMs);
		assert.equal(now(), nine);
	});
}

test("small differences between responses don't change the clock", () => {
	const {time, now, notice} = wrongBy(-2 * hour);
	notice(time.trueMs);
	for (const lateMs of [-1000, 0, -15_000, -400]) {
		time.trueMs += 10_000;
		notice(time.trueMs + lateMs);
		assert.equal(now(), time.trueMs);
	}
});

test('a clock that is set to a wrong time while the program runs is corrected until it is set to the right one', () => {
	const {time, now, notice} = wrongBy(0);
	notice(time.trueMs);
	time.differenceMs = -hour;
	notice(time.trueMs);
	assert.equal(now(), time.trueMs);
	time.differenceMs = 2000;
	notice(time.trueMs);
	assert.equal(now(), time.trueMs + 2000);
});

const request = {path: '/v1/loops/deployments'};

test('a request and its response are recorded with their times and the window at the time of sending', async () => {
	const kept: Array<() => ResponseRecord> = [];
	let nowMs = 100;
	let window = '1h';
	const result: Result<unknown> = {ok: true, value: {deployments: []}, tookMs: 249};
	const transport = recordingTransport(
		async () => {
			window = '3h';
			nowMs = 350;
			return result;
		},
		{keep: read => void kept.push(read)},
		{now: () => nowMs, elapsed: () => nowMs - 100, window: () => window},
	);
	assert.equal(await transport(request, new AbortController().signal), result);
	assert.deepEqual(
		kept.map(read => read()),
		[{sentMs: 100, receivedMs: 350, window: '1h', request, result}],
	);
});

for (const wrongByMs of [5 * 3_600_000, -2 * 3_600_000]) {
	test(`a response that corrects a clock that is wrong by ${wrongByMs} ms is recorded with correct times`, async () => {
		const file = temporaryFile('night.jsonl');
		const recorder = await openRecorder(file, session);
		let elapsedMs = 0;
		const clock = createServerClock(() => recordedAt + elapsedMs + wrongByMs);
		const context = {now: clock.now, elapsed: () => elapsedMs, window: () => '1h'};
		const send: Transport = async () => {
			elapsedMs += 250;
			return {
				ok: true,
				value: {deployment: {id: 'k4q95w5'}},
				tookMs: 250,
				serverMs: recordedAt + elapsedMs,
			};
		};
		const client = createClient(recordingTransport(send, recorder, context), clock.notice);
		await client.deployment('k4q95w5', new AbortController().signal);
		await client.deployment('k4q95w5', new AbortController().signal);
		await recorder.close();
		const times = (await entriesOf(file)).flatMap(entry =>
			entry.kind === 'response' ? [[entry.sentMs, entry.receivedMs]] : [],
		);
		assert.deepEqual(times, [
			[recordedAt, recordedAt + 250],
			[recordedAt + 250, recordedAt + 500],
		]);
	});
}

test('failures before the clock was corrected get the time when the correcting request was sent', async () => {
	const file = temporaryFile('night.jsonl');
	const fail = (receivedMs: number): ResponseRecord => ({
		...numbered(1),
		sentMs: receivedMs - 5,
		receivedMs,
		result: {ok: false, failure: {kind: 'timeout', afterMs: 5}, tookMs: 5},
	});
	const [first, second] = [numbered(10), numbered(30)];
	const between = fail(recordedAt + 20_000);
	await record(file, [fail(recordedAt + 18_000_000), fail(recordedAt + 18_001_000), first, between, second]);
	const times = (await entriesOf(file)).flatMap(entry =>
		entry.kind === 'response' ? [[entry.sentMs, entry.receivedMs]] : [],
	);
	assert.deepEqual(times, [
		[first.sentMs, first.sentMs],
		[first.sentMs, first.sentMs],
		[first.sentMs, first.receivedMs],
		[between.sentMs, between.receivedMs],
		[second.sentMs, second.receivedMs],
	]);
});

test("aborted requests aren't recorded", async () => {
	const transport = recordingTransport(
		async (_, signal) => {
			signal.throwIfAborted();
			return assert.fail("The request isn't aborted.");
		},
		{keep: () => assert.fail('An aborted request is recorded.')},
		{now: () => 0, elapsed: () => 0, window: () => '1h'},
	);
	await assert.rejects(transport(request, AbortSignal.abort()));
});
