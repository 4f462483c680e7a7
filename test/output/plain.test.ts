import assert from 'node:assert/strict';
import {test} from 'node:test';
import {sentence} from '../../source/output/plain/opening.ts';
import {announce, nothingSpoken} from '../../source/output/plain/plain-lines.ts';
import type {Action} from '../../source/state/actions.ts';
import {errorRange} from '../../source/text/finding-text.ts';
import {deploymentOf} from '../helpers/deployments.ts';
import {linesAfter, metricsAction, nine, second, type Values} from '../helpers/plain-output.ts';
import {sampleState} from '../helpers/sample-state.ts';

const timeout = {kind: 'timeout', afterMs: 30_000} as const;
const unavailable = {kind: 'status', status: 503, message: 'no healthy upstream.', retryAfterMs: undefined} as const;

function failed(afterMs: number, failure: Extract<Action, {type: 'pollFailed'}>['failure'] = timeout): Action {
	return {type: 'pollFailed', failure, atMs: nine + afterMs, nextAtMs: nine + afterMs + 20 * second};
}

function described(afterMs: number, status: string, nodes = 1): Action {
	const deployment = {...deploymentOf({status}), nodeCount: nodes};
	return {type: 'deploymentLoaded', deployment, atMs: nine + afterMs};
}

test('the first lines describe the current state', () => {
	const state = sampleState({nodes: 4, gpus: 8});
	assert.deepEqual(announce(nothingSpoken, state, 'utc').lines, [
		'Deployment k4q95w5, model Qwen/Qwen3-30B-A3B-Instruct-2507.',
		'The deployment is running.',
		'It has 4 nodes with 8 H100 GPUs each.',
		'The window is the last hour. Its newest sample is from 09:05:30, 12 seconds ago.',
		'Requests: 11.8 per second, 8 in progress.',
		'Latency: p50 127 milliseconds, p95 449 milliseconds, p99 1982 milliseconds.',
		'Responses in the window: 97 percent 2xx, 2.5 percent 4xx, 0.5 percent 5xx.',
		'GPUs busy: 32 of 32.',
		'The least busy GPU is loops-trainer-2 GPU 5 at 31 percent.',
		'Nodes reporting: 4 of 4.',
		'Straggler: loops-trainer-2 GPU 5 at 31 percent since 08:51:30, the others at 90 percent.',
		'Changes follow. The server is polled every 10 seconds.',
	]);
});

test("unknown values are called unknown, and parts that don't exist aren't mentioned", () => {
	const [lines = []] = linesAfter([
		metricsAction(0, {rate: null, inProgress: null, latency: [null, null, null], nodes: []}),
	]);
	assert.deepEqual(lines.slice(1, 5), [
		'The window is the last hour. Its newest sample is from 09:00:00, 12 seconds ago.',
		'Requests: unknown, unknown in progress.',
		'Latency is unknown.',
		'Responses in the window: 100 percent 2xx, 0 percent 4xx, 0 percent 5xx.',
	]);
	assert.ok(!lines.some(line => line.includes('GPU')));
});

test('before the first response, nothing is printed', () => {
	assert.deepEqual(linesAfter([]), [[]]);
});

type Case = readonly [what: string, before: Values, after: Values, lines: readonly string[]];

