import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readProc, readPs, usageOf} from './process-usage.ts';

test("the CPU time, user and system, and the memory are read from /proc, regardless of the program's name", () => {
	const stat = `4242 (a) b (c) S 1 4242 4242 34816 4242 4194304 9000 0 3 0 250 50 7 8 20 0 11 0 1234 999 777`;
	const status = 'Name:\ta) b (c\nVmHWM:\t   99999 kB\nVmRSS:\t   51200 kB\nRssAnon:\t   20480 kB\nThreads:\t11\n';
	const [residentBytes, privateBytes] = [50 * 1024 * 1024, 20 * 1024 * 1024];
	assert.deepEqual(readProc(stat, status), {cpuSeconds: 3, residentBytes, privateBytes});
});

for (const [line, cpuSeconds] of [
	['  0:01.25  51200', 1.25],
	['00:01:02  51200', 62],
	['1-02:03:04 51200', 93_784],
] as const) {
	test(`readPs parses ${line.trim()}`, () => {
		assert.deepEqual(readPs(line), {cpuSeconds, residentBytes: 50 * 1024 * 1024, privateBytes: undefined});
	});
}

test('this process has used some CPU time and memory', () => {
	const {cpuSeconds, residentBytes} = usageOf(process.pid);
	assert.ok(cpuSeconds > 0 && cpuSeconds < 600);
	assert.ok(residentBytes > 1e7 && residentBytes < 1e10);
});
