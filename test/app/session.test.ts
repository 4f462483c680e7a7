import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createClient} from '../../source/api/client.ts';
import type {Result} from '../../source/api/failure.ts';
import {createServerClock, type Transport} from '../../source/api/http.ts';
import {recordingTransport} from '../../source/app/session.ts';
import type {ResponseRecord} from '../../source/recording/format.ts';
import {openRecorder} from '../../source/recording/recorder.ts';
import {entriesOf, numbered, record, recordedAt, session, temporaryFile} from '../helpers/recordings.ts';

const request = {path: '/v1/loops/deployments'};

test('requests and responses are recorded with their times and the visible window', async () => {
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

test('a failure recorded before the clock was corrected is read with the time of the response that corrected it', async () => {
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
			return assert.fail('It is aborted.');
		},
		{keep: () => assert.fail('There is no response.')},
		{now: () => 0, elapsed: () => 0, window: () => '1h'},
	);
	await assert.rejects(transport(request, AbortSignal.abort()));
});
