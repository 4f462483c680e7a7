import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {parseDuration, parseInterval, showDuration} from '../../source/command-line/moment.ts';

const durations: ReadonlyArray<readonly [text: string, milliseconds: number]> = [
	['10', 10_000],
	['10s', 10_000],
	['010s', 10_000],
	['0', 0],
	['1m', 60_000],
	['90s', 90_000],
	['1m30s', 90_000],
	['1h', 3_600_000],
	['1h1s', 3_601_000],
	['1h2m3s', 3_723_000],
];

for (const [text, milliseconds] of durations) {
	test(`parseDuration reads ${text} as ${milliseconds} ms`, () => {
		assert.equal(parseDuration(text), milliseconds);
	});
}

for (const text of [
	'',
	' ',
	's',
	'm',
	'-5',
	'+5',
	'1.5s',
	'1,5',
	'10ms',
	'10 s',
	'1m30',
	'30s1m',
	'1s1s',
	'1d',
	'0x10',
	'1e3',
	'٣s',
	'5S',
]) {
	test(`parseDuration refuses "${text}"`, () => {
		assert.equal(parseDuration(text), undefined);
	});
}

test('parseDuration adds up hours, minutes and seconds', () => {
	const count = fc.integer({min: 0, max: 100_000});
	fc.assert(
		fc.property(count, count, count, (hours, minutes, seconds) => {
			const milliseconds = ((hours * 60 + minutes) * 60 + seconds) * 1000;
			assert.equal(parseDuration(`${hours}h${minutes}m${seconds}s`), milliseconds);
			assert.equal(parseDuration(showDuration(milliseconds)), milliseconds);
		}),
	);
});

for (const [milliseconds, text] of [
	[0, '0s'],
	[10_000, '10s'],
	[90_000, '1m30s'],
	[180_000, '3m'],
	[3_600_000, '1h'],
	[3_601_000, '1h1s'],
	[86_400_000, '24h'],
] as const) {
	test(`showDuration writes ${milliseconds} ms as ${text}`, () => {
		assert.equal(showDuration(milliseconds), text);
	});
}

for (const [text, milliseconds] of [
	['2', 2000],
	['2s', 2000],
	['60m', 3_600_000],
	['1h', 3_600_000],
] as const) {
	test(`parseInterval accepts ${text}`, () => {
		assert.deepEqual(parseInterval(text), {value: milliseconds});
	});
}

for (const [text, mistake] of [
	['1', '1 is out of range. Use 2s to 1h.'],
	['0s', '0s is out of range. Use 2s to 1h.'],
	['3601', '3601 is out of range. Use 2s to 1h.'],
	['1h1s', '1h1s is out of range. Use 2s to 1h.'],
	['soon', '"soon" isn\'t a duration. Use one such as 10, 10s, 1m or 1m30s.'],
	['\u{1B}[31mred\u{202E}', '"red" isn\'t a duration. Use one such as 10, 10s, 1m or 1m30s.'],
] as const) {
	test(`parseInterval refuses ${JSON.stringify(text)} and says why`, () => {
		assert.deepEqual(parseInterval(text), {mistake});
	});
}

test('parseInterval refuses a number with no end, and cuts it in its mistake', () => {
	assert.deepEqual(parseInterval('9'.repeat(500)), {mistake: `${'9'.repeat(59)}… is out of range. Use 2s to 1h.`});
});
