import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Result} from '../../source/api/failure.ts';
import type {ResponseRecord} from '../../source/recording/format.ts';
import {recordingTransport} from '../../source/recording/recording-transport.ts';

const request = {path: '/v1/loops/deployments'};

test('what is asked and answered is kept, with when and with what was looked at then', async () => {
	const kept: ResponseRecord[] = [];
	const times = [100, 350];
	let window = '1h';
	const result: Result<unknown> = {ok: true, value: {deployments: []}, tookMs: 249};
	const transport = recordingTransport(
		async () => {
			window = '3h';
			return result;
		},
		{keep: answer => void kept.push(answer)},
		{now: () => times.shift() ?? assert.fail(), window: () => window},
	);
	assert.equal(await transport(request, new AbortController().signal), result);
	assert.deepEqual(kept, [{askedMs: 100, answeredMs: 350, window: '1h', request, result}]);
});

test('what was given up is not kept', async () => {
	const transport = recordingTransport(
		async (_, signal) => {
			signal.throwIfAborted();
			return assert.fail('It is given up.');
		},
		{keep: () => assert.fail('There is no answer.')},
		{now: () => 0, window: () => '1h'},
	);
	await assert.rejects(transport(request, AbortSignal.abort()));
});
