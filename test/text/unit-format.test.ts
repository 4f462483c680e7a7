import assert from 'node:assert/strict';
import {test} from 'node:test';
import {typedKeys} from '../../source/api/points.ts';
import type {Unit} from '../../source/metrics/metric-table.ts';
import {chartTitle, formatAmount, formatOf} from '../../source/text/unit-format.ts';
import {usualValues} from '../helpers/served-fields.ts';

const gibibyte = 1024 ** 3;

const cases: ReadonlyArray<
	readonly [unit: Unit, value: number, limit: number | undefined, alone: string, amount: string]
> = [
	['cores', 22.5, 96, '22.5', '22.5 of 96.0 cores'],
	['cores', 22.5, undefined, '22.5', '22.5 cores'],
	['bytes', 302 * gibibyte, 977 * gibibyte, '302G', '302/977 GiB'],
	['bytes', 302 * gibibyte, undefined, '302G', '302 GiB'],
	['ratio', 0.36, undefined, '36%', '36%'],
	['ms', 123, undefined, '123ms', '123ms'],
	['requests', 7, 10, '7', '7 of 10'],
	['requests/s', 12.34, undefined, '12.3/s', '12.3/s'],
];

for (const [unit, value, limit, alone, amount] of cases) {
	test(`${value} ${unit} is shown as ${alone}; the amount with${limit === undefined ? 'out' : ''} a limit is ${amount}`, () => {
		assert.equal(formatOf[unit](value), alone);
		assert.equal(formatAmount(unit, value, limit), amount);
	});
}

test('an unknown value has no unit', () => {
	for (const format of Object.values(formatOf)) {
		assert.equal(format(undefined), '–');
		assert.equal(format(Number.NaN), '–');
	}
});

for (const unit of typedKeys(usualValues)) {
	const {value, texts} = usualValues[unit];
	test(`the usual value in ${unit} is formatted as ${texts.join(' or ')}`, () => {
		assert.equal(formatAmount(unit, value, undefined), texts[0]);
		assert.ok(texts.includes(formatOf[unit](value)), formatOf[unit](value));
	});
}

for (const [label, unit, title] of [
	['RAM', 'bytes', 'RAM'],
	['in progress', 'requests', 'in progress'],
	['requests', 'requests/s', 'requests per second'],
	['page faults', 'faults/s', 'page faults per second'],
	['network in', 'bytes/s', 'network in, bytes per second'],
] as const) {
	test(`the title of a chart of ${label} in ${unit} is ${title}`, () => {
		assert.equal(chartTitle(label, unit), title);
	});
}
