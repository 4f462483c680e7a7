import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {CurrentFinding} from '../../source/metrics/findings.ts';
import {formatDollars, idleCostWords, rateWords, windowCostWords} from '../../source/text/cost-text.ts';

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

test('an idle deployment is described with its cost and the command that ends its run', () => {
	assert.equal(
		idleCostWords([idle], known),
		'idle time has cost about $104 at the list price; to end the run: baseten loops run deactivate --run-id r1 --yes',
	);
	assert.match(
		idleCostWords([{...idle, sinceIsLowerBound: true}], known) ?? '',
		/^idle time has cost at least \$104 at/,
	);
	const own = {...cost, price: {perHour: 52, source: 'user'}} as const;
	assert.match(idleCostWords([idle], {...known, cost: own}) ?? '', /at your own price/);
});

test('unknown values and IDs that a shell could interpret are omitted', () => {
	assert.equal(idleCostWords([], known), undefined);
	assert.equal(idleCostWords([{...idle, state: 'unknown', lastKnownMs: nine}], known), undefined);
	assert.equal(idleCostWords([idle], {cost: undefined, runId: undefined, nowMs: nine}), undefined);
	assert.equal(idleCostWords([idle], {...known, runId: 'r1;x'}), 'idle time has cost about $104 at the list price');
});

const amounts: ReadonlyArray<readonly [dollars: number, text: string]> = [
	[0, '$0.00'],
	[0.004, '$0.00'],
	[0.85, '$0.85'],
	[6.5, '$6.50'],
	[99.99, '$99.99'],
	[99.996, '$100'],
	[207.99, '$208'],
	[1234.4, '$1,234'],
	[9999.4, '$9,999'],
	[9999.6, '$10.0k'],
	[12_345, '$12.3k'],
	[1.5e6, '$1.50M'],
];

for (const [dollars, text] of amounts) {
	test(`${dollars} dollars are ${text}`, () => {
		assert.equal(formatDollars(dollars), text);
	});
}

test('every amount is labeled as not being a bill', () => {
	assert.equal(rateWords(208, 'list'), '$208/h list');
	assert.equal(rateWords(40, 'user'), '$40.00/h own price');
	assert.equal(
		windowCostWords('1h', {total: 208, idle: {cost: 79.04, share: 0.38}}, 'list'),
		'list price in 1h: $208, 38% idle = $79.04',
	);
	assert.equal(
		windowCostWords('1h', {total: 208, idle: {cost: 0.2, share: 0.001}}, 'list'),
		'list price in 1h: $208, 0.1% idle',
	);
	assert.equal(windowCostWords('3h', {total: 30, idle: undefined}, 'user'), 'own price in 3h: $30.00');
});
