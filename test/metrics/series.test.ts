import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {mergePoints} from '../../source/metrics/points-merger.ts';
import {
	addPoints,
	findRuns,
	gapThreshold,
	medianSpacing,
	positionOf,
	SeriesMemo,
	statistics,
	valueNear,
} from '../../source/metrics/series.ts';
import {pairsOf, pointsOf} from '../helpers/points.ts';

const anyPoints = fc
	.uniqueArray(fc.tuple(fc.integer({min: 0, max: 500}), fc.option(fc.double({noNaN: true, noDefaultInfinity: true}))), {
		selector: ([time]) => time,
		maxLength: 40,
	})
	.map(pairs => pointsOf(...pairs.sort(([a], [b]) => a - b)));

test('merging keeps every time at or after `fromMs` once, in order, and uses the fresh value for a shared time', () => {
	fc.assert(
		fc.property(anyPoints, anyPoints, fc.integer({min: 0, max: 500}), (known, fresh, fromMs) => {
			const expected = new Map([...pairsOf(known), ...pairsOf(fresh)].filter(([time]) => time >= fromMs));
			const sorted = [...expected].sort(([a], [b]) => a - b);
			assert.deepEqual(pairsOf(mergePoints(known, fresh, fromMs)), sorted);
		}),
	);
});

test('merging the same response again changes nothing', () => {
	fc.assert(
		fc.property(anyPoints, anyPoints, (known, fresh) => {
			const once = mergePoints(known, fresh, 0);
			assert.deepEqual(pairsOf(mergePoints(once, fresh, 0)), pairsOf(once));
		}),
	);
});

test('a series that a response neither extends nor changes remains the same object', () => {
	const known = pointsOf([0, 1], [30, null], [60, 3]);
	assert.equal(mergePoints(known, pointsOf([30, null], [60, 3]), 0), known);
	assert.equal(mergePoints(known, pointsOf(), 0), known);
	assert.notEqual(mergePoints(known, pointsOf([60, 4]), 0), known);
	assert.notEqual(mergePoints(known, pointsOf([60, null]), 0), known);
	assert.notEqual(mergePoints(known, pointsOf([30, 2]), 0), known);
	assert.notEqual(mergePoints(known, pointsOf([90, 3]), 0), known);
	assert.notEqual(mergePoints(known, pointsOf([60, 3]), 30), known);
});

test('values derived from a series are cached until the series or another input changes', () => {
	const memo = new SeriesMemo<number>();
	let times = 0;
	const count = (): number => ++times;
	const points = pointsOf([0, 1]);
	assert.equal(memo.get(points, [80, Number.NaN], count), 1);
	assert.equal(memo.get({...points}, [80, Number.NaN], count), 1);
	assert.equal(memo.get(points, [81, Number.NaN], count), 2);
	assert.equal(memo.get(points, [80, Number.NaN], count), 1, 'fewer than two results of a series are kept');
	assert.equal(memo.get(points, [80], count), 3);
	assert.equal(memo.get(pointsOf([0, 1]), [80], count), 4);
	assert.equal(memo.get({...points, times: Float64Array.of(1)}, [80], count), 5);
});

test('a run of values below a limit ends where a value reaches the limit', () => {
	const points = pointsOf([0, 1], [30, 5], [60, 3], [90, 2], [120, null]);
	assert.deepEqual(findRuns(points, 30, 5), [
		{first: 0, last: 0},
		{first: 2, last: 3},
	]);
});

test('the position of a time is that of the first point at or after it', () => {
	fc.assert(
		fc.property(anyPoints, fc.integer({min: -10, max: 510}), (points, time) => {
			const found = [...points.times].findIndex(other => other >= time);
			assert.equal(positionOf(points, time), found < 0 ? points.times.length : found);
		}),
	);
});

const spacings = [
	{name: 'an empty series', points: pointsOf(), stepMs: 30, median: 0, threshold: 45},
	{name: 'one point', points: pointsOf([10, 1]), stepMs: 30, median: 0, threshold: 45},
	{name: 'points a step apart', points: pointsOf([0, 1], [30, 1], [60, 1]), stepMs: 30, median: 30, threshold: 45},
	{
		name: 'points that are farther apart than the step',
		points: pointsOf([0, 1], [30, 1], [60, 1]),
		stepMs: 15,
		median: 30,
		threshold: 45,
	},
	{
		name: 'points with one gap',
		points: pointsOf([0, 1], [30, 1], [300, 1], [330, 1]),
		stepMs: 15,
		median: 30,
		threshold: 45,
	},
];

for (const {name, points, stepMs, median, threshold} of spacings) {
	test(`the spacing and the gap threshold are correct for ${name}`, () => {
		assert.equal(medianSpacing(points), median);
		assert.equal(gapThreshold(points, stepMs), threshold);
	});
}

const runs = [
	{name: 'an empty series', points: pointsOf(), expected: []},
	{name: 'one point', points: pointsOf([0, 1]), expected: [[0, 0]]},
	{name: 'no gap', points: pointsOf([0, 1], [30, 2], [60, 3]), expected: [[0, 2]]},
	{
		name: 'a gap',
		points: pointsOf([0, 1], [30, 2], [120, 3], [150, 4], [180, 5]),
		expected: [
			[0, 1],
			[2, 4],
		],
	},
	{
		name: 'an unknown value',
		points: pointsOf([0, 1], [30, null], [60, 3]),
		expected: [
			[0, 0],
			[2, 2],
		],
	},
	{name: 'only unknown values', points: pointsOf([0, null], [30, null]), expected: []},
	{name: 'points exactly one and a half steps apart', points: pointsOf([0, 1], [45, 2]), expected: [[0, 1]]},
];

for (const {name, points, expected} of runs) {
	test(`runs end at gaps and unknown values: ${name}`, () => {
		assert.deepEqual(
			findRuns(points, 30).map(({first, last}) => [first, last]),
			expected,
		);
	});
}

const nears = [
	{name: 'the sample itself', time: 30, tolerance: 0, expected: 2},
	{name: 'the nearer of two', time: 44, tolerance: 30, expected: 2},
	{name: 'the later of two that are equally near', time: 45, tolerance: 30, expected: 3},
	{name: 'the last sample, for a time after it', time: 100, tolerance: 40, expected: 3},
	{name: 'unknown if the nearest sample is too far away', time: 101, tolerance: 40, expected: undefined},
	{name: 'unknown if the nearest sample has no value', time: 2, tolerance: 40, expected: undefined},
];

for (const {name, time, tolerance, expected} of nears) {
	test(`the value near a time is ${name}`, () => {
		assert.equal(valueNear(pointsOf([0, null], [30, 2], [60, 3]), time, tolerance), expected);
	});
}

test('an empty series has no value near any time', () => {
	assert.equal(valueNear(pointsOf(), 0, 1e9), undefined);
});

test('statistics use only known values; without any, the mean and the extremes are undefined', () => {
	assert.deepEqual(statistics(pointsOf([0, 1], [1, null], [2, 5])), {count: 2, sum: 6, mean: 3, lowest: 1, peak: 5});
	assert.deepEqual(statistics(pointsOf([0, null])), {
		count: 0,
		sum: 0,
		mean: undefined,
		lowest: undefined,
		peak: undefined,
	});
});

test('a sum of series is unknown where a value is unknown, but not where a sample is missing', () => {
	const sum = addPoints([pointsOf([0, 1], [30, 2], [60, null]), pointsOf([0, 10], [60, 5], [90, 7])]);
	assert.deepEqual(pairsOf(sum), [
		[0, 11],
		[30, 2],
		[60, null],
		[90, 7],
	]);
});
