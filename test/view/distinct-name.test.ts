import assert from 'node:assert/strict';
import {test} from 'node:test';
import {distinctNames, rankText, rankWidth} from '../../source/view/distinct-name.ts';

test('ranks are right-aligned in a column that is as wide as the longest rank', () => {
	assert.equal(rankWidth(['0', '10', '9']), 2);
	assert.equal(rankText('9', 2), ' 9');
});

test('long ranks are shortened by omitting what they have in common', () => {
	const names = ['gpu-0c5d3a1e-7f2b-0', 'gpu-0c5d3a1e-7f2b-1'];
	const width = rankWidth(names);
	assert.equal(width, 12);
	assert.deepEqual(
		names.map(name => rankText(name, width)),
		['     …7f2b-0', '     …7f2b-1'],
	);
});

test('without ranks, the column has the minimum width', () => {
	assert.equal(rankWidth([], 2), 2);
});

const hosts = [1, 2, 13].map(number => `ip-10-1-2-${number}.region.compute.internal`);
const slices = [0, 1, 2].map(slice => `MIG-GPU-5f1e/${slice}/0`);

for (const [name, names, widths] of [
	['hosts', hosts, [30, 20, 14, 10, 8]],
	['slices of a GPU', slices, [14, 10, 8]],
	['nodes', ['loops-trainer-0', 'loops-trainer-1'], [14, 8, 4]],
	['addresses on a bus', ['00000000:1b:00.0', '00000000:1c:00.0'], [14, 12, 8]],
] as const) {
	test(`shortened names of ${name} fit, and are still different from each other`, () => {
		const cut = distinctNames(names);
		for (const width of widths) {
			const shown = names.map(one => cut(one, width));
			assert.equal(new Set(shown).size, names.length, `${width}: ${shown.join(' ')}`);
			assert.ok(shown.every(one => one.length <= width));
		}
	});
}

test('the ending that all names share is omitted first', () => {
	assert.deepEqual(
		hosts.map(host => distinctNames(hosts)(host, 14)),
		['ip-10-1-2-1…', 'ip-10-1-2-2…', 'ip-10-1-2-13…'],
	);
	assert.equal(distinctNames(['loops-trainer-0', 'loops-trainer-1'])('loops-trainer-0', 10), '…trainer-0');
});

test("if the names still don't fit, the start that they all share is also omitted", () => {
	assert.deepEqual(
		hosts.map(host => distinctNames(hosts)(host, 5)),
		['…1…', '…2…', '…13…'],
	);
	const many = [1, 2, 13].map(number => `ip-10-1-2-${number}00200300.region.compute.internal`);
	assert.deepEqual(
		many.map(host => distinctNames(many)(host, 7)),
		['100…300', '200…300', '130…300'],
	);
});
