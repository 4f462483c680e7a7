import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {createTimeReader, readColumns} from '../../source/api/points.ts';
import {pairsOf} from '../helpers/points.ts';

const nine = Date.UTC(2026, 10, 23, 9, 5, 30);

const times: ReadonlyArray<readonly [text: unknown, expected: number]> = [
	['2026-11-23T09:05:30Z', nine],
	['2026-11-23T09:05:30.000Z', nine],
	['2026-11-23T09:05:30.123456789Z', nine + 123],
	['2026-11-23T09:05:30.1Z', nine + 100],
	['2026-11-23T10:05:30+01:00', nine],
	['2026-11-23T10:05:30+0100', nine],
	['2026-11-23T03:35:30-05:30', nine],
	['2026-11-23T10:05:30+01', nine],
	['2026-11-23T09:05:30.5+00:00', nine + 500],
	['2026-11-23t09:05:30z', nine],
	['2026-11-23 09:05:30Z', nine],
	['2026-11-23T09:05Z', nine - 30_000],
	['2026-11-23T09:05:30', Number.NaN],
	['2026-13-23T09:05:30Z', Number.NaN],
	['2026-02-30T09:05:30Z', Number.NaN],
	['2025-02-29T09:05:30Z', Number.NaN],
	['2028-02-29T00:00:00Z', Date.UTC(2028, 1, 29)],
	['2026-11-23', Number.NaN],
	['yesterday', Number.NaN],
	['', Number.NaN],
	[nine, Number.NaN],
	[null, Number.NaN],
	[undefined, Number.NaN],
];

for (const [text, expected] of times) {
	test(`the time ${JSON.stringify(text)} is ${Number.isNaN(expected) ? 'unreadable' : 'read'}`, () => {
		assert.equal(createTimeReader()(text), expected);
	});
}

function read(list: readonly unknown[]) {
	const {columns, dropped} = readColumns(list, ['value'], createTimeReader());
	return {pairs: pairsOf(columns.value).map(([time, value]) => [(time - nine) / 1000, value]), dropped};
}

function at(seconds: number): string {
	return new Date(nine + seconds * 1000).toISOString();
}

test('points are sorted by time', () => {
	const {pairs} = read([
		{timestamp: at(60), value: 3},
		{timestamp: at(0), value: 1},
		{timestamp: at(30), value: 2},
	]);
	assert.deepEqual(pairs, [
		[0, 1],
		[30, 2],
		[60, 3],
	]);
});

test('if two points have the same time, the later one in the list applies', () => {
	const {pairs} = read([
		{timestamp: at(0), value: 1},
		{timestamp: at(30), value: 2},
		{timestamp: at(0), value: 9},
	]);
	assert.deepEqual(pairs, [
		[0, 9],
		[30, 2],
	]);
});

test("null and missing values are unknown and aren't counted; other values that aren't numbers are counted", () => {
	const {pairs, dropped} = read([
		{timestamp: at(0), value: null},
		{timestamp: at(1)},
		{timestamp: at(2), value: 'NaN'},
		{timestamp: at(3), value: {}},
		{timestamp: at(4), value: 0},
	]);
	assert.deepEqual(pairs, [
		[0, null],
		[1, null],
		[2, null],
		[3, null],
		[4, 0],
	]);
	assert.equal(dropped, 2);
});

test('negative values, and those above Number.MAX_SAFE_INTEGER, are unknown and counted', () => {
	const impossible = [-1, -5e-324, 2 ** 53, 1e300, Number.POSITIVE_INFINITY];
	const {pairs, dropped} = read(impossible.map((value, index) => ({timestamp: at(index), value})));
	assert.deepEqual(
		pairs.map(([, value]) => value),
		impossible.map(() => null),
	);
	assert.equal(dropped, impossible.length);
});

test('points without a readable time are dropped and counted', () => {
	const {pairs, dropped} = read([null, 7, 'x', [], {}, {timestamp: 'x', value: 1}, {timestamp: at(0), value: 1}]);
	assert.deepEqual(pairs, [[0, 1]]);
	assert.equal(dropped, 6);
});

test('several values per point become several columns with the same times', () => {
	const {columns, dropped} = readColumns(
		[
			{timestamp: at(30), p50: 1, p99: null},
			{timestamp: at(0), p50: 2, p99: 4},
		],
		['p50', 'p95', 'p99'],
		createTimeReader(),
	);
	assert.deepEqual(pairsOf(columns.p50), [
		[nine, 2],
		[nine + 30_000, 1],
	]);
	assert.deepEqual(
		pairsOf(columns.p95).map(([, value]) => value),
		[null, null],
	);
	assert.deepEqual(
		pairsOf(columns.p99).map(([, value]) => value),
		[4, null],
	);
	assert.equal(dropped, 0);
});

test('for any list, times strictly increase, and every known value comes from the list', () => {
	const point = fc.oneof(
		fc.record({
			timestamp: fc.integer({min: 0, max: 30}).map(at),
			value: fc.oneof(fc.double(), fc.string(), fc.constant(null)),
		}),
		fc.anything(),
	);
	fc.assert(
		fc.property(fc.array(point), list => {
			const {columns} = readColumns(list, ['value'], createTimeReader());
			const {times: found, values} = columns.value;
			for (const [index, time] of found.entries()) {
				assert.ok(index === 0 || time > (found[index - 1] ?? 0));
				const value = values[index] ?? 0;
				assert.ok(Number.isNaN(value) || (value >= 0 && value <= Number.MAX_SAFE_INTEGER));
				const isServed = list.some(
					one => typeof one === 'object' && one !== null && 'value' in one && Object.is(one.value, value),
				);
				assert.ok(Number.isNaN(value) || isServed);
			}
		}),
	);
});

test('in a list that is longer than any window, only the last points are parsed, and the others are counted', () => {
	const list = Array.from({length: 30_000}, (_, index) => ({
		timestamp: new Date(index * 1000).toISOString(),
		value: index,
	}));
	const {columns, dropped} = readColumns(list, ['value'], createTimeReader());
	assert.equal(columns.value.times.length, 20_480);
	assert.equal(columns.value.values.at(-1), 29_999);
	assert.equal(dropped, 30_000 - 20_480);
});
