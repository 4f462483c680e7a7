import assert from 'node:assert/strict';
import {test} from 'node:test';
import {describeAction} from '../../source/debug/action-words.ts';
import type {Action} from '../../source/state/actions.ts';
import {answerOf} from '../helpers/answers.ts';
import {deploymentOf} from '../helpers/deployments.ts';

const nine = Date.UTC(2026, 10, 23, 9);
const range = {startMs: nine - 3_600_000, endMs: nine, whole: true};
const failure = {kind: 'timeout', afterMs: 30_000} as const;

const cases: ReadonlyArray<readonly [action: Action, event: string, text: string]> = [
	[
		{
			type: 'metricsReceived',
			kind: 'live',
			window: '1h',
			response: answerOf({inference_volume: []}),
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
		'pollFailed no response within 30s; again in 10 s',
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
	[{type: 'toggleHelp'}, 'key', 'toggleHelp'],
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
