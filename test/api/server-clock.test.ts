import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createServerClock} from '../../source/api/server-clock.ts';

const nine = Date.UTC(2026, 10, 23, 9);
const hour = 3_600_000;

/** A local clock that differs from the true one, which the test moves. */
function wrongBy(differenceMs: number) {
	const time = {trueMs: nine, differenceMs};
	const clock = createServerClock(() => time.trueMs + time.differenceMs);
	return {time, ...clock};
}

for (const differenceMs of [-2 * hour, 3 * hour, -21_000, 21_000]) {
	test(`a clock that is wrong by ${differenceMs / 1000} s is put right by what the server says, and goes on`, () => {
		const {time, now, notice} = wrongBy(differenceMs);
		assert.equal(now(), nine + differenceMs);
		notice(time.trueMs);
		assert.equal(now(), nine);
		time.trueMs += hour;
		assert.equal(now(), nine + hour);
	});
}

for (const differenceMs of [0, -19_000, 19_000]) {
	test(`a clock that is wrong by ${differenceMs / 1000} s is taken as it is`, () => {
		const {time, now, notice} = wrongBy(differenceMs);
		notice(time.trueMs);
		assert.equal(now(), nine + differenceMs);
	});
}

for (const serverMs of [
	0,
	Date.UTC(2024, 11, 31),
	Date.UTC(2100, 0, 1),
	8.64e15,
	Number.NaN,
	Number.POSITIVE_INFINITY,
]) {
	test(`a server that says it is ${serverMs} moves no clock`, () => {
		const {time, now, notice} = wrongBy(0);
		notice(serverMs);
		assert.equal(now(), nine);
		time.differenceMs = -2 * hour;
		notice(time.trueMs);
		notice(serverMs);
		assert.equal(now(), nine);
	});
}

test('small differences from answer to answer move nothing', () => {
	const {time, now, notice} = wrongBy(-2 * hour);
	notice(time.trueMs);
	for (const lateMs of [-1000, 0, -15_000, -400]) {
		time.trueMs += 10_000;
		notice(time.trueMs + lateMs);
		assert.equal(now(), time.trueMs);
	}
});

test('a clock that is set while the program runs is put right again, and taken as it is once it is right', () => {
	const {time, now, notice} = wrongBy(0);
	notice(time.trueMs);
	time.differenceMs = -hour;
	notice(time.trueMs);
	assert.equal(now(), time.trueMs);
	time.differenceMs = 2000;
	notice(time.trueMs);
	assert.equal(now(), time.trueMs + 2000);
});
