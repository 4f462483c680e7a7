import assert from 'node:assert/strict';
import {test} from 'node:test';
import {retryWaitMs} from '../../source/polling/retry.ts';

const waits: ReadonlyArray<readonly [failures: number, seconds: number]> = [
	[1, 10],
	[2, 20],
	[3, 40],
	[4, 80],
	[5, 120],
	[6, 120],
	[1000, 120],
];

for (const [failures, seconds] of waits) {
	test(`the wait after failure ${failures} in a row is ${seconds} s, plus or minus a tenth`, () => {
		assert.equal(retryWaitMs(failures, 0.5), seconds * 1000);
		assert.equal(retryWaitMs(failures, 0), seconds * 900);
		assert.equal(retryWaitMs(failures, 0.999_999), seconds * 1100);
	});
}

const named: ReadonlyArray<readonly [retryAfterMs: number, minMs: number, maxMs: number]> = [
	[37_000, 37_000, 40_700],
	[300_000, 300_000, 330_000],
	[0, 2000, 2200],
	[1e12, 3_600_000, 3_960_000],
];

for (const [retryAfterMs, minMs, maxMs] of named) {
	test(`a specified wait of ${retryAfterMs} ms becomes at least ${minMs} ms and at most ${maxMs} ms`, () => {
		assert.equal(retryWaitMs(4, 0, retryAfterMs), minMs);
		assert.equal(retryWaitMs(4, 1, retryAfterMs), maxMs);
	});
}
