import assert from 'node:assert/strict';
import {test} from 'node:test';
import {isDeepStrictEqual} from 'node:util';
import fc from 'fast-check';
import {keepEqual} from '../../source/metrics/same-parts.ts';

const pairs: ReadonlyArray<readonly [what: string, before: unknown, now: unknown, areEqual: boolean]> = [
	['equal lists', [1, [2]], [1, [2]], true],
	['a list that became longer', [1], [1, 2], false],
	['a list that became shorter', [1, 2], [1], false],
	['a list that became empty', [1], [], false],
	['equal objects', {a: {b: [1]}}, {a: {b: [1]}}, true],
	['an object with another field', {a: 1}, {a: 1, b: 1}, false],
	['an object without a field', {a: 1, b: 1}, {a: 1}, false],
	['another field that is undefined', {a: undefined}, {b: undefined}, false],
	['unknown numbers', [Number.NaN], [Number.NaN], true],
	['a number that became unknown', [1], [Number.NaN], false],
	['a value that became undefined', {a: 1}, {a: undefined}, false],
	['a list that became an object', [], {}, false],
	['an object that became null', {}, null, false],
	['two maps, which are compared by identity', {map: new Map()}, {map: new Map()}, false],
];

for (const [what, before, now, areEqual] of pairs) {
	test(`${what}: the ${areEqual ? 'earlier' : 'newer'} value is used`, () => {
		assert.equal(keepEqual(before, now), areEqual ? before : now);
	});
}

test('without an earlier value, the newer one is used', () => {
	const now = {};
	assert.equal(keepEqual(undefined, now), now);
});

test('the earlier value is used only if every part of it is the same', () => {
	// The parts have few possible values, so that two values are often equal, or differ in only one part.
	const leaf = fc.constantFrom(0, 1, Number.NaN, undefined, null, '');
	const {value} = fc.letrec<{value: unknown}>(tie => ({
		value: fc.oneof(
			{depthSize: 'small', maxDepth: 3},
			leaf,
			fc.array(tie('value'), {maxLength: 3}),
			fc.dictionary(fc.constantFrom('a', 'b'), tie('value'), {noNullPrototype: true}),
		),
	}));
	fc.assert(
		fc.property(value, value, (before, now) => {
			const isKept = before !== undefined && isDeepStrictEqual(before, now);
			assert.equal(keepEqual(before, now), isKept ? before : now);
		}),
		{numRuns: 1000},
	);
});
