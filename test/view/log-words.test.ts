import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Failure} from '../../source/api/failure.ts';
import type {Action} from '../../source/state/actions.ts';
import {whyNoLogs} from '../../source/view/logs/log-lines.ts';
import {sampleLogs} from '../helpers/sample-logs.ts';
import {sampleNow, sampleState} from '../helpers/sample-state.ts';

function whyAfter(...actions: readonly Action[]): string {
	return whyNoLogs(sampleState({nodes: 4, gpus: 8}, {type: 'toggleLogs'}, ...actions), 'utc');
}

function status(code: number): Failure {
	return {kind: 'status', status: code, message: '', retryAfterMs: undefined};
}

const faults: ReadonlyArray<readonly [failure: Failure, nextAtMs: number | undefined, says: string]> = [
	[status(404), undefined, 'the server has no logs for this deployment: 404 not found · press l twice to retry'],
	[status(405), undefined, 'the server has no logs for this deployment: 405 refused · press l twice to retry'],
	[status(403), undefined, 'this key has no access to the logs: 403 no access · press l twice to retry'],
	[status(401), sampleNow, 'this key has no access to the logs: 401 the key was rejected · retry at 09:05:42'],
	[status(400), undefined, 'no logs: 400 refused · press l twice to retry'],
	[{kind: 'timeout', afterMs: 30_000}, sampleNow, 'no logs: no response within 30s · retry at 09:05:42'],
];

for (const [failure, nextAtMs, says] of faults) {
	test(`after a failed request for the logs, the pane says "${says}"`, () => {
		assert.equal(
			whyAfter({type: 'sideRequestFailed', request: 'logs', fault: {failure, nextAtMs}, atMs: sampleNow}),
			says,
		);
	});
}

const nothing: readonly Action[] = sampleLogs([]);
const filter = (text: string): readonly Action[] => [{type: 'editFilter'}, {type: 'typeText', text}];
const onlySelected: Action = {type: 'toggleOnlySelected'};
const elsewhere = sampleLogs([
	{timeNs: BigInt(sampleNow - 60_000) * 1_000_000n, level: 'INFO', message: 'x', replica: 'pod', requestId: undefined},
]);

const reasons: ReadonlyArray<readonly [actions: readonly Action[], says: string]> = [
	[[], 'loading the logs'],
	[nothing, 'nothing has been logged since 08:05:42'],
	[
		[{type: 'nextLevel'}, {type: 'nextLevel'}, ...nothing.map(ofWarnings)],
		'nothing at WARNING or above has been logged since 08:05:42',
	],
	[[...sampleLogs(), ...filter('unheard')], 'none of the 183 entries since 08:05:42 matches unheard'],
	[[...elsewhere, onlySelected], 'no replica in the logs matches loops-trainer-0 (replicas: pod)'],
	[[...sampleLogs(), onlySelected, ...filter('unheard')], 'none of the 183 entries since 08:05:42 matches unheard'],
];

function ofWarnings(action: Action): Action {
	return action.type === 'sideRequestSucceeded' && action.response.kind === 'logs'
		? {...action, response: {...action.response, level: 'WARNING'}}
		: action;
}

for (const [actions, says] of reasons) {
	test(`if no entry is visible, the logs pane says "${says}"`, () => {
		assert.equal(whyAfter(...actions), says);
	});
}
