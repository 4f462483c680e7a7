import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Points} from '../../source/api/points.ts';
import {
	comparisonOffsetMs,
	differenceAt,
	differenceOf,
	differenceOfMeans,
	shiftPoints,
} from '../../source/metrics/windows.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;

function series(startMs: number, values: readonly number[], stepMs = minuteMs): Points {
	return {times: Float64Array.from(values, (_, index) => startMs + index * stepMs), values: Float64Array.from(values)};
}

test('a comparison goes back by the length of the window, a day, or a week', () => {
	assert.deepEqual(
		(['off', 'window', '1d', '7d'] as const).map(comparison => comparisonOffsetMs(comparison, 3 * minuteMs)),
		[0, 3 * minuteMs, dayMs, 7 * dayMs],
	);
});

test('series that share their times also share the shifted times', () => {
	const points = series(0, [1, 2, 3]);
	const other = {times: points.times, values: Float64Array.of(4, 5, 6)};
	const later = shiftPoints(points, dayMs);
	assert.deepEqual([...later.times], [dayMs, dayMs + minuteMs, dayMs + 2 * minuteMs]);
	assert.equal(shiftPoints(other, dayMs).times, later.times);
	assert.equal(shiftPoints(other, minuteMs).times[0], minuteMs);
});

for (const [now, before, ratio] of [
	[141, 100, 0.41],
	[50, 100, -0.5],
	[0, 100, -1],
	[5, 0, undefined],
	[0, 0, undefined],
	[undefined, 100, undefined],
	[5, undefined, undefined],
] as const) {
	test(`the relative change from ${before} to ${now} is ${ratio}`, () => {
		const difference = differenceOf(now, before);
		assert.equal(difference.before, before);
		assert.equal(difference.ratio === undefined ? undefined : Math.round(difference.ratio * 1000) / 1000, ratio);
	});
}

const now = series(dayMs, [10, 20, 30]);

test('a value is compared with the sample at the corresponding earlier time, and never with one beyond a gap', () => {
	const at = {timeMs: dayMs + 2 * minuteMs, offsetMs: dayMs, stepMs: minuteMs};
	assert.deepEqual(differenceAt({points: now, now: 30}, series(0, [5, 10, 15]), at), {before: 15, ratio: 1});
	const ended = series(-10 * minuteMs, [5, 10, 15]);
	assert.deepEqual(differenceAt({points: now, now: 30}, ended, at), {before: undefined, ratio: undefined});
	const unknown = series(0, [5, 10, Number.NaN]);
	assert.deepEqual(differenceAt({points: now, now: 30}, unknown, at), {before: undefined, ratio: undefined});
	const none = series(0, []);
	assert.deepEqual(differenceAt({points: now, now: 30}, none, at), {before: undefined, ratio: undefined});
});

test('series with different steps are aligned by time but have no ratio, because they are different aggregates', () => {
	const coarse = series(0, [5, 15, 25], 2 * minuteMs);
	const at = {timeMs: dayMs + 2 * minuteMs, offsetMs: dayMs, stepMs: minuteMs};
	assert.deepEqual(differenceAt({points: now, now: 30}, coarse, at), {before: 15, ratio: undefined});
});

test('means cover the same range, and are unknown if the comparison has too few samples', () => {
	const reference = series(-2 * minuteMs, [1000, 1000, 10, 10, 10, 1000]);
	assert.deepEqual(differenceOfMeans(now, reference, dayMs), {before: 10, ratio: 1});
	const few = series(2 * minuteMs, [10, 1000]);
	assert.deepEqual(differenceOfMeans(now, few, dayMs), {before: undefined, ratio: undefined});
	assert.deepEqual(differenceOfMeans(series(0, []), reference, dayMs), {before: undefined, ratio: undefined});
	const coarse = series(0, [5, 15], 2 * minuteMs);
	assert.deepEqual(differenceOfMeans(now, coarse, dayMs), {before: 10, ratio: undefined});
});
