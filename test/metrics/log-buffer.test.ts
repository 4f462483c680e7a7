import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import type {LogLine} from '../../source/api/logs.ts';
import {
	addRange,
	emptyLogBuffer,
	isReplicaOf,
	keepLogs,
	type LoadedRange,
	type LogBuffer,
	logBounds,
	mergeLogs,
	rangeAt,
} from '../../source/metrics/log-buffer.ts';
import {linesAsText, logLine} from '../helpers/log-lines.ts';

const cases: ReadonlyArray<readonly [replica: string, node: string, same: boolean]> = [
	['loops-trainer-2', 'loops-trainer-2', true],
	['trainer-2', 'loops-trainer-2', true],
	['2', 'loops-trainer-2', true],
	['2', 'loops-trainer-12', false],
	['pod/loops-trainer-2', 'loops-trainer-2', true],
	['loops-trainer-2', 'loops-trainer-1', false],
	['rainer-2', 'loops-trainer-2', false],
	['7f9c-x2k', 'loops-trainer-2', false],
	['loops-trainer-0', 'leader', false],
	['', 'leader', false],
];

for (const [replica, node, same] of cases) {
	test(`the replica "${replica}" is ${same ? '' : 'not '}the node ${node}`, () => {
		assert.equal(isReplicaOf(replica, node), same);
	});
}

function range(fromNs: number, toNs: number, ...lines: readonly LogLine[]): LoadedRange {
	return {fromNs: BigInt(fromNs), toNs: BigInt(toNs), lines, truncatedAt: []};
}

function ends({ranges}: LogBuffer): ReadonlyArray<readonly [number, number]> {
	return ranges.map(({fromNs, toNs}) => [Number(fromNs), Number(toNs)]);
}

function linesOf({ranges}: LogBuffer): readonly LogLine[] {
	return ranges.flatMap(({lines}) => lines);
}

const merges: ReadonlyArray<{
	readonly name: string;
	readonly known: readonly LogLine[];
	readonly fresh: readonly LogLine[];
	readonly merged: readonly string[];
}> = [
	{
		name: 'an entry that is received twice is kept once',
		known: [logLine(1, 'a')],
		fresh: [logLine(1, 'a')],
		merged: ['1 a'],
	},
	{
		name: 'a different message at the same time is a different entry',
		known: [logLine(1, 'a')],
		fresh: [logLine(1, 'b'), logLine(1, 'a')],
		merged: ['1 a', '1 b'],
	},
	{
		name: 'the same message twice in one response is two entries',
		known: [],
		fresh: [logLine(1, 'a'), logLine(1, 'a')],
		merged: ['1 a', '1 a'],
	},
	{
		name: 'a response that was cut between two identical entries is completed',
		known: [logLine(1, 'a')],
		fresh: [logLine(1, 'a'), logLine(1, 'a'), logLine(2, 'b')],
		merged: ['1 a', '1 a', '2 b'],
	},
	{
		name: 'entries that arrive late are put in chronological order',
		known: [logLine(1, 'a'), logLine(3, 'c')],
		fresh: [logLine(2, 'b'), logLine(3, 'c'), logLine(4, 'd')],
		merged: ['1 a', '2 b', '3 c', '4 d'],
	},
	{
		name: "times that differ by a nanosecond are distinguished, although a number can't represent the difference",
		known: [logLine(1_795_500_000_123_456_789n, 'a')],
		fresh: [logLine(1_795_500_000_123_456_790n, 'a')],
		merged: ['1795500000123456789 a', '1795500000123456790 a'],
	},
];

for (const {name, known, fresh, merged} of merges) {
	test(name, () => {
		assert.deepEqual(linesAsText(mergeLogs(known, fresh)), merged);
	});
}

for (const [what, others] of [
	['replica', {replica: 't-1'}],
	['level', {level: 'ERROR'}],
	['request', {requestId: 'r'}],
] as const) {
	test(`a different ${what} results in a different entry`, () => {
		assert.equal(mergeLogs([logLine(1, 'a')], [logLine(1, 'a', others)]).length, 2);
	});
}

test('known entries remain the same objects', () => {
	const known = [logLine(1, 'a'), logLine(2, 'b')];
	const merged = mergeLogs(known, [logLine(1, 'a'), logLine(2, 'b'), logLine(2, 'c')]);
	assert.equal(merged[0], known[0]);
	assert.equal(merged[1], known[1]);
});

/** Entries with few distinct times and messages, so that many are equal. */
const history = fc
	.array(fc.record({timeNs: fc.bigInt({min: 0n, max: 12n}), message: fc.constantFrom('a', 'b')}), {maxLength: 40})
	.map(all => all.map(({timeNs, message}) => logLine(timeNs, message)))
	.map(all => all.sort((a, b) => Number(a.timeNs - b.timeNs)));
const cut = fc.tuple(fc.bigInt({min: 0n, max: 12n}), fc.bigInt({min: 0n, max: 12n}));

