import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readPrices} from '../../source/api/prices.ts';

function priced(price: unknown, id: unknown = 'i'): object {
	return {instance_type: {id, name: 'H100', gpu_count: 1, gpu_type: null}, price};
}

function perHour(...entries: readonly unknown[]): ReadonlyMap<string, number> | undefined {
	return readPrices({instance_types: entries});
}

test('prices are dollars a minute, as a number or as a numeric string, and read as dollars an hour', () => {
	assert.deepEqual(
		perHour(priced(0.0625), priced('0.5', 'j'), priced(' 1 ', 'k')),
		new Map([
			['i', 3.75],
			['j', 30],
			['k', 60],
		]),
	);
});

for (const price of [
	0,
	-1,
	null,
	undefined,
	'',
	'many',
	'1e3',
	'-1',
	'0x10',
	Number.NaN,
	1e9,
	'99999999',
	[1],
	{},
	true,
]) {
	test(`${String(JSON.stringify(price))} is not a price, and the others are still read`, () => {
		assert.deepEqual(perHour(priced(price), priced(1, 'j')), new Map([['j', 60]]));
	});
}

for (const entry of [null, 7, 'i', [], {}, {price: 1}, {instance_type: null, price: 1}, priced(1, ''), priced(1, 7)]) {
	test(`${JSON.stringify(entry)} has no instance type, and the others are read all the same`, () => {
		assert.deepEqual(perHour(entry, priced(1, 'j')), new Map([['j', 60]]));
	});
}

for (const body of [null, [], {}, {instance_types: {}}, 'x', {deployment: {}}]) {
	test(`${JSON.stringify(body)} is another answer`, () => {
		assert.equal(readPrices(body), undefined);
	});
}
