import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {
	formatAge,
	formatBytes,
	formatCount,
	formatFineAge,
	formatGibibytes,
	formatGrouped,
	formatInterval,
	formatLatency,
	formatMemory,
	formatMoreThan,
	formatPercent,
	formatPercentIn,
	formatRate,
	formatShare,
	formatTimeLeft,
	formatWhole,
	trimZeros,
} from '../../source/text/format.ts';

const gibibyte = 1024 ** 3;
type Case = readonly [value: number | undefined, expected: string];

function table(name: string, format: (value: number | undefined) => string, cases: readonly Case[]): void {
	for (const [value, expected] of [...cases, [undefined, '–'], [Number.NaN, '–']] as const) {
		test(`${name}: ${value} is formatted as ${expected}`, () => {
			assert.equal(format(value), expected);
		});
	}
}

table('the count', formatCount, [
	[0, '0'],
	[0.0001, '<0.001'],
	[-0.0001, '>-0.001'],
	[0.042, '0.042'],
	[0.9994, '0.999'],
	[1, '1.00'],
	[9.99, '9.99'],
	[9.996, '10.0'],
	[12.34, '12.3'],
	[99.94, '99.9'],
	[99.96, '100'],
	[123.4, '123'],
	[999.4, '999'],
	[999.6, '1.00k'],
	[12_345, '12.3k'],
	[1_234_567, '1.23M'],
	[9.9e9, '9.90G'],
	[1e300, '1.0e+300'],
	[-5, '-5.00'],
]);

table('the rate', formatRate, [
	[12.34, '12.3/s'],
	[0, '0/s'],
]);

table('the number of requests in progress', formatWhole, [
	[7, '7'],
	[0, '0'],
	[7.25, '7.25'],
	[1234, '1.23k'],
]);

test('whole numbers have the same commas as with toLocaleString', () => {
	fc.assert(
		fc.property(fc.maxSafeInteger(), value => {
			assert.equal(formatGrouped(value), value.toLocaleString('en-US'));
		}),
	);
	assert.deepEqual([0, 999, 1000, 1_234_567].map(formatGrouped), ['0', '999', '1,000', '1,234,567']);
});

table('the latency in milliseconds', formatLatency, [
	[0, '0ms'],
	[0.42, '0.4ms'],
	[9.94, '9.9ms'],
	[9.96, '10ms'],
	[123, '123ms'],
	[999.4, '999ms'],
	[999.6, '1.00s'],
	[1890, '1.89s'],
	[9994, '9.99s'],
	[9996, '10.0s'],
	[61_240, '61.2s'],
	[125_000, '2m05s'],
	[3_599_000, '59m59s'],
	[5_400_000, '1h30m'],
	[720_000_000, '200h'],
]);

table('the fraction as a percentage', formatPercent, [
	[0, '0%'],
	[0.004, '0.4%'],
	[0.0004, '<0.1%'],
	[1e-12, '<0.1%'],
	[0.0094, '0.9%'],
	[0.0096, '1%'],
	[0.985, '99%'],
	[0.9951, '99.5%'],
	[0.9949, '99.5%'],
	[0.9994, '99.9%'],
	[0.9995, '>99.9%'],
	[1 - 1e-12, '>99.9%'],
	[0.02, '2%'],
	[0.875, '88%'],
	[1, '100%'],
	[1.7, '170%'],
	[-0.5, '-50%'],
	[1e9, '100G%'],
]);

table('the fraction as a share', formatShare, [
	[0, '0%'],
	[0.000_01, '<0.01%'],
	[0.0002, '0.02%'],
	[0.008, '0.8%'],
	[0.959, '95.9%'],
	[0.9994, '99.9%'],
	[0.9995, '>99.9%'],
	[0.9997, '>99.9%'],
	[1 - 1e-12, '>99.9%'],
	[1, '100%'],
]);

