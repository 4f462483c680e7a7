import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {parseDuration, parseInterval} from '../../source/config/interval.ts';
import {thrownBy} from './fake-input.ts';

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
			assert.equal(parseDuration(`${hours}h${minutes}m${seconds}s`), ((hours * 60 + minutes) * 60 + seconds) * 1000);
		}),
	);
});

for (const [text, milliseconds] of [
	['2', 2000],
	['2s', 2000],
	['60m', 3_600_000],
	['1h', 3_600_000],
] as const) {
	test(`parseInterval accepts ${text}`, () => {
		assert.equal(parseInterval(text), milliseconds);
	});
}

for (const [text, sentence] of [
	['1', '--interval 1 is out of range: give 2s to 1h. See loops-top --help.'],
	['0s', '--interval 0s is out of range: give 2s to 1h. See loops-top --help.'],
	['3601', '--interval 3601 is out of range: give 2s to 1h. See loops-top --help.'],
	['1h1s', '--interval 1h1s is out of range: give 2s to 1h. See loops-top --help.'],
	['soon', '--interval "soon" is not a length of time: write 10, 10s, 1m or 1m30s. See loops-top --help.'],
	[
		'\u{1B}[31mred\u{202E}',
		'--interval "red" is not a length of time: write 10, 10s, 1m or 1m30s. See loops-top --help.',
	],
] as const) {
	test(`parseInterval refuses ${JSON.stringify(text)} with a sentence`, () => {
		const {message, exitCode} = thrownBy(() => parseInterval(text));
		assert.equal(message, sentence);
		assert.equal(exitCode, 2);
	});
}

test('parseInterval refuses a number with no end, and cuts it in its sentence', () => {
	const {message} = thrownBy(() => parseInterval('9'.repeat(500)));
	assert.match(message, /^--interval 9{59}… is out of range/);
});