test('no combination of requested parts, in any order and with any overlap, loses or duplicates an entry', () => {
	fc.assert(
		fc.property(history, fc.array(cut, {maxLength: 6}), (all, cuts) => {
			let buffer = emptyLogBuffer;
			for (const [a, b] of cuts) {
				const [fromNs, toNs] = a < b ? [a, b] : [b, a];
				const lines = all.filter(({timeNs}) => timeNs >= fromNs && timeNs <= toNs).map(line => ({...line}));
				buffer = addRange(buffer, {fromNs, toNs, lines, truncatedAt: []}, undefined);
			}

			const isCovered = ({timeNs}: LogLine): boolean => rangeAt(buffer, timeNs) !== undefined;
			assert.deepEqual([...linesAsText(linesOf(buffer))].sort(), [...linesAsText(all.filter(isCovered))].sort());
			const times = linesOf(buffer).map(({timeNs}) => timeNs);
			assert.deepEqual(
				times,
				[...times].sort((a, b) => Number(a - b)),
			);
			assert.equal(buffer.lines, times.length);
			for (const [index, {fromNs, toNs, lines}] of buffer.ranges.entries()) {
				assert.ok(fromNs <= toNs && (buffer.ranges[index - 1]?.toNs ?? -1n) < fromNs);
				assert.ok(lines.every(({timeNs}) => timeNs >= fromNs && timeNs <= toNs));
			}
		}),
		{numRuns: 1000},
	);
});

test('adjacent ranges are joined, and gaps remain between the others', () => {
	const first = addRange(emptyLogBuffer, range(10, 20, logLine(15)), undefined);
	const second = addRange(first, range(30, 40, logLine(35)), undefined);
	assert.deepEqual(ends(second), [
		[10, 20],
		[30, 40],
	]);
	assert.deepEqual(ends(addRange(second, range(20, 30), undefined)), [[10, 40]]);
	assert.deepEqual(ends(addRange(second, range(22, 28), undefined)), [
		[10, 20],
		[22, 28],
		[30, 40],
	]);
	assert.deepEqual(ends(addRange(second, range(0, 100), undefined)), [[0, 100]]);
});

const bounds = {lines: 4, characters: 100};
const six = range(0, 70, ...[10, 20, 30, 40, 50, 60].map(time => logLine(time)));

test('beyond the limit, the oldest entries are dropped, and the range begins with the first remaining one', () => {
	const buffer = addRange(emptyLogBuffer, six, undefined, bounds);
	assert.deepEqual(linesAsText(linesOf(buffer)), ['30 x', '40 x', '50 x', '60 x']);
	assert.deepEqual(ends(buffer), [[30, 70]]);
});

test('while an earlier time is viewed, the entries furthest from it are dropped', () => {
	const buffer = addRange(emptyLogBuffer, six, 20n, bounds);
	assert.deepEqual(linesAsText(linesOf(buffer)), ['10 x', '20 x', '30 x', '40 x']);
	assert.deepEqual(ends(buffer), [[0, 40]]);
});

test('a few long messages count as much as many short ones', () => {
	const long = [1, 2, 3].map(time => logLine(time, 'x'.repeat(40)));
	const buffer = addRange(emptyLogBuffer, range(0, 3, ...long), undefined, bounds);
	assert.equal(buffer.lines, 2);
	assert.equal(buffer.characters, 80);
});

test('a range that loses all its entries is dropped', () => {
	const first = addRange(emptyLogBuffer, range(0, 5, logLine(1), logLine(2)), undefined, bounds);
	const buffer = addRange(first, range(10, 20, ...[11, 12, 13, 14].map(time => logLine(time))), undefined, bounds);
	assert.deepEqual(ends(buffer), [[10, 20]]);
});

test('the bounds always hold, and the nearest entries are kept', () => {
	fc.assert(
		fc.property(history, fc.option(fc.bigInt({min: 0n, max: 12n}), {nil: undefined}), (all, nearNs) => {
			const whole: LoadedRange = {fromNs: 0n, toNs: 12n, lines: all, truncatedAt: []};
			const buffer = addRange(emptyLogBuffer, whole, nearNs, bounds);
			assert.equal(buffer.lines, Math.min(all.length, bounds.lines));
			const distance = ({timeNs}: LogLine): number => Math.abs(Number(timeNs - (nearNs ?? 13n)));
			const kept = new Set(linesOf(buffer));
			const furthest = Math.max(...[...kept].map(distance));
			assert.ok(all.every(line => kept.has(line) || distance(line) >= furthest));
		}),
	);
});

test('a million entries take no more memory than fifteen thousand', () => {
	const page = 1000;
	let buffer = emptyLogBuffer;
	for (let first = 0; first < 1_000_000; first += page) {
		const lines = Array.from({length: page}, (_, index) => logLine(first + index, `step ${first + index}`));
		buffer = addRange(buffer, range(Math.max(first - 1, 0), first + page - 1, ...lines), undefined);
		assert.ok(buffer.lines <= logBounds.lines);
	}

	assert.equal(buffer.lines, logBounds.lines);
	assert.deepEqual(ends(buffer), [[985_000, 999_999]]);
});

test('entries can be filtered without changing the loaded ranges', () => {
	const buffer = addRange(emptyLogBuffer, range(0, 9, logLine(1, 'a'), logLine(2, 'b')), undefined);
	const kept = keepLogs(buffer, ({message}) => message === 'b');
	assert.deepEqual(linesAsText(linesOf(kept)), ['2 b']);
	assert.deepEqual(ends(kept), [[0, 9]]);
	assert.deepEqual([kept.lines, kept.characters], [1, 1]);
});
