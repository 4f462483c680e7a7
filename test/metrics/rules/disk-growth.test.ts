import assert from 'node:assert/strict';
import {test} from 'node:test';
import {minSteadySamples, steadyBand, steadyFrom, timeToFullMs} from '../../../source/metrics/rules/disk-growth.ts';
import {pointsOf} from '../../helpers/points.ts';

const minute = 60_000;

function shares(value: (minute: number) => number | null, count = 60) {
	return pointsOf(...Array.from({length: count}, (_, index) => [index * minute, value(index)] as const));
}

test('the time until a steadily filling disk is full is the remaining share divided by the growth per minute', () => {
	assert.equal(Math.round((timeToFullMs(shares(index => 0.5 + index / 1000)) ?? 0) / minute), 441);
});

test('noise on steady growth hardly changes the time until full', () => {
	const noisy = timeToFullMs(shares(index => 0.5 + index / 1000 + (index % 2 === 0 ? 0.002 : -0.002)));
	assert.ok(Math.abs((noisy ?? 0) / minute - 441) < 12, String(noisy));
});

test("gaps don't change the time until full", () => {
	const gaps = timeToFullMs(shares(index => (index > 20 && index < 40 ? null : 0.5 + index / 1000)));
	assert.equal(Math.round((gaps ?? 0) / minute), 441);
});

test('the time until full is known with the minimum number of samples', () => {
	const few = timeToFullMs(shares(index => 0.5 + index / 100, minSteadySamples));
	assert.equal(Math.round((few ?? 0) / minute), 51 - minSteadySamples);
});

/** Returns growth from 0.4 by 0.001 per minute, with enough noise that a line explains only this part (R²) of it. */
function growthWith(explained: number): (minute: number) => number {
	const variance = 59 ** 2 / 12 / 1000 ** 2;
	const noise = Math.sqrt((variance * (1 - explained)) / explained);
	return index => 0.4 + index / 1000 + (index % 2 === 1 ? noise : -noise);
}

/** Returns steady growth to 0.7, whose newest sample is this much below its highest one. */
function growthThatFell(fall: number): (minute: number) => number {
	return index => (index < 59 ? 0.7 - (58 - index) / 200 : 0.7 - fall);
}

test('growth is steady if a line explains enough of it, and if its newest sample is close to the highest', () => {
	const isSteady = (value: (minute: number) => number): boolean => timeToFullMs(shares(value)) !== undefined;
	assert.ok(isSteady(growthWith(steadyFrom + 0.02)));
	assert.ok(!isSteady(growthWith(steadyFrom - 0.02)));
	assert.ok(isSteady(growthThatFell(steadyBand - 0.001)));
	assert.ok(!isSteady(growthThatFell(steadyBand + 0.001)));
});

const unsteady: ReadonlyArray<readonly [name: string, value: (minute: number) => number | null, count?: number]> = [
	["usage that doesn't grow", () => 0.5],
	['usage that shrinks', index => 0.9 - index / 1000],
	['one jump', index => (index < 30 ? 0.3 : 0.6)],
	['storage that was emptied at the end', index => (index < 55 ? 0.3 + index / 100 : 0.3)],
	['a sawtooth', index => 0.3 + (index % 20) / 100],
	['a series with too few samples', index => 0.5 + index / 100, minSteadySamples - 1],
	['a series without values', () => null],
	['full storage', () => 1],
];

for (const [name, value, count] of unsteady) {
	test(`${name} has no time until full`, () => {
		assert.equal(timeToFullMs(shares(value, count)), undefined);
	});
}
