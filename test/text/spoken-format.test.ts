import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {sayCount, sayDuration, sayLatency, sayPercent, sayRate, sayShare} from '../../source/text/spoken-format.ts';

type Say = (value: number | undefined) => string;

const cases: ReadonlyArray<readonly [say: Say, value: number | undefined, words: string]> = [
	[sayCount, undefined, 'unknown'],
	[sayCount, Number.NaN, 'unknown'],
	[sayCount, 0, '0'],
	[sayCount, 0.0002, 'less than 0.001'],
	[sayCount, 0.042, '0.042'],
	[sayCount, 7, '7'],
	[sayCount, 12.34, '12.3'],
	[sayCount, 12_345.6, '12346'],
	[sayRate, 12.34, '12.3 per second'],
	[sayRate, undefined, 'unknown'],
	[sayLatency, 4.2, '4.2 milliseconds'],
	[sayLatency, 1890.4, '1890 milliseconds'],
	[sayLatency, 9999.6, '10 seconds'],
	[sayLatency, 125_000, '125 seconds'],
	[sayLatency, undefined, 'unknown'],
	[sayPercent, 0.884, '88 percent'],
	[sayPercent, 1, '100 percent'],
	[sayPercent, 0.9951, '99.5 percent'],
	[sayPercent, 0.9996, 'more than 99.9 percent'],
	[sayPercent, 0.0001, 'less than 0.1 percent'],
	[sayShare, 0.9995, 'more than 99.9 percent'],
	[sayPercent, undefined, 'unknown'],
	[sayShare, 0.9589, '95.9 percent'],
	[sayShare, 0.0002, '0.02 percent'],
	[sayShare, 0.000_02, 'less than 0.01 percent'],
	[sayShare, 0.9999, 'more than 99.9 percent'],
	[sayShare, 1, '100 percent'],
	[sayShare, 0, '0 percent'],
	[sayShare, undefined, 'unknown'],
];

for (const [say, value, words] of cases) {
	test(`${say.name}(${value}) returns "${words}"`, () => {
		assert.equal(say(value), words);
	});
}

for (const [milliseconds, words] of [
	[0, '0 seconds'],
	[-5000, '0 seconds'],
	[1000, '1 second'],
	[10_400, '10 seconds'],
	[90_000, '1 minute and 30 seconds'],
	[3_600_000, '1 hour'],
	[3_605_000, '1 hour and 5 seconds'],
	[93_784_000, '1 day and 2 hours'],
	[604_800_000, '7 days'],
] as const) {
	test(`sayDuration(${milliseconds}) returns "${words}"`, () => {
		assert.equal(sayDuration(milliseconds), words);
	});
}

test('no value above zero is called zero, and the text is ASCII without exponents or one-letter units', () => {
	fc.assert(
		fc.property(fc.double({min: 1e-9, max: 1e15, noNaN: true}), value => {
			for (const say of [sayCount, sayRate, sayLatency, sayShare]) {
				const words = say(value);
				assert.doesNotMatch(words, /^0(?!\.)/);
				assert.match(words, /^(?:less than |more than )?[\d.]+(?: times ten to the \d+)?(?: [a-z][a-z ]+)?$/);
			}
		}),
		{numRuns: 300},
	);
});
