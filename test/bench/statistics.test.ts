import assert from 'node:assert/strict';
import {test} from 'node:test';
import {fitLine, median, quantile} from './statistics.ts';

test('the median is the middle value, or the mean of the two middle values', () => {
	assert.equal(median([3, 1, 2]), 2);
	assert.equal(median([4, 1, 2, 10]), 3);
	assert.ok(Number.isNaN(median([])));
});

test('a quantile is one of the values', () => {
	const values = Array.from({length: 20}, (_, index) => 20 - index);
	assert.equal(quantile(values, 0.95), 19);
	assert.equal(quantile(values, 0.5), 10);
	assert.equal(quantile([7], 0.95), 7);
	assert.ok(Number.isNaN(quantile([], 0.5)));
});

test('a line is fitted by least squares', () => {
	assert.deepEqual(
		fitLine([
			[0, 1],
			[1, 3],
			[2, 5],
		]),
		{base: 1, slope: 2},
	);
	const {base, slope} = fitLine([
		[0, 0],
		[1, 2],
		[2, 1],
	]);
	assert.deepEqual([base, slope], [0.5, 0.5]);
	assert.deepEqual(
		fitLine([
			[5, 1],
			[5, 3],
		]),
		{base: 2, slope: 0},
	);
});