test('0% is shown only for exactly 0, and 100% only for exactly 1, even if the width is limited', () => {
	fc.assert(
		fc.property(fc.double({min: 0, max: 1, noNaN: true}), fraction => {
			for (const text of [formatPercent(fraction), formatShare(fraction), formatPercentIn(fraction, 4)]) {
				assert.equal(text === '0%', fraction === 0, text);
				assert.equal(text === '100%', fraction === 1, text);
			}

			assert.ok(formatPercentIn(fraction, 4).length <= 4);
		}),
	);
});

test('an age below ten minutes includes its seconds, unless there are none', () => {
	const ages = [59_999, 179_000, 180_000, 599_999, 600_000, 7_260_000].map(formatFineAge);
	assert.deepEqual(ages, ['59s', '2m59s', '3m', '9m59s', '10m', '2h']);
});

table('an exceeded limit in bytes', formatMoreThan, [
	[94.69 * 1024 ** 3, '>94G'],
	[1.29 * 1024 ** 4, '>1.2T'],
	[999.4 * 1024 ** 3, '>999G'],
	[999.9 * 1024 ** 3, '>0.9T'],
	[8 * 1024 ** 3, '>8G'],
	[512, '>512'],
	[0, '>0'],
]);

table('the bytes', formatBytes, [
	[0, '0'],
	[512, '512'],
	[1024, '1.0K'],
	[512 * 1024 ** 2, '512M'],
	[61.2 * gibibyte, '61.2G'],
	[302 * gibibyte, '302G'],
	[999.6 * gibibyte, '1.0T'],
	[1.2 * 1024 ** 4, '1.2T'],
]);

table('the bytes in GiB', formatGibibytes, [
	[0, '0.0'],
	[61.2 * gibibyte, '61.2'],
	[80 * gibibyte, '80.0'],
	[486.4 * gibibyte, '486'],
	[0.5 * gibibyte, '0.5'],
]);

test('the total memory is shown only if it is known', () => {
	assert.equal(formatMemory(61.2 * gibibyte, 80 * gibibyte), '61.2/80 GiB');
	assert.equal(formatMemory(61.2 * gibibyte, undefined), '61.2 GiB');
	assert.equal(formatMemory(undefined, 80 * gibibyte), '–/80 GiB');
});

const intervals: ReadonlyArray<readonly [number, string]> = [
	[2000, '2s'],
	[10_000, '10s'],
	[60_000, '1m'],
	[90_000, '1m30s'],
	[3_600_000, '1h'],
];

for (const [milliseconds, expected] of intervals) {
	test(`an interval of ${milliseconds} ms is formatted as ${expected}`, () => {
		assert.equal(formatInterval(milliseconds), expected);
	});
}

const ages: ReadonlyArray<readonly [number, string]> = [
	[-5000, '0s'],
	[999, '0s'],
	[59_999, '59s'],
	[60_000, '1m'],
	[3_599_999, '59m'],
	[7_200_000, '2h'],
	[172_800_000, '2d'],
];

for (const [milliseconds, expected] of ages) {
	test(`an age of ${milliseconds} ms is formatted as ${expected}`, () => {
		assert.equal(formatAge(milliseconds), expected);
	});
}

const trimmed: ReadonlyArray<readonly [string, string]> = [
	['2.50s', '2.5s'],
	['2.00s', '2s'],
	['10.0', '10'],
	['100ms', '100ms'],
	['100', '100'],
	['0', '0'],
	['0.050', '0.05'],
	['1.20k', '1.2k'],
];

for (const [text, expected] of trimmed) {
	test(`${text} without trailing zeros is ${expected}`, () => {
		assert.equal(trimZeros(text), expected);
	});
}

test('a remaining time is rounded to minutes, quarter hours, or hours, depending on its length', () => {
	for (const [ms, expected] of [
		[0, '1m'],
		[269_000, '4m'],
		[271_000, '5m'],
		[1_000_000, '15m'],
		[4_400_000, '75m'],
		[3_600_000, '1h'],
		[6_600_000, '2h'],
	] as const) {
		assert.equal(formatTimeLeft(ms), expected);
	}
});
