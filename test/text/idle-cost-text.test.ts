import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {CurrentFinding} from '../../source/metrics/findings.ts';
import {idleCostWords} from '../../source/text/idle-cost-text.ts';

const nine = Date.UTC(2026, 10, 23, 9);
const idle: CurrentFinding = {
	rule: 'idle-deployment',
	subject: {kind: 'deployment'},
	value: 0.02,
	state: 'active',
	sinceMs: nine - 1_800_000,
	sinceIsLowerBound: false,
};
const cost = {price: {perHour: 52, source: 'list'}, perHour: 208, window: undefined} as const;
const known = {cost, runId: 'r1', nowMs: nine};

test('an idle deployment says what that has cost, and which command ends its run', () => {
	assert.equal(
		idleCostWords([idle], known),
		'idle time has cost about $104 by the list price; to end the run: baseten loops run deactivate --run-id r1 --yes',
	);
	assert.match(
		idleCostWords([{...idle, sinceIsLowerBound: true}], known) ?? '',
		/^idle time has cost at least \$104 by/,
	);
	const own = {...cost, price: {perHour: 52, source: 'user'}} as const;
	assert.match(idleCostWords([idle], {...known, cost: own}) ?? '', /by your own price/);
});

test('what is not known is not said, and no id that a shell could read otherwise', () => {
	assert.equal(idleCostWords([], known), undefined);
	assert.equal(idleCostWords([{...idle, state: 'unknown', lastKnownMs: nine}], known), undefined);
	assert.equal(idleCostWords([idle], {cost: undefined, runId: undefined, nowMs: nine}), undefined);
	assert.equal(idleCostWords([idle], {...known, runId: 'r1;x'}), 'idle time has cost about $104 by the list price');
});
