import assert from 'node:assert/strict';
import {test} from 'node:test';
import {parseMoment, resolveMoment} from '../../source/command-line/moment.ts';

/** A quarter to eleven in the evening, and ten seconds. */
const startMs = Date.UTC(2026, 10, 23, 22, 45, 10);

function momentOf(text: string): number {
	const parsed = parseMoment(text);
	return 'value' in parsed ? resolveMoment(parsed.value, startMs, 'utc') : assert.fail(parsed.mistake);
}

const moments: ReadonlyArray<readonly [text: string, expected: number]> = [
	['22:50', Date.UTC(2026, 10, 23, 22, 50)],
	['22:50:07', Date.UTC(2026, 10, 23, 22, 50, 7)],
	['22:45', Date.UTC(2026, 10, 23, 22, 45)],
	['22:44', Date.UTC(2026, 10, 24, 22, 44)],
	['3:05', Date.UTC(2026, 10, 24, 3, 5)],
	['00:00', Date.UTC(2026, 10, 24)],
	['2026-11-25 14:03', Date.UTC(2026, 10, 25, 14, 3)],
	['2026-11-25T14:03:20', Date.UTC(2026, 10, 25, 14, 3, 20)],
	['2026-11-25T14:03:20Z', Date.UTC(2026, 10, 25, 14, 3, 20)],
	['2026-11-25T14:03:20+02:00', Date.UTC(2026, 10, 25, 12, 3, 20)],
	['+90m', startMs + 5_400_000],
	['+1h30m', startMs + 5_400_000],
	['+5', startMs + 5000],
];

for (const [text, expected] of moments) {
	test(`${text} is ${new Date(expected).toISOString()} in a recording from 22:45:10 on`, () => {
		assert.equal(new Date(momentOf(text)).toISOString(), new Date(expected).toISOString());
	});
}

for (const text of ['', '24:00', '12:60', '12', 'noon', '-5m', '+', '+x', '2026-02-30 10:00', '2026-11-25', '1:2:3']) {
	test(`"${text}" is not a time of a recording`, () => {
		const parsed = parseMoment(text);
		assert.ok('mistake' in parsed);
		assert.match(parsed.mistake, /isn't a time\. Use one such as 14:03/);
	});
}

test('by the clock of the local zone it is the time that the clock there showed', () => {
	const parsed = parseMoment('23:15');
	assert.ok('value' in parsed);
	const local = new Date(resolveMoment(parsed.value, startMs, 'local'));
	assert.deepEqual([local.getHours(), local.getMinutes()], [23, 15]);
	assert.ok(Math.abs(local.getTime() - startMs) <= 86_400_000);
});
