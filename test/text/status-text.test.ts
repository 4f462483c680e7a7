import assert from 'node:assert/strict';
import {test} from 'node:test';
import {describeSamplerStatus, describeStatus} from '../../source/text/status-text.ts';

const cases: ReadonlyArray<readonly [status: string | undefined, clause: string]> = [
	['RUNNING', 'is running'],
	['PREEMPTED', 'has been preempted: its run has ended; start a new one from its last checkpoint'],
	[undefined, 'has no status'],
	['HIBERNATING', 'is HIBERNATING'],
	// The name of a property that every JavaScript object has is treated like any other status.
	['constructor', 'is constructor'],
	['__proto__', 'is __proto__'],
	['', 'is '],
];

for (const [status, clause] of cases) {
	test(`a deployment whose status is ${JSON.stringify(status)} ${clause}`, () => {
		const words = describeStatus(status);
		assert.equal(words.clause, clause);
		assert.equal(words.mark.length, 1);
	});
}

test('the description of a status begins with "is", "has", or a negation, so that a start time can be added', () => {
	for (const status of [
		'PREEMPTED',
		'FAILED',
		'STOPPED',
		'CREATED',
		'DEPLOY_FAILED',
		'BUILD_FAILED',
		'BUILD_STOPPED',
	]) {
		for (const {fact} of [describeStatus(status), describeSamplerStatus(status)]) {
			assert.match(fact, /^(?:is|isn't|has|hasn't) /, status);
		}
	}
});
