import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {alignedRange, columnOf, resample} from '../../source/view/resample.ts';
import {pointsOf} from '../helpers/points.ts';

const range = {startMs: 0, endMs: 100};
const peak = {stepMs: 10, summary: 'peak'} as const;

const cases = [
	{
		name: 'a sample in each column is drawn unchanged',
		points: pointsOf([0, 1], [10, 2], [20, 3]),
		columns: 10,
		expected: [1, 2, 3],
	},
	{
		name: 'a sample fills the columns until the next one if there are more columns than samples',
		points: pointsOf([0, 1], [10, 2]),
		columns: 20,
		expected: [1, 1, 2],
	},
	{
		name: 'a gap stays a gap',
		points: pointsOf([0, 1], [10, 1], [50, 2], [60, 2]),
		columns: 10,
		expected: [1, 1, undefined, undefined, undefined, 2, 2],
	},
	{
		name: 'an unknown value is a gap',
		points: pointsOf([0, 1], [10, null], [20, 3]),
		columns: 10,
		expected: [1, undefined, 3],
	},
	{
		name: 'samples that share a column are drawn as their peak',
		points: pointsOf([0, 1], [5, 9], [8, 2], [12, 3]),
		columns: 10,
		expected: [9, 3],
	},
	{
		name: 'samples outside the range are left out',
		points: pointsOf([-20, 1], [-10, 2], [0, 3], [100, 4], [110, 5]),
		columns: 10,
		expected: [3, ...Array.from({length: 8}, () => undefined), 4],
	},
	{name: 'an empty series has no values', points: pointsOf(), columns: 10, expected: []},
];

for (const {name, points, columns, expected} of cases) {
	test(name, () => {
		assert.deepEqual(
			resample(points, range, columns, peak),
			Array.from({length: columns}, (_, column) => expected[column]),
		);
	});
}

test('samples that share a column can be summarized by their mean', () => {
	const values = resample(pointsOf([0, 1], [5, 3], [8, 5], [20, 9]), range, 10, {stepMs: 10, summary: 'mean'});
	assert.deepEqual(values.slice(0, 3), [3, 5, 9]);
});

test('the column of the newest sample shows only that sample, regardless of the summary', () => {
	for (const summary of ['mean', 'peak', 'low'] as const) {
		assert.equal(resample(pointsOf([0, 5], [2, 9], [4, 7]), range, 10, {stepMs: 10, summary})[0], 7);
	}
});

test('samples that share a column can be summarized by their lowest value', () => {
	const values = resample(pointsOf([0, 4], [5, 3], [8, 5], [12, 9]), range, 10, {stepMs: 10, summary: 'low'});
	assert.deepEqual(values.slice(0, 2), [3, 9]);
});

test('each drawn value is a sample; the newest is drawn, as is the highest unless the newest shares its column', () => {
	const series = fc
		.uniqueArray(fc.tuple(fc.integer({min: 0, max: 100}), fc.integer({min: 0, max: 1000})), {
			selector: ([time]) => time,
			minLength: 1,
		})
		.map(pairs => pointsOf(...pairs.sort(([a], [b]) => a - b)));
	fc.assert(
		fc.property(series, fc.integer({min: 1, max: 150}), (points, columns) => {
			const values = resample(points, range, columns, peak);
			assert.equal(values.length, columns);
			const known = values.filter(value => value !== undefined);
			for (const value of known) {
				assert.ok(points.values.includes(value));
			}

			const newestColumn = columnOf(points.times.at(-1) ?? 0, range, columns);
			const newest = points.values.at(-1) ?? 0;
			assert.equal(values[newestColumn], newest);
			const others = Array.from(points.values).filter(
				(_, index) => columnOf(points.times[index] ?? 0, range, columns) !== newestColumn,
			);
			assert.equal(Math.max(...known), Math.max(newest, ...others));
		}),
	);
});

test('the last column contains the end of the range', () => {
	assert.equal(columnOf(100, range, 10), 9);
	assert.equal(columnOf(0, range, 10), 0);
	assert.equal(columnOf(99.9, range, 10), 9);
	assert.equal(columnOf(-1, range, 10), -1);
});

const extremes = {stepMs: 1, summary: 'extremes'} as const;

test('each pair of columns shows its lowest and its highest sample, in the order in which they occurred', () => {
	const saw = pointsOf(
		...Array.from({length: 100}, (_, index): [number, number] => [index, index % 20 === 7 ? 0 : 90]),
	);
	const values = resample(saw, range, 10, extremes);
	assert.deepEqual(values, [0, 90, 0, 90, 0, 90, 0, 90, 0, 90]);
	assert.deepEqual(resample(pointsOf([0, 5], [1, 9], [15, 2], [30, 7]), range, 10, extremes).slice(0, 2), [9, 2]);
});

test('one sample among a hundred in a window is never lost, except in the column of the newest sample', () => {
	for (let at = 0; at < 99; at++) {
		for (const columns of [4, 7, 16, 33, 60]) {
			const points = pointsOf(
				...Array.from({length: 100}, (_, time): [number, number] => [time, time === at ? 0 : 90]),
			);
			const values = resample(points, range, columns, extremes);
			const newest = columnOf(99, range, columns);
			assert.ok(values.includes(0) || columnOf(at, range, columns) === newest, `sample ${at} in ${columns} columns`);
			assert.equal(values[newest], 90);
		}
	}
});

test('as time passes, columns move in pairs and keep their values', () => {
	const all = Array.from({length: 400}, (_, index): [number, number] => [index * 10, (index * 7919) % 101]);
	const columns = 24;
	const drawnAt = (endMs: number) => {
		const moving = alignedRange({startMs: endMs - 1000, endMs}, columns);
		const points = pointsOf(...all.filter(([time]) => time <= endMs));
		return {startMs: moving.startMs, values: resample(points, moving, columns, {stepMs: 10, summary: 'extremes'})};
	};
	let before = drawnAt(2000);
	for (let endMs = 2010; endMs < 3000; endMs += 10) {
		const now = drawnAt(endMs);
		const moved = Math.round(((now.startMs - before.startMs) / 1000) * columns);
		assert.ok(moved === 0 || moved === 2);
		// The first two columns lose samples, and the last columns are still being filled.
		assert.deepEqual(now.values.slice(2, columns - 5), before.values.slice(2 + moved, columns - 5 + moved));
		before = now;
	}
});
