import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {currentSpell, type Rule, type Spell} from '../../source/metrics/spell.ts';
import {pointsOf} from '../helpers/points.ts';

/** Begins below 10, ends from 15 on. */
const low = (samples: number): Rule => ({begins: value => value < 10, ends: value => value >= 15, samples});

const cases: ReadonlyArray<{
	readonly name: string;
	readonly values: ReadonlyArray<number | null>;
	readonly samples: number;
	readonly expected: Spell | undefined;
}> = [
	{name: 'an empty series', values: [], samples: 1, expected: undefined},
	{name: 'values that are fine', values: [50, 50, 50], samples: 1, expected: undefined},
	{name: 'one low value of one', values: [50, 5], samples: 1, expected: {sinceMs: 1, isOlder: false}},
	{name: 'one low value of three that are needed', values: [50, 50, 5], samples: 3, expected: undefined},
	{name: 'two low values of three', values: [50, 5, 5], samples: 3, expected: undefined},
	{name: 'three in a row', values: [50, 5, 5, 5], samples: 3, expected: {sinceMs: 1, isOlder: false}},
	{name: 'three with a high one between them', values: [50, 5, 50, 5, 5], samples: 3, expected: undefined},
	{name: 'low from the first sample on', values: [5, 5, 5, 5], samples: 3, expected: {sinceMs: 0, isOlder: true}},
	{
		name: 'unknown values between',
		values: [50, 5, null, 5, null, 5],
		samples: 3,
		expected: {sinceMs: 1, isOlder: false},
	},
	{name: 'unknown values before', values: [null, 5, 5, 5], samples: 3, expected: {sinceMs: 1, isOlder: true}},
	{
		name: 'a value between both limits keeps it',
		values: [50, 5, 12, 14],
		samples: 1,
		expected: {sinceMs: 1, isOlder: false},
	},
	{name: 'a value between both limits does not begin it', values: [50, 12, 12], samples: 1, expected: undefined},
	{name: 'one high value ends it', values: [50, 5, 15], samples: 1, expected: undefined},
	{
		name: 'two high values of three do not',
		values: [5, 5, 5, 20, 20],
		samples: 3,
		expected: {sinceMs: 0, isOlder: true},
	},
	{name: 'three high values do', values: [5, 5, 5, 20, 20, 20], samples: 3, expected: undefined},
	{
		name: 'a second spell begins anew',
		values: [5, 5, 5, 20, 20, 20, 5, 5, 5],
		samples: 3,
		expected: {sinceMs: 6, isOlder: false},
	},
];

for (const {name, values, samples, expected} of cases) {
	test(`${name}: ${expected === undefined ? 'nothing' : `since ${expected.sinceMs}${expected.isOlder ? ' or before' : ''}`}`, () => {
		const points = pointsOf(...values.map((value, time) => [time, value] as const));
		assert.deepEqual(currentSpell(points, low(samples)), expected);
	});
}

test('values that go to and fro at either limit never begin or end it more than once', () => {
	const around = fc.array(fc.constantFrom(9.9, 10, 10.1, 14.9), {minLength: 1, maxLength: 40});
	fc.assert(
		fc.property(around, values => {
			const points = pointsOf(...[5, 5, 5, ...values].map((value, time) => [time, value] as const));
			assert.deepEqual(currentSpell(points, low(3)), {sinceMs: 0, isOlder: true});
		}),
	);
});