const cases: readonly Case[] = [
	['the same values', {}, {}, []],
	['slightly higher values', {}, {rate: 12, inProgress: 7, latency: [120, 500, 1300], nodes: [[0.8, 0.7]]}, []],
	['twice the requests', {}, {rate: 20.24}, ['The request rate rose from 10 per second to 20.2 per second.']],
	['no requests', {}, {rate: 0}, ['The request rate fell from 10 per second to 0 per second.']],
	['hardly any requests, and then twice as many', {rate: 0.1}, {rate: 0.2}, []],
	['a rate that is no longer reported', {}, {rate: null}, ['The request rate is now unknown.']],
	["a rate that wasn't reported before", {rate: null}, {}, ['The request rate is 10 per second now.']],
	['more requests in progress', {}, {inProgress: 11}, ['The number of requests in progress rose from 5 to 11.']],
	[
		'a higher p95 and p99',
		{},
		{latency: [110, 900, 14_000]},
		['Latency: p95 rose from 400 milliseconds to 900 milliseconds, p99 rose from 1000 milliseconds to 14 seconds.'],
	],
	['latency that is no longer known', {}, {latency: [null, null, null]}, ['Latency is now unknown.']],
	['a low latency that rises slightly', {latency: [10, 20, 30]}, {latency: [20, 40, 60]}, []],
	['a GPU that becomes idle', {}, {nodes: [[0.9, 0.02]]}, ['GPUs busy in the last ten minutes: 1 of 2.']],
	['a GPU that is less busy', {}, {nodes: [[0.5, 0.8]]}, []],
	['another GPU that is now the least busy, at the same utilization', {}, {nodes: [[0.8, 0.9]]}, []],
	[
		'a GPU without a value',
		{},
		{nodes: [[0.9, null]]},
		[
			"Found: missing-gpu: trainer-0 GPU 1 hasn't reported since 09:00:00, 1 of 2 GPUs report.",
			'GPUs busy in the last ten minutes: 1 of 2, 1 unknown.',
		],
	],
	[
		'responses that fail',
		{},
		{status: [9, 0.4, 0.6]},
		[
			`Found: 5xx: 6 percent of the requests in the last ${errorRange.words} failed, since before 09:11:00.`,
			'The share of requests that end with 5xx rose from 0 percent to 6 percent.',
		],
	],
	[
		'no requests, and then responses that fail',
		{status: [0, 0, 0]},
		{status: [9, 0.4, 0.6]},
		[
			`Found: 5xx: 6 percent of the requests in the last ${errorRange.words} failed, since before 09:11:00.`,
			'The share of requests that end with 5xx is 6 percent now.',
		],
	],
	['no requests, and then responses of which few fail', {status: [0, 0, 0]}, {status: [9.6, 0.2, 0.2]}, []],
	['a full disk', {}, {disk: 0.953}, ['Found: disk: trainer-0 at 95 percent of its storage since before 09:11:00.']],
	['a disk that is emptied', {disk: 0.953}, {}, ['Resolved: storage on trainer-0 is no longer nearly full.']],
	[
		'a response with the wrong structure',
		{},
		{odd: true},
		['The request rate is now unknown.', "The server's inference_volume is a string, not a list."],
	],
];

for (const [what, before, after, lines] of cases) {
	test(`after ${what}, the output is: ${lines.length === 0 ? 'nothing' : lines.join(' ')}`, () => {
		// Most changes are announced only if they apply to all samples of the last ten minutes.
		const [, said] = linesAfter([metricsAction(0, before)], [metricsAction(660 * second, after)]);
		assert.deepEqual(
			said,
			lines.map(line => `09:11:12: ${line}`),
		);
	});
}

test('a slow change is announced when the value differs enough from the last announced one', () => {
	const rates = [10, 12, 14, 16, 18, 20];
	const said = linesAfter(...rates.map((rate, index) => [metricsAction(index * 660 * second, {rate})]));
	assert.deepEqual(said.slice(1).flat(), ['09:33:12: The request rate rose from 10 per second to 16 per second.']);
});

test("a new failure and the end of failures are announced in one sentence each; repetitions aren't announced", () => {
	const said = linesAfter(
		[metricsAction(0)],
		[failed(10 * second)],
		[failed(30 * second)],
		[failed(50 * second, unavailable)],
		[failed(70 * second)],
		[metricsAction(90 * second)],
		[metricsAction(100 * second)],
	);
	assert.deepEqual(said.slice(1), [
		['09:00:22: Failure: no response within 30 seconds; retrying in 20 seconds, at 09:00:42.'],
		[],
		['09:01:02: Failure: 503 service unavailable: no healthy upstream; retrying in 20 seconds, at 09:01:22.'],
		[],
		['09:01:42: The failure ended after 1 minute and 20 seconds: the server responds again.'],
		[],
	]);
});

