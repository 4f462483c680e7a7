import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {CurrentFinding} from '../../source/metrics/findings.ts';
import {defaultThresholds} from '../../source/metrics/thresholds.ts';
import {windowOfLength} from '../../source/metrics/windows.ts';
import {formatDollars, idleCostWords, rateWords, windowCostWords, windowWords} from '../../source/text/cost-text.ts';

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

test('unknown values are omitted, as are IDs that a shell could interpret', () => {
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
	test(`an amount of ${dollars} dollars is shown as ${text}`, () => {
		assert.equal(formatDollars(dollars), text);
	});
}

const [hourly, threeHours] = [windowOfLength(3_600_000), windowOfLength(10_800_000)];

test('if samples are missing for part of the window, the cost is labeled with the length of the known part', () => {
	const minute = 60_000;
	const stale = defaultThresholds.staleMs / minute;
	const words: ReadonlyArray<readonly [minutes: number, knownMinutes: number, text: string]> = [
		[60, 60, '1h'],
		[60, 35.9, '35m of 1h'],
		[60, 0.5, '30s of 1h'],
		[5, 5 - stale, '5m'],
		[15, 1, '1m of 15m'],
		[180, 172, '3h'],
		[180, 160, '2h40m of 3h'],
		[24 * 60, 23 * 60, '24h'],
		[24 * 60, 12 * 60, '12h of 24h'],
		[7 * 24 * 60, 5 * 24 * 60 + 30, '5d of 7d'],
	];
	const unnoticed = Math.max(3, stale);
	assert.equal(windowWords(windowOfLength(60 * minute), (60 - unnoticed) * minute), '1h');
	assert.match(windowWords(windowOfLength(60 * minute), (59.9 - unnoticed) * minute), /^\d+m of 1h$/);
	for (const [minutes, known, text] of words) {
		assert.equal(windowWords(windowOfLength(minutes * minute), known * minute), text);
	}

	assert.equal(
		windowCostWords(hourly, {total: 121, knownMs: 35 * minute, idle: undefined}, 'list'),
		'list price in 35m of 1h: $121',
	);
});

test('every amount is labeled with the source of its price', () => {
	assert.equal(rateWords(208, 'list'), '$208/h list');
	assert.equal(rateWords(40, 'user'), '$40.00/h own price');
	assert.equal(
		windowCostWords(hourly, {total: 208, knownMs: 3_500_000, idle: {cost: 79.04, share: 0.38}}, 'list'),
		'list price in 1h: $208, 38% idle = $79.04',
	);
	assert.equal(
		windowCostWords(hourly, {total: 208, knownMs: 3_500_000, idle: {cost: 0.2, share: 0.001}}, 'list'),
		'list price in 1h: $208, 0.1% idle',
	);
	assert.equal(
		windowCostWords(threeHours, {total: 30, knownMs: 10_700_000, idle: undefined}, 'user'),
		'own price in 3h: $30.00',
	);
});
