import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {type HttpResponse, readBody} from '../../source/api/read-body.ts';
import {Secret} from '../../source/api/secret.ts';
import {describeAction, loggedNetwork, openDebugLog} from '../../source/debug/debug.ts';
import type {Action} from '../../source/state/actions.ts';
import {deploymentOf} from '../helpers/deployments.ts';
import {responseOf} from '../helpers/responses.ts';
import {temporaryFile} from '../helpers/temporary-folder.ts';

const nine = Date.UTC(2026, 10, 23, 9);

test('neither the first key nor a renewed one is in any line, and continuation lines are indented', async () => {
	const file = temporaryFile('debug.log');
	const log = await openDebugLog(file, () => nine);
	let secret = new Secret('the-first-key');
	log.hide(() => secret);
	log.note('event', 'with the-first-key and THE-FIRST-KEY');
	secret = new Secret('the-other-key');
	log.note('error', 'Error: the-first-key\n    at the-other-key\u001b[31m\u0007');
	await log.close();
	assert.equal(
		readFileSync(file, 'utf8'),
		[
			'2026-11-23T09:00:00.000Z event with [redacted] and [redacted]',
			'2026-11-23T09:00:00.000Z error Error: [redacted]',
			'\t    at [redacted]',
			'',
		].join('\n'),
	);
	assert.equal(log.stopped(), undefined);
});

const url = new URL('https://api.baseten.co/v1/loops/deployments/k4q95w5?scope=org');
const {signal} = new AbortController();
const sent = {method: 'GET', headers: {authorization: 'Bearer secret-key'}, signal};

function respondWith(...chunks: readonly string[]): HttpResponse {
	return {
		ok: true,
		status: 200,
		url: url.href,
		headers: {get: () => null},
		body: {
			async *[Symbol.asyncIterator]() {
				for (const chunk of chunks) {
					yield new TextEncoder().encode(chunk);
				}
			},
			cancel: async () => undefined,
		},
	};
}

/** Returns the log of a request whose response, from `send`, is passed to `use`. */
async function notedBy(
	send: () => Promise<HttpResponse>,
	use: (response: HttpResponse) => Promise<unknown>,
): Promise<readonly string[]> {
	const notes: string[] = [];
	let elapsed = 0;
	const log = {note: (event: string, text: string) => void notes.push(`${event} ${text}`)};
	const network = loggedNetwork({send}, log, () => (elapsed += 40));
	await network.send(url, sent).then(use, () => undefined);
	return notes;
}

const what = 'request GET /v1/loops/deployments/k4q95w5?scope=org';

test('a response that is read is logged once with its size, and passed on unchanged', async () => {
	let text = '';
	const notes = await notedBy(
		async () => respondWith('{"a":', '"é"}'),
		async response => {
			text = await readBody(response, 100);
		},
	);
	assert.equal(text, '{"a":"é"}');
	assert.deepEqual(notes, [`${what} 200 10 bytes 40 ms`]);
});

test('a response that is too large is logged with the number of bytes that were read', async () => {
	const notes = await notedBy(
		async () => respondWith('12345', '67890', '12345'),
		async response => readBody(response, 7).catch(() => undefined),
	);
	assert.deepEqual(notes, [`${what} 200 10 bytes (not all) 40 ms`]);
});

test("a response that isn't read is logged, and so is a response without a body", async () => {
	assert.deepEqual(
		await notedBy(
			async () => respondWith('12345'),
			async ({body}) => body?.cancel(),
		),
		[`${what} 200 0 bytes (not all) 40 ms`],
	);
	const empty = {...respondWith(), body: null};
	assert.deepEqual(
		await notedBy(
			async () => empty,
			async () => undefined,
		),
		[`${what} 200 0 bytes 40 ms`],
	);
});

test('a network failure is logged with its code', async () => {
	const fault = Object.assign(new Error('it is gone'), {code: 'ECONNRESET'});
	assert.deepEqual(
		await notedBy(
			async () => Promise.reject(fault),
			async () => undefined,
		),
		[`${what} failed ECONNRESET 40 ms`],
	);
});
const range = {startMs: nine - 3_600_000, endMs: nine, whole: true};
const failure = {kind: 'timeout', afterMs: 30_000} as const;

const cases: ReadonlyArray<readonly [action: Action, event: string, text: string]> = [
	[
		{
			type: 'metricsReceived',
			kind: 'live',
			window: '1h',
			response: responseOf({inference_volume: []}),
			range,
			atMs: nine,
			tookMs: 86.7,
		},
		'event',
		'metricsReceived 1h 2026-11-23T08:00:00.000Z to 2026-11-23T09:00:00.000Z in 87 ms',
	],
	[{type: 'noMetrics', atMs: nine, tookMs: 5}, 'event', 'noMetrics no metrics'],
	[
		{type: 'pollFailed', failure, atMs: nine, nextAtMs: nine + 10_400},
		'event',
		'pollFailed no response within 30s; retry in 10 s',
	],
	[
		{type: 'deploymentLoaded', deployment: deploymentOf({status: 'RUNNING'}), atMs: nine},
		'event',
		'deploymentLoaded status RUNNING',
	],
	[{type: 'deploymentLoaded', deployment: deploymentOf(), atMs: nine}, 'event', 'deploymentLoaded status unknown'],
	[
		{type: 'sideRequestFailed', request: 'sampler', fault: {failure, nextAtMs: undefined}, atMs: nine},
		'event',
		'sideRequestFailed sampler: no response within 30s; not retried',
	],
	[{type: 'tick', atMs: nine}, 'event', 'tick'],
	[{type: 'replayEnded', why: undefined, atMs: nine}, 'event', 'replayEnded at the end'],
	[{type: 'toggleOverlay', overlay: 'help'}, 'key', 'toggleOverlay overlay=help'],
	[{type: 'moveInTime', by: -1, far: true}, 'key', 'moveInTime by=-1 far=true'],
	[{type: 'point', pane: 'gpus', node: 'trainer-1', rank: '3'}, 'key', 'point pane=gpus node=trainer-1 rank=3'],
	[{type: 'typeText', text: 'sk-a-key'}, 'key', 'typeText'],
	[{type: 'notify', text: 'copied sk-a-key'}, 'key', 'notify'],
];

for (const [action, event, text] of cases) {
	test(`${action.type} is logged as "${event} ${text}"`, () => {
		assert.deepEqual(describeAction(action), {event, text});
	});
}