test('a failure with a different server message each time is announced once', () => {
	const numbered = (number: number) => ({...unavailable, message: `request ${number} failed`});
	const said = linesAfter([metricsAction(0)], [failed(10 * second, numbered(1))], [failed(30 * second, numbered(2))]);
	assert.deepEqual(said.slice(1), [
		['09:00:22: Failure: 503 service unavailable: request 1 failed; retrying in 20 seconds, at 09:00:42.'],
		[],
	]);
});

test('a failure before the first response is announced, and so is the state when the failure ends', () => {
	const [first, second_ = []] = linesAfter([failed(0)], [metricsAction(20 * second)]);
	assert.deepEqual(first, ['09:00:12: Failure: no response within 30 seconds; retrying in 20 seconds, at 09:00:32.']);
	assert.equal(second_[0], '09:00:32: The failure ended after 20 seconds: the server responds again.');
	assert.equal(second_[1], 'Deployment k4q95w5.');
});

test("the status of a deployment has its own sentence and isn't repeated as a finding", () => {
	const said = linesAfter(
		[described(0, 'DEPLOYING'), {type: 'noMetrics', atMs: nine, tookMs: 5}],
		[described(10 * second, 'RUNNING'), metricsAction(10 * second)],
		[described(20 * second, 'FAILED'), metricsAction(20 * second)],
	);
	assert.deepEqual(
		said[0]?.filter(line => /deploy|findings|found/i.test(line)),
		[
			'Deployment k4q95w5.',
			'The deployment is being deployed, which takes about five minutes.',
			'The server has no metrics for this deployment now.',
		],
	);
	assert.deepEqual(said[1]?.slice(0, 2), [
		'09:00:22: The deployment is running.',
		'09:00:22: The server has metrics for this deployment again.',
	]);
	assert.deepEqual(said[2], ['09:00:32: The deployment has failed: the logs or the debug archive might say why.']);
});

test('of many simultaneous findings, the first few are announced, along with the number of others', () => {
	const nodes = Array.from({length: 12}, () => [0.9]);
	const [, said = []] = linesAfter([metricsAction(0, {nodes})], [metricsAction(10 * second, {nodes, disk: 0.99})]);
	assert.equal(said.length, 6);
	assert.equal(said.at(-1), '09:00:22: And 7 more.');
});

test('a recording that stops is announced once', () => {
	const stopped: Action = {type: 'recordingStopped', why: 'the disk is full (night.jsonl)', atMs: nine};
	const said = linesAfter([metricsAction(0)], [stopped, metricsAction(10 * second)], [metricsAction(20 * second)]);
	assert.deepEqual(said.slice(1), [['09:00:22: The recording stopped: the disk is full (night.jsonl).'], []]);
});

test("values that alternate every few minutes, as in RL training, aren't announced", () => {
	const steps = Array.from({length: 2 * 60}, (_, index) => {
		const isBusy = index % 8 < 4;
		const busy = isBusy ? 0.98 : 0;
		const values = {rate: isBusy ? 12 : 0, inProgress: isBusy ? 40 : 0, nodes: [[busy, busy, busy, busy]]};
		return [metricsAction(index * 30 * second, values, 'tail')];
	});
	assert.deepEqual(
		linesAfter(...steps)
			.slice(1)
			.flat(),
		[],
	);
});

test('a sentence has one period, even if it ends with a message that has its own', () => {
	assert.equal(
		sentence("the last error in the trainer's logs: out of memory."),
		"The last error in the trainer's logs: out of memory.",
	);
	assert.equal(sentence('nodes reporting: 4 of 4'), 'Nodes reporting: 4 of 4.');
});
