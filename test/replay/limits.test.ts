import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as z from 'zod';
import type {SamplerId} from '../../source/api/client.ts';
import {readDeployment} from '../../source/api/deployment.ts';
import type {ResponseRecord} from '../../source/recording/format.ts';
import {routeOf} from '../../source/replay/route.ts';
import {recordedHours} from '../helpers/recorded-hours.ts';
import {writeRecording} from '../helpers/recorded-session.ts';
import {recordedAt} from '../helpers/recordings.ts';
import {createReplayStore, isOver, playInto, stateWhen} from '../helpers/replayed.ts';
import {sampleSamplerBody, sampleSamplerId} from '../helpers/sample-sampler.ts';
import {screenText} from '../helpers/screen-text.ts';

const size = {columns: 120, rows: 30};
const quarterMs = 15 * 60_000;

test('seeking stops at the beginning and at the end of a recording, with a message', async context => {
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
	assert.match(screenText(end, size).join('\n'), /that time isn't in the recording, which ends here/);
	store.dispatch({type: 'skip', by: -1});
	const start = await stateWhen(
		store,
		({replay, live}) => replay?.seekTarget === undefined && live.nowMs < end.live.nowMs,
	);
	assert.equal(start.live.nowMs, recordedAt + 100);
	assert.match(screenText(start, size).join('\n'), /that time isn't in the recording, which begins here/);
});

test('in a gap of several hours, the screen shows when the recording continues', async context => {
	const gapMs = 5 * 3_600_000;
	const responses = recordedHours(0.1);
	const later = responses.slice(4).map(response => {
		return {...response, sentMs: response.sentMs + gapMs, receivedMs: response.receivedMs + gapMs};
	});
	const file = writeRecording([...responses.slice(0, 4), ...later]);
	// The seek ends in the gap, the rest of which takes hours at this speed.
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

const rangeSchema = z.object({start_epoch_millis: z.number(), end_epoch_millis: z.number()});

/**
 * Returns a response with the sampler's metrics for the `lengthMs` milliseconds (an hour by default) before `endMs`,
 * received at the same time as another response.
 */
function samplerResponse(
	{sentMs, receivedMs, window}: ResponseRecord,
	{modelId, deploymentId}: SamplerId,
	endMs: number,
	lengthMs = 3_600_000,
): ResponseRecord {
	const startMs = endMs - lengthMs;
	const query = `mode=SERIES&start_epoch_millis=${startMs}&end_epoch_millis=${endMs}`;
	const path = `/v1/models/${modelId}/deployments/${deploymentId}/metrics?${query}`;
	const result = {ok: true, value: sampleSamplerBody(startMs, endMs), tookMs: 9} as const;
	return {sentMs, receivedMs, window, request: {path}, result};
}

test("a live query for the last hour of a sampler's metrics updates only the 1h window, whatever is shown", () => {
	const [first = assert.fail()] = recordedHours(0.1);
	const windowOf = (window: string, lengthMs: number): string | undefined => {
		const endMs = first.sentMs - 60_000;
		const {sentMs, receivedMs, request} = samplerResponse(first, sampleSamplerId, endMs, lengthMs);
		const route = routeOf({sentMs, receivedMs, window, request});
		return route?.kind === 'sampler' ? route.query.window.name : undefined;
	};
	assert.deepEqual(
		[windowOf('24h', 3_600_000), windowOf('24h', 86_400_000), windowOf('1h', 3_600_000), windowOf('30m', 1_800_000)],
		['1h', '24h', '1h', '30m'],
	);
});

for (const aheadS of [60, 600, 86_400]) {
	test(`requests made with a clock ${aheadS} s ahead, before a response corrected it, aren't replayed`, async context => {
		const responses = recordedHours(0.1);
		const [first = assert.fail(), described = assert.fail()] = responses;
		const {start_epoch_millis: startMs, end_epoch_millis: endMs} = rangeSchema.parse(first.request.body);
		const {sampler = assert.fail()} = readDeployment(described.result.ok ? described.result.value : undefined) ?? {};
		const aheadMs = aheadS * 1000;
		const body = {start_epoch_millis: startMs + aheadMs, end_epoch_millis: endMs + aheadMs, step_seconds: 30};
		const usual = [...responses.slice(0, 2), samplerResponse(first, sampler, endMs - 30_000), ...responses.slice(2)];
		const ahead = [
			{...first, request: {...first.request, body}},
			...responses.slice(0, 2),
			samplerResponse(first, sampler, endMs - 30_000 + aheadMs),
		];
		const seen = async (
			list: readonly ResponseRecord[],
		): Promise<readonly [ReadonlySet<number>, readonly string[]]> => {
			const file = writeRecording(list);
			const store = await createReplayStore(file);
			const ends = new Set<number>();
			store.subscribe(() => {
				for (const {histories} of Object.values(store.getState().components)) {
					ends.add(histories[0].endMs);
				}
			});
			await playInto(context, store, file);
			return [ends, screenText(await stateWhen(store, isOver), size)];
		};
		const right = await seen(usual);
		assert.ok(right[0].has(endMs) && right[0].has(endMs - 30_000), "the trainer or the sampler isn't shown");
		assert.deepEqual(await seen([...ahead, ...usual.slice(2)]), right);
	});
}
