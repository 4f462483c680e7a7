import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createClient} from '../../source/api/client.ts';
import {type Level, readLogs} from '../../source/api/logs.ts';
import {parseInSteps} from '../../source/api/parse-response.ts';
import {Secret} from '../../source/api/secret.ts';
import {atOnce} from '../../source/api/slices.ts';

const at = '1795500000123456789';
const whole = {timestamp: at, message: 'step 1', replica: 'trainer-0', request_id: 'r1', level: 'INFO'};

function readOne(entry: unknown) {
	const response = readLogs({logs: [entry]}, 'asc');
	assert.ok(response !== undefined);
	return response;
}

test('an entry is read, with its time accurate to the nanosecond', () => {
	assert.deepEqual(readOne(whole), {
		lines: [
			{timeNs: 1_795_500_000_123_456_789n, level: 'INFO', message: 'step 1', replica: 'trainer-0', requestId: 'r1'},
		],
		received: 1,
		dropped: 0,
	});
});

test('fields that are null, missing, blank, or of a different type are unknown', () => {
	const bare = {timeNs: BigInt(at), level: undefined, message: 'x', replica: undefined, requestId: undefined};
	for (const others of [{}, {replica: null, request_id: null, level: null}, {replica: 7, request_id: {}, level: []}]) {
		assert.deepEqual(readOne({timestamp: at, message: 'x', ...others}).lines, [bare]);
	}

	assert.deepEqual(readOne({timestamp: at, message: 'x', replica: ' ', request_id: '\u{1B}[0m'}).lines, [bare]);
});

const unreadable: ReadonlyArray<readonly [what: string, entry: unknown]> = [
	['null', null],
	['a string', 'step 1'],
	['a list', []],
	['an entry without a time', {message: 'x'}],
	['an entry with a date', {timestamp: '2026-11-24T09:00:00Z', message: 'x'}],
	['an entry with a negative time', {timestamp: '-1', message: 'x'}],
	['an entry with a malformed time', {timestamp: 1.5, message: 'x'}],
	['an entry with a time in the distant future', {timestamp: '99999999999999999999', message: 'x'}],
	['an entry without a message', {timestamp: at}],
	["an entry with a message that isn't text", {timestamp: at, message: {a: 1}}],
];

for (const [what, entry] of unreadable) {
	test(`${what} is dropped and counted, and the other entries are kept`, () => {
		const response = readLogs({logs: [whole, entry, whole]}, 'asc');
		assert.equal(response?.lines.length, 2);
		assert.equal(response.received, 3);
		assert.equal(response.dropped, 1);
	});
}

test('a time that arrives as a number is read exactly', () => {
	assert.equal(readOne({...whole, timestamp: 2 ** 60}).lines[0]?.timeNs, 2n ** 60n);
});

const levels: ReadonlyArray<readonly [name: string, level: Level | undefined]> = [
	['DEBUG', 'DEBUG'],
	['info', 'INFO'],
	['Warn', 'WARNING'],
	['WARNING', 'WARNING'],
	['CRITICAL', 'ERROR'],
	['VERBOSE', undefined],
	['toString', undefined],
	['', undefined],
];

for (const [name, level] of levels) {
	test(`the level "${name}" is ${level ?? 'unknown'}`, () => {
		assert.equal(readOne({...whole, level: name}).lines[0]?.level, level);
	});
}

test('entries are sorted by time, and a descending response is reversed, including entries with equal times', () => {
	const entry = (timestamp: string, message: string): object => ({timestamp, message});
	const entries = [entry('2', 'b'), entry('3', 'd'), entry('2', 'c'), entry('1', 'a')];
	const messages = (direction: 'asc' | 'desc', logs: readonly object[]): string =>
		readLogs({logs}, direction)
			?.lines.map(({message}) => message)
			.join('') ?? '';
	assert.equal(messages('asc', entries), 'abcd');
	assert.equal(messages('desc', entries.slice().reverse()), 'abcd');
});

test('messages and replica names are cleaned, and long messages are cut', () => {
	const [line] = readOne({...whole, message: `\u{1B}[31m${'x'.repeat(100_000)}`, replica: '\u{1B}]0;a\u{07}t-0'}).lines;
	assert.equal(line?.message.length, 8192);
	assert.ok(line.message.endsWith('x…'));
	assert.equal(line.replica, 't-0');
});

for (const body of [{}, {logs: null}, {logs: {}}, [], null, 'logs']) {
	test(`${JSON.stringify(body)} isn't a response with logs`, () => {
		assert.equal(readLogs(body, 'asc'), undefined);
	});
}

test('the entries of a large response are read while it is parsed, not all at once afterward', async () => {
	const entries = [...Array.from({length: 50}, (_, index) => ({...whole, message: `a\n\rstep ${index}`})), null, {}];
	const text = JSON.stringify({logs: entries});
	let left: readonly unknown[] = [];
	const client = createClient(async ({readItem}) => {
		const parsed = atOnce(parseInSteps(text, null, new Secret('a'), {sliceLength: 100, readItem}));
		assert.ok('value' in parsed);
		left = (parsed.value as {logs: readonly unknown[]}).logs;
		return {ok: true, value: parsed.value, tookMs: 1, serverMs: undefined, bytes: text.length};
	});
	const query = {startMs: 0, endMs: undefined, direction: 'asc', limit: 1000, minLevel: undefined} as const;
	const result = await client.logs('k4q95w5', query, new AbortController().signal);
	assert.ok(result.ok);
	assert.deepEqual(result.value, readLogs({logs: entries}, 'asc'));
	assert.equal(left.length, entries.length);
	assert.deepEqual(
		left.filter(entry => typeof entry === 'object' && entry !== null && 'message' in entry),
		[],
	);
});
