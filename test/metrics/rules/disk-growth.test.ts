import assert from 'node:assert/strict';
import {test} from 'node:test';
import {minSteadySamples, timeToFullMs} from '../../../source/metrics/rules/disk-growth.ts';
import {pointsOf} from '../../helpers/points.ts';

const minute = 60_000;

function shares(value: (minute: number) => number | null, count = 60) {
	return pointsOf(...Array.from({length: count}, (_, index) => [index * minute, value(index)] as const));
}

test('a disk that grows by a thousandth per minute is full when the remaining space is used up', () => {
	assert.equal(Math.round((timeToFullMs(shares(index => 0.5 + index / 1000)) ?? 0) / minute), 441);
});

test('noise on steady growth hardly changes the result', () => {
	const noisy = timeToFullMs(shares(index => 0.5 + index / 1000 + (index % 2 === 0 ? 0.002 : -0.002)));
	assert.ok(Math.abs((noisy ?? 0) / minute - 441) < 12, String(noisy));
});

test("gaps don't change the time until full", () => {
	const gaps = timeToFullMs(shares(index => (index > 20 && index < 40 ? null : 0.5 + index / 1000)));
	assert.equal(Math.round((gaps ?? 0) / minute), 441);
});

test('the minimum number of samples is enough', () => {
	const few = timeToFullMs(shares(index => 0.5 + index / 100, minSteadySamples));
	assert.equal(Math.round((few ?? 0) / minute), 51 - minSteadySamples);
});

const unsteady: ReadonlyArray<readonly [name: string, value: (minute: number) => number | null, count?: number]> = [
	["usage that doesn't grow", () => 0.5],
	['usage that shrinks', index => 0.9 - index / 1000],
	['one jump', index => (index < 30 ? 0.3 : 0.6)],
	['storage that was emptied at the end', index => (index < 55 ? 0.3 + index / 100 : 0.3)],
	['a sawtooth', index => 0.3 + (index % 20) / 100],
	['too few samples', index => 0.5 + index / 100, minSteadySamples - 1],
	['nothing', () => null],
	['full storage', () => 1],
];

for (const [name, value, count] of unsteady) {
	test(`${name} has no time until full`, () => {
		assert.equal(timeToFullMs(shares(value, count)), undefined);
	});
}
